# SPDX-License-Identifier: GPL-3.0-or-later
"""Books become articles: a chapter each, or one with chapters."""

import io
import zipfile

import pytest
from epubs import epub, page

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read import articles
from podcast.read.epub import opf
from podcast.read.source import Source

WORDS = "La lampe tourne au-dessus des rochers, et la mer répond. " * 3


def read(data: bytes, **given: object) -> list[Article]:
    """Return the articles of a book."""
    found = articles(Source("livre.epub", None, data, **given))  # type: ignore[arg-type]
    assert all(isinstance(one, Article) for one in found)
    return list(found)  # type: ignore[arg-type]


def sealed(*ways: str) -> bytes:
    """Return the file of a book that says how parts of it were made unreadable."""
    return f"<e xmlns='x'>{''.join(f'<EncryptionMethod Algorithm={way!r}/>' for way in ways)}</e>".encode()


BOOK = epub(
    {
        "cover.xhtml": page("<p>Couverture</p>", kind="cover"),
        "title.xhtml": page("<h1>Le phare</h1><p>Anne Le Goff</p>", kind="titlepage"),
        "ch1.xhtml": page(
            f"<h2>Chapitre 1</h2><h3>La lampe</h3><p>{WORDS}<sup><a href='#n1' epub:type='noteref'>1</a></sup></p>"
        ),
        "ch2.xhtml": page(f"<h2>Le vent</h2><p>{WORDS}</p><h3>Au large</h3><p>Rien que le vent.</p>"),
        "ch2b.xhtml": page("<p>La suite du vent.</p>"),
    },
    [("ch1.xhtml", "Chapitre 1. La lampe"), ("ch2.xhtml", "Le vent"), ("ch2.xhtml#a", "Au large")],
)


def swap(book: bytes, name: str, text: str) -> bytes:
    """Return the book with another file of that name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item, text if item.filename == name else old.read(item))
    return made.getvalue()


@pytest.mark.parametrize("name", ["livre.epub", "-"])
def test_a_chapter_is_an_article(name):
    """With the book's author and language, and its own identity; covers and title pages are left out."""
    first, second = articles(Source(name, None, BOOK))
    assert isinstance(first, Article)
    assert isinstance(second, Article)

    assert [first.title, second.title] == ["Chapitre 1. La lampe", "Le vent"]
    assert (first.author, first.language, first.part) == ("Anne Le Goff", "fr", "OEBPS/ch1.xhtml")
    assert [block.text for block in first.blocks] == [WORDS.strip()]
    assert [block.text for block in second.blocks] == [
        WORDS.strip(),
        "Au large",
        "Rien que le vent.",
        "La suite du vent.",
    ]
    assert any("cover.xhtml" in remark for remark in first.remarks)


def test_the_whole_book_may_be_one_article_with_chapters():
    """The chapters' titles are headings of level 2, what stands in them is lower."""
    (book,) = read(BOOK, whole=True)

    assert book.title == "Le phare d’Ouessant"
    assert [(block.text, block.level) for block in book.blocks if block.kind == "heading"] == [
        ("Chapitre 1. La lampe", 2), ("Le vent", 2), ("Au large", 4),
    ]  # fmt: skip


def test_the_contents_of_epub_2_serve_as_well():
    """They are in the NCX."""
    book = epub(
        {"a.html": page(f"<p>{WORDS}</p>"), "b.html": page(f"<p>{WORDS}</p>")},
        [("a.html", "Un"), ("b.html", "Deux mots")],
        version=2,
    )

    assert [one.title for one in read(book)] == ["Le phare d’Ouessant, un", "Deux mots"]


def test_chapters_in_one_document_are_divided_where_the_contents_say():
    """At the elements that they name."""
    body = f"<h2 id='un'>Le sel</h2><p>{WORDS}</p><div><a id='deux'></a><h2>Le sable</h2></div><p>Fin.</p>"
    book = epub({"all.xhtml": page(body)}, [("all.xhtml#un", "Le sel"), ("all.xhtml#deux", "Le sable")])

    assert [(one.title, [block.text for block in one.blocks]) for one in read(book)] == [
        ("Le sel", [WORDS.strip()]), ("Le sable", ["Fin."]),
    ]  # fmt: skip


