# SPDX-License-Identifier: GPL-3.0-or-later
"""Web pages: the whole article without the boilerplate, with the metadata of the page."""

import re
from pathlib import Path

import pytest
from helpers import TESTS

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read import Source, articles, open_source

ARTICLES = TESTS / "data" / "articles"


def read(path: Path) -> Article:
    """Return the one article of a page."""
    (article,) = articles(open_source(str(path)))
    return article


def test_a_page_is_read_without_its_boilerplate():
    """Menus, share bars, cookie notices and related links stay out; the article stays whole."""
    article = read(ARTICLES / "blog.html")
    said = " ".join(block.text for block in article.blocks)

    assert article.title == "Le pain de seigle, hier et demain"
    assert article.author == "Élise Marchand"
    assert article.language == "fr-CA"
    assert article.published is not None
    assert article.published.date().isoformat() == "2026-10-05"
    assert article.url == "https://fournil.example/seigle"
    for kept in (
        "là où le blé renonce",
        "Une farine qui colle",
        "une cuillère",
        "il rassasie longtemps",
        "un succès certain",
    ):
        assert kept in said
    for dropped in ("cookies", "Partager", "traceur", "brioche", "Mentions", "Accueil"):
        assert dropped not in said
    assert {block.kind for block in article.blocks} >= {"heading", "paragraph", "quote", "item"}


def test_a_page_tells_who_wrote_it_when_and_whom_it_quotes():
    """Initials keep their dots, the time of day is there, and a line under a quotation is no foot of the page."""
    article = read(ARTICLES / "depeche.html")
    said = [block.text for block in article.blocks]

    assert article.author == "Anne-Sophie Lefèvre et J.-P. Müller"
    assert article.published is not None
    assert article.published.isoformat() == "2026-06-12T18:45:00+02:00"
    assert "— Odile Garance" in said
    assert not any("Connectez-vous" in text or "favoris" in text for text in said)
    assert any(remark.startswith("the text may be cut off by a paywall") for remark in article.remarks)


