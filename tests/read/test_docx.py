# SPDX-License-Identifier: GPL-3.0-or-later
"""DOCX: every word of a Word document in its order, none of its marks; what is no DOCX is refused."""

import datetime as dt
import io
import re
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from helpers import TESTS
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read import articles
from podcast.read import docx as reader
from podcast.read.source import Source

STORIES = TESTS / "data" / "articles" / "documents"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NOTES = f"""<?xml version="1.0" encoding="UTF-8"?><w:footnotes {W}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> Sauf par temps de brume.</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""  # noqa: E501 - a part of a document as Word writes it


def saved(document, *, whole: bool = False) -> bytes:
    """Return a document as a file; unless `whole`, without the table styles of the template: they take long to read."""
    styles = document.styles.element
    for style in [] if whole else styles.xpath("w:style[@w:type='table']"):
        styles.remove(style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read(data: bytes, **options: str) -> Article:
    """Return the article of a DOCX."""
    (article,) = reader.read(Source("a.docx", Path("a.docx"), data, **options))
    return article


def changed(data: bytes, **parts: str | bytes) -> bytes:
    """Return an archive with some of its files, by the end of their names without the dot, made new."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = Path(name).stem
            new.writestr(name, parts.pop(key) if key in parts and name.endswith("xml") else old.read(name))
        for key, content in parts.items():
            new.writestr(f"word/{key}.xml", content)
    return file.getvalue()


@pytest.mark.parametrize(("name", "language"), [("phare.txt", "fr"), ("harbour.txt", "en")])
def test_every_word_comes_back(name, language):
    """Headings, paragraphs, soft hyphens: the words are those that were written."""
    story = (STORIES / name).read_text(encoding="utf-8").splitlines()
    document = docx.Document()
    for index, text in enumerate(story):
        if text.startswith("# "):
            document.add_heading(text[2:], level=0 if index == 0 else 1)
        else:
            document.add_paragraph(text)

    article = read(saved(document, whole=True))

    bare = [text.removeprefix("# ").replace("\u00ad", "") for text in story]
    assert [article.title, *(block.text for block in article.blocks)] == bare
    assert article.language == language
    assert [block.kind for block in article.blocks].count("heading") == 2


def test_kinds_of_blocks():
    """Lists, quotations, tables, pictures, links and exponents are what they are on the page."""
    document = docx.Document()
    document.add_heading("Lamps", 1)
    power = document.add_paragraph("Ten to the sixth is 10")
    power.add_run("6").font.superscript = True
    power.add_run(" candles.")
    document.add_paragraph("Oil", style="List Bullet")
    document.add_paragraph("First", style="List Number")
    document.add_paragraph("Second", style="List Number")
    document.add_paragraph("Let there be light.", style="Quote")
    table = document.add_table(2, 2)
    for place, text in enumerate(("Tower", "Height", "Skerry", "48 m")):
        table.cell(place // 2, place % 2).text = text
    picture = io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    document.inline_shapes[0]._inline.docPr.set("descr", "A tower at dusk")
    link = document.add_paragraph("See ")
    target = link.part.relate_to("https://tower.example/plan", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, True)  # noqa: FBT003 - python-docx has it so
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), target)
    element.append(link.add_run("the plan")._r)
    link._p.append(element)

    article = read(saved(document))

    assert article.title == "Lamps"
    assert [(block.kind, block.level, block.text) for block in article.blocks] == [
        ("paragraph", 0, "Ten to the sixth is 10⁶ candles."),
        ("item", 0, "Oil"),
        ("item", 1, "First"),
        ("item", 2, "Second"),
        ("quote", 0, "Let there be light."),
        ("table", 0, "Tower | Height | Skerry | 48 m"),
        ("image", 0, "A tower at dusk"),
        ("paragraph", 0, "See the plan"),
    ]
    assert [(link.url, link.text) for link in article.links] == [("https://tower.example/plan", "the plan")]


def test_footnotes_stand_at_the_end_and_no_mark_is_spoken():
    """The text of a note is kept, its number in the text and the arrow back are not."""
    document = docx.Document()
    paragraph = document.add_paragraph("Le feu porte loin")
    run = paragraph.add_run()
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "2")
    run._r.append(mark)
    paragraph.add_run(", et les bateaux le voient de la haute mer.")
    data = saved(document)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    part = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.footnotes+xml"/></Types>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name not in {"word/_rels/document.xml.rels", "[Content_Types].xml"}:
                new.writestr(name, old.read(name))
        new.writestr("word/_rels/document.xml.rels", relations.replace("</Relationships>", relation))
        new.writestr("[Content_Types].xml", types.replace("</Types>", part))
        new.writestr("word/footnotes.xml", NOTES)

    article = read(file.getvalue(), language="fr")

    assert [(block.kind, block.text) for block in article.blocks] == [
        ("paragraph", "Le feu porte loin, et les bateaux le voient de la haute mer."),
        ("heading", "Notes"),
        ("item", "Sauf par temps de brume."),
    ]


