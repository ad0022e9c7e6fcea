# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert Markdown extensions of blogs and note-taking programs to CommonMark; code is unchanged.

Shortcodes of Hugo and tags of Jekyll ({{< … >}}, {% … %}), attributes of kramdown ({: …}), admonitions of MkDocs and
Obsidian (!!! note, [!NOTE]), fenced divs of Pandoc (:::), wiki links ([[…]]), task list checkboxes, tags, comments and
anchors of Obsidian (#tag, %% … %%, ^anchor), imports of MDX, emoji as bullets (✅ Fast), highlights, subscripts and
superscripts. Front matter is in reader.py.
"""

import re
from collections.abc import Iterator, Sequence

FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
TAGS = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{\{[^{}\n]{0,200}\}\}|<%.*?%>")
"""A template tag; the text between two of them stays."""
LEFTOVER = re.compile(
    r"""(?x)
      \{:?\ ?(?:[.\#:][^{}\n]{0,2000}|[\w-]+=[^{}\n]{0,2000})\}   # attributes: {: .note}, {#id .class}
    | ^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|\[\[toc\]\]|[-*]\ TOC|:{3,}.*)[ \t]*$  # a table of contents, a fence
    | ^(?:import\ .*['"];?|export\ (?:const|let|default|function)\b.*)$  # of MDX
    | \{/\*.*?\*/\} | %%[^%\n]*%% | [ \t]\^[\w-]{2,40}[ \t]*$           # comments, an anchor
    | ^[ \t]*(?:\#[^\W\d][\w/-]*[ \t]*)+$                               # tags
    | (?<=>\ )\[![A-Za-z]+\][-+]?[ \t]*$                           # the mark of an admonition
    | (?<=[-*+]\ )\[[ xX]\]\ +(?=\S)                                 # the box of a task
    | (?<![\w:]):(?:(?=[a-z_+-]*[a-z])[a-z0-9_+-]{2,30}|[+-]1|100):(?![\w:])      # :wave:
    """,
    re.MULTILINE,
)
EMBEDDED = re.compile(r"!\[\[(?P<what>[^\[\]|\n]{1,200})(?:\|(?P<label>[^\[\]\n]{0,200}))?\]\]")
"""An embedded image or note."""
WIKI_LINK = re.compile(r"\[\[(?P<what>[^\[\]|\n]{1,200})(?:\|(?P<label>[^\[\]|\n]{1,200}))?\]\]")
TITLED_ADMONITION = re.compile(
    r"^(?P<quote>(?:> ?)+)\[![A-Za-z]+\][-+]?[ \t]+(?P<title>\S.*)$|^:{3,}[ \t]*\w+(?:[ \t]+|\[)(?P<of>[^\[\]{}:]+)\]?$"
)
"""The first line of an admonition with a title of its own."""
PICTURE = re.compile(r"!\[(?P<label>[^\[\]\n]{0,500})\]\((?P<at>[^()\n]{1,500})\)\{(?P<about>[^{}\n]{0,2000})\}")
"""An image with attributes."""
ALTERNATIVE = re.compile(r'\bfig-alt="([^"]+)"')
"""Alternative text, in Quarto."""
SPAN = re.compile(r"(?<!!)\[(?P<words>[^\[\]\n]{1,500})\](?=\{[.#][^{}\n]{0,500}\})")
"""A span with attributes, in Pandoc."""
RAW = re.compile(r"`[^`\n]+`\{=\w+\}")
"""Raw content for one output format, in Pandoc."""
CODE = re.compile(r"(`+[^`]+`+)")
HIGHLIGHTED = re.compile(
    r"^[ \t]*(?:\{%-?[ \t]*(?:end)?highlight\b[^%\n]*%\}|"
    r"\{\{[<%][ \t]*/?[ \t]*(?:highlight|code(?:-toggle)?)\b[^\n]*[>%]\}\})[ \t]*$",
    re.MULTILINE,
)
"""The tags around a code block, in Jekyll and Hugo."""
HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,300})(?<=\S)==")
SUBSCRIPTED = re.compile(r"(?<=[A-Za-z)\]])~([0-9]{1,3})~")
SUPERSCRIPTED = re.compile(r"(?<=[\w)\]])\^([0-9n+-]{1,4})\^")
SUBSCRIPT, SUPERSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"), str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?)[ \t]+[\w -]+?(?:[ \t]+"(?P<title>[^"\n]*)")?[ \t]*$')
EMOJI_BULLET = re.compile(r"[ \t]{0,3}[✓✔✅☑❌✗✘➡➜►▸▪●◆★•‣\U0001f300-\U0001faff]\ufe0f?[ \t]+(?=[\w*_\[])")
"""An emoji or arrow as a bullet; CommonMark would join its line to the one above."""

NON_ASCII_NUMBER = re.compile(r"[ \t]{0,3}(?P<number>[^\W\x00-\x7f]{1,3})[.)][ \t]+(?=\S)")
"""A list number in non-ASCII digits, which CommonMark does not support."""
LETTER_LIST = re.compile(r"^[ ]{0,3}\(?a\)[ \t]+\S.*(?:\n{1,2}[ ]{0,3}\(?[b-z]\)[ \t]+\S.*)+", re.MULTILINE)
"""A list numbered by letters: `a)`, `b)`."""


def to_commonmark(text: str) -> str:
    """Convert the text to CommonMark, with the same number of lines."""
    text = LETTER_LIST.sub(lambda found: re.sub(r"(?m)^[ ]{0,3}(?=\S)", "- ", found[0]), text)
    lines = HIGHLIGHTED.sub("```", _without_comments(text)).split("\n")
    return "\n".join(_converted(lines))


def _converted(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines as CommonMark: code unchanged, admonitions without their indentation."""
    fence, is_inside = "", False
    for line in lines:
        if fence or FENCE.match(line):
            fence = _fence_after(line, fence)
            yield line
        elif note := ADMONITION.match(line):
            is_inside = True
            yield f"**{note['title']}**" if note["title"] else ""
        else:
            is_inside = is_inside and (not line.strip() or line.startswith(("    ", "\t")))
            yield _convert_line(re.sub(r"^(?: {4}|\t)", "", line) if is_inside else line)


def _fence_after(line: str, fence: str) -> str:
    """Return the fence of the code block open after a line (empty for none), given that of the line before."""
    mark = FENCE.match(line)
    if mark and not fence:
        return mark["mark"]
    is_end = mark and mark["mark"].startswith(fence) and not mark["info"].strip()
    return "" if is_end else fence


def _without_comments(text: str) -> str:
    """Blank Obsidian's multi-line comments."""
    return re.sub(r"(?ms)^%%$.*?^%%$", lambda found: "\n" * found[0].count("\n"), text)


def _convert_line(line: str) -> str:
    if line.startswith(("    ", "\t")):
        return line  # code
    if titled := TITLED_ADMONITION.match(line):
        return f"{titled['quote'] or ''}###### {titled['title'] or titled['of']}"
    if (counted := NON_ASCII_NUMBER.match(line)) and counted["number"].isdecimal():
        line = f"{int(counted['number'])}. {line[counted.end() :]}"
    point = "- " if EMOJI_BULLET.match(line) else ""
    line = SPAN.sub(r"\g<words>", PICTURE.sub(_picture, RAW.sub("", line)))
    return point + "".join(part if index % 2 else _convert_inline(part) for index, part in enumerate(CODE.split(line)))


def _wiki_link_text(found: re.Match[str]) -> str:
    """Return the text of a wiki link: its label, else its target without folder and heading."""
    return found["label"] or (found["what"].partition("#")[0].rpartition("/")[2] or found["what"].strip("#^"))


def _picture(found: re.Match[str]) -> str:
    """Return an image without its attributes; `fig-alt` among them becomes the alternative text."""
    said = ALTERNATIVE.search(found["about"])
    return f"![{found['label'] or (said[1].replace('`', '') if said else '')}]({found['at']})"


def _embedded(found: re.Match[str]) -> str:
    label = found["label"] or ""
    return f"![{label}](x)" if label and not re.fullmatch(r"[\dx|]+", label) else ""


def _convert_inline(line: str) -> str:
    line = LEFTOVER.sub("", TAGS.sub("", line))
    line = HIGHLIGHT.sub(r"\1", WIKI_LINK.sub(_wiki_link_text, EMBEDDED.sub(_embedded, line)))
    line = SUBSCRIPTED.sub(lambda found: found[1].translate(SUBSCRIPT), line)
    return SUPERSCRIPTED.sub(lambda found: found[1].translate(SUPERSCRIPT), line)