def test_an_encyclopedia_is_read_without_boxes_and_reference_marks():
    """Boxes, contents, reference marks and phonetic letters are left out; a remark names the lists at the end."""
    article = read(ARTICLES / "encyclopedie.html")

    assert [block.text for block in article.blocks] == [
        (
            "Le pont du Gard (en occitan : pont de Gard) est un pont-aqueduc romain à trois niveaux, construit vers "
            "50 apr. J.-C. à Vers-Pont-du-Gard. Il enjambe le Gardon. Son débit était de 35 000 m³/j."
        ),
        "Histoire",
        (
            "Bâti au Ier\u00a0siècle, il fut classé en 1840 par Prosper Mérimée. Au XIXe siècle, Napoléon III "
            "le visite. Sa hauteur est de 48,77\u00a0m[3], soit ~160\u00a0pi."
        ),
        "Vue du pont en 1851, par Édouard Baldus.",
        "Article détaillé : Aqueduc de Nîmes.",
        "Coordonnées : 43° 56′ 50″ N, 4° 32′ 08″ E.",
    ]
    assert {remark for remark in article.remarks if "sources or links" in remark} == {
        "left out (list of sources or links): “Notes et références”",
        "left out (list of sources or links): “Voir aussi”",
    }


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<ol><li>Measure.</li><li>Think.<ul><li>Really <b>hard</b>.</li></ul></li><li>Act.</li></ol>",
            [("item", "Measure.", 1), ("item", "Think.", 2), ("item", "Really hard.", 0), ("item", "Act.", 3)],
        ),
        (
            "<ol><li>Measure.</ol><p>Why?</p><ol start='2'><li><p>Think.</p><li>Act.</ol>",
            [("item", "Measure.", 1), ("paragraph", "Why?", 0), ("item", "Think.", 2), ("item", "Act.", 3)],
        ),
        (
            "<blockquote><p>A crab is no queue.</p>&mdash; Jane (@jane) <a href='//x.example'>March 4</a></blockquote>",
            [("quote", "A crab is no queue.", 0), ("quote", "— Jane (@jane) March 4", 0)],
        ),
        (
            "<figure><img src='/a.png' alt='chart'><figcaption>Latency by day. Photo: A. Lens</figcaption></figure>",
            [("image", "Latency by day.", 0)],
        ),
        (
            "<figure><img src='/a.png' alt='A chart'><figcaption>© A. Lens</figcaption></figure>",
            [("image", "A chart", 0)],
        ),
        (
            "<div class='wp-caption'><img src='/a.png'><p class='wp-caption-text'>At dawn. ANN LENS / AFP</p></div>",
            [("image", "At dawn.", 0)],
        ),
        (
            """<figure><ul><li><figure><img src='/a.png'><figcaption>Before</figcaption></figure>
            <li><figure><img src='/b.png' alt='b'><figcaption>After</figcaption></figure></ul></figure>""",
            [("image", "Before", 0), ("image", "After", 0)],
        ),
        ("<p>The <ruby>漢<rt>kan</rt></ruby> queue.</p>", [("paragraph", "The 漢 queue.", 0)]),
        ("<p><b>Why queues?</b><br>They wait.</p>", [("paragraph", "Why queues?", 0), ("paragraph", "They wait.", 0)]),
        (
            "<p>– Is it long?<br>– Not<br>very.</p>",
            [("paragraph", "– Is it long?", 0), ("paragraph", "– Not very.", 0)],
        ),
        (
            "<p><b>Who asked</b><br>Nobody did.</p><p>• A coat<br>• A torch</p>",
            [
                ("paragraph", "Who asked", 0),
                ("paragraph", "Nobody did.", 0),
                ("paragraph", "• A coat", 0),
                ("paragraph", "• A torch", 0),
            ],
        ),
        (
            "<p>A mark<sup>3</sup>, 5 m<sup>2</sup>, [<a href='#n1'>1</a>] <del>gone</del> and\u200bso.</p>",
            [("paragraph", "A mark, 5 m², andso.", 0)],
        ),
        (
            "<table><caption>The tides</caption><tr><td>1</td><td>2</td></tr></table>",
            [("paragraph", "The tides", 0), ("table", "1 | 2", 0)],
        ),
        (
            "<blockquote>A crab is no queue.<cite>Jane</cite></blockquote>",
            [("quote", "A crab is no queue.", 0), ("quote", "Jane", 0)],
        ),
        (
            "<h2>Why?<span class='header-anchor-post'> Really</span></h2><p>So.</p>",
            [("heading", "Why? Really", 2), ("paragraph", "So.", 0)],
        ),
        (
            "<ol><li><p>One tide.</p><p>It rises.</p></li><li>Two tides.</li></ol>",
            [("item", "One tide.", 1), ("paragraph", "It rises.", 0), ("item", "Two tides.", 2)],
        ),
        (
            "<p><a>Ann Field</a><span>Editor</span><span>, who mends it.</span></p>",
            [("paragraph", "Ann Field Editor, who mends it.", 0)],
        ),
        ("<div class='pullquote'><p>“Nobody knew!”</p></div><p>Why?</p>", [("paragraph", "Why?", 0)]),
        ("<a href='#end'>Jump to the end</a><p>Why?</p>", [("paragraph", "Why?", 0)]),
        ("<p>Why?</p><p>♡ 214 38</p><p>Back to top | Last updated: May 2009</p>", [("paragraph", "Why?", 0)]),
    ],
)
def test_lists_quotations_and_captions_of_a_page_are_whole(tmp_path, markup, expected):
    """Lists in lists are said once, a quotation with who is quoted, a picture by its caption without who took it.

    Breaks between sentences part them; what leads elsewhere in the page, or says again what the text says, is left out.
    """
    words = "The queue was rewritten in the spring, and nobody knew whether it would hold until the autumn. " * 3
    page = tmp_path / "page.html"
    page.write_text(
        f"<html lang=en><body><article><h1>A queue</h1><p>{words}</p>{markup}<p>{words}</p></article></body>"
    )

    blocks = [(block.kind, block.text, block.level) for block in read(page).blocks]

    assert blocks[1:-1] == expected