def test_the_properties_of_the_document():
    """Title, author, date and language are its own; those of a template are not taken."""
    own, template = docx.Document(), docx.Document()
    for document in (own, template):
        document.add_paragraph("One paragraph that says something, if not much.")
    own.core_properties.title = "The tower"
    own.core_properties.author = "Ada Marsh"
    own.core_properties.language = "en-GB"
    own.core_properties.created = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)

    article, other = read(saved(own)), read(saved(template))

    assert (article.title, article.author, article.language) == ("The tower", "Ada Marsh", "en-GB")
    assert article.published == dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)
    assert (other.author, other.published) == ("", None)
    assert other.title.startswith("One paragraph")


@pytest.mark.parametrize(
    ("heads", "said", "given", "title", "left"),
    [
        ([("A", 0), ("B", 1), ("C", 1)], "", "", "A", ["B", "C"]),
        ([("A", 1), ("B", 2)], "", "", "A", ["B"]),
        ([("A", 1), ("B", 1)], "T", "", "T", ["A", "B"]),
        ([("A", 1), ("B", 1)], "A", "", "A", ["B"]),
        ([("A", 0)], "", "G", "G", ["A"]),
        ([("A", 0)], "A", "G", "G", []),
    ],
)
def test_titles(heads, said, given, title, left):
    """The title is no heading too; chapters of level 1 are no title."""
    document = docx.Document()
    document.core_properties.title = said
    for text, level in heads:
        document.add_heading(text, level)
    document.add_paragraph("A paragraph of text.")

    article = read(saved(document), title=given)

    assert article.title == title
    assert [block.text for block in article.blocks if block.kind == "heading"] == left


def test_boilerplate_is_left_out_with_a_remark():
    """As it does in the other readers."""
    document = docx.Document()
    document.add_paragraph("The text itself is short.")
    document.add_paragraph("All rights reserved.")

    article = read(saved(document))

    assert len(article.blocks) == 1
    assert any("All rights reserved" in remark for remark in article.remarks)


def test_the_reader_is_found_by_name_and_by_content():
    """A DOCX on standard input is one too."""
    document = docx.Document()
    document.add_paragraph("Found by its contents, and by its name as well.")
    data = saved(document)

    (named,) = articles(Source("a.docx", Path("a.docx"), data))
    (piped,) = articles(Source("standard input", None, data))

    assert isinstance(named, Article)
    assert named == piped


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old Word format", "save it as .docx"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password",
            "without a password",
        ),
        (b"PK\x03\x04" + bytes(50), "damaged", "again"),
        (b"no archive at all", "damaged", "again"),
    ],
)
def test_what_is_no_docx(data, message, hint):
    """The error says what it is, and what to do."""
    with pytest.raises(ReadError, match=message) as found:
        read(data)

    assert hint in found.value.hint


def sample() -> bytes:
    """Return a small document."""
    document = docx.Document()
    document.add_paragraph("A paragraph that may or may not come back.")
    return saved(document)


def test_another_archive():
    """A ZIP of something else is no Word document."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("song.txt", "la la la")

    with pytest.raises(ReadError, match="not a Word document"):
        read(file.getvalue())


def test_a_zip_bomb_is_refused():
    """Before anything of it is unpacked."""
    data = changed(sample(), document=bytes(reader.MAX_TEXT + 1))

    with pytest.raises(ReadError, match="unpacks to more data"):
        read(data)


def test_entities_do_not_multiply():
    """Nor does a document get the files of this machine."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = "<w:document {}><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>' + body.format(W, "&a11;")
    file = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + body.format(W, "&f;")

    for part in (bomb, file):
        with pytest.raises(ReadError):
            read(changed(sample(), document=part))


def test_elements_without_end():
    """Two thousand nested tables are an error, not a crash."""
    cell = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    part = f"<w:document {W}><w:body>{cell[0] * 2_000}<w:p/>{cell[1] * 2_000}</w:body></w:document>"

    with pytest.raises(ReadError):
        read(changed(sample(), document=part))


