# SPDX-License-Identifier: GPL-3.0-or-later
"""reStructuredText and AsciiDoc -> Markdown, as far as what is read aloud needs it.

Headings, paragraphs, lists, notes, links, footnotes and what pictures show become those of Markdown, code its code;
orders to the program that would set the page (contents, labels, comments, attributes) go.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from textwrap import dedent

FENCE = "~~~~~~~~"
ADMONITIONS = {
    "note", "tip", "hint", "important", "warning", "caution", "danger", "attention", "admonition",
    "epigraph", "highlights", "pull-quote", "topic", "sidebar", "seealso", "versionadded",
    "versionchanged", "deprecated", "container", "rubric",
}  # fmt: skip
"""Directives of which what stands in them is read."""
STROKE = re.compile(r"([=\-`:.'\"~^_*+#])\1{2,}[ \t]*")
TABLE = re.compile(r"={2,}(?: +={2,})+|\+(?:[-=]+\+)+")
"""The first line of a table."""
DEEPEST = 20
"""Directives in each other; what is deeper is no text that a person wrote."""
DIRECTIVE = re.compile(r"\.\. (?P<name>[\w-]+)::[ \t]*(?P<argument>.*)")
NOTE = re.compile(r"\.\. \[#?(?P<mark>\w+|\*)\][ \t]*(?P<text>.*)")
FIELD = re.compile(r":(?P<name>[\w -]+):[ \t]+(?P<value>.*)")


def restructured(text: str) -> str:
    """Return a text in reStructuredText as Markdown."""
    lines = text.expandtabs(4).split("\n")
    front: dict[str, str] = {}
    body = "\n".join(_rst(lines, [], front))
    return _fronted(front, _rst_words(body))


def _rst(lines: Sequence[str], strokes: list[str], front: dict[str, str], deep: int = 0) -> Iterator[str]:
    index = 0
    while index < len(lines):
        line = lines[index]
        above = STROKE.fullmatch(line)
        under = lines[index + 1] if index + 1 < len(lines) else ""
        if above and under.strip() and index + 2 < len(lines) and lines[index + 2].rstrip() == line.rstrip():
            yield from ("", _level(strokes, line[0] * 2) + under.strip(), "")
            index += 3
        elif (
            line.strip() and not line[0].isspace() and STROKE.fullmatch(under) and len(under.rstrip()) >= len(line) - 2
        ):
            yield from ("", _level(strokes, under[0]) + line.strip(), "")
            index += 2
        elif line.startswith(".. ") or line.rstrip() == "..":
            end, inside = _inside(lines, index)
            yield from _explicit(line, inside, strokes, front, deep + 1)
            index = end
        elif TABLE.fullmatch(line.strip()):
            end = next((i for i in range(index, len(lines)) if not lines[i].strip()), len(lines))
            yield from ("", FENCE, *lines[index:end], FENCE, "")
            index = end
        elif field := FIELD.fullmatch(line):
            front.setdefault(field["name"].lower(), field["value"])
            index += 1
        elif line.rstrip().endswith("::") and not line.startswith("    "):
            end, inside = _inside(lines, index)
            yield re.sub(r"\s*::\s*$", ":" if line.strip() != "::" else "", line)
            yield from ("", FENCE, *inside, FENCE, "")
            index = end
        else:
            yield "\n***\n" if above else re.sub(r"^(\s*)#\.", r"\1 1.", line)
            index += 1


def _level(strokes: list[str], stroke: str) -> str:
    """Return the mark of a heading: the first stroke of a text is that of the highest."""
    if stroke not in strokes:
        strokes.append(stroke)
    return "#" * min(6, strokes.index(stroke) + 1) + " "


def _inside(lines: Sequence[str], start: int) -> tuple[int, list[str]]:
    """Return where what stands further in than a line ends, and that without its margin."""
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0].isspace()):
        end += 1
    return end, dedent("\n".join(lines[start + 1 : end])).strip("\n").split("\n")


def _explicit(line: str, inside: list[str], strokes: list[str], front: dict[str, str], deep: int) -> Iterator[str]:
    """Give what is read of a directive or a footnote; of labels and comments, nothing is."""
    if note := NOTE.fullmatch(line):
        yield from ("", f"[^{note['mark']}]: " + " ".join([note["text"], *map(str.strip, inside)]).strip(), "")
    elif found := DIRECTIVE.fullmatch(line):
        options = {one["name"]: one["value"] for one in map(FIELD.fullmatch, inside) if one}
        words = [one for one in inside if not re.match(r":[\w-]+:", one)]
        inner = _rst(words, strokes, front, deep) if deep < DEEPEST else words
        if found["name"] in {"figure", "image"}:
            yield from (
                "",
                f"![{options.get('alt', '')}]({found['argument'].strip()})",
                "",
                *inner,
            )
        elif found["name"] in {"code-block", "code", "sourcecode", "parsed-literal"}:
            yield from ("", FENCE, *words, FENCE, "")
        elif found["name"] in ADMONITIONS:
            yield from ("", found["argument"], "", *inner, "")


def _rst_words(text: str) -> str:
    """Return a text with the marks within its lines as those of Markdown."""
    for mark, said in (
        (r"(?<![\w:]):[\w:+.-]{1,40}:`([^`<]{1,300}?)\s*<[^`>]{0,300}>`", r"\1"),
        (r"(?<![\w:]):[\w:+.-]{1,40}:`[~!]?([^`]{1,500})`", r"\1"),
        (r"`([^`<]{1,300}?)\s*<(https?://[^`>]{1,500})>`__?", r"[\1](\2)"),
        (r"`([^`<]{1,300}?)(?:\s*<[^`>]{0,300}>)?`__?", r"\1"),
        (r"``([^`]{1,500})``", r"`\1`"),
        (r"\s?\[#?(\d{1,3}|\*)\]_", r"[^\1]"),
        (r"\|([^|\n]{1,200})\|_?", r"\1"),
        (r"(?<=\w)_(?=[\s.,;:!?)]|$)", ""),
    ):
        text = re.sub(mark, said, text, flags=re.MULTILINE)
    return text


HEADER = re.compile(
    r"\A(?:[ \t]*//.*\n|[ \t]*:[\w-]+:.*\n|[ \t]*\n)*=[ \t]+(?P<title>.+)\n(?P<head>(?:.*\S.*(?:\n|\Z))*)"
)
REVISION = re.compile(r"(?:v?[\d.]+,\s*)?(?P<day>\d{4}-\d\d-\d\d)\b.*")


def asciidoc(text: str) -> str:
    """Return a text in AsciiDoc as Markdown."""
    front: dict[str, str] = {}
    if found := HEADER.match(text):
        head = [line for line in found["head"].split("\n") if not line.startswith((":", "//"))]
        front = dict(re.findall(r"^:(author|date|revdate|lang):[ \t]+(.+)$", found[0], re.MULTILINE))
        for line in head:
            if day := REVISION.fullmatch(line):
                front.setdefault("date", day["day"])
            elif line.strip():
                front.setdefault("author", re.sub(r"\s*<[^>]*>", "", line).replace(";", ","))
        text = f"= {found['title']}\n\n{text[found.end() :]}"
    notes: list[str] = []

    def noted(found: re.Match[str]) -> str:
        notes.append(found[1])
        return f"[^{len(notes)}]"

    text = re.sub(r"^/{4,80}\n(?:(?!/{4}).*\n){0,500}/{4,80}$", "", text, flags=re.MULTILINE)
    text = re.sub(r"footnote:\w{0,40}\[([^\[\]]{1,2000})\]", noted, text)
    body = "\n".join(_adoc(text.split("\n")))
    return _fronted(front, "\n".join([body, "", *(f"[^{mark}]: {note}\n" for mark, note in enumerate(notes, 1))]))


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


def _fronted(front: dict[str, str], body: str) -> str:
    """Return a text with what its head says as front matter."""
    known = {"author", "authors", "language", "lang"} & front.keys()
    known |= {"date"} if re.fullmatch(r"\d{4}-\d\d-\d\d", front.get("date", "").strip()) else set()
    head = "".join(f"{name}: {json.dumps(front[name], ensure_ascii=False)}\n" for name in sorted(known))
    return f"---\n{head}---\n\n{body}" if head else body


FORMS: dict[str, Callable[[str], str]] = {
    ".rst": restructured,
    ".rest": restructured,
    ".adoc": asciidoc,
    ".asciidoc": asciidoc,
}
"""End of a file's name -> how its text becomes Markdown."""
