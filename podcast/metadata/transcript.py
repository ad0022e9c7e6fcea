# SPDX-License-Identifier: GPL-3.0-or-later
"""Cues -> transcript files: WebVTT, SubRip, and the podcast namespace's JSON and HTML.

    cues -> cleaned() -> vtt()   a cue stays whole, in lines of 65 characters
                      -> srt()   a cue is divided into subtitles of 2 lines of 32 characters
                      -> json()  a word is a segment, or a cue if its word times are not known
                      -> html()  a paragraph of the script is a paragraph

All contain the same words, in the original wording. The limits are those of the podcast namespace
(docs/examples/transcripts); Chinese characters count like others. Only a word that is longer than a line is cut.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape

import msgspec

from podcast import alignment, text
from podcast.errors import FeedError
from podcast.langtag import direction, space
from podcast.model import Cue, Word

VTT_WIDTH = 65
SRT_WIDTH = 32
SRT_LINES = 2
AGAIN = "delete the MP3 of the episode in audio/ and run: podcast make"
VIRAMA = 9
"""Combining class of marks that join a consonant to the next one: the two are displayed as one character."""


def cleaned(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues that have text, each on one line without markup of any transcript format.

    Raises FeedError if a cue has no duration or begins before the previous one.
    """
    before = 0
    for cue in cues:
        if not before <= cue.start_ms < cue.end_ms:
            raise FeedError(
                f"transcript: wrong times for {cue.text[:40]!r}: {cue.start_ms} to {cue.end_ms} ms, after {before} ms",
                hint=AGAIN,
            )
        before = cue.start_ms
        if words := _one_line(cue.text):
            speaker = _one_line(cue.speaker)
            same = words == cue.text and speaker == cue.speaker
            yield cue if same else replace(cue, text=words, speaker=speaker)


@lru_cache(maxsize=4_096)  # each transcript format cleans the same cues
def _one_line(words: str) -> str:
    """Return the text on one line, without what SubRip cannot escape: the arrow between times, and tags."""
    words = text.line(words).replace("-->", "→")
    return re.sub(r"<.*>", lambda tags: tags[0].replace("<", "‹").replace(">", "›"), words)


def vtt(cues: Sequence[Cue], *, language: str) -> str:
    """Return the transcript as WebVTT (W3C webvtt1); the language is in a note, as there is no field for it."""
    blocks = ["WEBVTT", f"NOTE language: {text.line(language)}"]
    for cue in cleaned(cues):
        voice = f"<v {escape(cue.speaker, quote=False)}>" if cue.speaker else ""
        lines = _lines(cue.text, VTT_WIDTH, taken=len(voice), size=lambda part: len(escape(part, quote=False)))
        words = voice + "\n".join(escape(line, quote=False) for line in lines)
        blocks.append(f"{text.timecode(cue.start_ms)} --> {text.timecode(cue.end_ms)}\n{words}")
    return "\n\n".join(blocks) + "\n"


def srt(cues: Sequence[Cue]) -> str:
    """Return the transcript as SubRip.

    A cue that needs more than two lines becomes several subtitles. They fill the cue's time exactly, each in proportion
    to its characters, so the times inside a cue are estimates. `Name:` is written where the speaker changes.

    Raises FeedError if a cue is shorter than a millisecond a subtitle.
    """
    blocks: list[str] = []
    speaker = ""
    for cue in cleaned(cues):
        name = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaker else ""
        speaker = cue.speaker
        lines = _lines(name + cue.text, SRT_WIDTH)
        cards = [lines[i : i + SRT_LINES] for i in range(0, len(lines), SRT_LINES)]
        for card, (start_ms, end_ms) in zip(
            cards, _subtitle_times(cue, [sum(map(len, card)) for card in cards]), strict=True
        ):
            times = f"{text.timecode(start_ms)} --> {text.timecode(end_ms)}".replace(".", ",")
            blocks.append("\n".join([str(len(blocks) + 1), times, *card]) + "\n")
    return "\n".join(blocks)


