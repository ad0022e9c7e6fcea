# SPDX-License-Identifier: GPL-3.0-or-later
"""What blogs and note programs add to Markdown, taken out or written as CommonMark, outside of code.

Shortcodes of Hugo and tags of Jekyll ({{< … >}}, {% … %}), attributes of kramdown ({: …}), admonitions of MkDocs and
Obsidian (!!! note, [!NOTE]), fences of Pandoc (:::), links of wikis ([[…]]), boxes of tasks, marks of emphasis that
CommonMark does not know. Front matter is in markdown.py.
"""

import re

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
TAGS = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{\{[^{}\n]{0,200}\}\}|<%.*?%>")
"""A tag of a template; those that enclose words leave the words."""
LEFTOVER = re.compile(
    r"""(?x)
      \{:?\ ?(?:[.\#:][^{}\n]{0,200}|[\w-]+=[^{}\n]{0,200})\}     # attributes: {: .note}, {#id .class}
    | ^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|\[\[toc\]\]|:{3,}.*)[ \t]*$  # a table of contents, a fence
    | (?<=>\ )\[![A-Za-z]+\][-+]?[ \t]*$                           # the mark of an admonition
    | (?<=[-*+]\ )\[[ xX]\]\ (?=\S)                                  # the box of a task
    | (?<![\w:]):(?=[a-z_+-]*[a-z])[a-z0-9_+-]{2,30}:(?![\w:])      # :wave:
    """,
    re.MULTILINE,
)
WIKI_LINK = re.compile(r"!?\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\]")
HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,300})(?<=\S)==")
LOWERED = re.compile(r"(?<=[A-Za-z)\]])~([0-9]{1,3})~")
RAISED = re.compile(r"(?<=[\w)\]])\^([0-9n+-]{1,4})\^")
SUBSCRIPT, SUPERSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"), str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?)[ \t]+[\w -]+?(?:[ \t]+"(?P<title>[^"\n]*)")?[ \t]*$')


def common(text: str) -> str:
    """Return the text as CommonMark; the number of its lines stays the same."""
    lines: list[str] = []
    fence, inside = "", False
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if fence or mark:
            if mark and not fence:
                fence = mark[1][:3]
            elif mark and fence and mark[1].startswith(fence):
                fence = ""
            lines.append(line)
            continue
        note = ADMONITION.match(line)
        if note:
            inside = True
            lines.append(f"**{note['title']}**" if note["title"] else "")
            continue
        if inside and line.strip() and not line.startswith(("    ", "\t")):
            inside = False
        lines.append(_line(re.sub(r"^(?: {4}|\t)", "", line) if inside else line))
    return "\n".join(lines)


def _line(line: str) -> str:
    if line.startswith(("    ", "\t")) or "`" in line:
        return line  # code
    line = LEFTOVER.sub("", TAGS.sub("", line))
    line = HIGHLIGHT.sub(r"\1", WIKI_LINK.sub(r"\1", line))
    line = LOWERED.sub(lambda found: found[1].translate(SUBSCRIPT), line)
    return RAISED.sub(lambda found: found[1].translate(SUPERSCRIPT), line)
