# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading: whatever is handed in becomes an article, or a clear error."""

import re
from pathlib import Path

import py3langid
import pytest
import yaml
from helpers import TESTS

from podcast.errors import ReadError
from podcast.model import Article, Link
from podcast.read import articles, open_source
from podcast.read.boilerplate import is_notice
from podcast.read.detect_language import LIKELY, _by_function_words, language_of
from podcast.read.normalize import fold
from podcast.read.source import Source

ARTICLES = TESTS / "data" / "articles"

NOTE = """\
Camille Verdier
Article en référence: https://phare.example/carte.jpeg
Le phare d’Eckmühl, construit en 1897, domine la pointe de Penmarc’h. Il compte 307 marches (et pas une de plus).
Son feu porte à 23 milles : par temps clair, on le voit depuis l’île de Sein. C’est “le grand frère” de la côte.
Imaginez deux gardiens : le premier lit, le second veille. Qui des deux voit le matin ?
Si vous n'êtes pas redirigé automatiquement, 👉 cliquez ici 👈"""


def read(path: Path, **options: str) -> Article:
    """Return the one article of a file."""
    (article,) = articles(open_source(str(path), **options))
    return article


def of_text(tmp_path: Path, text: str, name: str = "note.txt", **options: str) -> Article:
    """Return the article of a text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path, **options)


def test_a_note_with_author_reference_and_redirect_notice(tmp_path):
    """The author and the link are found, the notice is left out, nothing else is lost."""
    article = of_text(tmp_path, NOTE, "000_1e467aae5acee47d.txt")

    assert article.author == "Camille Verdier"
    assert article.links == (Link("https://phare.example/carte.jpeg", "Article en référence"),)
    assert article.language == "fr"
    assert [block.text for block in article.blocks] == NOTE.split("\n")[2:5]
    assert any("cliquez ici" in remark for remark in article.remarks)


def test_a_title_that_is_not_there_is_made_and_said(tmp_path):
    """The first sentence serves, cut at a word; a file name that a person gave is better; an option is best."""
    made = of_text(tmp_path, NOTE, "000_1e467aae5acee47d.txt")
    named = of_text(tmp_path, NOTE, "le-phare-d-eckmuhl.txt")
    given = of_text(tmp_path, NOTE, title="Eckmühl")

    assert made.title == "Le phare d’Eckmühl, construit en 1897, domine la pointe de Penmarc’h"
    assert any("first sentence" in remark for remark in made.remarks)
    assert named.title == "Le phare d eckmuhl"
    assert any("file name" in remark for remark in named.remarks)
    assert given.title == "Eckmühl"
    assert len(given.blocks) == 3


def test_a_title_and_a_byline_at_the_top_are_found(tmp_path):
    """A short first line is the title; `By …` names the author; wrapped lines are one paragraph."""
    article = of_text(
        tmp_path,
        "The Last Lamp\nBy Jonah Whitlock\n\n"
        "The lamp was lit at dusk, as it had been\nfor a hundred years, and it shone until\nthe sun came up.\n\n"
        "Then it was quiet.\n",
    )

    assert (article.title, article.author, article.language) == ("The Last Lamp", "Jonah Whitlock", "en")
    assert [block.text for block in article.blocks] == [
        "The lamp was lit at dusk, as it had been for a hundred years, and it shone until the sun came up.",
        "Then it was quiet.",
    ]


def test_two_capitalised_words_are_a_title_unless_a_reference_follows(tmp_path):
    """`Ocean Tides` is no author."""
    article = of_text(tmp_path, "Ocean Tides\n\nThe sea rises twice a day, and nobody has to ask it.\n")

    assert (article.title, article.author) == ("Ocean Tides", "")


def test_markdown_gives_its_blocks_front_matter_and_links():
    """Headings, quotes and lists keep their kinds; addresses go to the links."""
    article = read(ARTICLES / "mer-salee.md")

    assert article.title == "Pourquoi la mer est-elle salée ?"
    assert article.author == "Camille Verdier"
    assert article.published.isoformat() == "2026-11-20T06:00:00+01:00"
    assert article.url == "https://phare.example/articles/mer-salee"
    assert article.links == (Link("https://phare.example/fiches/salinite", "la fiche sur la salinité"),)
    kinds = [block.kind for block in article.blocks]
    assert kinds == [
        "paragraph",
        "heading",
        "paragraph",
        "quote",
        "heading",
        "paragraph",
        *["item"] * 3,
        "heading",
        "paragraph",
    ]


def test_markdown_marks_code_tables_and_pictures(tmp_path):
    """Code, tables and pictures are told apart from text; raw HTML keeps its words."""
    article = of_text(
        tmp_path,
        "# T\n\nUn *mot* et `du code`.\n\n```\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "![Un phare](p.jpg)\n\n<div>Brut</div>\n\n3. trois\n4. quatre\n",
        "a.md",
    )

    assert [(b.kind, b.text, b.level) for b in article.blocks] == [
        ("paragraph", "Un mot et du code.", 0),
        ("code", "x = 1\n", 0),
        ("table", "a | b | 1 | 2", 0),
        ("image", "Un phare", 0),
        ("paragraph", "Brut", 0),
        ("item", "trois", 3),
        ("item", "quatre", 4),
    ]


def test_standard_input_is_told_by_its_looks():
    """HTML, Markdown and text are recognised without a name."""
    page = (ARTICLES / "blog.html").read_bytes()
    note = (ARTICLES / "mer-salee.md").read_bytes()

    assert articles(open_source("-", stdin=page))[0].author == "Élise Marchand"
    assert articles(open_source("-", stdin=note))[0].author == "Camille Verdier"
    assert articles(open_source("-", stdin=NOTE.encode()))[0].author == "Camille Verdier"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found_by_mark_or_given(tmp_path, encoding):
    """A byte order mark is enough; an old encoding is named by the producer."""
    path = tmp_path / "note.txt"
    text = NOTE.rsplit("\n", 1)[0]
    path.write_bytes(text.encode(encoding))

    article = read(path, encoding="cp1252") if encoding == "cp1252" else read(path)

    assert article.blocks[0].text == text.split("\n")[2]


BAD = [
    ("note.txt", b"", "is empty", "the text of the article"),
    ("note.txt", b" \n\t\n", "is empty", "the text of the article"),
    ("note.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "PNG image", "text, Markdown or HTML"),
    ("note.txt", b"ab\0cd", "a binary file", "text, Markdown or HTML"),
    ("note.txt", "Une ligne\nété".encode("latin-1"), r"note\.txt:2: not valid UTF-8", "--encoding cp1252"),
    ("note.txt", b"https://a.example/x", "no text to narrate", "only links"),
    ("note.md", b"---\ntitle: [a\n---\n\nMots.\n", r"note\.md:\d: front matter", "quotation marks"),
    ("note.md", b"---\ndate: hier\n---\n\nMots.\n", "is not a valid date", "2026"),
    ("note.html", b"<html><body></body></html>", "no article", "."),
    ("note.xyz", b"abc", "files of this kind cannot be read", "text"),
]


@pytest.mark.parametrize(("name", "data", "message", "hint"), BAD)
def test_bad_input_is_refused_with_a_mend(tmp_path, name, data, message, hint):
    """Empty, binary, wrongly encoded and broken files each get their own error."""
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(ReadError, match=message) as caught:
        read(path)

    assert re.search(hint, caught.value.hint)


def test_what_is_not_there_is_named():
    """A wrong path is the commonest mistake of all."""
    with pytest.raises(ReadError, match=r"absent\.txt: file not found"):
        open_source("absent.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Si vous n'êtes pas redirigé automatiquement, 👉 cliquez ici 👈",
        "If you are not redirected automatically, click here.",
        "Nous utilisons des cookies pour mesurer l’audience.",
        "Subscribe to our newsletter!",
        "Partager sur Facebook",
        "Suivez-nous sur Mastodon",
        "Écouter l’article (4 min)",
        "L’accès à la totalité de l’article est protégé. Vous êtes abonné ? Connectez-vous",
        "Il vous reste 62.5% de cet article à lire. La suite est réservée aux abonnés.",
        "Article réservé aux abonnés",
        "Déjà abonné ?",
        "Follow us on Mastodon and Bluesky",
        "Story continues below advertisement",
        "This article is for subscribers only.",
        "Already a subscriber? Log in",
        "Subscribe to continue reading",
        "You have 2 free articles left this month.",
        "👉 👈",
        "Accès illimité à tous les articles en ligne",
        "Unlimited online access to all articles",
        "Unbegrenzter Zugriff auf alle Artikel",
        "Sans engagement, résiliable à tout moment",
        "Externer Inhalt",
        "Ce contenu est bloqué car vous n’avez pas accepté les cookies.",
        "En cliquant sur « J’accepte », les cookies seront déposés et vous pourrez visualiser les contenus.",
        "To view this content, you need to accept cookies from this site.",
        "Afficher le contenu",
        "Поделиться в соцсетях",
        "Читайте также: Ветер с моря",
        "この記事をシェアする",
        "分享到微信",
        "责任编辑：王小明",
        "공유하기",
        "اقرأ أيضًا: البحر في الشتاء",
    ],
)
def test_page_furniture_is_known(text):
    """Notices are told in French, English and more."""
    assert is_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Partager une recette, c’est déjà cuisiner ensemble.",
        "Share prices fell again on Tuesday.",
        "Les cookies aux noix se gardent une semaine.",
        "Cliquer n’est pas lire.",
        "Nous sommes redirigés vers nous-mêmes.",
        "Read the letter twice.",
        "Écouter l’autre n’est pas l’approuver.",
        "Cet article est une réponse à une lettre d’Élise.",
        "This article is about how subscribers read.",
        "You have no free will, he said.",
        "Accès illimité à la mer",
        "Unlimited access to the sea was their only wealth.",
        "Ce contenu est bloqué dans le détroit depuis mardi. Le navire attend.",
        "En cliquant sur un nom, on voit la maison où il est né.",
        "Follow us, they cried.",
        "Поделиться хлебом с соседом было для него законом.",
        "分享一个故事给大家听。",
        "記事をシェアすると、友だちが読む。",
    ],
)
def test_ordinary_sentences_are_no_furniture(text):
    """Words that notices use may stand in articles too."""
    assert not is_notice(text)


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Hello there", "en", "English"),
        ("Bonjour à tous", "fr", "French"),
        ("日本語の文章です", "ja", "Japanese"),
        ("Привет, как дела?", "ru", "Russian"),
        ("OK", None, ""),
    ],
)
def test_the_language_of_a_few_words_is_a_likely_one(text, language, name):
    """They look like any of a hundred languages."""
    found, remark = language_of(text)

    assert found == language or (language is None and found in LIKELY)
    assert remark.startswith(f"detected language: {name}")
    assert "--language" in remark
    assert language_of(text, "pt_BR") == ("pt-BR", "")


CLEAR = {
    "en": "The harbour has been kept by the same family since the year in which the lighthouse was built. "
    "She walks down to the water and writes what she sees in a book that is kept with the others. ",
    "fr": "Le port est tenu par la même famille depuis que le phare est là. Elle descend avec les autres dans la "
    "brume et note ce que dit la règle, qui est sur le quai et ne ment pas. ",
    "de": "Der Hafen ist in der Hand einer Familie, und die Frau geht auf den Steg und liest von dem Stab ab, was "
    "sich mit der Flut auch im Buch nicht ohne eine Zahl sagen lässt. ",
}


@pytest.mark.parametrize("language", CLEAR)
def test_function_words_tell_the_language_as_the_model_does(language):
    """Where they are clear, the model is not loaded; it would have said the same."""
    text = CLEAR[language] * 3

    assert _by_function_words(text) == language == py3langid.classify(text)[0]
    assert language_of(text)[0] == language


@pytest.mark.parametrize(
    "text",
    [
        "Het is in de haven van de stad dat de boten in de winter liggen, en het was er altijd druk. " * 5,
        "Els vaixells són al port de la ciutat, i la gent que hi ve a l’hivern no sap on és el far. " * 5,
        "O porto está na mão da mesma família desde que o farol foi construído na ponta da baía. " * 5,
        "The of and to in is that",
        "",
    ],
)
def test_function_words_say_nothing_of_related_languages_and_few_words(text):
    """What is not clear is left to the model."""
    assert not _by_function_words(text)


def test_vowels_of_hebrew_make_no_old_language_of_it():
    """No voice speaks Biblical Hebrew; poems and books for children are written with vowels."""
    assert language_of("בַּחֹרֶף הַהוּא יָרַד הַשֶּׁלֶג מֻקְדָּם. הַזָּקֵן יָשַׁב בַּפֶּתַח וְהִבִּיט אֶל הֶהָרִים.")[0] == "he"


def test_lines_of_a_post_that_begin_with_a_sign_are_points(tmp_path):
    """Markdown would join them to one line; a sign within a line is none."""
    (tmp_path / "a.md").write_text(
        "# T\n\nAll of it is new ✅ and good.\n\n✅ Fast\n👉 Simple\n• Small\n", encoding="utf-8"
    )
    blocks = read(tmp_path / "a.md").blocks

    assert [(block.kind, block.text) for block in blocks[-4:]] == [
        ("paragraph", "All of it is new ✅ and good."), ("item", "✅ Fast"), ("item", "👉 Simple"), ("item", "• Small"),
    ]  # fmt: skip


def test_long_quotations_do_not_tell_the_language(tmp_path):
    """A French article that quotes English at length is French."""
    quoted = "> The lamp turns above the rocks, and the sea answers every night, for twelve years now.\n\n" * 5
    own = "Le gardien du phare écrivait chaque soir, et toujours en anglais. Voici ce qu'il notait dans son cahier.\n\n"
    (tmp_path / "a.md").write_text(f"# Le gardien\n\n{own}{quoted}Nous n'avons rien changé.\n", encoding="utf-8")

    assert read(tmp_path / "a.md").language == "fr"


@pytest.mark.parametrize(
    ("text", "home", "language"),
    [
        ("3,5 M€ en 2026", ("fr", "en"), "fr"),  # to Dutch it lies nearer
        ("14 h 30", ("fr-CA", "en"), "fr-CA"),  # nothing tells
        ("2026", ("fr", "en"), "fr"),
        ("2026", ("en",), "en"),
        ("Hello", ("fr", "en"), "en"),
        ("Bonjour", ("en",), "fr"),
        ("Guten Tag", ("fr", "en"), "de"),
        ("Merci", ("xx", "fr"), "fr"),  # a language that nothing is known of
    ],
)
def test_a_few_words_are_in_a_language_of_the_show_unless_another_is_clear(text, home, language):
    """A number that is said to try a French show is said in French."""
    assert language_of(text, home=home)[0] == language


def test_white_space_and_control_characters_are_folded():
    """No-break spaces stay, for French needs them; control characters go."""
    assert fold("a\u00a0b \t\n c\x00\x1b d\ufeff") == "a\u00a0b c d"


MESSY = """\
LA PÊCHE À PIED\r
\r
Par Jeanne Le Goff\r
Publié le 12 mars 2024 à 14h30\r
Temps de lecture : 5 minutes\r
\r
La pêche à pied se pra\u00adtique à marée basse. On y trouve trois coquil-\r
lages, que l'on mange volontiers le soir, peut-\r
être ensemble :\r
\r
- les palourdes ;\r
- les coques, qui sont\r
  petites.\r