def nested(*entries: tuple[int, str, str, str]) -> bytes:
    """Return a book of documents with depth, name, title and text."""
    links = "".join(
        f"{'<ol>' * depth}<li><a href='{name}'>{title}</a></li>{'</ol>' * depth}" for depth, name, title, _ in entries
    )
    pages = {name: page(f"<h2>{title}</h2>{text}") for _, name, title, text in entries}
    book = epub(pages, [("x.xhtml", "x")])
    return swap(book, "OEBPS/nav.xhtml", page(f"<nav epub:type='toc'>{links}</nav>"))


def test_sections_stay_in_their_chapter_and_chapters_in_their_part():
    """Whatever the documents are: a part without words is no episode, its title is said before its first chapter."""
    text = f"<p>{WORDS * 3}</p>"
    book = nested(
        (1, "p1.xhtml", "Première partie", ""),
        (2, "c1.xhtml", "Le quai", text),
        (3, "s1.xhtml", "Une section", text),
        (2, "c2.xhtml", "La jetée", text),
        (1, "c3.xhtml", "La fin du jour", text),
    )
    found = read(book)

    assert [one.title for one in found] == ["Le quai", "La jetée", "La fin du jour"]
    assert [block.text for block in found[0].blocks if block.kind == "heading"] == ["Première partie", "Une section"]


def test_without_contents_a_document_is_a_chapter_named_by_its_heading():
    """Or by the book, if it has none."""
    book = epub({"a.xhtml": page(f"<h1>Le quai</h1><p>{WORDS}</p>"), "b.xhtml": page(f"<p>{WORDS}</p>")})

    assert [one.title for one in read(book)] == ["Le quai", "Le phare d’Ouessant"]


def test_a_chapter_may_be_named_in_paragraphs():
    """As books have it that were made from other formats; a picture called `image` has no name."""
    words = "<p>La mer montait.</p><p><img src='o.png' alt='image'/></p><p>Elle redescendait.</p>"
    book = epub(
        {
            "a.xhtml": page(f"<p><b>CHAPITRE UN</b></p><p>Le quai</p>{words}"),
            "b.xhtml": page(f"<p>Chapitre II</p>{words}"),
            "c.xhtml": page(f"<p>Un</p>{words}"),
        }
    )

    found = [(article.title, [block.text for block in article.blocks]) for article in read(book)]
    said = ["La mer montait.", "Elle redescendait."]

    assert found[0] == ("CHAPITRE UN. Le quai", said)
    assert found[1] == ("Le phare d’Ouessant, chapitre II", said)
    assert found[2][1] == ["Un", *said]


def test_no_word_of_a_chapter_is_lost():
    """Lists, quotes, tables of layout, notes and text without paragraphs are all there."""
    body = (
        "<h2>T</h2>nu <div>bloc <b>gras</b></div><blockquote>citation</blockquote><ol><li>item</li></ol>"
        "<dl><dt>terme</dt><dd>sens</dd></dl><aside epub:type='footnote'><p>note</p></aside>"
    )
    (one,) = read(epub({"a.xhtml": page(body)}, [("a.xhtml", "T")]), title="Livre")

    assert " ".join(block.text for block in one.blocks) == "nu bloc gras citation item terme sens Notes note"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (BOOK[:2000], "damaged EPUB"),
        (BOOK[:-300], "damaged EPUB"),
        (epub({"a.xhtml": page("<img src='x.png' alt=''/>")}), "no text to narrate"),
        (epub({}), "no text to narrate"),
        (epub({"a.xhtml": page("<p>x</p>")}, files={"META-INF/rights.xml": b"<r/>"}), "protected"),
        (
            epub(
                {"a.xhtml": page("<p>x</p>")},
                files={"META-INF/encryption.xml": sealed("http://www.w3.org/2001/04/xmlenc#aes128-cbc")},
            ),
            "protected",
        ),
    ],
    ids=["beginning", "cut", "pictures", "empty", "rights", "encrypted"],
)
def test_what_cannot_be_read_is_reported(data, message):
    """With the file's name."""
    with pytest.raises(ReadError, match=message) as caught:
        read(data)
    assert caught.value.message.startswith("livre.epub: ")
    assert caught.value.hint


