# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the transcripts and chapters of imported episodes.

    WebVTT, SubRip                -> cues     by webvtt-py
    the podcast namespace's JSON  -> cues, chapters

Invalid files raise ReadError; the caller then keeps the URL.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import Any

from podcast import text
from podcast.errors import ReadError
from podcast.model import Chapter, Cue

PARAGRAPH = 400
"""Characters; the first sentence end after so many ends a paragraph of the transcript."""
LINE = 90
"""Characters of a cue joined from JSON segments, which may be single words."""
END = re.compile(r"[.!?…。！？]['\"’”»)]*$")
LOOK = "open it in a text editor to see what is wrong"

FORMS = {"text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt", "application/json": "json"}
"""Media type -> format, those with the most information first; feeds use both types for SubRip."""


def cues(data: bytes, form: str, name: str) -> tuple[Cue, ...]:
    """Return the cues of a transcript in the format `vtt`, `srt` or `json`, in order, none without a duration.

    Raises ReadError if it is not a transcript in this format.
    """
    found = _segments(_json(data, name), name) if form == "json" else _captions(data, form, name)
    ordered = sorted((cue for cue in found if cue.text), key=lambda cue: cue.start_ms)
    if not ordered:
        raise ReadError("is empty", file=name, hint=LOOK)
    return tuple(_paragraphs(ordered))


def chapters(data: bytes, name: str) -> tuple[Chapter, ...]:
    """Return the chapters of a JSON file of the podcast namespace, without those hidden from lists (`toc: false`).

    Raises ReadError if it is not such a file.
    """
    said = _json(data, name)
    listed = said.get("chapters") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise ReadError("contains no chapters", file=name, hint=LOOK)
    return tuple(
        Chapter(
            _ms(one.get("startTime")),
            text.line(str(one.get("title") or "")),
            *(text.web(str(one.get(name) or "")) for name in ("url", "img")),
        )
        for one in listed
        if isinstance(one, dict) and one.get("title") and one.get("toc") is not False
    )


def _captions(data: bytes, form: str, name: str) -> Iterator[Cue]:
    import webvtt

    whole = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        found: Any = webvtt.from_buffer(BytesIO(whole.encode()), format=form).captions
    except webvtt.errors.MalformedFileError as error:
        raise ReadError(f"is not a valid {form.upper()} transcript ({error})", file=name, hint=LOOK) from error
    before = ""
    for caption in found:
        words = text.line(unescape(re.sub(r"<[^>]*>", "", caption.text)))
        speaker = text.line(caption.voice or "")
        if form == "srt" and (named := re.match(r"([^\W\d_][^:]{0,30}):\s+(\S.*)$", words)):
            speaker, words = named[1], named[2]
        elif form == "srt":
            speaker = before  # in SubRip, a speaker is named only where the speaker changes
        before = speaker
        yield Cue(_time(caption.start), _time(caption.end), words, speaker=speaker)


def _time(said: str) -> int:
    """Return the milliseconds of HH:MM:SS.mmm or MM:SS.mmm."""
    total = 0
    for part in re.split(r"[:]", said.replace(",", ".").partition(".")[0]):
        total = total * 60 + int(part)
    return total * 1000 + int((said.replace(",", ".").partition(".")[2] + "000")[:3])


def _segments(said: Any, name: str) -> Iterator[Cue]:
    """Yield the segments of a transcript in JSON; single words are joined to lines."""
    listed = said.get("segments") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise ReadError("contains no transcript", file=name, hint=LOOK)
    line: Cue | None = None
    for cue in map(_segment, listed):
        if not cue.text:
            continue
        if line and _continues(line, cue):
            line = replace(line, end_ms=cue.end_ms, text=f"{line.text} {cue.text}")
            continue
        if line:
            yield line
        line = cue
    if line:
        yield line


def _segment(one: Any) -> Cue:
    """Return one segment as a cue, without text if it is not valid."""
    if not isinstance(one, dict):
        return Cue(0, 0, "")
    start_ms = _ms(one.get("startTime"))
    words, speaker = (text.line(str(one.get(name) or "")) for name in ("body", "speaker"))
    return Cue(start_ms, _ms(one.get("endTime")) or start_ms, words, speaker=speaker)


def _continues(line: Cue, cue: Cue) -> bool:
    """Return True if a segment belongs to the line before: same speaker, short line, unfinished sentence."""
    return line.speaker == cue.speaker and len(line.text) < LINE and not END.search(line.text)


def _paragraphs(ordered: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues with paragraph numbers, by speaker and length; extend cues that are too short."""
    segment, size = 0, 0
    for number, cue in enumerate(ordered):
        before = ordered[number - 1] if number else cue
        if cue.speaker != before.speaker or (size > PARAGRAPH and END.search(before.text)):
            segment, size = segment + 1, 0
        size += len(cue.text)
        end_ms = cue.end_ms
        if end_ms < cue.start_ms + len(cue.text):  # missing, or too short to be displayed
            after = ordered[number + 1].start_ms if number + 1 < len(ordered) else 0
            end_ms = max(after, cue.start_ms + len(cue.text))
        yield replace(cue, end_ms=end_ms, segment=segment)


def _json(data: bytes, name: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"is not valid JSON ({error})", file=name, hint=LOOK) from error


def _ms(seconds: Any) -> int:
    """Convert seconds, as a number or text, to milliseconds; 0 if they are not valid."""
    try:
        return max(0, round(float(seconds) * 1000))
    except (TypeError, ValueError, OverflowError):
        return 0
