# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF: the text comes out as it was written; scans and what is no PDF are refused."""

import datetime as dt
import io
import re
import shutil
import subprocess
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_maker import LEADING, SIZE, WIDTH, Sheet, plain, story
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read import articles
from podcast.read.pdf import layout
from podcast.read.pdf import reader as pdf
from podcast.read.pdf.bidi import is_right_to_left, logical
from podcast.read.pdf.paragraphs import paragraphs
from podcast.read.source import Source

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def read(data: bytes, **options: str) -> Article:
    """Return the article of a PDF."""
    (article,) = pdf.read(Source("a.pdf", Path("a.pdf"), data, **options))
    return article


def words(article: Article) -> list[str]:
    """Return all words of an article, title first."""
    return [word for text in (article.title, *(block.text for block in article.blocks)) for word in plain(text)]


def texts(article: Article, kind: str) -> list[str]:
    """Return the texts of the blocks of one kind."""
    return [block.text for block in article.blocks if block.kind == kind]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(("name", "language"), [("phare.txt", "fr"), ("harbour.txt", "en")])
def test_every_word_comes_back_and_no_word_of_the_page_around(name, language, columns):
    """Divided words, ligatures, columns, pages: the words are those of the story, in its order."""
    sheet = Sheet(columns, head="Revue du littoral", number="— {} —")
    sheet.story(story(name), ligatures=True)
    assert sheet.page > 1 or columns == 2

    article = read(sheet.bytes())

    assert words(article) == [word for text in story(name) for word in plain(text)]
    assert article.language == language
    heads = [text[2:].replace("\u00ad", "") for text in story(name) if text.startswith("# ")]
    assert [article.title, *texts(article, "heading")] == heads
    assert any("Revue du littoral" in remark for remark in article.remarks)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("name", ["phare.txt", "harbour.txt"])
def test_paragraphs_are_those_that_were_written(name, columns):
    """Over lines, columns and pages; a column that ends with a sentence may divide one."""
    sheet = Sheet(columns)
    sheet.story(story(name))

    found = texts(read(sheet.bytes()), "paragraph")

    written = [text.replace("\u00ad", "") for text in story(name) if not text.startswith("# ")]
    assert " ".join(found) == " ".join(written)
    assert all(text[-1] in ".?!" for text in found)
    assert len(written) <= len(found) <= len(written) + sheet.page * columns - 1


def test_a_heading_that_recurs_with_another_number_is_no_running_head():
    """`Chapter 1` at the head of page 1 and `Chapter 2` at that of page 2 stay, page numbers go."""
    sheet = Sheet(head="12 novembre 2026 – Carnet 7", number="Page {} sur 3")
    for number in (1, 2, 3):
        sheet.line(f"Chapitre {number}", size=14, font="VeraBd")
        sheet.paragraph(f"Le texte du chapitre numéro {number} tient sur une seule page, et il y en a trois en tout.")
        sheet.next_column()

    article = read(sheet.bytes(), title="Carnet")

    assert texts(article, "heading") == ["Chapitre 1", "Chapitre 2", "Chapitre 3"]
    assert "Carnet" not in " ".join(texts(article, "paragraph"))
    assert "Page" not in " ".join(texts(article, "paragraph"))


def test_footnotes_stand_at_the_end_and_their_marks_are_gone():
    """Raised numbers after words are not spoken; exponents after numbers and units are."""
    sheet = Sheet()
    sheet.paragraph("Avant la note, il y a un premier paragraphe qui tient sur deux lignes au moins, comme il se doit.")
    for words_, raised, rest in (("Le feu", "1", " porte loin"), (" sur 12 km", "2", " et 10"), ("", "6", " bougies.")):
        x = 40.0 + 12 if words_ == "Le feu" else x  # noqa: F821 - set by the turn before
        for text, size, rise in ((words_, SIZE, 0), (raised, 6, 4), (rest, SIZE, 0)):
            sheet.canvas.setFont("Vera", size)
            sheet.canvas.drawString(x, sheet.y + rise, text)
            x += sheet.canvas.stringWidth(text, "Vera", size)
    sheet.y -= LEADING
    sheet.notes = [("1", "Sauf par temps de brume, dit le registre."), ("2", "Voir aussi le plan.")]

    article = read(sheet.bytes())

    assert "Le feu porte loin sur 12 km² et 10⁶ bougies." in texts(article, "paragraph")[-1]
    assert texts(article, "heading") == ["Notes"]
    assert [(b.level, b.text) for b in article.blocks if b.kind == "item"] == [
        (1, "Sauf par temps de brume, dit le registre."),
        (2, "Voir aussi le plan."),
    ]