def test_fonts_that_are_made_unreadable_do_not_matter():
    """Many free books have them."""
    files = {"META-INF/encryption.xml": sealed("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")}

    assert read(epub({"a.xhtml": page(f"<p>{WORDS}</p>")}, files=files))


def test_a_bomb_is_refused(monkeypatch):
    """Whatever the archive says of its sizes."""
    monkeypatch.setattr(opf, "MAX_TEXT", 1_000_000)
    book = epub({"a.xhtml": page("<p>" + "boum " * 1_000_000 + "</p>")})
    assert len(book) < 50_000

    with pytest.raises(ReadError, match="of text"):
        read(book)


def test_entities_and_paths_do_not_lead_out_of_the_book(tmp_path):
    """Nor does a document that is named by a path outside."""
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy")
    outside = "../../../../../../../../" + str(secret).lstrip("/")
    hostile = f"<!DOCTYPE html [<!ENTITY s SYSTEM '{secret.as_uri()}'>]><html><body><p>{WORDS}&s;</p></body></html>"

    with pytest.raises(ReadError, match=r"damaged EPUB: .* is missing"):
        read(epub({outside: page("<p>dedans</p>")}))
    assert "xyzzy" not in repr(read(epub({"a.xhtml": hostile})))


def test_damaged_bytes_are_reported_whatever_they_break():
    """No place in the file, when broken, leads to another kind of error."""
    told = []
    for at in range(0, len(BOOK), 7):
        try:
            read(BOOK[:at] + b"\xff\x00\xff" + BOOK[at + 3 :])
        except ReadError as error:
            told.append(error.message)
    assert len(told) > 20
    assert all(message.startswith("livre.epub: ") for message in told)


def test_what_stands_around_the_chapters_is_left_out_and_told():
    """Title pages, notes and lists of other books; the title of a part goes before its chapter."""
    book = epub(
        {
            "a.xhtml": page("<p>roman</p><p>Éditions du Large</p>"),
            "b.xhtml": page("<h1>PREMIÈRE PARTIE</h1>"),
            "c.xhtml": page(f"<h2>I</h2><p>{WORDS}</p><p>* * *</p><p>{WORDS}</p>"),
            "d.xhtml": page("<h2>Notes</h2><p>1. Une fête.</p>"),
            "e.xhtml": page("<h2>Du même auteur</h2><p>La Digue, roman.</p>"),
        },
        [("b.xhtml", "PREMIÈRE PARTIE"), ("c.xhtml", "I"), ("d.xhtml", "Notes"), ("e.xhtml", "Du même auteur")],
    )
    (chapter,), (whole,) = read(book), read(book, whole=True)

    assert chapter.title == "Le phare d’Ouessant, I"
    assert [block.kind for block in chapter.blocks] == ["heading", "paragraph", "break", "paragraph"]
    assert [block.text for block in whole.blocks][:2] == ["PREMIÈRE PARTIE", "I"]
    assert [remark for remark in chapter.remarks if "left out" in remark] == [
        "left out (before the first chapter): “roman Éditions du Large”",
        "left out: d.xhtml (Notes)",
        "left out: e.xhtml (Du même auteur)",
    ]


