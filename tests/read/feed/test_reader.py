# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles from feeds: new ones, whole ones, and never a teaser for an article."""

from dataclasses import replace

import pytest
from fakes.website import Page, Website

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read import articles
from podcast.read.fetch import Web
from podcast.read.source import Source

LONG = "<p>" + "La marée monte deux fois par jour, et le port vit à son rythme. " * 10 + "</p>"
PAGE = f"""<html lang="fr"><head><title>La marée</title><meta property="og:image" content="https://a.example/m.jpg"></head>
<body><nav><a href="/">Accueil</a></nav><article><h1>La marée</h1>{LONG * 3}
<p>Fin du texte entier.</p></article></body></html>"""


def rss(*items: str, language: str = "fr") -> bytes:
    """Return a feed of items."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>Le blog</title><link>https://blog.example/</link><language>{language}</language>{''.join(items)}"
        "</channel></rss>"
    ).encode()


def item(number: int, content: str, *, tag: str = "content:encoded", link: str = "") -> str:
    """Return an item of the feed."""
    link = link or f"https://blog.example/{number}"
    return (
        f"<item><title>Billet n° {number}</title><link>{link}</link><guid>id-{number}</guid>"
        f"<pubDate>Mon, {number:02} Nov 2026 08:00:00 +0100</pubDate><{tag}><![CDATA[{content}]]></{tag}></item>"
    )


def read(data: bytes, **given: object) -> list[Article]:
    """Return the articles of a feed; those that could not be read are raised."""
    found = []
    for one in articles(Source("feed.xml", None, data, **given)):  # type: ignore[arg-type]
        if isinstance(one, ReadError):
            raise one
        found.append(one)
    return found


def test_entries_come_oldest_first_with_all_that_they_say():
    """Title, date, address, language, identity, and the content with its headings and links."""
    content = f"<h2>Le sel</h2>{LONG}<ul><li>un</li></ul><p>Voir <a href='/rel'>ici même</a>.</p>"
    first, second = read(rss(item(9, content), item(3, content)))

    assert [first.title, second.title] == ["Billet n° 3", "Billet n° 9"]
    assert first.published is not None
    assert first.published.isoformat() == "2026-11-03T07:00:00+00:00"
    assert (first.url, first.part, first.language) == ("https://blog.example/3", "id-3", "fr")
    assert [block.kind for block in first.blocks] == ["heading", "paragraph", "item", "paragraph"]
    assert [(link.url, link.text) for link in first.links] == [("https://blog.example/rel", "ici même")]


def test_the_language_is_the_producers_then_the_feeds():
    """Words alone would not tell Quebec from France."""
    feed = rss(item(1, LONG), language="fr-CA")

    assert [one.language for one in read(feed)] == ["fr-CA"]
    assert [one.language for one in read(feed, language="fr-BE")] == ["fr-BE"]


def test_atom_is_read_too():
    """Its content, author and dates."""
    words = "&lt;p&gt;The sea is salt, and the wind knows it as well as you do. &lt;/p&gt;" * 12
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Blog</title>
    <author><name>Ann Lee</name></author>
    <entry><title type="html">Salt &amp;amp; sea</title><id>urn:1</id><link href="https://b.example/1"/>
    <updated>2026-11-02T10:00:00Z</updated>
    <content type="html">{words}</content></entry></feed>"""
    (article,) = read(feed.encode())

    assert (article.title, article.author, article.language, article.part) == ("Salt & sea", "Ann Lee", "en", "urn:1")
    assert len(article.blocks) == 12


@pytest.mark.parametrize("name", ["id-9", "https://blog.example/9"])
def test_only_new_entries_are_read(name):
    """Known are those whose id, or whose address, is a script's."""
    assert [one.title for one in read(rss(item(9, LONG), item(3, LONG)), known={name})] == ["Billet n° 3"]


def test_only_the_newest_may_be_wanted():
    """By date, not by their order in the feed."""
    feed = rss(item(3, LONG), item(9, LONG), item(5, LONG))

    assert [one.title for one in read(feed, latest=2)] == ["Billet n° 5", "Billet n° 9"]
    assert read(feed, latest=1, known={"id-9"}) == []


@pytest.mark.parametrize(
    ("content", "tag"),
    [
        ("<p>La marée monte. Lire la suite</p>", "content:encoded"),
        ("<p>La marée monte […]</p>", "description"),
        (LONG + "<p><a href='/x'>Read more…</a></p>", "content:encoded"),
        (LONG + "La suite [...]", "description"),
        ("<p>La marée monte, un peu.</p>", "description"),
        ("", "description"),
    ],
)
def test_a_teaser_is_replaced_by_its_page(content, tag):
    """The article is fetched from the entry's address."""
    with Website() as site:
        site.pages["/maree"] = Page(PAGE.encode())
        web = Web(private=True)
        (article,) = read(rss(item(3, content, tag=tag, link=site.url("/maree"))), fetch=web.fetch)

    assert article.blocks[-1].text == "Fin du texte entier."
    assert (article.title, article.image) == ("Billet n° 3", "https://a.example/m.jpg")
    assert article.url == site.url("/maree")


def test_a_short_post_is_taken_as_it_is_if_its_page_has_no_more():
    """A microblog's two sentences are the article."""
    words = "<p>La mer est calme ce matin, et le port dort encore.</p>"
    with Website() as site:
        site.pages["/p"] = Page(f"<html lang=fr><body><article>{words}</article></body></html>".encode())
        (article,) = read(rss(item(3, words, link=site.url("/p"))), fetch=Web(private=True).fetch)

    assert [block.text for block in article.blocks] == ["La mer est calme ce matin, et le port dort encore."]


