# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert reStructuredText and AsciiDoc to Markdown: the subset needed for narration.

Headings, paragraphs, lists, admonitions, links, footnotes, alternative texts and code are converted; directives
without text (contents, labels, comments, attributes) are dropped.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import dedent
from typing import NamedTuple

FENCE = "~~~~~~~~"
ADMONITIONS = {
    "note", "tip", "hint", "important", "warning", "caution", "danger", "attention", "admonition",
    "epigraph", "highlights", "pull-quote", "topic", "sidebar", "seealso", "versionadded",
    "versionchanged", "deprecated", "container", "rubric",
}  # fmt: skip
"""Directives whose content is narrated."""
UNDERLINE = re.compile(r"([=\-`:.'\"~^_*+#])\1{2,}[ \t]*")
TABLE = re.compile(r"={2,}(?: +={2,})+|\+(?:[-=]+\+)+")
"""The first line of a table."""
MAX_DEPTH = 20
"""Depth of nested directives; deeper ones are not parsed."""
DIRECTIVE = re.compile(r"\.\. (?P<name>[\w-]+)::[ \t]*(?P<argument>.*)")
NOTE = re.compile(r"\.\. \[#?(?P<mark>\w+|\*)\][ \t]*(?P<text>.*)")
FIELD = re.compile(r":(?P<name>[\w -]+):[ \t]+(?P<value>.*)")


def rst_to_markdown(text: str) -> str:
    """Convert a text from reStructuredText to Markdown."""
    front: dict[str, str] = {}
    body = "\n".join(_rst(text.expandtabs(4).split("\n"), [], front))
    return _with_front_matter(front, _rst_inline(body))


class _RstState(NamedTuple):
    """State shared by the constructs of a document."""

    underlines: list[str]
    """Heading underlines, the highest level first; doubled for headings with an overline too."""
    front: dict[str, str]
    depth: int


def _rst(lines: Sequence[str], underlines: list[str], front: dict[str, str], depth: int = 0) -> Iterator[str]:
    """Yield the lines as Markdown, one construct of RST after the other."""
    state = _RstState(underlines, front, depth)
    index = 0
    while index < len(lines):
        end, found = next(taken for construct in RST if (taken := construct(lines, index, state)))
        yield from found
        index = end


Taken = tuple[int, Iterable[str]] | None
"""The line index after a construct, and its lines in Markdown; None if the line begins another construct."""


def _rst_overlined(lines: Sequence[str], index: int, state: _RstState) -> Taken:
    """Convert a heading with an underline and the same overline."""
    line, title = lines[index], _line_at(lines, index + 1).strip()
    if not (UNDERLINE.fullmatch(line) and title and index + 2 < len(lines)):
        return None
    if lines[index + 2].rstrip() != line.rstrip():
        return None
    return index + 3, ("", _heading_prefix(state.underlines, line[0] * 2) + title, "")


def _rst_underlined(lines: Sequence[str], index: int, state: _RstState) -> Taken:
    """Convert a heading with an underline of about the same length."""
    line, under = lines[index], _line_at(lines, index + 1)
    if not line.strip() or line[0].isspace() or not UNDERLINE.fullmatch(under):
        return None
    if len(under.rstrip()) < len(line) - 2:
        return None
    return index + 2, ("", _heading_prefix(state.underlines, under[0]) + line.strip(), "")


def _rst_explicit(lines: Sequence[str], index: int, state: _RstState) -> Taken:
    """Convert a directive, footnote, label or comment: `.. note:: Text`."""
    line = lines[index]
    if not line.startswith(".. ") and line.rstrip() != "..":
        return None
    end, inside = _indented_block(lines, index)
    return end, _explicit_markup(line, inside, state)


def _rst_table(lines: Sequence[str], index: int, _: _RstState) -> Taken:
    """Convert a table to a code block."""
    if not TABLE.fullmatch(lines[index].strip()):
        return None
    end = next((i for i in range(index, len(lines)) if not lines[i].strip()), len(lines))
    return end, ("", FENCE, *lines[index:end], FENCE, "")


def _rst_field(lines: Sequence[str], index: int, state: _RstState) -> Taken:
    """Add a field to the front matter: `:Author: Ann Field`."""
    field = FIELD.fullmatch(lines[index])
    if field is None:
        return None
    state.front.setdefault(field["name"].lower(), field["value"])
    return index + 1, ()


