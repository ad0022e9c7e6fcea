# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for transcripts: WebVTT (https://www.w3.org/TR/webvtt1/), SubRip, and the podcast namespace's JSON and HTML.

Each is parsed as strictly as by the strictest app, into cues and words.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from podcast.check import values
from podcast.check.findings import Finding

TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
ARROW = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?")
VTT_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang)(?:\.[\w-]+)*(?:[ \t][^<>&]*)?>|<(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}>")
VTT_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp|#\d+|#x[\da-fA-F]+);)")
"""Matches an ampersand that is not part of a character reference of WebVTT."""
VTT_VOICE = re.compile(r"<v(?:\.[\w-]+)*[ \t]+([^<>]+)>")
HTML_CITE = re.compile(r"(?is)<cite>(.*?):?\s*</cite>")
VTT_WIDTH, SRT_WIDTH = 65, 32
WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Transcript:
    """Content of a transcript file."""

    cues: list[tuple[float, float]] = field(default_factory=list)
    """Start and end in seconds."""
    words: list[str] = field(default_factory=list)
    speakers: set[str] = field(default_factory=set)
    """Names of speakers, in formats that have a field for them."""
    prefixes: dict[int, str] = field(default_factory=dict)
    """SubRip has no such field: index of the first word of a line -> the text before its colon."""
    found: list[tuple[str, str]] = field(default_factory=list)
    """Broken rules, each with the value."""


def check(data: bytes, kind: str, duration: float | None, place: str, about: str) -> tuple[Transcript, list[Finding]]:
    """Parse a transcript of media type `kind`; return it with the findings. `duration` is in seconds."""
    read = Transcript()
    try:
        text = data.decode("utf-8-sig")
        READERS[kind](text, read)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return read, [Finding("transcript-broken", place, about, values.broken(error)[:200])]
    said = list(read.found)
    if not read.words:
        said.append(("transcript-empty", ""))
    said += _timed(read.cues, duration)
    return read, [Finding(rule, place, about, what[:200]) for rule, what in said]


def _timed(cues: list[tuple[float, float]], duration: float | None) -> Iterator[tuple[str, str]]:
    before = 0.0
    for start, end in cues:
        if end <= start or start < before:
            yield "transcript-order", f"{start:g} to {end:g} s, after a cue at {before:g} s"
            break
        before = start
    if cues and duration is not None and (last := max(end for _, end in cues)) > duration + 1:
        yield "transcript-late", f"{last:g} s; the audio ends at {duration:g} s"


def _seconds(parts: tuple[str | None, ...]) -> float:
    return 3600 * int(parts[0] or 0) + 60 * int(parts[1] or 0) + int(parts[2] or 0) + int(parts[3] or 0) / 1000


def _cue(line: str, read: Transcript, mark: str) -> None:
    found = ARROW.fullmatch(line.strip())
    if found is None or (mark == "," and not found[1]):
        raise ValueError(f"no valid times in {line[:80]!r}")
    if mark not in line or ("," if mark == "." else ".") in line.partition("-->")[0]:
        read.found.append(("transcript-broken", line[:80]))
    times = found.groups()
    read.cues.append((_seconds(times[:4]), _seconds(times[4:8])))


def _vtt(text: str, read: Transcript) -> None:
    lines = re.split(r"\r\n|\n|\r", text)
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise ValueError(f"it starts with {lines[0][:40]!r}, not with WEBVTT")
    blocks = re.split(r"\n{2,}", "\n".join(lines[1:]).strip("\n"))
    if _is_vtt_header(blocks[0]):
        del blocks[0]
    for block in blocks:
        if block.strip() and not block.startswith(("NOTE", "STYLE", "REGION")):
            for row in _rows(block, read, "."):
                _vtt_row(row, read)


def _is_vtt_header(block: str) -> bool:
    """Return True if a block continues the header: `Kind: captions`."""
    rows = block.split("\n")
    return not any("-->" in row for row in rows[:2]) and all(re.match(r"[A-Za-z-]+[:=]", row) for row in rows)


def _rows(block: str, read: Transcript, mark: str) -> list[str]:
    """Parse the times of a cue and return the rows of its text; `mark` is the decimal separator."""
    rows = block.split("\n")
    at = next((i for i, row in enumerate(rows[:2]) if "-->" in row), None)
    if at is None:
        raise ValueError(f"a cue without times: {block[:80]!r}")
    _cue(rows[at], read, mark)
    return rows[at + 1 :]