def test_short_content_beside_a_shorter_summary_is_the_article():
    """Blogs give the whole post as content, and its first words as the summary."""
    post = "<description>Il y a un an… Lire la suite</description>"
    words = "Il y a un an, j’ai quitté la ville pour deux chats et un jardin au bord de la rivière, loin du bruit."
    feed = rss(item(3, f"<p>{words}</p>", tag="content:encoded", link="https://a.example/3"))
    (article,) = read(feed.replace(b"<content:encoded>", post.encode() + b"<content:encoded>"))

    assert [block.text for block in article.blocks] == [words]


def test_a_teaser_whose_page_cannot_be_had_is_an_error_and_the_others_are_read():
    """It is never narrated as if it were the article."""
    with Website() as site:
        feed = rss(item(3, "Le début…", link=site.url("/gone")), item(4, LONG))
        bad, good = articles(Source("feed.xml", None, feed, fetch=Web(private=True).fetch))

    assert isinstance(bad, ReadError)
    assert "404" in bad.message
    assert isinstance(good, Article)
    with pytest.raises(ReadError, match="the feed has only the beginning of “Billet n° 3”"):
        read(feed)


def test_what_a_blog_adds_below_its_posts_is_left_out():
    """Share bars, and the line that WordPress adds."""
    added = "<p>L’article <a href='x'>Billet</a> est apparu en premier sur <a href='y'>Le blog</a>.</p>"
    added += "<p>Partager sur Facebook</p>"
    english = "<p>The post <a href='x'>Tide</a> appeared first on <a href='y'>Blog</a>.</p>"
    (article,) = read(rss(item(3, LONG + added + english)))

    assert len(article.blocks) == 1


def test_a_feed_without_entries_is_reported():
    """Or one that is damaged before the first."""
    with pytest.raises(ReadError, match="no entries in this feed"):
        read(rss())
    with pytest.raises(ReadError, match="no entries in this feed"):
        read(b"<rss><channel><title>x")


def test_nothing_outside_of_a_feed_is_looked_up(tmp_path):
    """Neither files nor addresses that entities name; and they do not multiply."""
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy " * 100)
    names = "".join(f"<!ENTITY e{i} '{f'&e{i - 1};' * 10 if i else 'ha ' * 100}'>" for i in range(9))
    feed = (
        rss(item(3, LONG))
        .decode()
        .replace("<rss", f"<!DOCTYPE rss [<!ENTITY s SYSTEM '{secret.as_uri()}'>{names}]><rss", 1)
        .replace("Billet n° 3", "Billet &s; &e8;")
    )

    found = articles(Source("feed.xml", None, feed.encode()))

    assert "xyzzy" not in repr(found)
    assert len(repr(found)) < 10_000


def test_dates_and_titles_may_be_missing():
    """The first sentence serves as title."""
    feed = rss(f"<item><description><![CDATA[{LONG * 3}]]></description></item>")
    (article,) = read(feed)

    assert article.title == "La marée monte deux fois par jour, et le port vit à son rythme"
    assert article.published is None
    assert replace(article, remarks=()) != article


def test_control_characters_do_no_harm():
    """They are dropped, wherever they stand."""
    (article,) = read(rss(item(3, LONG + "<p>un\x01 <b hidden>x</b>\x02 deux<script>y</script>\x0c trois</p>")))

    assert article.blocks[-1].text == "un deux trois"


def test_markup_of_any_depth_is_read():
    """Twenty thousand elements in each other are no harm."""
    (article,) = read(rss(item(3, "<div>" * 20_000 + LONG)))

    assert article.blocks[-1].text.startswith("La marée monte")


def test_entries_of_one_id_are_articles_of_their_own():
    """Some programs give all the same; their addresses tell them apart."""
    feed = rss(item(3, LONG), item(9, LONG)).replace(b"id-9", b"id-3")

    assert [one.part for one in read(feed)] == ["https://blog.example/3", "https://blog.example/9"]


def test_a_note_without_a_title_is_whole_however_short():
    """As short messages are published; unless it says that it goes on elsewhere."""
    words = "Il fait beau ce matin sur la jetée, et les mouettes le savent."
    note = f"<item><link>https://a.example/7</link><description>{words}</description></item>"
    (article,) = read(rss(note))

    assert (article.title, article.blocks[0].text) == (words.rstrip("."), words)
    with pytest.raises(ReadError, match="only the beginning"):
        read(rss(note.replace(words, "Il fait beau… Lire la suite")))


def test_markup_that_was_escaped_twice_is_no_text():
    """But what an article shows of markup is."""
    twice = LONG * 3 + "&lt;p&gt;Montre&lt;/p&gt;"
    shown = twice.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    (article,) = read(rss(item(3, shown)))
    assert [block.text for block in article.blocks][-1] == "<p>Montre</p>"
    assert len(article.blocks) == 4


def test_the_language_that_a_program_set_is_not_that_of_the_words():
    """Many blogs say `en-US`, which nobody chose."""
    assert read(rss(item(3, LONG * 3), language="en-US"))[0].language == "fr"
    assert read(rss(item(3, LONG * 3), language="fr-CA"))[0].language == "fr-CA"