def _rst_literal(lines: Sequence[str], index: int, _: _RstState) -> Taken:
    """Convert a line that ends with `::`, and the code below it."""
    line = lines[index]
    if not line.rstrip().endswith("::") or line.startswith("    "):
        return None
    end, inside = _indented_block(lines, index)
    words = re.sub(r"\s*::\s*$", ":" if line.strip() != "::" else "", line)
    return end, (words, "", FENCE, *inside, FENCE, "")


def _rst_text(lines: Sequence[str], index: int, _: _RstState) -> Taken:
    """Convert any other line: transitions and automatic list numbers (`#.`)."""
    line = lines[index]
    return index + 1, ("\n***\n" if UNDERLINE.fullmatch(line) else re.sub(r"^(\s*)#\.", r"\1 1.", line),)


RST = (_rst_overlined, _rst_underlined, _rst_explicit, _rst_table, _rst_field, _rst_literal, _rst_text)
"""Constructs of reStructuredText, in the order in which they are tried."""


def _line_at(lines: Sequence[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""


def _heading_prefix(underlines: list[str], underline: str) -> str:
    """Return the Markdown prefix of a heading, `## `; levels are in the order in which underlines first occur."""
    if underline not in underlines:
        underlines.append(underline)
    return "#" * min(6, underlines.index(underline) + 1) + " "


def _indented_block(lines: Sequence[str], start: int) -> tuple[int, list[str]]:
    """Return the index after the indented lines below a line, and these lines dedented."""
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0].isspace()):
        end += 1
    return end, dedent("\n".join(lines[start + 1 : end])).strip("\n").split("\n")


def _explicit_markup(line: str, inside: list[str], state: _RstState) -> Iterator[str]:
    """Yield a directive or a footnote as Markdown; nothing for labels and comments."""
    if note := NOTE.fullmatch(line):
        yield from ("", f"[^{note['mark']}]: " + " ".join([note["text"], *map(str.strip, inside)]).strip(), "")
    elif found := DIRECTIVE.fullmatch(line):
        yield from _directive(found["name"], found["argument"], inside, state)


def _directive(name: str, argument: str, inside: list[str], state: _RstState) -> Iterator[str]:
    """Yield a directive as Markdown: an image, code, or an admonition with its text."""
    options = {one["name"]: one["value"] for one in map(FIELD.fullmatch, inside) if one}
    words = [one for one in inside if not re.match(r":[\w-]+:", one)]
    depth = state.depth + 1
    inner = _rst(words, state.underlines, state.front, depth) if depth < MAX_DEPTH else words
    if name in {"figure", "image"}:
        yield from ("", f"![{options.get('alt', '')}]({argument.strip()})", "", *inner)
    elif name in {"code-block", "code", "sourcecode", "parsed-literal"}:
        yield from ("", FENCE, *words, FENCE, "")
    elif name in ADMONITIONS:
        yield from ("", argument, "", *inner, "")


def _rst_inline(text: str) -> str:
    """Convert inline markup to Markdown."""
    for mark, replacement in RST_INLINE:
        text = mark.sub(replacement, text)
    return text


RST_INLINE = tuple(
    (re.compile(mark, re.MULTILINE), replacement)
    for mark, replacement in (
        (r"(?<![\w:]):[\w:+.-]{1,40}:`([^`<]{1,300}?)\s*<[^`>]{0,300}>`", r"\1"),
        (r"(?<![\w:]):[\w:+.-]{1,40}:`[~!]?([^`]{1,500})`", r"\1"),
        (r"`([^`<]{1,300}?)\s*<(https?://[^`>]{1,500})>`__?", r"[\1](\2)"),
        (r"`([^`<]{1,300}?)(?:\s*<[^`>]{0,300}>)?`__?", r"\1"),
        (r"``([^`]{1,500})``", r"`\1`"),
        (r"\s?\[#?(\d{1,3}|\*)\]_", r"[^\1]"),
        (r"\|([^|\n]{1,200})\|_?", r"\1"),
        (r"(?<=\w)_(?=[\s.,;:!?)]|$)", ""),
    )
)
"""Roles, links, code, footnotes, substitutions, references -> Markdown."""

HEADER = re.compile(
    r"\A(?:[ \t]*//.*\n|[ \t]*:[\w-]+:.*\n|[ \t]*\n)*=[ \t]+(?P<title>.+)\n(?P<head>(?:.*\S.*(?:\n|\Z))*)"
)
REVISION = re.compile(r"(?:v?[\d.]+,\s*)?(?P<day>\d{4}-\d\d-\d\d)\b.*")


