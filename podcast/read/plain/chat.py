# SPDX-License-Identifier: GPL-3.0-or-later
"""Chat logs, interviews and subtitles -> one paragraph per speaker turn; time stamps are dropped.

[12/05/2024 18:32] Anna: …      18:32 <anna> …           chats, a message a line
Anna Field  6:32 PM             00:00:05 Anna Field      transcripts, a line above each turn
00:00:01,000 --> 00:00:04,000                            subtitles (SubRip, WebVTT)
"""

import re
from collections import Counter
from collections.abc import Sequence

from podcast.errors import ReadError
from podcast.read import subtitles
from podcast.read.plain.document import PlainDocument
from podcast.read.source import Source
from podcast.text import counted

NEW_SPEAKERS = 0.7
"""Share of turns by new speakers from which a text is not a conversation, but for example an agenda."""
CLOCK = r"\d{1,2}[:h.]\d\d(?:[:.]\d\d)?(?:[.,]\d{1,3})?(?:[\s\u00a0\u202f]?[AaPp]\.?[Mm]\.?)?"
DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[\sT]\s{0,4})"
NAME = r"[^\W\d_][^\n:<>()|]{0,40}?"
GAP = r"[ \t]{0,20}"
"""Bounded, to limit backtracking on long lines of spaces."""
MESSAGE = re.compile(
    rf"^[\u200e\ufeff]?(?P<at>\[{DAY}?{CLOCK}\]|{DAY}{CLOCK}|{CLOCK}(?=\s{{1,4}}[<*]))"
    rf"(?:\s{{1,4}}[-–—]|:)?[ \t]{{1,20}}"
    rf"(?:<[@+~ ]?(?P<nick>[^<>\s]{{1,40}})>{GAP}|(?P<name>~?{NAME})[ \u00a0\u202f]?:(?!//){GAP}|"
    rf"(?P<event>\*?))",
    re.MULTILINE,
)
SPEAKER = re.compile(
    rf"^(?:\[?(?P<at>{CLOCK})\]?{GAP}[-–—|]?{GAP}(?P<after>{NAME}):?|"
    rf"(?P<before>{NAME})[ \t,]{{0,20}}[\[(|–—-]?{GAP}{DAY}?{CLOCK}[\])]?){GAP}"
    rf"\n{{1,4}}(?={GAP}[^\s\d[])",
    re.MULTILINE,
)
ATTACHED = re.compile(
    r"[\u200e\s]*(?:<[^<>\n]{3,60}>|\S+\s\((?:file attached|fichier joint)\)|"
    r"(?i:(?:image|video|audio|sticker|GIF|document|vid[ée]o)\s(?:omitted|absente?|omise?)))\s*"
)
"""An attachment instead of text."""
SPEECH = re.compile(r"^(?P<name>[^\W\d_a-z][\w.’' -]{0,30}?)[ \u00a0\u202f]?:[ \u00a0](?=\S)", re.MULTILINE)
"""The beginning of a turn in an interview."""
TIMES = re.compile(r"^(?:\d+:)?\d\d:\d\d[.,]\d{3} --> ", re.MULTILINE)


def recognize(source: Source, text: str) -> PlainDocument | None:
    """Return a conversation as a text with a paragraph per speaker turn, or None for another text."""
    if text.lstrip("\ufeff").startswith("WEBVTT") or re.match(rf"\s*\d+[ \t]*\n{TIMES.pattern[1:]}", text):
        return _subtitles(source, text)
    lines = sum(1 for line in text.split("\n") if line.strip())
    found = list(MESSAGE.finditer(text))
    if _is_talk([each["nick"] or each["name"] for each in found], lines, max_new=1.0):
        return _chat(text, found)
    said = list(SPEAKER.finditer(text))
    if _is_talk([each["after"] or each["before"] for each in said], lines, max_new=NEW_SPEAKERS):
        named = SPEAKER.sub(lambda each: f"\n\n{(each['after'] or each['before']).strip()}: ", text)
        return PlainDocument(
            named, is_talk=True, remarks=[f"left out: the time stamps of {counted(len(said), 'speaker turn')}"]
        )
    return None


def separate_turns(text: str) -> str:
    """Return the text with an empty line before each speaker turn, if somebody speaks more than once."""
    seen = Counter(found["name"] for found in SPEECH.finditer(text))
    return SPEECH.sub(r"\n\g<0>", text) if max(seen.values(), default=0) > 1 else text


def _is_talk(names: Sequence[str | None], lines: int, max_new: float) -> bool:
    """Return True if many lines are speaker turns, and enough of them by speakers who spoke before."""
    people = [name.strip() for name in names if name]
    return len(people) > 0.2 * lines and 0 < len(set(people)) < max_new * len(people)


def _chat(text: str, found: list[re.Match[str]]) -> PlainDocument:
    said = [text[: found[0].start()]]
    ends = [each.start() for each in found[1:]] + [len(text)]
    left = 0
    for each, end in zip(found, ends, strict=True):
        name, words = each["nick"] or each["name"] or "", " ".join(text[each.end() : end].split())
        if ATTACHED.fullmatch(words) or not words or not (name or each["event"]):
            left += 1  # an attachment, or a system message: who joined, that messages are encrypted
        else:
            said.append(f"{name.lstrip('~').strip()}: {words}" if name else words)
    remarks = ["left out: the time stamps of the messages"]
    remarks += [f"left out: {counted(left, 'message')} without text (attachments or system messages)"] if left else []
    return PlainDocument("\n\n".join(said), is_talk=True, remarks=remarks)


def _subtitles(source: Source, text: str) -> PlainDocument | None:
    form = "vtt" if text.lstrip("\ufeff").startswith("WEBVTT") else "srt"
    try:
        cues = subtitles.cues(text.encode(), form, source.name)
    except ReadError:  # not valid: read as plain text
        return None
    paragraphs: list[list[str]] = []
    last: tuple[int, str] | None = None
    for cue in cues:
        if (cue.segment, cue.speaker) != last:
            paragraphs.append([f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text])
        else:
            paragraphs[-1].append(cue.text)
        last = cue.segment, cue.speaker
    whole = "\n\n".join(" ".join(each) for each in paragraphs)
    # each dash begins another speaker's turn
    whole = re.sub(r"(?:^|(?<=[.!?…»”])[ ])[-–—][ ]?(?=[^\W\d_a-z])", "\n\n— ", whole, flags=re.MULTILINE)
    return PlainDocument(whole, is_talk=True, remarks=["left out: the time stamps of the subtitles"])