WORDS = "The queue was rewritten in the spring, and nobody knew whether it would hold until the autumn of 2007. " * 3
LINKED = '{"@type": "Article", "headline": "A queue", "author": {"name": "Ann Field"}, "datePublished": "2026-01-05"}'


@pytest.mark.parametrize(
    ("head", "body", "author", "day"),
    [
        ("", "<h1>A queue</h1>", "", ""),
        ("", "<p><b>A queue</b><br><i>by Bob Carter, 3/14/2009</i></p>", "Bob Carter", "2009-03-14"),
        ("", "<h1>The blog</h1><h3 class='post-title'>A queue</h3>", "", ""),
        ("", "<h1>A queue</h1><p>By Jane Doe</p><p>March 14, 2009</p>", "Jane Doe", "2009-03-14"),
        (
            f"<script type='application/ld+json'>{LINKED}</script>",
            "<h1>A queue</h1><div class='byline'><a>Ann Field</a><div>Jan 05, 2026</div></div>",
            "Ann Field",
            "2026-01-05",
        ),
    ],
)
def test_the_first_lines_of_a_page_say_who_wrote_it_and_when(tmp_path, head, body, author, day):
    """They are not said twice, and a year in the text is no date."""
    page = tmp_path / "page.html"
    page.write_text(
        f"<html lang=en><head><title>A queue</title>{head}</head><body><article>{body}<p>{WORDS}</p></article></body>"
    )
    article = read(page)

    assert [block.text for block in article.blocks] == [WORDS.strip()]
    assert (article.title, article.author) == ("A queue", author)
    assert (article.published.date().isoformat() if article.published else "") == day


def test_an_article_that_stands_in_the_data_of_a_page_alone(tmp_path):
    """Its paragraphs are those of JSON-LD."""
    body = '{"@type": "NewsArticle", "headline": "Debt", "articleBody": "The clock stopped.\\n\\nNobody noticed it."}'
    page = tmp_path / "page.html"
    page.write_text(
        f"<html lang=en><head><title>Debt</title><script type='application/ld+json'>{body}</script></head>"
        "<body><div id=root></div><noscript>Enable JavaScript.</noscript></body></html>"
    )

    assert [block.text for block in read(page).blocks] == ["The clock stopped.", "Nobody noticed it."]


def test_a_heap_of_spaces_costs_no_time(tmp_path):
    """Templates leave hundreds of thousands of them; each run is looked at once."""
    page = tmp_path / "spaces.html"
    words = "The keeper walks down to the pier and counts the boats that have come in before the dark."
    page.write_text(
        f"<html lang=en><article><h1>The pier</h1><p>{words}{' ' * 300_000}Then\u00a0 \u00a0home.</p></article>"
    )

    assert read(page).blocks[-1].text == f"{words} Then home."


def test_a_row_of_stars_is_a_pause(tmp_path):
    """Scenes are parted by a mark in every kind of text, and the script by a pause."""
    words = "The tide came in over the sand, and nobody on the pier had thought of the boat."
    marks = {"a.txt": f"{words}\n\n* * *\n\n{words}\n\n-----\n", "b.md": f"{words}\n\n***\n\n{words}\n\n---\n"}
    marks |= {"c.html": f"<html lang=en><article><p>{words}</p><p>* * *</p><p>{words}</p><hr></article></html>"}
    for name, text in marks.items():
        (tmp_path / name).write_text(text)

        assert [block.kind for block in read(tmp_path / name).blocks] == ["paragraph", "break", "paragraph"], name


