# SPDX-License-Identifier: GPL-3.0-or-later
"""Render and parse scripts: Script <-> scripts/<slug>.md.

The file has front matter between two `---` lines and a body of blocks separated by blank lines:

    ## Title             a heading starts a chapter (### and deeper are headings without one)
    text                 a paragraph
    > text               a quotation
    - text, 1. text      a list item
    **Anna:** text       spoken by `anna`, who is defined under `speakers`
    ![text](file.flac)   an audio file to play here
    ![text](file.jpg)    the image of the chapter: .jpg, .jpeg, .png or .webp
    ***                  a long pause;  [pause 1.5s] on its own line: one of this length
    <!-- text -->        a comment, not narrated

`parse(render(script)) == script`, and `render(parse(text)) == text` for rendered text. Every error has its line.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from podcast import front_matter
from podcast.errors import ScriptError
from podcast.model import Script, Segment, SegmentKind
from podcast.script import frontmatter
from podcast.script.inline import MARKS, pause_ms, runs

HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
SOUND = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\(([^()]+)\)")
PICTURE = re.compile(r"(?i)\.(?:jpe?g|png|webp)$")
WITHOUT_TEXT: frozenset[SegmentKind] = frozenset(("sound", "picture"))
ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)")
RULE = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}")
PAUSE = re.compile(r"\[pause\s+([^\]]*)\]")
SPEAKER = re.compile(r"\*\*([^*:\n]{1,60}?)[ \t\u00a0\u202f]*:\*\*[ \t]*")  # French has a space before a colon
COMMENT = re.compile(r"^[ \t]*<!--.*?-->[ \t]*$", re.DOTALL | re.MULTILINE)
OPEN_COMMENT = re.compile(r"^[ \t]*<!--", re.MULTILINE)

NAMES = {"item": "list item", "quote": "quotation"}
"""Kind of a segment -> its name in messages, where that differs."""


def render(script: Script) -> str:
    """Return the text of the file of a script."""
    return f"---\n{frontmatter.render(script)}---\n{body(script)}"


def body(script: Script) -> str:
    """Return the part of the file after the front matter."""
    lines: list[str] = []
    before = None
    for segment in script.segments:
        tight = before is not None and before.kind == segment.kind == "item"
        lines += [_block(segment)] if tight else ["", _block(segment)]
        before = segment
    return "\n".join([*lines, ""])


def body_digest(script: Script) -> str:
    """Return the SHA-256 of the body, in hex."""
    return digest_of(body(script))


def digest_of(text: str) -> str:
    """Return the SHA-256 of the text of a body, without white space at its ends."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def body_of(text: str) -> str:
    """Return the text of a script after its front matter, including comments."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    parts = front_matter.split(text)
    return parts.body if parts else text


def _block(segment: Segment) -> str:
    name = f"**{segment.speaker}:** " if segment.speaker else ""
    match segment.kind:
        case "heading":
            return f"{'#' * segment.level} {name}{segment.text}"
        case "quote":
            return "\n".join(f"> {line}" for line in f"{name}{segment.text}".split("\n"))
        case "item":
            mark = f"{segment.level}." if segment.level else "-"
            return f"{mark} {name}" + segment.text.replace("\n", "\n  ")
        case "sound" | "picture":
            return f"![{segment.text}]({segment.file})"
        case "pause":
            return f"[pause {segment.pause_ms}ms]" if segment.pause_ms else "***"
        case _:
            return f"{name}{segment.text}"


def parse(text: str, slug: str, path: Path) -> Script:
    """Parse the text of a script.

    Raises ScriptError with file and line.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    parts = front_matter.split(text)
    if parts is None:
        raise ScriptError(
            "no front matter",
            file=path,
            line=1,
            hint="if it is an article, not a script, move it out of scripts/ and run: podcast make ARTICLE",
        )
    values = frontmatter.parse(parts.front, slug, path)
    segments = tuple(_segments(parts.body, parts.body_line, path))
    for segment in segments:
        _check(segment, values.speakers, path)
    if not any(segment.text for segment in segments if segment.kind not in WITHOUT_TEXT):
        raise ScriptError(
            "no text to narrate", file=path, line=parts.body_line, hint="write some text below the front matter"
        )
    return replace(values, segments=segments, path=path)