def asciidoc_to_markdown(text: str) -> str:
    """Convert a text from AsciiDoc to Markdown."""
    text, front = _adoc_header(text)
    text = re.sub(r"^/{4,80}\n(?:(?!/{4}).*\n){0,500}/{4,80}$", "", text, flags=re.MULTILINE)
    notes: list[str] = []

    def footnote(found: re.Match[str]) -> str:
        notes.append(found[1])
        return f"[^{len(notes)}]"

    text = re.sub(r"footnote:\w{0,40}\[([^\[\]]{1,2000})\]", footnote, text)
    body = "\n".join(_adoc(text.split("\n")))
    return _with_front_matter(
        front, "\n".join([body, "", *(f"[^{mark}]: {note}\n" for mark, note in enumerate(notes, 1))])
    )


def _adoc_header(text: str) -> tuple[str, dict[str, str]]:
    """Split off the document header: return the text without it, and its attributes, author and revision date."""
    found = HEADER.match(text)
    if found is None:
        return text, {}
    front = dict(re.findall(r"^:(author|date|revdate|lang):[ \t]+(.+)$", found[0], re.MULTILINE))
    for line in found["head"].split("\n"):
        if line.startswith((":", "//")):
            continue
        if day := REVISION.fullmatch(line):
            front.setdefault("date", day["day"])
        elif line.strip():
            front.setdefault("author", re.sub(r"\s*<[^>]*>", "", line).replace(";", ","))
    return f"= {found['title']}\n\n{text[found.end() :]}", front


ADOC: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(mark), said)
    for mark, said in (
        (r"^(={1,6})\s+(?=\S)", lambda found: "\n" + "#" * len(found[1]) + " "),
        (r"^image::?([^\[\s]+)\[([^,\]]*)[^\]]*\]", r"![\2](\1)"),
        (r"^(?:include|toc|video|audio|ifdef|ifndef|endif)::.*$", ""),
        (r"^(\*{2,5})\s+(?=\S)", lambda found: "  " * (len(found[1]) - 1) + "* "),
        (r"^(\.{1,5})\s+(?=\S)", lambda found: "   " * (len(found[1]) - 1) + "1. "),
        (r"^\.(?=[^\W_])", ""),
        (r"^(NOTE|TIP|IMPORTANT|WARNING|CAUTION): ", lambda found: f"{found[1].capitalize()}: "),
        (r"<<[^,<>]{1,200},\s*([^<>]{1,200})>>", r"\1"),
        (r"<<([^<>]{1,200})>>", r"\1"),
        (r"(?:link:|xref:)?(https?://[^\s\[\]]+)\[([^\],]+)[^\]]*\]", r"[\2](\1)"),
        (r"(?:link|xref|mailto):[^\s\[]+\[([^\],]+)[^\]]*\]", r"\1"),
        (r"\[[.#][^\[\]]{0,100}\]#([^#]{1,500})#", r"\1"),
        (r"\s\+$", "  "),
    )
)


def _adoc(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines as Markdown; delimited blocks become code."""
    fence = ""
    for line in lines:
        bare = line.rstrip()
        if fence:
            yield FENCE if bare == fence else line
            fence = "" if bare == fence else fence
        elif re.fullmatch(r"-{4,}|\.{4,}|\+{4,}|`{3,}\w*|[|!,]===", bare):
            fence = "```" if bare.startswith("```") else bare
            yield FENCE
        elif re.fullmatch(r"={4,}|\*{4,}|_{4,}|--|\[.*\]|\+|<<<|//.*|:!?[\w-]+!?:.*", bare):
            yield ""
        else:
            for mark, said in ADOC:
                bare = mark.sub(said, bare)
            yield bare


def _with_front_matter(front: dict[str, str], body: str) -> str:
    """Add front matter to a text."""
    known = {"author", "authors", "language", "lang"} & front.keys()
    known |= {"date"} if re.fullmatch(r"\d{4}-\d\d-\d\d", front.get("date", "").strip()) else set()
    head = "".join(f"{name}: {json.dumps(front[name], ensure_ascii=False)}\n" for name in sorted(known))
    return f"---\n{head}---\n\n{body}" if head else body


CONVERTERS: dict[str, Callable[[str], str]] = {
    ".rst": rst_to_markdown,
    ".rest": rst_to_markdown,
    ".adoc": asciidoc_to_markdown,
    ".asciidoc": asciidoc_to_markdown,
}
"""File name extension -> converter to Markdown."""