def test_lists_tables_and_citations():
    """Items keep their numbers, cells stay together, numbers of cited works go."""
    sheet = Sheet()
    sheet.paragraph("The lamps were compared [1], and later [2, 3] replaced by others that burn longer and brighter.")
    for label, text in (("•", "Oil, the oldest of them."), ("•", "Gas, which came later."), ("2.", "Then the arc.")):
        sheet.line(label)
        sheet.y += LEADING
        sheet.line(text, x=20)
    sheet.paragraph("Their heights follow, and the year of each; the table is a small one, with four rows in all.")
    for row in (("Tower", "Height", "Year"), ("Skerry", "48 m", "1844"), ("Bell Rock", "35 m", "1810"),
                ("Fastnet", "54 m", "1904")):  # fmt: skip
        for place, cell in zip((0, 120, 220), row, strict=True):
            sheet.line(cell, x=place)
            sheet.y += LEADING
        sheet.y -= LEADING
    sheet.paragraph("After the table the text goes on as before, and says what it has to say about the sources.")
    sheet.paragraph("[1] A history of lamps, printed in 1901.", indent=0)

    article = read(sheet.bytes(), title="Lamps")

    assert texts(article, "item") == ["Oil, the oldest of them.", "Gas, which came later.", "Then the arc."]
    assert [block.level for block in article.blocks if block.kind == "item"] == [0, 0, 2]
    (table,) = texts(article, "table")
    assert table.startswith("Tower | Height | Year | Skerry | 48 m | 1844")
    assert texts(article, "paragraph")[0].startswith("The lamps were compared, and later replaced")


def test_a_table_of_contents_is_left_out():
    """Lines that lead to a page number by dots are no text."""
    sheet = Sheet()
    sheet.heading("Table des matières")
    for number in range(3):
        sheet.line(f"Chapitre {number} {'.' * 40} {number + 5}")
    sheet.paragraph("Le livre commence ici, après la table, et ses premiers mots ne disent rien de plus.")

    article = read(sheet.bytes())

    assert [block.kind for block in article.blocks] == ["paragraph"]
    assert any("table of contents" in remark for remark in article.remarks)


def test_initials_accents_and_letters_drawn_twice():
    """A big first letter belongs to its word; accents that old fonts draw apart belong to their letter."""
    sheet = Sheet()
    page = sheet.canvas
    page.setFont("Vera", 30)
    page.drawString(40, sheet.y - LEADING, "L")
    for text in ("e phare s’´eteint `a l’aube, et les", "mouettes s’en vont d’une aile lente,"):
        sheet.line(text, x=24)
    sheet.line("sans un bruit, vers la haute mer.")
    sheet.heading("Un titre en gras")
    sheet.y += LEADING * 1.3 + 0.4 * LEADING
    page.setFont("VeraBd", 13)
    page.drawString(40.3, sheet.y, "Un titre en gras")
    sheet.y -= 2 * LEADING
    sheet.paragraph("Voilà ce qui se passe ensuite, et ce n’est pas grand-chose.")

    article = read(sheet.bytes(), title="Phare")

    assert texts(article, "paragraph")[0].startswith("Le phare s’éteint à l’aube, et les mouettes")
    assert texts(article, "heading") == ["Un titre en gras"]


def test_text_that_stands_sideways_is_left_out_and_said():
    """As the stamps in the margin of preprints."""
    sheet = Sheet()
    sheet.story(story("harbour.txt")[:3])
    sheet.canvas.rotate(90)
    sheet.canvas.drawString(100, -20, "archive stamp")
    sheet.canvas.rotate(-90)

    article = read(sheet.bytes())

    assert "stamp" not in " ".join(words(article))
    assert any("left out: rotated text (page 1)" in remark for remark in article.remarks)