def test_one_without_words():
    """There is nothing to read aloud."""
    with pytest.raises(ReadError, match="no text to narrate"):
        read(saved(docx.Document()))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6))
def test_damage_to_the_archive_gives_an_article_or_an_error(changes):
    """Whatever bytes change, nothing else is raised."""
    data = bytearray(SAMPLE)
    for place, new in changes:
        data[place % len(data) : place % len(data) + len(new)] = new
    with suppress(ReadError):
        assert read(bytes(data)).blocks


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["", "<w:p>", "</w:p>", "<w:r", "<w:tbl/>", "&amp;", "<w:hyperlink/>"]))
def test_damage_to_the_text_gives_an_article_or_an_error(place, new):
    """Elements that are missing or where they should not be, too."""
    text = BODY[: place % len(BODY)] + new + re.sub(r"^[^<]*", "", BODY[place % len(BODY) :])
    with suppress(ReadError):
        assert read(changed(SAMPLE, document=text)).blocks


SAMPLE = sample()
with zipfile.ZipFile(io.BytesIO(SAMPLE)) as _archive:
    BODY = _archive.read("word/document.xml").decode()


def test_without_the_library(monkeypatch):
    """The hint says how to get it."""
    monkeypatch.setitem(sys.modules, "mammoth", None)

    with pytest.raises(ReadError, match=r"^a\.docx: the docx reader needs the package mammoth, which cannot") as found:
        articles(Source("a.docx", Path("a.docx"), SAMPLE))

    assert found.value.hint == "pip install --force-reinstall mammoth"


def test_headings_are_known_by_their_level_whatever_the_style_is_called():
    """Own styles with a level, or based on a heading; French and German names of old converters."""
    document = docx.Document()
    for name in ("Titre 1", "Mon chapitre", "Section d'Anne"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    document.styles["Mon chapitre"].base_style = document.styles["Heading 1"]
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), "1")
    document.styles["Section d'Anne"].element.get_or_add_pPr().append(outline)
    for style in ("Titre 1", "Mon chapitre", "Section d'Anne"):
        document.add_paragraph(style, style=style)
        document.add_paragraph("Il pleuvait.")

    heads = [(block.text, block.level) for block in read(saved(document)).blocks if block.kind == "heading"]
    assert heads == [("Titre 1", 1), ("Mon chapitre", 1), ("Section d'Anne", 2)]


def test_short_bold_paragraphs_are_headings_where_nobody_used_styles():
    """The first is the title; who wrote it, and when, is no paragraph of it."""
    document = docx.Document()
    for text, bold in (
        ("Le quai des brumes", True), ("par Anne Le Goff", False), ("3 mai 2024", False), ("Le matin", True),
        ("Il faisait froid, et personne ne venait.", False), ("Attention.", True), ("La fin.", False),
    ):  # fmt: skip
        document.add_paragraph().add_run(text).bold = bold
    article = read(saved(document))

    assert (article.title, article.author, str(article.published)[:10]) == (
        "Le quai des brumes", "Anne Le Goff", "2024-05-03",
    )  # fmt: skip
    assert [(block.kind, block.text) for block in article.blocks] == [
        ("heading", "Le matin"), ("paragraph", "Il faisait froid, et personne ne venait."),
        ("paragraph", "Attention."), ("paragraph", "La fin."),
    ]  # fmt: skip


def test_what_a_field_shows_is_read_and_what_is_hidden_is_not():
    """A number of a figure is a word of the text."""
    document = docx.Document()
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "REF a")
    field.append(document.add_paragraph().add_run("la figure 1")._r)
    paragraph = document.add_paragraph("Voir ")
    paragraph._p.append(field)
    paragraph.add_run(" caché").font.hidden = True
    paragraph.add_run(" ici.").font.hidden = False

    assert [block.text for block in read(saved(document)).blocks] == ["Voir la figure 1 ici."]


def test_comments_are_not_read():
    """Neither a comment nor its mark in the text is read."""
    document = docx.Document()
    document.add_heading("La lampe", level=1)
    first = document.add_paragraph("La lampe tourne au-dessus des rochers.")
    document.add_paragraph("La mer répond.")
    document.add_comment(first.runs, text="À revoir avec Anne ?", author="Paul", initials="pm")

    article = read(saved(document))

    assert [block.text for block in article.blocks] == ["La lampe tourne au-dessus des rochers.", "La mer répond."]