\r
1. D'abord, regarder l'heure.\r
2. Ensuite, prendre un seau.\r
\r
* * *\r
\r
I. LE MATÉRIEL\r
\r
– Il faut de la ﬁne patience, dit-elle.\r
\r
----------\r
\r
• Partager sur Facebook\r
Photo : J. Dupont / Agence\r
© 2024 Le Journal. Tous droits réservés.\r
"""


def test_a_text_as_people_paste_it(tmp_path):
    """Date, lists, headings, rules, divided words and furniture of a plain text are known by their shape."""
    article = of_text(tmp_path, MESSY)
    first = "La pêche à pied se pratique à marée basse. On y trouve trois coquillages, "
    first += "que l'on mange volontiers le soir, peut-être ensemble :"

    assert (article.title, article.author, str(article.published)[:16]) == (
        "LA PÊCHE À PIED",
        "Jeanne Le Goff",
        "2024-03-12 14:30",
    )
    assert [(block.kind, block.level, block.text) for block in article.blocks] == [
        (
            "paragraph",
            0,
            first,
        ),
        ("item", 0, "les palourdes ;"),
        ("item", 0, "les coques, qui sont petites."),
        ("item", 1, "D'abord, regarder l'heure."),
        ("item", 2, "Ensuite, prendre un seau."),
        ("heading", 2, "I. LE MATÉRIEL"),
        ("paragraph", 0, "– Il faut de la fine patience, dit-elle."),
    ]


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("Lâ€™Ã©tÃ©, le ciel est clair", "L’été, le ciel est clair"),
        ("On les compte Ã\u00a0 voix basse", "On les compte à voix basse"),
        ("â€œWell,â€\x9d she said", "“Well,” she said"),
        ("São Paulo, Übung, naïf, âne", "São Paulo, Übung, naïf, âne"),
        ("L’é se lit « Ã© » quand tout va mal", "L’é se lit « Ã© » quand tout va mal"),
    ],
)
def test_garbled_letters_are_mended(garbled, meant):
    """UTF-8 that was read as Latin-1 is read again; letters that only look like it stay."""
    assert fold(garbled) == meant


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("東京は日本の首都です。人口は約1,400万人です。", "東京は日本の首都です"),
        ("दिल्ली भारत की राजधानी है। यहाँ लोग रहते हैं।", "दिल्ली भारत की राजधानी है"),
        ("ما هي القاهرة؟ هي عاصمة مصر.", "ما هي القاهرة؟"),
    ],
)
def test_the_first_sentence_of_any_script_is_the_title(tmp_path, text, title):
    """Sentences that end without a space are known by their marks."""
    assert of_text(tmp_path, text).title == title


def test_a_heading_over_nothing_is_no_part_of_the_article(tmp_path):
    """A heading whose list of links was left out goes too, and it is said."""
    article = of_text(tmp_path, "# A\n\nSome words.\n\n## Related\n", "a.md")

    assert [block.kind for block in article.blocks] == ["paragraph"]
    assert any("Related" in remark for remark in article.remarks)


def test_a_book_of_project_gutenberg_is_read_without_what_is_around_it():
    """Its head gives title and author, its chapters have one heading each; what is left out is told."""
    book = read(ARTICLES / "salt-road.txt")

    assert (book.title, book.author, book.language, book.book) == ("The Salt Road", "Mary Ann Holt", "en", True)
    assert [block.text for block in book.blocks if block.kind == "heading"] == [
        "CHAPTER I. THE MARSH",
        "CHAPTER II. THE CART",
    ]
    assert book.blocks[1].text.startswith("It was the year 1843, and my father—who had")
    assert "We shall see it," in book.blocks[1].text
    assert book.blocks[-1].text == "The cart broke."
    assert [block.kind for block in book.blocks].count("break") == 1
    assert [remark.partition(":")[0] for remark in book.remarks] == [
        "left out",
        "left out",
        "left out (before the first chapter)",
    ]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("CHAPTER I.", True),
        ("Chapitre 2 : Le vent", True),
        ("Part Two", True),
        ("Lettre première", True),
        ("Глава 3", True),
        ("Часть вторая", True),
        ("Rozdział II. Wiatr", True),
        ("Erstes Kapitel", True),
        ("2. fejezet", True),
        ("第一章　初雪", True),
        ("第12回 风雪", True),
        ("제3장 눈", True),
        ("الفصل الأول", True),
        ("פרק א׳", True),
        ("Часть людей ушла.", False),
        ("第一章是最好的。", False),
        ("الفصل الدراسي بدأ.", False),
        ("Book club tonight", False),
        ("Act now, or never.", False),
        ("Partie hier, elle revient.", False),
    ],
)
def test_what_begins_a_chapter_is_a_heading(tmp_path, line, heading):
    """A number, in figures or words, follows."""
    words = "The tide came in over the sand, and nobody on the pier had thought of the boat."
    blocks = of_text(tmp_path, f"{words}\n\n{line}\n\n{words}\n").blocks

    assert (blocks[1].kind == "heading") is heading


def test_what_blogs_add_to_markdown_is_read_or_left_out(tmp_path):
    """Front matter of Hugo, shortcodes, links of wikis, boxes, marks, notes, formulas, captions: see flavours.py."""
    article = read(ARTICLES / "flavours.markdown")

    assert (article.title, article.author) == ("Du vent dans les voiles", "Léa Prigent")
    assert article.published is not None
    assert article.published.isoformat() == "2025-09-12T08:30:00+02:00"
    assert [(block.kind, block.text) for block in article.blocks if block.kind not in {"table", "code"}] == [
        ("quote", "Cet article date de 2025."),
        ("paragraph", "Le vent vient de l'ouest ; voir Rose des vents et la carte. vrai surligné."),
        ("item", "Border la grand-voile"),
        ("item", "Choquer l'écoute"),
        ("paragraph", "L'aire est A = π r²."),
        ("paragraph", "Pour aller plus loin"),
        ("paragraph", "La houle porte loin."),
        ("image", "Le voilier de nuit."),
        ("break", ""),
        ("paragraph", "Fin. H₂O et x²."),
        ("heading", "Notes"),
        ("item", "Météo-France, bulletin du 3."),
    ]
    (tmp_path / "code.md").write_text("Un.\n\n```\n{{< x >}} [[y]] :wave:\n```\n\nDeux `[[z]]`.\n", encoding="utf-8")
    assert [block.text for block in read(tmp_path / "code.md").blocks] == [
        "Un.",
        "{{< x >}} [[y]] :wave:\n",
        "Deux [[z]].",
    ]


def test_attributes_and_fences_of_pandoc(tmp_path):
    """However long; what a picture shows may stand among them. A fence ends with one that is as long, and bare."""
    shown = "La lampe du phare tourne au-dessus des rochers, " * 6 + "et la mer répond."
    text = f"""\