def test_every_word_of_a_page_is_there_once():
    """The words between <article> tags are the words of the article, in their order."""
    markup = (ARTICLES / "blog.html").read_text(encoding="utf-8")
    inside = re.search(r"renonce.*certain\.", markup, re.DOTALL)[0]
    expected = re.findall(r"\w+", re.sub(r"<[^>]+>", " ", inside))
    said = " ".join(block.text for block in read(ARTICLES / "blog.html").blocks)

    assert re.findall(r"\w+", said[said.index("renonce") :]) == expected


PAGES = ARTICLES.parent / "pages"
KNOWN = [line.split("\t") for line in (PAGES / "pages.tsv").read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known[0])
def test_pages_of_many_systems(known):
    """All that is to be said is, in its order and once, and nothing of what stands around it."""
    name, title, author, day, language = known
    article = read(PAGES / f"{name}.html")
    said = "\n".join(block.text for block in article.blocks)
    marked = len(set(re.findall(r"said\d\d", (PAGES / f"{name}.html").read_bytes().decode("utf-8", "replace"))))

    assert re.findall(r"said\d\d", said) == [f"said{number:02d}" for number in range(1, marked + 1)]
    assert not re.search(r"left\d\d", said)
    assert not re.search(r"said\d\d[^\W\d_]", said)
    assert (article.title, article.author, article.language.split("-")[0]) == (title, author, language)
    assert (article.published.date().isoformat() if article.published else "") == day


LISTED = "".join(f"<li>Leroy, J. ({year}). La mer. Paris, Seuil.</li>" for year in (2012, 2013, 2014))


@pytest.mark.parametrize(
    ("heading", "under", "kept"),
    [
        ("Références", f"<ul>{LISTED}</ul>", []),
        ("Sources", f"<ul>{LISTED}</ul>", []),
        (
            "Références",
            f"<ul>{LISTED}</ul><p>La dernière est la plus belle, et voici ce qu’elle raconte.</p>",
            ["La dernière est la plus belle, et voici ce qu’elle raconte."],
        ),
        (
            "Références",
            (
                "<p>En 1912, le gardien écrivit à la Revue des phares ; personne ne le crut à Paris.</p>"
                "<p>À Londres, en 1931, un journal, The Pier Journal, reprit son récit.</p>"
                "<p>Il fallut attendre 1950 pour que l’Université de Berlin le confirme.</p>"
            ),
            [
                "Références",
                "En 1912, le gardien écrivit à la Revue des phares ; personne ne le crut à Paris.",
                "À Londres, en 1931, un journal, The Pier Journal, reprit son récit.",
                "Il fallut attendre 1950 pour que l’Université de Berlin le confirme.",
            ],
        ),
        (
            "Sources",
            "<p>Cet article s’appuie sur deux entretiens menés en 2024 pour la Revue du port.</p>",
            ["Sources", "Cet article s’appuie sur deux entretiens menés en 2024 pour la Revue du port."],
        ),
    ],
)
def test_what_an_article_refers_to_is_left_out_and_its_prose_is_not(tmp_path, heading, under, kept):
    """A list of works is left out; prose under such a heading, or after the list, is read."""
    page = tmp_path / "page.html"
    words = "<p>La marée monte deux fois par jour, et personne sur le quai ne pense aux bateaux du large.</p>" * 3
    page.write_text(f"<html lang=fr><body><article><h1>Le quai</h1>{words}<h2>{heading}</h2>{under}</article></body>")
    article = read(page)

    assert [block.text for block in article.blocks[3:]] == kept
    assert any("3 references" in remark for remark in article.remarks) == ("Leroy" in under)


def test_the_seat_of_a_house_is_no_author(tmp_path):
    """`The Pier Post, Brest, France` is one name, and nobody else wrote the page."""
    page = tmp_path / "page.html"
    metas = {'property="og:site_name"': "The Pier Post", 'name="author"': "The Pier Post, Brest, France"}
    head = "".join(f'<meta {name} content="{value}">' for name, value in metas.items())
    words = (
        "<p>The council could no longer afford a keeper. Nobody had expected the boats to come back so soon.</p>" * 3
    )
    page.write_text(f"<html lang=en><head>{head}</head><body><h1>The pier</h1>{words}</body></html>")

    assert read(page).author == "The Pier Post"