@pytest.mark.parametrize(
    ("said", "author", "title", "by"),
    [
        ("The harbour master’s clock", "Ada Marsh", "The harbour master’s clock", "Ada Marsh"),
        ("Microsoft Word - clock_v3.docx", "anonymous", "The harbour master’s clock", ""),
        ("A template of ours", "Ada Marsh", "The harbour master’s clock", "Ada Marsh"),
    ],
)
def test_title_and_author_are_those_of_the_document_if_they_mean_something(said, author, title, by):
    """What a program puts there is not; the biggest heading of the first page serves."""
    sheet = Sheet(title=said, author=author)
    sheet.story(story("harbour.txt"))

    article = read(sheet.bytes())

    assert (article.title, article.author) == (title, by)
    assert article.published is not None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20261123060000+01'00'", dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)),
        ("D:20261123060000-0530", dt.datetime(2026, 11, 23, 11, 30, tzinfo=dt.UTC)),
        ("D:20261123060000Z", dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)),
        ("2026", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("D:20261399", None),
        ("yesterday", None),
    ],
)
def test_dates(text, moment):
    """As ISO 32000-1 writes them."""
    assert pdf.parse_pdf_date(text) == moment


def test_links_are_kept():
    """Those of the text and those that lie over it."""
    sheet = Sheet()
    sheet.paragraph("See https://tower.example/plan for the plan, and this page for the people who built it.")
    sheet.canvas.linkURL("https://people.example/", (40, 300, 80, 320))

    links = [link.url for link in read(sheet.bytes(), title="x").links]

    assert sorted(links) == ["https://people.example/", "https://tower.example/plan"]


def test_a_browser_s_pdf(tmp_path):
    """Another writer, with a font of its own: two columns, hyphens, a list, a heading over both columns after them."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    inner = "".join(f"<h2>{t[2:]}</h2>" if t.startswith("# ") else f"<p>{t}</p>" for t in story("phare.txt")[1:])
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang=fr><meta charset=utf-8><title>Le gardien et sa lanterne</title>"
        "<style>@page{size:A5;margin:15mm}body{text-align:justify;font:11pt serif}div{columns:2}p{margin:4pt 0}</style>"
        f"<h1>Le gardien et sa lanterne</h1><p>Une introduction sur toute la largeur de la page, pour dire qu’il va y"
        f" avoir deux colonnes.</p><div>{inner}</div><h2>Pour finir</h2><p>La dernière phrase, de nouveau sur toute la"
        " largeur de la page, ferme la marche.</p>",
        encoding="utf-8",
    )
    made = tmp_path / "page.pdf"
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
               f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={made}", str(page)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    article = read(made.read_bytes())

    whole = re.sub(r"<h1>.*</h1>|<title>.*</title>|<style>.*</style>", "", page.read_text(encoding="utf-8"))
    assert words(article) == plain(article.title) + plain(re.sub(r"<[^>]+>", " ", whole))


def test_the_reader_is_found_by_name_and_by_content():
    """A PDF on standard input is one too."""
    sheet = Sheet()
    sheet.story(story("harbour.txt"))
    data = sheet.bytes()

    (named,) = articles(Source("a.pdf", Path("a.pdf"), data))
    (piped,) = articles(Source("standard input", None, data))

    assert isinstance(named, Article)
    assert named == piped


# --- what is refused --------------------------------------------------------------------------------------------


def test_an_encrypted_one():
    """With a password to open it; one that only forbids printing is read."""
    for user, refused in (("secret", True), ("", False)):
        file = io.BytesIO()
        page = canvas.Canvas(file, encrypt=StandardEncryption(user, ownerPassword="owner", canPrint=0))
        page.drawString(72, 700, "Anyone may read this line, whatever the printer thinks of it.")
        page.save()
        if refused:
            with pytest.raises(ReadError, match="is protected by a password") as found:
                read(file.getvalue())
            assert "password" in found.value.hint
        else:
            assert "whatever the printer" in " ".join(words(read(file.getvalue())))


def test_a_scan():
    """Pages that are pictures have to go through OCR."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    file = io.BytesIO()
    page = canvas.Canvas(file)
    page.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, WIDTH, 500)
    page.showPage()
    page.save()

    with pytest.raises(ReadError, match="contains no text, only images") as found:
        read(file.getvalue())

    assert "ocrmypdf" in found.value.hint


def hand_made(stream: bytes, *, filters: bytes = b"", font: bytes = b"<</Type/Font>>") -> bytes:
    """Return a PDF of one page with a content stream and a font as given."""
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length " + str(len(stream)).encode() + filters + b">>\nstream\n" + stream + b"\nendstream",
        font,
    )
    objects = [str(n).encode() + b" 0 obj\n" + part + b"\nendobj\n" for n, part in enumerate(parts, start=1)]
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer<</Root 1 0 R>>\n"