def json(cues: Sequence[Cue]) -> str:
    """Return the transcript as podcast namespace JSON 1.0.0, times in seconds.

    Segments are words, as in the namespace's own example; apps join them with spaces.
    """
    segments = [
        {
            **({"speaker": cue.speaker} if cue.speaker else {}),
            "startTime": word.start_ms / 1000,
            "endTime": word.end_ms / 1000,
            "body": word.text,
        }
        for cue in cleaned(cues)
        for word in alignment.unpack(cue) or [Word(cue.text, cue.start_ms, cue.end_ms)]
    ]
    whole = msgspec.json.encode({"version": "1.0.0", "segments": segments})
    return msgspec.json.format(whole, indent=1).decode() + "\n"


def html(cues: Sequence[Cue], *, language: str, title: str) -> str:
    """Return the transcript as HTML: `<cite>` speaker, `<time>` start, `<p>` text (podcast namespace)."""
    parts: list[str] = []
    segment = -1
    for cue in cleaned(cues):
        if cue.segment != segment:
            segment = cue.segment
            cite = f"<cite>{escape(cue.speaker)}:</cite>\n" if cue.speaker else ""
            parts.append(f"{cite}<time>{text.clock(cue.start_ms)}</time>\n<p>{escape(cue.text)}</p>")
        else:
            parts[-1] = f"{parts[-1].removesuffix('</p>')}{space(language)}{escape(cue.text)}</p>"
    attributes = f'lang="{escape(text.line(language))}" dir="{direction(language)}"'
    head = f'<!doctype html>\n<html {attributes}>\n<meta charset="utf-8">\n'
    return f"{head}<title>{escape(text.line(title))}</title>\n" + "\n".join(parts) + "\n"


def _subtitle_times(cue: Cue, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each subtitle of a cue, in milliseconds: none empty, without a gap."""
    length_ms = cue.end_ms - cue.start_ms
    if length_ms < len(sizes):
        raise FeedError(
            f"transcript: {length_ms} ms are too short for {sum(sizes)} characters: {cue.text[:40]!r}",
            hint=AGAIN,
        )
    spare_ms = length_ms - len(sizes)  # each subtitle gets a millisecond, the rest is distributed
    done, start_ms = 0, cue.start_ms
    for number, size in enumerate(sizes, start=1):
        done += size
        end_ms = cue.start_ms + number + spare_ms * done // sum(sizes)
        yield start_ms, end_ms
        start_ms = end_ms


def _lines(words: str, width: int, *, taken: int = 0, size: Callable[[str], int] = len) -> list[str]:
    """Wrap text to lines of the size `width`; in the first, `taken` is used already."""
    lines = []
    room = max(width // 2, width - taken)
    while size(words) > room:
        end = next((at for at in range(min(room, len(words)), 1, -1) if size(words[:at]) <= room), 1)
        space = words.rfind(" ", 0, end + 1)
        if space > 0 and size(words[space + 1 :].split(" ", 1)[0]) <= width:  # the next word is not too long for a line
            lines.append(words[:space])
            words = words[space + 1 :]
        else:
            end = next((at for at in range(end, end // 2, -1) if _may_cut(words, at)), end)
            lines.append(words[:end].rstrip(" "))
            words = words[end:].lstrip(" ")
        room = width
    return [*lines, words]


def _may_cut(word: str, at: int) -> bool:
    """Return False inside a grapheme, before closing and after opening punctuation."""
    before, after = unicodedata.category(word[at - 1]), unicodedata.category(word[at])
    joined = unicodedata.combining(word[at - 1]) == VIRAMA
    return (
        not joined
        and after not in {"Mn", "Mc", "Me", "Cf", "Sk", "Pe", "Pf", "Po"}
        and before not in {"Cf", "Ps", "Pi"}
    )