def test_what_the_contents_name_by_a_place_is_left_out_too():
    """As pandoc and others write them; a title page is known by the book's title, whatever the contents call it."""
    book = epub(
        {
            "t.xhtml": page("<h1>Le phare d’Ouessant</h1><p>Anne Le Goff</p><p>roman</p>"),
            "a.xhtml": page("<section id='du'><h1>Du même auteur</h1><p>La Digue, roman.</p></section>"),
            "b.xhtml": page(f"<section id='q'><h1>Le quai</h1><p>{WORDS}</p></section>"),
            "c.xhtml": page("<section id='i'><h1>Index</h1><p>abri, 12</p></section>"),
        },
        [("t.xhtml", "Début"), ("a.xhtml#du", "Du même auteur"), ("b.xhtml#q", "Le quai"), ("c.xhtml#i", "5 Index")],
    )
    (one,) = read(book)

    assert one.title == "Le quai"
    assert [remark.partition("(")[2] for remark in one.remarks] == ["Début)", "Du même auteur)", "5 Index)"]


def test_contents_that_know_little_lose_no_document():
    """Programs list the cover alone, or take the marks of notes for chapters; and a list may be missing."""
    documents = {
        "cover.xhtml": page("<img alt='' src='c.jpg'/>"),
        "a.xhtml": page(f"<h1>Le quai</h1><p>{WORDS}</p>"),
        "b.xhtml": page("<h1>La jetée</h1><p>Elle attend.</p>"),
    }
    cover = epub(documents, [("cover.xhtml", "Début")], version=2)
    marks = epub(documents, [("b.xhtml#fn1", "1"), ("a.xhtml#fnref%3a1", "↩")], version=2)
    gone = epub(documents, [("a.xhtml", "Le quai")], version=2).replace(b"OEBPS/toc.ncx", b"OEBPS/tic.ncx")

    for book in (cover, marks, gone):
        assert [one.title for one in read(book)] == ["Le quai", "La jetée"]


def test_files_are_found_whatever_their_case_and_escapes():
    """As reading systems find them."""
    documents = {"Text/Chap%C3%AEtre 1.xhtml": page(f"<p>{WORDS}</p>"), "b.XHTML": page(f"<p>{WORDS}</p>")}
    book = epub(documents, [("text/chapître%201.xhtml", "Le quai"), ("B.xhtml", "La jetée")])

    assert [one.title for one in read(book)] == ["Le quai", "La jetée"]


def test_a_title_in_paragraphs_is_said_once():
    """So is that of a part; a dedication is no episode of its own."""
    book = epub(
        {
            "d.xhtml": page("<p>À mon père</p>"),
            "p.xhtml": page("<p>PARTIE I</p>"),
            "a.xhtml": page(f"<p id='f1'><b>Chapitre 1</b></p><p><i>Le quai</i></p><p>{WORDS}</p>"),
            "b.xhtml": page(f"<p>{WORDS}</p><p id='f2'><b>Chapitre 2</b></p><p>{WORDS}</p>"),
        },
        [("d.xhtml", "Dédicace"), ("p.xhtml", "Partie I"), ("a.xhtml#f1", "Chapitre 1 Le quai"),
         ("b.xhtml#f2", "Chapitre 2")],
    )  # fmt: skip
    first, second = read(book)

    assert [block.text for block in first.blocks[:3]] == ["Dédicace", "À mon père", "Partie I"]
    assert [block.text for block in (*first.blocks[3:], *second.blocks)] == [WORDS.strip()] * 3


def test_a_title_that_says_little_follows_the_book_s():
    """In small letters; the name of a file is no title."""
    documents = {f"{name}.xhtml": page(f"<p>{WORDS}</p>") for name in "abc"}
    book = epub(documents, [("a.xhtml", "CHAPITRE II"), ("b.xhtml", "b.xhtml"), ("c.xhtml", "III")])

    assert [one.title.removeprefix("Le phare d’Ouessant") for one in read(book)] == [", chapitre II", "", ", III"]