def test_every_page_is_known():
    """No page lies there that is not tested."""
    assert sorted(path.stem for path in PAGES.glob("*.html")) == [known[0] for known in KNOWN]


@pytest.mark.parametrize(
    ("stated", "encoding"),
    [("iso-8859-1", "utf-8"), ("utf-8", "cp1252"), ("", "cp1252"), ("iso-8859-15", "iso-8859-15"), ("", "utf-16")],
)
def test_letters_are_what_they_are_whatever_a_page_says_of_them(tmp_path, stated, encoding):
    """A wrong charset, or none, breaks no letter."""
    words = "L’œuvre de l’été coûta cher au phare".replace("’", "'")
    page = tmp_path / "page.html"
    head = f"<meta charset={stated}>" if stated else ""
    page.write_bytes(f"<html lang=fr>{head}<body><h1>Été</h1><p>{words}. {words}.</p></body></html>".encode(encoding))

    assert read(page).blocks[0].text == f"{words}. {words}."


def test_the_server_says_latin_1_and_means_windows():
    """Its quotes and dashes are there, as in browsers."""
    page = "<html lang=en><body><h1>A</h1><p>It’s the crab – not the queue. It’s the crab.</p></body></html>".encode(
        "cp1252"
    )
    (article,) = articles(Source("a", Path("a.html"), page, encoding="iso-8859-1"))

    assert isinstance(article, Article)
    assert article.blocks[0].text == "It’s the crab – not the queue. It’s the crab."


@pytest.mark.parametrize("order", ["0; url=/b", "5;URL='https://example.org/b'"])
def test_a_page_that_only_leads_to_another_is_no_article(order):
    """What it says on the way is not read; the mistake names the other one."""
    words = 'Redirecting… If nothing happens, follow this <a href="/b">link to the article about a pier</a>.'
    page = f'<html><head><meta http-equiv="Refresh" content="{order}"></head><body><p>{words}</p></body></html>'

    with pytest.raises(ReadError) as mistake:
        articles(Source("a.html", Path("a.html"), page.encode(), url="https://example.org/a"))
    assert "https://example.org/b" in mistake.value.hint


def test_a_page_in_another_language_than_its_template_says_is_reported(tmp_path):
    """Its words are believed, and the producer learns of it."""
    lines = (
        "La marée monte deux fois par jour, et personne sur le quai ne pense aux bateaux qui rentrent du large.",
        "Le gardien du phare note chaque soir la hauteur de l'eau dans un cahier que son père avait commencé.",
        "Quand le vent tourne au nord, les pêcheurs restent au port et réparent leurs filets devant la criée.",
        "Au printemps, les enfants du village viennent compter les oiseaux qui nichent dans la falaise blanche.",
        "Il faut attendre la grande marée de septembre pour traverser la baie à pied jusqu'à la petite île.",
    )
    page = tmp_path / "page.html"
    words = "".join(f"<p>{line}</p>" for line in lines)
    page.write_text(f"<html lang=en><title>Le quai</title><article><h1>Le quai</h1>{words}</article>")
    article = read(page)

    assert article.language == "fr"
    assert [one for one in article.remarks if "language" in one] == [
        "detected language: French, although 'en' is declared (override with --language)"
    ]


@pytest.mark.parametrize("tag", ["article", "main", "section", "header", "figure"])
def test_a_page_may_leave_out_the_tags_of_head_and_body(tmp_path, tag):
    """Browsers need neither, whatever element of HTML 5 comes first."""
    page = tmp_path / "page.html"
    words = "The tide came in over the sand, and nobody on the pier had thought of the boat."
    page.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>The pier</title>"
        f"<{tag}><h1>The pier</h1></{tag}><main><p>{words}</p><p>{words[::2]}</p></main>"
    )

    assert [block.text for block in read(page).blocks] == [words, words[::2]]