def _segments(text: str, start: int, path: Path) -> Iterator[Segment]:
    # keep the line breaks of comments, so that line numbers stay right
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    if open_comment := OPEN_COMMENT.search(text):
        where = start + text.count("\n", 0, open_comment.end())
        raise ScriptError(
            "<!-- is not closed", file=path, line=where, hint="end the comment with --> at the end of a line"
        )
    block: list[str] = []
    first = start
    for number, line in enumerate([*text.split("\n"), ""], start=start):
        bare = line.rstrip()
        alone = bool(HEADING.fullmatch(bare) or RULE.fullmatch(bare) or SOUND.fullmatch(bare))
        if block and (not bare.strip() or alone or _begins(bare, block)):
            yield _segment(block, first, path)
            block = []
        if bare.strip():
            first = first if block else number
            block.append(bare)
        if block and alone:
            yield _segment(block, first, path)
            block = []


def _begins(line: str, block: Sequence[str]) -> bool:
    """Return True if a line begins a new block without a blank line before it."""
    quoted = block[0].startswith(">")
    return line.startswith(">") != quoted or bool(ITEM.match(line) and ITEM.match(block[0]))


def _segment(block: Sequence[str], line: int, path: Path) -> Segment:
    text = "\n".join(block)
    if pause := PAUSE.fullmatch(text):
        try:
            return Segment("pause", pause_ms=pause_ms(pause[1]), line=line)
        except ScriptError as error:
            raise ScriptError(error.text, file=path, line=line, hint=error.hint) from None
    if RULE.fullmatch(text):
        return Segment("pause", line=line)
    if inserted := SOUND.fullmatch(text):
        file = inserted[2].strip()
        return Segment("picture" if PICTURE.search(file) else "sound", inserted[1], file=file, line=line)
    kind, words, level = _parse_text_block(text)
    named = SPEAKER.match(words)
    words = words[named.end() :] if named else words
    return Segment(kind, words, speaker=named[1] if named else "", level=level, line=line)


def _parse_text_block(text: str) -> tuple[SegmentKind, str, int]:
    """Return the kind of a text block, its text without block markup, and its level."""
    if heading := HEADING.fullmatch(text):
        return "heading", heading[2] or "", len(heading[1])
    if text.startswith(">"):
        return "quote", re.sub(r"^>[ \t]?", "", text, flags=re.MULTILINE), 0
    kind: SegmentKind = "paragraph"
    level = 0
    if item := ITEM.match(text):
        kind, level, text = "item", int(item[1] or 0), text[item.end() :]
    return kind, "\n".join(part.strip() for part in text.split("\n")), level


def _check(segment: Segment, speakers: Collection[str], path: Path) -> None:
    if segment.kind in {*WITHOUT_TEXT, "pause"}:
        return
    try:
        runs(segment.text)
    except ScriptError as error:
        within = next((i for i, part in enumerate(segment.text.split("\n")) if _has_invalid_markup(part)), 0)
        raise ScriptError(error.text, file=path, line=segment.line + within, hint=error.hint) from None
    if not segment.text.strip():
        raise ScriptError(
            f"a {NAMES.get(segment.kind, segment.kind)} without text",
            file=path,
            line=segment.line,
            hint="write the text, or remove the line",
        )
    known = {name.casefold() for name in speakers}
    if segment.speaker and segment.speaker.casefold() not in known:
        hint = f"add to the front matter: speakers: {{{segment.speaker.lower()}: VOICE}} (podcast voices lists them)"
        raise ScriptError(f"unknown speaker {segment.speaker!r}", file=path, line=segment.line, hint=hint)


def _has_invalid_markup(line: str) -> bool:
    if not MARKS.search(line):
        return False
    try:
        runs(line)
    except ScriptError:
        return True
    return False