def test_notes_stand_at_the_end_of_their_chapter():
    """Wherever they pop up; their marks, the way back, and the pages of the printed book are gone."""
    body = (
        "<h1>Le quai</h1><p>Il parla<a epub:type='noteref' href='#n1'>1</a> peu <a href='n.xhtml#n2'><sup>2</sup></a>."
        "<span epub:type='pagebreak'>12</span></p><aside epub:type='footnote' id='n1'><p>1. De la pluie.</p></aside>"
        "<p>Puis<span class='pagenum'>[Pg 13]</span> se tut, voir <a href='b.xhtml#c'>3</a>.</p>"
        "<div class='footnotes'><hr/><ol><li id='n3'><p>Au chapitre.<a href='#r3'>↩︎</a></p></li></ol></div>"
    )
    (one,) = read(epub({"a.xhtml": page(body)}, [("a.xhtml", "Le quai")]))

    assert [(block.kind, block.text) for block in one.blocks] == [
        ("paragraph", "Il parla peu."), ("paragraph", "Puis se tut, voir 3."), ("heading", "Notes"),
        ("item", "De la pluie."), ("item", "Au chapitre."),
    ]  # fmt: skip


def test_rows_of_links_into_the_book_are_its_contents():
    """A heading that leads back to them is none."""
    links = "".join(f"<p><a href='a.xhtml#c{n}'>Chapitre {n}</a> {n * 7}</p>" for n in range(4))
    book = epub({"a.xhtml": page(f"<h1>Un</h1>{links}<p>{WORDS}</p><p><a href='#t'>Le vent</a></p><p>Fin.</p>")})

    assert [block.text for block in read(book)[0].blocks] == [WORDS.strip(), "Le vent", "Fin."]


def test_chapters_of_a_part_are_episodes_even_if_the_part_has_an_introduction():
    """And even if all are in one document."""
    body = f"<h1 id='p'>Partie I</h1><p>{WORDS * 3}</p><h2 id='c'>Le quai</h2><p>{WORDS}</p>"
    whole = epub({"a.xhtml": page(body)}, [("x.xhtml", "x")])
    nav = (
        "<nav epub:type='toc'><ol><li><a href='a.xhtml#p'>Partie I</a>"
        "<ol><li><a href='a.xhtml#c'>Le quai</a></li></ol></li></ol></nav>"
    )
    assert [one.title for one in read(swap(whole, "OEBPS/nav.xhtml", page(nav)))] == [
        "Le phare d’Ouessant, partie I", "Le quai",
    ]  # fmt: skip


def test_the_author_is_who_wrote_the_book():
    """Not who translated it, and nobody twice."""
    people = (
        "<dc:creator xmlns:o='x' o:role='aut'>Anne Le Goff; Luc T.</dc:creator><dc:creator>Le Goff, Anne</dc:creator>"
        "<dc:creator id='t'>Bob Hale</dc:creator><meta refines='#t' property='role'>trl</meta>"
    )
    book = epub({"a.xhtml": page(f"<p>{WORDS}</p>")})
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        package_ = archive.read("OEBPS/content.opf").decode()
    book = swap(book, "OEBPS/content.opf", package_.replace("<dc:creator>Anne Le Goff</dc:creator>", people))

    assert read(book)[0].author == "Anne Le Goff, Luc T."


@pytest.mark.parametrize(
    ("declared", "found"),
    [("fra", "fr"), ("fr_CA", "fr-CA"), ("und", "fr"), ("French", "fr"), ("en", "fr"), ("br", "br")],
)
def test_a_long_text_is_believed_against_what_a_program_declared(declared, found):
    """Converters write that of whoever ran them."""
    assert read(epub({"a.xhtml": page(f"<p>{WORDS * 10}</p>")}, language=declared))[0].language == found


