# SPDX-License-Identifier: GPL-3.0-or-later
r"""Inline markup in a paragraph of a script.

    [DeepSeek](say:dip sik)     displayed as `DeepSeek`, spoken as `dip sik`
    [Kerguen](say:/kɛʁɡɛn/)     the same in IPA
    [pause 1.5s]                silence; also [pause 300ms]
    [text](https://…)           a link, displayed and spoken as `text`
    *text*  **text**  `text`    displayed and spoken without emphasis
    \*                          a backslash makes the next character an ordinary one

`runs` parses a paragraph, `shown` returns its display text, and `escape` makes any text a paragraph without markup.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from podcast import pronunciation
from podcast.errors import ScriptError
from podcast.model import Said
from podcast.text import web

MARKS = re.compile(
    r"""(?x)
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | \[pause\s+(?P<pause>[^\]\n]*)\]
    | \[(?P<label>(?:\\.|[^\[\]\\])*)\]\((?P<target>(?:\\.|[^()\\]|\([^()]*\))*)\)
    | (?P<open>\[(?:\\.|[^\[\]\\])*\]\(say:)
    | (?P<emphasis>\*+|`+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w))
    """
)
SPECIAL = re.compile(r"[\\*`\[\]]|(?<![^\W_])_|_(?![^\W_])")
PAUSE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ms|s)?")
MAX_PAUSE_MS = 60_000
PAUSES = "write a length of at most one minute, such as [pause 1.5s] or [pause 300ms]"


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence in the middle of a paragraph."""

    ms: int


Run = str | Said | Pause


def runs(text: str) -> tuple[Run, ...]:
    """Parse a paragraph into plain text, words with a given pronunciation, and pauses.

    Line breaks count as spaces. Raises ScriptError (without file and line) for markup that is not closed or invalid.
    """
    found: list[Run] = []
    for run in _runs(text.replace("\n", " ")):
        if isinstance(run, str) and found and isinstance(found[-1], str):
            found[-1] += run
        elif run != "":
            found.append(run)
    return tuple(found)


def _runs(text: str) -> Iterator[Run]:
    end = 0
    for mark in MARKS.finditer(text):
        yield text[end : mark.start()]
        end = mark.end()
        if mark["escaped"]:
            yield mark["escaped"]
        elif mark["pause"] is not None:
            yield Pause(pause_ms(mark["pause"]))
        elif mark["label"] is not None:
            yield _parse_link(mark["label"], mark["target"])
        elif mark["open"]:
            raise ScriptError(f"{mark['open']}… is not closed", hint="write it as [word](say:how it sounds)")
    yield text[end:]


def _parse_link(label: str, target: str) -> Run:
    label = shown(label)
    if not target.startswith("say:"):
        return label
    said = re.sub(r"\\(.)", r"\1", target[len("say:") :]).strip()
    if not said:
        raise ScriptError(f"[{label}](say:) has no pronunciation", hint="write it as [word](say:how it sounds)")
    try:
        pronunciation.written(label, said)
    except ValueError as error:
        raise ScriptError(
            f"[{label}](say:{said}): {error}", hint="write IPA between slashes, or a respelling without them"
        ) from None
    return Said(label, said)


def pause_ms(text: str) -> int:
    """Return the length in ms of a pause such as `1.5s`, `300ms` or `2` (seconds).

    Raises ScriptError if it is not valid, or longer than a minute.
    """
    found = PAUSE.fullmatch(text.strip())
    unit_ms = 1 if found and found[2] == "ms" else 1000
    length = round(float(found[1].replace(",", ".")) * unit_ms) if found else -1
    if not 0 <= length <= MAX_PAUSE_MS:
        raise ScriptError(f"[pause {text}] is not a valid pause", hint=PAUSES)
    return length


def shown(text: str) -> str:
    """Return the display text of a paragraph: without markup."""
    words = "".join(map(_display_text, runs(text)))
    return re.sub(r"[ \t]+", " ", words).strip()


def _display_text(run: str | Said | Pause) -> str:
    if isinstance(run, str):
        return run
    return run.shown if isinstance(run, Said) else " "


def link(text: str) -> str:
    """Return the first http(s) URL that a paragraph links to, or an empty string."""
    targets = (mark["target"] or "" for mark in MARKS.finditer(text))
    return next((found for target in targets if (found := web(target))), "")


def escape(text: str) -> str:
    """Return the text with all inline and block markup escaped by backslashes."""
    text = SPECIAL.sub(lambda found: "\\" + found[0], text)
    text = re.sub(r"^(#|>|!|<|-{1,3}(?= |$)|\+(?= )|---)", lambda found: "\\" + found[1], text)
    text = re.sub(r"(?<=[ \t])(#+)$", r"\\\1", text)  # a heading would lose it
    return re.sub(r"^(\d+)([.)])(?=\s)", r"\1\\\2", text)