Un [mot]{{.aside}} à part, et `<i></i>`{{=html}}une [page](p.html){{.ext}}.

![](a.png){{.border fig-alt="`{shown}`"}}

````markdown
```{{python}}
x = 1
```
````

## La suite {{#suite}}

Fin.
"""
    (tmp_path / "a.qmd").write_text(text, encoding="utf-8")

    assert [(block.kind, block.text) for block in read(tmp_path / "a.qmd").blocks if block.kind != "code"] == [
        ("paragraph", "Un mot à part, et une page."),
        ("image", shown),
        ("heading", "La suite"),
        ("paragraph", "Fin."),
    ]


def test_contents_code_and_links_in_markdown(tmp_path):
    """Lists of links into the text are not read, nor is code in shortcodes; the one heading on top is the title."""
    text = """\
## Le phare

- [La lampe](#lampe)
  - [Son feu](#feu)
- [Le quai](#quai)

### La lampe

Voir [le quai](#quai).

{{< highlight toml >}}
feu = 1
{{< /highlight >}}

- [La carte](#carte), à jour
- [Le vent](#vent)
- [La mer](#mer)

<aside markdown="1">
Selon ["L’almanach"](https://example.org/a).
</aside>
"""
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    article = read(tmp_path / "a.md")

    assert article.title == "Le phare"
    assert [(block.kind, block.text) for block in article.blocks if block.kind != "code"] == [
        ("heading", "La lampe"),
        ("paragraph", "Voir le quai."),
        ("item", "La carte, à jour"),
        ("item", "Le vent"),
        ("item", "La mer"),
        ("paragraph", 'Selon "L’almanach".'),
    ]
    assert "https://example.org/a" in [link.url for link in article.links]


def test_paragraphs_of_wrapped_lines_need_no_empty_line_between_them(tmp_path):
    """An indentation, a dash of what is said, or room at the end of a line before divides them as well."""
    text = """\
La nuit des marées

   Il faisait encore nuit quand le gardien descendit l'escalier. La mer
battait contre les rochers avec une régularité de métronome, et le vent
d'ouest apportait une odeur de varech.
   Il n'avait pas dormi. La lampe, là-haut, avait clignoté deux fois,
et il avait fallu remonter chaque fois les cent vingt marches sans une
lumière.
— Tu viens ? dit-elle.
— J'arrive.
"""
    indented = [block.text for block in of_text(tmp_path, text).blocks]
    flush = [block.text for block in of_text(tmp_path, re.sub("(?m)^ +", "", text)).blocks]

    assert [line.split(" ", 2)[1] for line in indented] == ["faisait", "n'avait", "Tu", "J'arrive."]
    assert indented == flush


def test_headings_with_a_stroke_below_quotations_and_lettered_items(tmp_path):
    """As in text that was written for no program; a date right below the author's name is that of the text."""
    text = """\
Field notes
===========

by Thomas Hale
2024-05-03

Methods
-------

We counted birds, at dawn and at dusk.

a) ducks
b) teal

> A quotation that takes more than a line of the text, as it
> stands there.

---

1. Introduction . . . . . . . . . . 2
"""
    article = of_text(tmp_path, text)

    assert (article.title, article.author, str(article.published)[:10]) == ("Field notes", "Thomas Hale", "2024-05-03")
    assert [(block.kind, block.text) for block in article.blocks] == [
        ("heading", "Methods"), ("paragraph", "We counted birds, at dawn and at dusk."), ("paragraph", "a) ducks"),
        ("paragraph", "b) teal"), ("quote", "A quotation that takes more than a line of the text, as it stands there."),
    ]  # fmt: skip


def test_a_letter_is_read_without_its_head_and_signature(tmp_path):
    """They say who wrote it, when, and of what."""
    letter = """\
From: =?utf-8?q?Ma=C3=ABlle?= Petit <m.petit@example.org>
To: all@example.com,
  others@example.com
Subject: Re: Compte rendu
Date: Mon, 5 May 2025 09:12:33 +0200

Bonjour à tous,

Le marché restera le samedi.

--
Maëlle Petit
01 23 45 67 89
"""
    article = of_text(tmp_path, letter)

    assert (article.title, article.author) == ("Compte rendu", "Maëlle Petit")
    assert str(article.published) == "2025-05-05 09:12:33+02:00"
    assert [block.text for block in article.blocks] == ["Bonjour à tous,", "Le marché restera le samedi."]


def test_footnotes_in_brackets_stand_at_the_end_of_a_book(tmp_path):
    """As Project Gutenberg writes them, with all authors by name."""
    text = """\
Title: The Tide
Author: Mary Stone
        Henry Vale
Language: English

*** START OF THE PROJECT GUTENBERG EBOOK THE TIDE ***

CHAPTER I

"Then stay," said she.[1] And he stayed, for it rained.

[Footnote 1: She did not
mean it [at all].]

*** END OF THE PROJECT GUTENBERG EBOOK THE TIDE ***
"""
    article = of_text(tmp_path, text)

    assert article.author == "Mary Stone, Henry Vale"
    assert [block.text for block in article.blocks] == [
        "CHAPTER I", '"Then stay," said she. And he stayed, for it rained.', "Notes", "She did not mean it [at all].",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#mer #île\n\nTexte. ^bloc-1\n", ["Texte."]),
        ("%%\ndeux\n%%\n\nTexte%% caché %%.\n", ["Texte."]),
        ("> [!tip]- Un conseil\n> Dormir.\n", ["Un conseil", "Dormir."]),
        (":::note Un conseil\nDormir.\n:::\n", ["Un conseil", "Dormir."]),
        ("Voir [[Notes/Le port]], [[Marées#Basse mer]], [[x|le reste]].\n\n![[a.png|300]]\n",
         ["Voir Le port, Marées, le reste."]),
        ("import Tabs from '@theme/Tabs';\n\nTexte{/* caché */}.\n", ["Texte."]),
        ("Dans `_posts` {% include a.html %} vrai.\n\n{% highlight rb %}\nputs\n{% endhighlight %}\n\n* TOC\n{:toc}\n",
         ["Dans _posts vrai.", "puts\n"]),
        ("![Untitled](a.png) ![Une île](b.png) [![CI](https://img.shields.io/c.svg)](https://c.example)\n\nDu :+1:\n",
         ["Une île", "Du"]),
        ("10<sup>6</sup> voiles,<br>là.[^a]\n\n[^a]: Une.\n\n    Deux.\n", ["10⁶ voiles, là.", "Notes", "Une. Deux."]),
        ("- [ ]  Border\n", ["Border"]),
        ("---\n\nEntre deux traits.\n\n---\n\nFin.\n", ["Entre deux traits.", "", "Fin."]),
    ],
)  # fmt: skip
def test_what_note_programs_and_sites_write_is_read_without_its_marks(tmp_path, text, said):
    """Obsidian, Docusaurus, MDX, Jekyll, GitHub, Notion."""
    assert [block.text for block in of_text(tmp_path, text, "n.md", language="fr").blocks] == said


@pytest.mark.parametrize(
    ("front", "author", "day"),
    [
        ("---\ntitle: T\nauthor: {name: Anne, url: x}\ndate: March 5, 2024\n---\n", "Anne", "2024-03-05"),
        ("---\ntitle: T\nauthors: [{name: Anne}, Bob]\nlang: fr\ndate: 5 mars 2024\n---\n", "Anne, Bob", "2024-03-05"),
        ("---\ntitle: T\nauthor: [Anne, Bob]\ndate: '`r Sys.Date()`'\n---\n", "Anne, Bob", "None"),
        ("% T\n% Anne; Bob\n% 2024/03/05\n", "Anne, Bob", "2024-03-05"),
    ],
)
def test_front_matter_as_programs_write_it(tmp_path, front, author, day):
    """People with more than a name, days as people write them, what another program fills in, Pandoc's lines."""
    article = of_text(tmp_path, f"{front}\nDes mots.\n", "n.mdx")

    assert (article.title, article.author, str(article.published)[:10]) == ("T", author, day)


@pytest.mark.parametrize("case", yaml.safe_load((ARTICLES.parent / "texts.yaml").read_text(encoding="utf-8")))
def test_talk_verse_and_pages_are_read_as_people_would(case):
    """Each message is a paragraph with who wrote it; lines of verse are not joined; heads of pages go."""
    (article,) = articles(Source("a.txt", Path("a.txt"), case["text"].encode(), title="The Light"))

    assert isinstance(article, Article)
    assert [block.text for block in article.blocks] == case["said"]


def test_what_a_publisher_sells_besides_is_no_part_of_a_book(tmp_path):
    """It is left out where no chapter follows, and that is told."""
    book = (ARTICLES / "salt-road.txt").read_text(encoding="utf-8")
    mark = "*** END OF"
    lists = "\n\n_BY THE SAME AUTHOR_\n\nTHE MARSH. Crown 8vo, 6s.\n\nADVERTISEMENTS.\n\nEach volume 1s. net.\n\n"
    before = [block.text for block in of_text(tmp_path, book, "a.txt").blocks]
    article = of_text(tmp_path, book.replace(mark, lists + mark, 1), "b.txt")

    assert [block.text for block in article.blocks] == before
    assert "left out (after the text): “BY THE SAME AUTHOR” and everything below it" in article.remarks


def test_items_are_counted_by_letters_and_in_any_digits(tmp_path):
    """Each is one of its own, as in a text."""
    article = of_text(
        tmp_path, "# A\n\nDays.\n\n१. पहला\n२. दूसरा\n\na) the pier\nb) the lamp\n\nSo says\na) and no b.\n", "a.md"
    )

    assert [(block.kind, block.text, block.level) for block in article.blocks[1:]] == [
        ("item", "पहला", 1),
        ("item", "दूसरा", 2),
        ("item", "a) the pier", 0),
        ("item", "b) the lamp", 0),
        ("paragraph", "So says a) and no b.", 0),
    ]


MANUALS = {
    "a.rst": """===========
Light ports
===========

:author: Ann Field

The pier is old. See :ref:`the other <other-pier>` and ``code`` and *stress* and `a link <https://example.org/a>`_.

.. note::
   This is a note that should be read aloud.

.. image:: pier.png
   :alt: The pier at dusk

.. code-block:: python

   import pier

=====  ====
name   tide
=====  ====
Anna   2
=====  ====

Boats
=====

- first boat is here
- second boat is here

.. _other-pier:

Winds
-----

The wind turns at night [1]_, and :doc:`intro` says so too.

.. [1] A footnote on the wind.

.. toctree::
   :maxdepth: 2

   intro
""",
    "a.adoc": """= Light ports
Ann Field <ann@example.org>
v1.0, 2022-03-04
:toc:

The pier is *old*. See <<winds,the winds>> and `code` and https://example.org/a[a link].

[NOTE]
====
This is a note that should be read aloud.
====

NOTE: A short note.

== Boats

* first boat is here
* second boat is here

[[winds]]
=== Winds

image::pier.png[The pier at dusk]

[source,python]
----
import pier
----

. one step here
. two steps here

// a comment
The wind turns at night, footnote:[A note.] and we go.
""",
}


@pytest.mark.parametrize("name", MANUALS)
def test_manuals_are_read_without_their_markup(tmp_path, name):
    """Headings, notes, lists, pictures and footnotes are what they are; labels, contents and comments are not said."""
    article = of_text(tmp_path, MANUALS[name], name)
    blocks = [(block.kind, block.text) for block in article.blocks if block.kind != "code"]

    assert (article.title, article.author) == ("Light ports", "Ann Field")
    assert blocks[1] == ("paragraph", "This is a note that should be read aloud.")
    for block in (
        ("heading", "Boats"),
        ("heading", "Winds"),
        ("image", "The pier at dusk"),
        ("item", "second boat is here"),
        ("heading", "Notes"),
    ):
        assert block in blocks
    assert not any(re.search(r"[=`_*|<>:]{2}|ref:|https|toctree|comment|tide$", text) for _, text in blocks)


MEMO = """Network Working Group                                        R. Fielding
Request for Comments: 9916                                     UC Irvine
Obsoletes: 2068                                                J. Gettys
Category: Standards Track                                     Compaq/W3C
                                                               June 1999


                Hypertext Transfer of Piers -- PTP/1.1

Status of this Memo

   This document specifies an Internet standards track protocol for the
   Internet community, and requests discussion and suggestions for
   improvements.  Distribution of this memo is unlimited.

Copyright Notice

   Copyright (C) The Internet Society (1999).  All Rights Reserved.

Abstract

   The Pier Transfer Protocol (PTP) is an application-level
   protocol for distributed, collaborative piers.  It is a generic,
   stateless, protocol which can be used for many tasks beyond its use
   for boats.



Fielding, et al.            Standards Track                     [Page 1]

RFC 9916                        PTP/1.1                        June 1999


Table of Contents

   1   Introduction ....................................................2
   1.1    Purpose......................................................2

1 Introduction

1.1 Purpose

   The Pier Transfer Protocol has been in use by the World-Wide
   harbours since 1990.  The first version of it was a simple
   protocol for raw boat transfer across the sea, and nobody who was



Fielding, et al.            Standards Track                     [Page 2]

RFC 9916                        PTP/1.1                        June 1999


   there thought that it would last for more than a winter or two.

   Later versions improved the protocol by allowing messages to be in
   the format of letters, with the tide and the wind of the day.

Fielding, et al.            Standards Track                     [Page 3]
"""


@pytest.mark.parametrize("feed", ["", "\f\n"])
def test_a_memo_of_the_internet_is_read_without_its_formalities(tmp_path, feed):
    """Its head says title, authors and month; a sentence goes on over the feet of pages."""
    article = of_text(tmp_path, MEMO.replace("\nRFC 9916", f"\n{feed}RFC 9916"))

    assert (article.title, article.author) == ("Hypertext Transfer of Piers -- PTP/1.1", "R. Fielding, J. Gettys")
    assert article.published.date().isoformat() == "1999-06-01"
    assert [block.text for block in article.blocks if block.kind == "heading"] == [
        "Abstract",
        "1 Introduction",
        "1.1 Purpose",
    ]
    assert "and nobody who was there thought that it would last" in article.blocks[4].text
    assert not any(re.search(r"\[Page|RFC 9916|Memo|\.\.\.", block.text) for block in article.blocks)
    assert any("Status of this Memo" in remark for remark in article.remarks)