PROSE = "<p>" + "Le vent soufflait fort ce soir-là, et la lampe tournait au-dessus de la mer. " * 10 + "</p>"


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (
            "<h1>Le phare</h1><p>Anne Le Goff</p>" + "".join(f"<h2>Chapitre {i}</h2>{PROSE}" for i in (1, 2)),
            ["Le phare, chapitre 1", "Le phare, chapitre 2"],
        ),
        (
            "<p>Le phare</p>" + "".join(f"<p>CHAPITRE {i}</p><p>Le vent</p>{PROSE}" for i in (1, 2)),
            ["CHAPITRE 1. Le vent", "CHAPITRE 2. Le vent"],
        ),
        ("".join(f"<h1>{title}</h1>{PROSE}<h2>Une section</h2>{PROSE}" for title in ("Le départ", "Le retour")),
         ["Le départ", "Le retour"]),
        (
            "<h1>LE PHARE</h1>" + "".join(
                f"<h2>{part}</h2>" + "".join(f"<p>{n}</p>{PROSE}" for n in numerals)
                for part, numerals in (("PREMIÈRE PARTIE", ("I", "II", "III")), ("DEUXIÈME PARTIE", ("I", "II")))
            ),
            [f"Le phare, {n}" for n in (
                "première partie, I", "première partie, II", "première partie, III", "deuxième partie, I",
                "deuxième partie, II")],
        ),
        (f"<h1>Le phare</h1>{PROSE}<h2>Sa lampe</h2>{PROSE}<h2>Ses gardiens</h2>{PROSE}", ["Le phare"]),
    ],
)  # fmt: skip
def test_a_book_in_one_file_is_divided_at_its_headings(body, titles):
    """Many free books have no table of contents, and are one long document."""
    found = read(epub({"cover.xhtml": page("<img src='a.png'/>"), "b.xhtml": page(body)}, title="Le phare"))

    assert [article.title for article in found] == titles
    assert len({article.part for article in found}) == len(titles)
    assert sum(block.text.startswith("Le vent souffl") for a in found for block in a.blocks) == body.count(PROSE)


def test_chapters_that_are_counted_anew_in_each_part_are_named_with_it():
    """Two episodes of one title would be one to a listener."""
    places = [(f"{part}{i}.xhtml", f"Chapitre {i}" if i else title)
              for part, title in (("a", "Première partie"), ("b", "Deuxième partie")) for i in (0, 1, 2)]  # fmt: skip
    documents = {name: page(f"<h1>{title}</h1>" + PROSE * ("0" not in name)) for name, title in places}

    assert [a.title for a in read(epub(documents, places, title="Le phare"))] == [
        f"Le phare, {part} partie, chapitre {i}" for part in ("première", "deuxième") for i in (1, 2)
    ]


def test_a_chapter_in_the_midst_of_a_book_may_be_called_as_what_is_not_read():
    """Running text is read; lines with numbers are notes."""
    names = {"a": "Le départ", "b": "Notes", "c": "La mer", "d": "Le retour", "e": "Le port", "f": "Index"}
    notes = "".join(f"<p>{i}. Voir le livre de bord du phare, à la page {i}.</p>" for i in range(20))

    def titles(middle: str) -> list[str]:
        text = {"b": middle, "f": notes}
        documents = {f"{n}.xhtml": page(f"<h1>{title}</h1>" + text.get(n, PROSE)) for n, title in names.items()}
        return [a.part[6] for a in read(epub(documents, [(f"{n}.xhtml", title) for n, title in names.items()]))]

    assert titles(PROSE) == ["a", "b", "c", "d", "e"]
    assert titles(notes) == ["a", "c", "d", "e"]


def test_without_contents_what_begins_in_the_midst_of_a_sentence_goes_on_with_its_chapter():
    """Programs cut long chapters in pieces of a size."""
    found = read(
        epub({"a.xhtml": page(f"<h1>Un</h1>{PROSE}<p>Il vit</p>"), "b.xhtml": page("<p>la mer.</p>"),
              "c.xhtml": page(f"<h1>Deux</h1>{PROSE}")})
    )  # fmt: skip

    assert [article.blocks[-1].text[-7:] for article in found] == ["la mer.", found[1].blocks[-1].text[-7:]]


def test_formulas_are_written_out():
    """Books have them as MathML."""
    math = "<m:math><m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac></m:math>"
    (article,) = read(epub({"a.xhtml": page(f"<h1>Un</h1><p>On a {math} ici.</p>")}))

    assert article.blocks[0].text == "On a a/b ici."