def test_letters_without_a_meaning():
    """A font that does not say which letters its shapes are cannot be read."""
    shown = "The quick brown fox, in shapes of its own".encode("utf-16-be").hex().encode()
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/Shapes/Encoding/Identity-H/DescendantFonts[<</Type/Font/DW 500"
        b"/Subtype/CIDFontType2/BaseFont/Shapes/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    )
    stream = b"BT /F1 10 Tf 72 700 Td <" + shown + b"> Tj ET"

    with pytest.raises(ReadError, match="the text cannot be extracted, because its fonts") as found:
        read(hand_made(stream, font=font))

    assert "ocrmypdf" in found.value.hint


def shapes(name: str, codes: bytes) -> bytes:
    """Return a font of bitmaps, as old programs make them, whose letters are called by their codes."""
    named = b"".join(b"%d/%s " % (code, (name % code).encode()) for code in sorted(set(codes)))
    return (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 60 80]/FontMatrix[.01 0 0 .01 0 0]/CharProcs<<>>/FirstChar 0"
        b"/LastChar 255/Widths[" + b"50 " * 256 + b"]/Encoding<</Type/Encoding/Differences[" + named + b"]>>>>"
    )


@pytest.mark.parametrize(
    ("name", "encoding", "codes"),
    [
        ("a%d", "T1", b"Le d\xe9fi du phare, \x13 d\xe9j\xe0 \x14 : une mer e\x1ecace \x15 au c\xf7ur du vent."),
        ("a%d", "OT1", b'Le d\x13e\x0c du phare, \\ d\x13ej\x12a " : une mer e\x0ecace { au c\x1bur du vent.'),
        ("%d", "Latin-1", b"Le d\xe9fi du phare, \xab d\xe9j\xe0 \xbb : une mer efficace \x96 au c\x9cur du vent."),
    ],
)
def test_letters_that_are_called_by_their_codes(name, encoding, codes):
    """Fonts of TeX that are bitmaps, and those of others: accents, ligatures, quotation marks and dashes come back."""
    stream = b"BT /F1 10 Tf 72 700 Td <" + codes.hex().encode() + b"> Tj ET"

    (text,) = texts(read(hand_made(stream, font=shapes(name, codes))), "paragraph")

    meant = "Le défi du phare, « déjà » : une mer efficace – au cœur du vent."
    assert text == (meant.replace("«", "“").replace("»", "”") if encoding == "OT1" else meant)


def test_ligatures_of_a_font_that_names_some_of_its_letters():
    """Those of TeX's fonts for text have the same code in all of them; those for formulas have other letters there."""
    codes = b"\x0crst, e\x0ecient"
    stream = b"BT /F1 10 Tf 72 700 Td <" + codes.hex().encode() + b"> Tj ET"
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+%s/Encoding<</Type/Encoding/Differences[13/fl]>>"
        b"/FirstChar 0/Widths[" + b"500 " * 128 + b"]>>"
    )

    assert texts(read(hand_made(stream, font=font % b"CMR10")), "paragraph") == ["first, efficient"]
    with pytest.raises(ReadError, match="the text cannot be extracted, because its fonts"):
        read(hand_made(stream, font=font % b"CMMI10"))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\nnothing of the kind\n%%EOF",
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\ntrailer<</Root 1 0 R>>",
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[2 0 R]>>\nendobj\n",
        b"%PDF-1.7\n" + b"[" * 100_000,
        b"%PDF-1.7\n" + bytes(range(256)) * 50,
    ],
)
def test_broken_ones(data):
    """Cut off, empty, turning in circles, nested without end: an error that says what to do."""
    with pytest.raises(ReadError, match=r"a\.pdf: ") as found:
        read(data)

    assert found.value.hint


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.binary(min_size=1, max_size=8)), max_size=8), st.integers(100, 9_999)
)
def test_damage_gives_an_article_or_an_error(changes, length):
    """Whatever bytes change or are missing, nothing else is raised."""
    file = io.BytesIO()
    page = canvas.Canvas(file, invariant=1)
    page.drawString(72, 700, "A line of text that may or may not be read, depending on the damage.")
    page.save()
    data = bytearray(file.getvalue())
    for place, new in changes:
        data[place : place + len(new)] = new
    with suppress(ReadError):
        assert words(read(bytes(data[:length])))


def test_a_decompression_bomb_is_stopped(monkeypatch):
    """A megabyte of zeros that were compressed a thousandfold does not fill the memory."""
    monkeypatch.setattr(pdf, "MAX_MEMORY", 600 * 1024**2)
    press = zlib.compressobj(9)
    zeros = bytes(1024**2)
    stream = b"".join(press.compress(zeros) for _ in range(1_000)) + press.flush()
    with pytest.raises(ReadError, match="needs too much memory"):
        read(hand_made(stream, filters=b"/Filter/FlateDecode"))