def _vtt_row(row: str, read: Transcript) -> None:
    read.speakers.update(map(html.unescape, VTT_VOICE.findall(row)))
    bare = VTT_TAG.sub("", row)
    if "-->" in bare or "<" in bare or VTT_BARE_AMPERSAND.search(bare):
        read.found.append(("transcript-markup", row))
    words = html.unescape(bare)
    if len(words) > VTT_WIDTH and " " in words:
        read.found.append(("transcript-lines", f"{len(words)} characters: {words}"))
    read.words += WORD.findall(words.casefold())


def _srt(text: str, read: Transcript) -> None:
    blocks = [block for block in re.split(r"\n{2,}", re.sub(r"\r\n?", "\n", text).strip("\n")) if block.strip()]
    for number, block in enumerate(blocks, start=1):
        _srt_number(block, number, read)
        for row in _rows(block, read, ","):
            _srt_row(row, read)


def _srt_number(block: str, number: int, read: Transcript) -> None:
    """Report the first cue that is not numbered in order."""
    head = block.partition("\n")[0]
    if head.strip() != str(number) and all(rule != "transcript-numbers" for rule, _ in read.found):
        read.found.append(("transcript-numbers", f"{head[:20]!r} instead of {number}"))


def _srt_row(row: str, read: Transcript) -> None:
    name, mark, rest = row.partition(": ")
    is_prefix = bool(mark) and len(name) < 40
    if is_prefix:
        read.prefixes[len(read.words)] = name
    words = rest if is_prefix else row
    if len(words) > SRT_WIDTH and " " in words.strip():
        read.found.append(("transcript-lines", f"{len(words)} characters: {words}"))
    read.words += WORD.findall(re.sub(r"</?[ibu]>", "", row).casefold())


def _json(text: str, read: Transcript) -> None:
    whole = json.loads(text)
    if whole.get("version") != "1.0.0":
        read.found.append(("transcript-broken", f"version {whole.get('version')!r}"))
    for segment in whole["segments"]:
        start, end, body = segment["startTime"], segment["endTime"], segment["body"]
        if not all(isinstance(time, int | float) and not isinstance(time, bool) for time in (start, end)):
            raise ValueError(f"times {start!r} and {end!r} must be numbers")
        read.cues.append((float(start), float(end)))
        read.speakers.add(str(segment.get("speaker", "")))
        read.words += WORD.findall(body.casefold())


def _html(text: str, read: Transcript) -> None:
    if re.search(r"(?i)<\s*script|\son[a-z]{3,20}\s*=|javascript:", text):
        read.found.append(("item-live-markup", "in the HTML transcript"))
    read.speakers.update(map(html.unescape, HTML_CITE.findall(text)))
    body = re.sub(r"(?is)<(head|title|style|script|cite|time|h\d)\b.*?</\1>", " ", text)
    read.words += WORD.findall(
        html.unescape(re.sub(r"<[^>]{0,1000}>", "", re.sub(r"<(?:p|br|div)\b", " \\g<0>", body))).casefold()
    )


def _plain(text: str, read: Transcript) -> None:
    read.words += WORD.findall(text.casefold())


READERS: dict[str, Callable[[str, Transcript], None]] = {
    "text/vtt": _vtt,
    "application/x-subrip": _srt,
    "application/srt": _srt,
    "application/json": _json,
    "text/html": _html,
    "text/plain": _plain,
}


def compare(read: list[tuple[str, Transcript]], place: str, about: str) -> Iterator[Finding]:
    """Find transcripts, as (media type, transcript), whose words differ from those of the first.

    The other formats tell whether `Anna: ` in SubRip is a speaker or text with a colon; if they name no speakers, both
    are accepted.
    """
    speakers = set[str]().union(*(each.speakers for _, each in read)) - {""}
    known = [(kind, each) for kind, each in read if each.words]
    for kind, each in known[1:]:
        first, wanted = known[0][0], _words(known[0][1], speakers)
        words = _words(each, speakers)
        is_alike = "".join(words) == "".join(wanted)
        if not is_alike and not speakers:
            bare = {"".join(_words(one, set(one.prefixes.values()))) for one in (known[0][1], each)}
            is_alike = len(bare) == 1
        if not is_alike:
            where = next(
                (i for i, (a, b) in enumerate(zip(wanted, words, strict=False)) if a != b), min(len(wanted), len(words))
            )
            said = f"{first}: “{' '.join(wanted[where : where + 5])}”, {kind}: “{' '.join(words[where : where + 5])}”"
            yield Finding("transcript-differ", place, about, said)


def _words(read: Transcript, speakers: set[str]) -> list[str]:
    """Return the words of a transcript without the names of speakers that SubRip has in its text."""
    names = {at: len(WORD.findall(name)) for at, name in read.prefixes.items() if name in speakers}
    left_out = {at + i for at, size in names.items() for i in range(size)}
    return [word for at, word in enumerate(read.words) if at not in left_out]