def test_what_stands_under_a_page_that_is_left_out_is_no_section_of_the_chapter_before():
    """A preface, then the half title of the book with its chapters below, as careful editions have it."""
    documents = {
        "p.xhtml": page(f"<h2>Préface</h2><p>{WORDS * 3}</p>"),
        "h.xhtml": page("<h1>Le phare d’Ouessant</h1>", kind="halftitlepage"),
        **{f"{name}.xhtml": page(f"<h2>{name.upper()}</h2><p>{WORDS}</p>") for name in "ab"},
    }
    nav = (
        "<nav epub:type='toc'><ol><li><a href='p.xhtml'>Préface de l’éditrice</a></li><li><a href='h.xhtml'>Le phare"
        "</a><ol><li><a href='a.xhtml'>A</a></li><li><a href='b.xhtml'>B</a></li></ol></li></ol></nav>"
    )
    book = swap(epub(documents, [("p.xhtml", "x")]), "OEBPS/nav.xhtml", page(nav))

    assert [one.title for one in read(book)] == [
        "Préface de l’éditrice", "Le phare d’Ouessant, A", "Le phare d’Ouessant, B",
    ]  # fmt: skip


def test_a_title_that_may_be_a_name_keeps_its_capital():
    """A word such as “Préface” does not."""
    documents = {f"{name}.xhtml": page(f"<p>{WORDS}</p>") for name in "abc"}
    book = epub(documents, [("a.xhtml", "Préface"), ("b.xhtml", "Jeanne"), ("c.xhtml", "PARIS")])

    assert [one.title.removeprefix("Le phare d’Ouessant, ") for one in read(book)] == ["préface", "Jeanne", "Paris"]


def test_pages_with_the_imprint_and_words_before_the_first_chapter_are_no_episodes():
    """Whatever they are called, and however many; what is said there besides goes before the first chapter."""
    licence = "Publié sous licence Creative Commons, Attribution, partage dans les mêmes conditions, quatre point zéro."
    book = epub(
        {
            "t.xhtml": page("<h1>Le phare d’Ouessant</h1><h3>Quatrième édition</h3><p>Anne Le Goff</p>"),
            "i.xhtml": page(f"<h1>Le phare d’Ouessant</h1><p>{licence}</p>"),
            "a.xhtml": page(f"<h1 id='c'>Le quai</h1><p>{WORDS}</p>"),
            "b.xhtml": page(f"<h1>La jetée</h1><p>{WORDS}</p>"),
            "z.xhtml": page("<h1>Le mot de la fin</h1><p>© 2024 Éditions du Large, ISBN 978-2-0000-0000-0.</p>"),
        },
        [
            ("t.xhtml", "Début"),
            ("i.xhtml", "Suite"),
            ("a.xhtml#c", "Le quai"),
            ("b.xhtml", "La jetée"),
            ("z.xhtml", "Fin"),
        ],
    )
    first, second = read(book)

    assert [first.title, second.title] == ["Le quai", "La jetée"]
    assert sum("left out" in remark for remark in first.remarks) == 3

    (one,) = read(epub({"a.xhtml": page(f"<p>À ceux qui veillent.</p><h1 id='c'>Le quai</h1><p>{WORDS}</p>")},
                       [("a.xhtml#c", "Le quai")]))  # fmt: skip
    assert (one.title, [block.text for block in one.blocks]) == ("Le quai", ["À ceux qui veillent.", WORDS.strip()])


def test_numbers_of_verses_are_not_read():
    """Spans of the class for line numbers are left out."""
    body = "<h1>Le quai</h1><p>Et la mer répond,<span class='lnum'>10</span></p><p>Et le vent se lève.</p>"
    (one,) = read(epub({"a.xhtml": page(body)}, [("a.xhtml", "Le quai")]))

    assert [block.text for block in one.blocks] == ["Et la mer répond,", "Et le vent se lève."]