def test_one_that_takes_too_long_is_stopped(monkeypatch):
    """The limit is that of the whole document."""
    monkeypatch.setattr(pdf, "LIMIT_S", 0.01)
    sheet = Sheet()
    sheet.story(story("harbour.txt"))

    with pytest.raises(ReadError, match="could not be read within"):
        read(sheet.bytes())


def test_without_the_library(tmp_path, monkeypatch):
    """The hint says how to get it, though another process finds that it is not there."""
    (tmp_path / "pdfminer.py").write_text("raise ModuleNotFoundError(\"No module named 'pdfminer'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(ReadError, match=r"^a\.pdf: the pdf reader needs the package pdfminer\.six, which") as found:
        articles(Source("a.pdf", Path("a.pdf"), b"%PDF-1.7"))

    assert found.value.hint == "pip install --force-reinstall pdfminer.six"


def test_titles_of_chapters_beside_page_numbers_are_no_text():
    """Each stands on one page alone; who wrote the text, and when, is no heading of it."""
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=(400, 500))
    sheet.setAuthor("Anne Le Goff")
    lines = [
        "La mer montait encore contre les pierres du quai, et le",
        "vent ne tombait pas ; il fallut attendre le matin.",
    ]
    for number, head in enumerate(("", "INTRODUCTION", "RÉSULTATS"), start=1):
        sheet.setFont("Helvetica", 10)
        sheet.drawString(60, 470, f"{number}")
        sheet.drawString(250, 470, head)
        if number == 1:
            sheet.setFont("Helvetica", 20)
            sheet.drawString(60, 430, "Le quai des brumes")
            sheet.setFont("Helvetica", 13)
            sheet.drawString(60, 405, "Anne Le Goff")
            sheet.drawString(60, 380, "3 mai 2023")
            sheet.setFont("Helvetica", 10)
        for row, line in enumerate(lines):
            sheet.drawString(60, 340 - 12 * row - 30 * number, line)
        sheet.showPage()
    sheet.save()
    article = read(made.getvalue())

    assert (article.title, article.author, str(article.published)[:10]) == (
        "Le quai des brumes", "Anne Le Goff", "2023-05-03",
    )  # fmt: skip
    assert [block.text for block in article.blocks] == [" ".join(lines)] * 3


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pages_that_were_turned_are_read(turn):
    """Some programs turn pages whose letters stood upright; what stands sideways is what most of them are not."""
    sheet = Sheet()
    sheet.story(story("harbour.txt")[:3])
    sheet.line("1.First, light the lamp.")
    sheet.line("2.Then, look at the sea.")
    article = read(sheet.bytes().replace(b"/Rotate 0", b"/Rotate %d" % turn))

    assert words(article)[:20] == [word for text in story("harbour.txt")[:3] for word in plain(text)][:20]
    assert [(b.level, b.text) for b in article.blocks if b.kind == "item"] == [
        (1, "First, light the lamp."), (2, "Then, look at the sea."),
    ]  # fmt: skip
    assert not any("rotated" in remark for remark in article.remarks)


def test_books_on_small_paper_have_their_numbers_further_in_and_chapters_without_dots():
    """As LaTeX sets them: the number far above the edge, and dots for sections only in the table of contents."""
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=(400, 500))
    lines = ["La mer montait encore contre les pierres du quai, et le", "vent ne tombait pas avant que la nuit ne"]
    pages = [
        ["Table des matières"],
        [*lines, "fût venue. Il fallut donc attendre le matin, et puis la", "marée, et puis le capitaine, qui dormait"],
        ["encore dans la cabine, sous une grande carte bleue."],
    ]
    for number, page in enumerate(pages, start=3):
        sheet.setFont("Helvetica", 14 if number == 3 else 10)
        for row, line in enumerate(page):
            sheet.drawString(60, 400 - 12 * row, line)
        sheet.setFont("Helvetica", 10)
        sheet.drawString(200, 90, str(number))
        if number == 3:
            for row, (name, dots, at) in enumerate(
                [
                    ("1   Le quai", "", 4),
                    ("1.1 La mer", " ." * 30, 4),
                    ("1.2 Le vent", " ." * 30, 5),
                    ("2   L’île", "", 9),
                ]
            ):
                sheet.drawString(60, 350 - 14 * row, name + dots)
                sheet.drawRightString(320, 350 - 14 * row, str(at))
        sheet.showPage()
    sheet.save()
    article = read(made.getvalue())

    assert [block.text for block in article.blocks] == [" ".join(pages[1] + pages[2])]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("םיה לא 1982 תנשב ךלה רמושה", "השומר הלך בשנת 1982 אל הים"),
        (".(Brest Port דיל) יאה לע רג אוה", "הוא גר על האי (ליד Brest Port)."),
        (".)דיל( יאה לע רג אוה", "הוא גר על האי (ליד)."),
        ("ءاسم لك لئاسرلا أرقي ناكو", "وكان يقرأ الرسائل كل مساء"),
        ("12,5% אוה", "הוא 12,5%"),
    ],
)
def test_lines_from_right_to_left_are_turned(seen, meant):
    """Paper knows only where letters stand; words of other scripts and numbers run their own way."""
    assert is_right_to_left(seen)
    assert logical(seen) == meant


