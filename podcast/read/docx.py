# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a Word document (DOCX) as an Article.

mammoth converts the document to HTML by its styles (headings, lists, quotations, tables), and `dom.blocks` converts
that to blocks. A style is a heading's if it has an outline level, whatever its name; in a document without headings,
short bold paragraphs are headings. Footnotes and endnotes are read at the end, without their markers. Title, author,
date and language come from the document's properties. Nothing is unpacked to disk; decompression bombs are refused.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.article import finish, with_footnotes, without_boilerplate
from podcast.read.byline import take_bylines
from podcast.read.dom.blocks import blocks as blocks_of
from podcast.read.dom.footnotes import drop_table_of_contents
from podcast.read.dom.strip import tidy
from podcast.read.normalize import fold, parse_date
from podcast.read.source import OLE, Source

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
"""Exceptions of zipfile for damaged archives."""

MAX_BYTES = 512 * 1024 * 1024
"""Limit of all files of the archive, unpacked; most of it is images."""
MAX_TEXT = 24 * 1024 * 1024
"""Limit of one XML part, of which mammoth keeps many copies in memory; that of a long novel has 5 MB."""
MAX_FILES = 10_000

SAVE = "open it in a word processor and save it as .docx again"

STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Titre'] => h1.title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Citation'] => blockquote > p:fresh
p[style-name='Citation intense'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Author'] => p.author:fresh
p[style-name='toc 1'] => nav:fresh
p[style-name='toc 2'] => nav:fresh
p[style-name='toc 3'] => nav:fresh
p[style-name='TOC Heading'] => nav:fresh
"""
NO_TITLE = re.compile(r"(?:untitled|sans titre|document\d*|word document|python-docx.*|\S+\.docx?)", re.IGNORECASE)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
NO_AUTHOR = {"python-docx", "microsoft office user", "user", "utilisateur", "unknown", "un-named", "admin"}
TEMPLATE = dt.datetime(2013, 12, 23, 23, 15, tzinfo=dt.UTC)
"""Creation date of python-docx's template, and so of all documents made with it."""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING = re.compile(r"(?i)(?:heading|titre|[üu]berschrift|t[íi]tulo|titolo|kop) ?([1-6])")
DEEPEST = 6
BOLD_LENGTH = 80
"""Maximum length of a heading recognised only by bold type."""
NOTE_ID = re.compile(r"(?:footnote|endnote)-[\w-]+")


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a Word document.

    Raises ReadError if it is damaged, encrypted, in the old format, too large or without text.
    """
    _check(source)
    about = _about(source)
    root = _html(source)
    footnotes = _notes(root)
    tidy(root)
    drop_table_of_contents(root)
    _bold_heads(root)
    styled = fold("".join(text for head in root.xpath("//h1[@class='title']")[:1] for text in head.itertext()))
    links: list[Link] = []
    blocks, remarks = without_boilerplate(blocks_of(root, links))
    title, blocks = _titled(source.title, about.get("title", ""), styled, blocks)
    written = [fold(line.text_content()) for line in root.xpath("//p[@class='author']")]
    author = about.get("author", "") or ", ".join(filter(None, written))
    blocks, author, published = take_bylines(blocks, author, _date(about))
    article = finish(
        source,
        title,
        blocks,
        links=links,
        remarks=remarks,
        declared=about.get("language", ""),
        author=author,
        published=published,
        url=source.url,
        summary=about.get("summary", ""),
    )
    return (with_footnotes(article, [(str(number), text) for number, text in enumerate(footnotes, start=1)]),)


def _check(source: Source) -> None:
    """Raise ReadError if it is not a DOCX file, is protected, or would unpack to too much data."""
    _refuse_ole(source)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            files = archive.infolist()
    except DAMAGE as error:
        raise ReadError(f"damaged DOCX: {error}", file=source.name, hint=SAVE) from error
    if not any(file.filename.endswith("document.xml") or file.filename == "_rels/.rels" for file in files):
        raise ReadError("is not a Word document", file=source.name, hint=SAVE)
    if any(file.flag_bits & 1 for file in files):
        raise ReadError("is protected by a password", file=source.name, hint="save it without the password")
    if _is_too_large(files):
        raise ReadError(
            "unpacks to more data than a text document can have",
            file=source.name,
            hint="check that it is the right file",
        )


def _refuse_ole(source: Source) -> None:
    """Raise ReadError for an OLE file: a .doc, or a .docx with a password."""
    if not source.data.startswith(OLE):
        return
    encrypted = "EncryptedPackage".encode("utf-16-le") in source.data
    raise ReadError(
        "is protected by a password" if encrypted else "is in the old Word format (.doc)",
        file=source.name,
        hint="open it in a word processor and save it as .docx" + (" without a password" if encrypted else ""),
    )


def _is_too_large(files: Sequence[zipfile.ZipInfo]) -> bool:
    """Return True for a decompression bomb."""
    text = max((file.file_size for file in files if file.filename.endswith((".xml", ".rels"))), default=0)
    return len(files) > MAX_FILES or text > MAX_TEXT or sum(file.file_size for file in files) > MAX_BYTES


def _about(source: Source) -> Mapping[str, str]:
    """Return title, author, language, summary and dates from docProps/core.xml (ECMA-376 part 2, 11)."""
    said = _core_properties(source)
    title, author = said.get("title", ""), said.get("creator", "")
    language, summary = said.get("language", ""), said.get("description", "")
    return {
        "title": "" if NO_TITLE.fullmatch(title) else title,
        "author": "" if author.lower() in NO_AUTHOR else ", ".join(filter(None, map(fold, author.split(";")))),
        "language": language if LANGUAGE.fullmatch(language) else "",
        "summary": "" if "python-docx" in summary else summary,
        "created": said.get("created", ""),
        "modified": said.get("modified", ""),
    }


def _core_properties(source: Source) -> dict[str, str]:
    """Return Dublin Core name -> text, without empty ones."""
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        try:
            root = _xml(archive.read("docProps/core.xml"))
        except KeyError:
            return {}
        except DAMAGE as error:
            raise ReadError(f"damaged DOCX: {error}", file=source.name, hint=SAVE) from error
    elements = [element for element in root if isinstance(element.tag, str)] if root is not None else []
    return {element.tag.rpartition("}")[2]: text for element in elements if (text := fold(element.text or ""))}


def _date(about: Mapping[str, str]) -> dt.datetime | None:
    """Return the creation date, or the date of the last change if the first is that of a template."""
    dates = (parse_date(about.get("created")), parse_date(about.get("modified")))
    return next((date for date in dates if date and date != TEMPLATE), None)


def _html(source: Source) -> Any:
    """Return the document as an element of lxml."""
    import mammoth
    from lxml import html

    data, styles = _prepared(source)
    try:
        made = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLES + styles,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except Exception as error:  # mammoth raises any type for damaged files
        raise ReadError(
            f"damaged DOCX: {error or type(error).__name__}",
            file=source.name,
            hint=SAVE,
        ) from error
    whole = made.value.replace("\u00ad", "")  # optional hyphens of Word
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    return html.document_fromstring(f"<html><body>{whole}</body></html>".encode(), parser=parser)


def _prepared(source: Source) -> tuple[bytes, str]:
    """Return the archive without simple fields and hidden text, and a style map for its headings.

    mammoth would leave out the text of a field (`fldSimple`: the number of a figure), and include hidden text.
    """
    made = io.BytesIO()
    styles = ""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as old, zipfile.ZipFile(made, "w") as new:
            for info in old.infolist():
                data = old.read(info) if info.filename.endswith((".xml", ".rels")) else b""
                if info.filename.endswith("styles.xml"):
                    styles = _heading_styles(data)
                if b"fldSimple" in data or b":vanish" in data:
                    data = _shown(data)
                new.writestr(info.filename, data)
    except DAMAGE as error:
        raise ReadError(f"damaged DOCX: {error}", file=source.name, hint=SAVE) from error
    return made.getvalue(), styles


def _xml(data: bytes) -> Any:
    """Return the root of a part, recovering from errors; None if nothing in it can be parsed."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # an empty one
        return None


def _shown(data: bytes) -> bytes:
    """Return a part with simple fields as plain runs, and without hidden text."""
    from lxml import etree

    root = _xml(data)
    if root is None:
        return data
    for element in list(root.iter(f"{WORD}fldSimple")):
        for run in list(element):
            element.addprevious(run)
        element.getparent().remove(element)
    for mark in list(root.iter(f"{WORD}vanish")):
        run = next(mark.iterancestors(f"{WORD}r"), None)
        if mark.get(f"{WORD}val") not in {"0", "false", "off"} and run is not None and run.getparent() is not None:
            run.getparent().remove(run)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _heading_styles(data: bytes) -> str:
    """Return style map lines for styles with an outline level, or with the name of a heading style."""
    root = _xml(data)
    styles = {} if root is None else {str(e.get(f"{WORD}styleId")): e for e in root.iter(f"{WORD}style")}
    lines = []
    for style in styles.values():
        name = style.find(f"{WORD}name")
        said = str(name.get(f"{WORD}val")) if name is not None else ""
        level = _level(style, styles)
        if said and 0 < level <= DEEPEST:
            escaped = said.replace("\\", "\\\\").replace("'", "\\'")
            lines.append(f"p[style-name='{escaped}'] => h{level}:fresh\n")
    return "".join(lines)


def _level(style: Any, styles: Mapping[str, Any]) -> int:
    """Return the heading level of a style, or of the one it is based on; 0 for none."""
    for _ in range(DEEPEST):
        name, outline = style.find(f"{WORD}name"), style.find(f"{WORD}pPr/{WORD}outlineLvl")
        if outline is not None and str(outline.get(f"{WORD}val")).isdigit():
            return int(outline.get(f"{WORD}val")) + 1
        if name is not None and (named := HEADING.fullmatch(str(name.get(f"{WORD}val")))):
            return int(named[1])
        base = style.find(f"{WORD}basedOn")
        style = styles.get(str(base.get(f"{WORD}val"))) if base is not None else None
        if style is None:
            return 0
    return 0


def _bold_heads(root: Any) -> None:
    """Turn short bold paragraphs into headings, in a document without headings."""
    if root.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6"):
        return
    lines = [line for line in root.xpath("//body/*") if fold(line.text_content())]
    bold = [line.tag == "p" and _is_bold(line) for line in lines]
    for index, line in enumerate(lines[:-1]):
        if bold[index] and (index == 0 or not bold[index + 1]):
            line.tag = "h1" if index == 0 else "h2"


def _is_bold(line: Any) -> bool:
    text = fold(line.text_content())
    strong = "".join("".join(part.itertext()) for part in line.iter("strong"))
    return fold(strong) == text and len(text) <= BOLD_LENGTH and text[-1] not in ".!?…:;,»”"


def _notes(root: Any) -> list[str]:
    """Remove the footnotes and endnotes from a document, and return them."""
    found = []
    for item in list(root.iter("li")):
        if NOTE_ID.fullmatch(item.get("id") or ""):
            for link in list(item.iter("a")):
                if "-ref-" in (link.get("href") or ""):
                    link.drop_tree()
            found.append(fold(" ".join("".join(part.itertext()) for part in list(item) or [item])))
            item.drop_tree()
    return [text for text in found if text]


def _titled(given: str, said: str, styled: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    """Return the title, and the blocks without the heading that repeats it.

    It is the one `given` by the user, else the heading of the title, else `said`, the title in the properties;
    `styled` is the text with the style Title.
    """
    heading = _title_heading({given, said}, styled, [block for block in blocks if block.kind == "heading"])
    title = given or (heading.text if heading else said)
    if heading and heading.text in {title, said}:
        blocks = [block for block in blocks if block is not heading]
    return title, blocks


def _title_heading(titles: set[str], styled: str, heads: Sequence[Block]) -> Block | None:
    """Return the heading with the style Title, or the first if it is one of the titles or the only one of level 1."""
    tops = [block for block in heads if block.level == 1]
    with_style = next((block for block in tops if block.text == styled), None)
    if with_style is not None or not heads:
        return with_style
    return heads[0] if tops == heads[:1] or heads[0].text in titles else None