def test_a_page_from_right_to_left_is_read_from_the_right():
    """Its lines are ragged at the left, and a table of it begins at the right."""
    line = layout.Line(0, 300, 500, 380, 510, 10, bold=False, text="")
    rows = [[("רמושה", 300), ("היריס", 100)], [("תדליה", 300), ("לגד", 100)], [("שיאה", 300), ("רוא", 100)]]
    lines = [
        replace(line, text=text, x0=x, x1=x + 40.0, y0=500.0 - 14 * n, y1=510.0 - 14 * n)
        for n, row in enumerate(rows) for text, x in row
    ]  # fmt: skip
    (column,) = layout.columns(lines)

    assert [each.text for each in column] == ["השומר | סיריה", "הילדת | דגל", "האיש | אור"]


@pytest.mark.parametrize(
    ("starts", "is_table"),
    [
        ((200, 200, 200), True),
        ((200, 200, 233), True),
        ((200, 233, 266), False),
        ((200, 200, 200, 233, 266), False),  # three of five are not enough
    ],
)
def test_rows_are_a_table_if_most_cells_are_aligned(starts, is_table):
    """Words that are side by side by chance, each row at another place, are lines of text."""
    line = layout.Line(0, 100, 500, 140, 510, 10, bold=False, text="left")
    rows = [replace(line, y0=500.0 - 14 * n, y1=510.0 - 14 * n) for n in range(len(starts))]
    cells = [replace(row, x0=x, x1=x + 40.0, text="right") for row, x in zip(rows, starts, strict=True)]
    (column,) = layout.columns([*rows, *cells])

    assert {each.text for each in column} == {"left | right" if is_table else "left right"}


def test_lines_without_a_usual_distance_are_read():
    """On a poster each gap between lines may differ from all others."""
    line = layout.Line(0, 100, 700, 300, 710, 10, bold=False, text="words", left=100, right=300)
    rows = [replace(line, y0=700.0 - 12 * n - n * n / 2, y1=710.0 - 12 * n - n * n / 2) for n in range(9)]

    assert [row for paragraph in paragraphs([rows]) for row in paragraph.lines] == rows


def test_a_hyphen_that_is_called_a_soft_one_is_seen():
    """Many fonts call theirs so; one without width is none."""
    codes = b"Un grand d\xe9veloppement peut\xadetre utile."
    stream = b"BT /F1 10 Tf 72 700 Td <" + codes.hex().encode() + b"> Tj ET"

    (text,) = texts(read(hand_made(stream, font=shapes("%d", codes))), "paragraph")

    assert text == "Un grand développement peut-etre utile."


def test_columns_of_lists_and_formulas_are_read_one_after_the_other():
    """What does not stand in rows with what is beside it is no table, however short its lines are."""
    sheet = Sheet(2)
    left = (
        "À gauche de la page se trouve un texte qui va de ligne en ligne jusqu’au pied de la colonne, sans hâte. " * 3
    )
    sheet.paragraph(left.strip())
    sheet.next_column()
    sheet.y -= 5
    things = ["une corde", "un seau", "du pain", "une lampe", "deux rames", "un filet", "du fil", "une carte", "du sel"]
    for index, thing in enumerate(things):
        sheet.line(f"• {thing}")
        sheet.y -= 4 + index % 3

    article = read(sheet.bytes())

    assert texts(article, "paragraph") == [left.strip()]
    assert texts(article, "item") == things
