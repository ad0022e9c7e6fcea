# SPDX-License-Identifier: GPL-3.0-or-later
"""The feed is judged by those who read feeds: feedparser, podcastparser (gPodder), podcast-partytime (Podcast Index).

tests/data/feeds holds pairs: name.json says what is published, name.xml is the feed that must come of it.
"""

import datetime as dt
import io
import locale
from dataclasses import replace

import feedparser
import msgspec
import podcastparser
import pytest
from helpers import TESTS
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podcast import text
from podcast.config.settings import Publishing, Show
from podcast.errors import FeedError
from podcast.feed import rss
from podcast.feed.namespaces import NAMESPACES
from podcast.feed.validate import categories
from podcast.model import Art, Chapter, Cue, Enclosure, Episode, Link, Loudness, Published

HERE = TESTS
FEEDS = HERE / "data" / "feeds"
NS = {**NAMESPACES, "atom": "http://www.w3.org/2005/Atom", "content": "http://purl.org/rss/1.0/modules/content/"}


class Case(msgspec.Struct):
    """What a data file says."""

    show: Show
    art: Art
    published: tuple[Published, ...]

    def feed(self) -> bytes:
        """Return its feed."""
        return rss(self.show, self.published, self.art)


def case(name: str) -> Case:
    """Return the case of tests/data/feeds/<name>.json."""
    return msgspec.json.decode((FEEDS / f"{name}.json").read_bytes(), type=Case)


@pytest.fixture(scope="module")
def bilingual() -> Case:
    """Two episodes in two languages."""
    return case("bilingual")


@pytest.fixture(scope="module")
def feed(bilingual) -> bytes:
    """Their feed."""
    return bilingual.feed()


@pytest.fixture(scope="module")
def tree(feed) -> etree._Element:
    """Its channel."""
    return etree.fromstring(feed)[0]


def find(node: etree._Element, path: str) -> list[str]:
    """Return texts or attributes that an XPath finds."""
    return [str(found) for found in node.xpath(path, namespaces=NS)]


def published(index: int = 0, **changes: object) -> Published:
    """Return an episode in order, with changes to the episode."""
    episode = Episode(
        slug=f"slug-{index}",
        guid=f"guid-{index}",
        title=f"Episode {index}",
        published=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=index),
        language="en",
        enclosure=Enclosure("a.mp3", 1_000, "00", 60_000),
        chapters=(),
        cues=(),
        loudness=Loudness(-16.0, -1.5),
    )
    name = f"media/{index}"
    files = {kind: f"{name}.{kind}" for kind in ("vtt", "srt", "json")} | {"html": f"{name}.transcript.html"}
    return Published(
        replace(episode, **changes), audio=f"{name}.mp3", page=f"{name}.html", chapters=f"{name}.chapters.json", **files
    )


# --- golden files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.stem for path in FEEDS.glob("*.json")))
def test_the_feed_is_the_expected_one(name):
    """Every byte is as in the data file; whoever changes the feed reads the difference there."""
    assert (FEEDS / f"{name}.xml").read_text("utf-8") == case(name).feed().decode()


def test_the_same_episodes_give_the_same_bytes(bilingual, feed):
    """Neither the clock nor the order in which episodes are handed in is in the feed."""
    backwards = Case(bilingual.show, bilingual.art, bilingual.published[::-1])

    assert feed == backwards.feed()


def test_the_locale_is_what_it_was(bilingual, feed):
    """The date helper of feedgen switches it for a moment, so that dates are English in any, and back."""
    before = locale.setlocale(locale.LC_ALL)

    assert feed == bilingual.feed()
    assert locale.setlocale(locale.LC_ALL) == before


# --- independent readers ----------------------------------------------------------------------------------------


def test_feedparser_reads_it(feed):
    """Titles, dates, addresses, sizes, durations and notes arrive, newest first."""
    read = feedparser.parse(feed)

    assert not read.bozo
    assert (read.feed.title, read.feed.link) == ("Le Fil & the Thread", "https://fil.example.org/")
    assert (read.feed.language, read.feed.author) == ("fr", "L’atelier du Fil")
    assert [entry.title for entry in read.entries] == [
        "Bread & patience: what a slow dough teaches",
        "Le canal à l’aube",
    ]
    bread, canal = read.entries
    assert (bread.id, bread.guidislink) == ("5d1f5a4e-0c52-5a5c-9d0e-3a3a5f0c0002", False)
    assert bread.link == "https://fil.example.org/podcast/bread.html"
    assert [(sound.href, sound.length, sound.type) for sound in bread.enclosures] == [
        ("https://fil.example.org/podcast/media/bread-4d5e6f70.mp3", "4800000", "audio/mpeg")
    ]
    assert (bread.itunes_duration, canal.itunes_duration) == ("300", "90")
    assert bread.published_parsed[:6] == (2026, 11, 9, 5, 0, 0)
    assert canal.published_parsed[:6] == (2026, 11, 2, 5, 0, 0)
    assert (bread.language, "language" in canal) == ("en-GB", False)
    assert "Why 3 &lt; 5 loaves a week." in bread.content[0].value


def test_podcastparser_reads_it(feed, bilingual):
    """The parser of gPodder finds guid, sound, duration, chapters, picture and notes."""
    read = podcastparser.parse(bilingual.show.feed_url, io.BytesIO(feed))
    bread = read["episodes"][0]

    assert (read["title"], read["type"], read["cover_url"]) == (
        "Le Fil & the Thread",
        "episodic",
        "https://fil.example.org/podcast/art/cover-1f2e3d4c.jpg",
    )
    assert bread["guid"] == "5d1f5a4e-0c52-5a5c-9d0e-3a3a5f0c0002"
    assert (bread["total_time"], bread["number"]) == (300, 2)
    assert bread["enclosures"][0]["file_size"] == 4_800_000
    assert [(chapter["start"], chapter["title"]) for chapter in bread["chapters"]] == [
        (0, "Flour, water, time"),
        (95, "The “lazy” fold"),
        (201, "Out of the oven"),  # it drops the fraction
    ]
    assert bread["chapters"][1]["href"] == "https://baking.example.com/fold"
    assert bread["episode_art_url"] == "https://fil.example.org/podcast/art/cover-1f2e3d4c.jpg"
    assert bread["description"].endswith("This episode is narrated by a synthetic voice (AI).")


def test_podcast_index_reads_it(feed, node):
    """Podcast Index's own parser finds all of the podcast namespace that the feed uses."""
    read = node("podcast-partytime", feed)
    bread = read["items"][0]

    assert read["guid"] == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert (read["locked"], read["podcastOwner"], read["medium"]) == (True, "atelier@fil.example.org", "newsletter")
    categories = ["Society & Culture > Documentary", "Society & Culture > Places & Travel", "Education"]
    assert (read["explicit"], read["itunesCategory"]) == (False, categories)
    assert read["owner"] == {"name": "L’atelier du Fil", "email": "atelier@fil.example.org"}
    assert read["pubsub"] == {"self": "https://fil.example.org/podcast/feed.xml"}
    assert [item["title"] for item in read["items"]] == [
        "Bread & patience: what a slow dough teaches",
        "Le canal à l’aube",
    ]
    assert [item["guid"][-1] for item in read["items"]] == ["2", "1"]
    assert [item["duration"] for item in read["items"]] == [300, 90]
    assert [(transcript["type"], transcript["language"]) for transcript in bread["podcastTranscripts"]] == [
        ("text/vtt", "en-GB"),
        ("application/srt", "en-GB"),  # its own name for application/x-subrip
        ("application/json", "en-GB"),
        ("text/html", "en-GB"),
    ]
    assert bread["podcastChapters"] == {
        "url": "https://fil.example.org/podcast/media/bread-4d5e6f70.chapters.json",
        "type": "application/json+chapters",
    }
    assert (bread["podcastSeason"], bread["podcastEpisode"]) == ({"number": 1}, {"number": 2})
    assert [(person["role"], person["group"]) for person in bread["podcastPeople"]] == [
        ("Author", "Writing"),
        ("Narrator", "Cast"),
        ("Narrator", "Cast"),
    ]
    assert read["podcastFunding"][0] == {"message": "Soutenir l’atelier", "url": "https://fil.example.org/soutenir"}
    assert read["license"]["identifier"] == "cc-by-4.0"
    (whole,) = bread["alternativeEnclosures"]
    assert (whole["length"], whole["default"]) == (bread["enclosure"]["length"], True)
    assert whole["integrity"]["type"] == "sri"
    assert whole["source"][0]["uri"] == bread["enclosure"]["url"]
    assert read["pc20support"]["1"] == ["locked", "funding", "transcript", "chapters"]


def test_what_becomes_of_a_show_is_said(bilingual):
    """Hidden, finished, moved: in the words that Apple reads. By default nothing is said."""
    show = replace(bilingual.show, block=True, complete=True, moved_to="https://new.example.org/feed.xml")
    tree = etree.fromstring(rss(show, bilingual.published, bilingual.art)).find("channel")

    assert find(tree, "itunes:block/text()") == ["Yes"]
    assert find(tree, "itunes:complete/text()") == ["Yes"]
    assert find(tree, "itunes:new-feed-url/text()") == ["https://new.example.org/feed.xml"]
    before = etree.fromstring(bilingual.feed()).find("channel")
    assert find(before, "itunes:block | itunes:complete | itunes:new-feed-url") == []


def test_trailers_and_bonuses_are_told_apart(bilingual):
    """An episode has its type, and the newest trailer stands in the channel as well."""
    first, second = bilingual.published
    published = (replace(first, episode=replace(first.episode, kind="trailer", season=2)), second)
    tree = etree.fromstring(rss(bilingual.show, published, bilingual.art)).find("channel")

    assert find(tree, "item/itunes:episodeType/text()") == ["full", "trailer"]
    assert find(tree, "podcast:trailer/text()") == [first.episode.title]
    assert find(tree, "podcast:trailer/@url") == [bilingual.show.url + first.audio]
    assert find(tree, "podcast:trailer/@season") == ["2"]


def test_a_soundbite_is_a_paragraph_after_the_opening():
    """As long as the namespace allows, with its own times; an episode without such a paragraph has none."""
    cues = [
        Cue(0, 20_000, "L’annonce.", 0),
        Cue(21_000, 29_000, "Trop court.", 1),
        Cue(30_000, 45_500, "Une phrase longue.", 2),
        Cue(46_000, 58_000, "Et sa suite.", 2),
    ]
    one = published(1, number=1, cues=tuple(cues))
    show, art = case("smallest").show, case("smallest").art
    tree = etree.fromstring(rss(show, [one], art))

    assert find(tree, "//podcast:soundbite/text() | //podcast:soundbite/@*") == [
        "30.000",
        "28.000",
        "Une phrase longue.",
    ]
    assert (
        find(etree.fromstring(rss(show, [published(1, number=1, cues=tuple(cues[:2]))], art)), "//podcast:soundbite")
        == []
    )


def test_a_paper_with_many_authors_ends_between_two_of_them(bilingual):
    """Apple takes 255 characters, the podcast namespace 128; the notes have all."""
    names = ", ".join(f"Anne-Marie Dupont {index}" for index in range(40))
    one = bilingual.published[0]
    tree = etree.fromstring(
        rss(bilingual.show, [replace(one, episode=replace(one.episode, author=names))], bilingual.art)
    )
    (author,), (person, *_) = find(tree, "//item/itunes:author/text()"), find(tree, "//item/podcast:person/text()")

    for cut, length in ((author, 255), (person, 128)):
        assert len(cut) <= length
        assert cut.endswith("…")
        assert names.startswith(f"{cut[:-1]}")
        assert names[len(cut) - 1] in " ,"
    assert names in find(tree, "//item/content:encoded/text()")[0]


# --- feedgen's traps, and what only we write --------------------------------------------------------------------


def test_the_links_are_not_mixed_up(tree):
    """RSS's link is the web site, the picture's too, and the feed's own address is the self link."""
    assert find(tree, "link/text()") == ["https://fil.example.org/"]
    assert find(tree, "image/link/text()") == ["https://fil.example.org/"]
    assert find(tree, "image/title/text()") == find(tree, "title/text()")
    assert find(tree, "atom:link[@rel='self']/@href") == ["https://fil.example.org/podcast/feed.xml"]


def test_dates_are_those_of_the_episodes(tree):
    """The feed changed when the newest episode appeared; zones are numbers, weekdays are right."""
    assert find(tree, "lastBuildDate/text()") == ["Mon, 09 Nov 2026 05:00:00 +0000"]
    assert find(tree, "item/pubDate/text()") == ["Mon, 09 Nov 2026 05:00:00 +0000", "Mon, 02 Nov 2026 06:00:00 +0100"]


def test_explicit_is_true_or_false():
    """Apple's words, not feedgen's yes and no, for the show and for each episode."""
    for name, word in (("smallest", "true"), ("bilingual", "false")):
        found = find(etree.fromstring(case(name).feed()), "//itunes:explicit/text()")

        assert set(found) == {word}
        assert len(found) == 1 + len(case(name).published)


def test_the_machine_voice_is_disclosed(tree):
    """In its tag, on show and episodes, in the notes in the episode's language, and behind the narrator's name."""
    assert find(tree, "podcast:txt[@purpose='ai-content']/text()") == ["true"]
    assert find(tree, "item/podcast:txt[@purpose='ai-content']/text()") == ["true", "true"]
    assert "synthetic voice (AI)" in find(tree, "item[1]/description/text()")[0]
    assert "voix de synthèse (IA)" in find(tree, "item[2]/description/text()")[0]
    assert find(tree, "item[2]/podcast:person[@role='narrator']/text()") == ["kokoro ff_siwis (voix de synthèse)"]


def test_each_thing_is_there_once(tree):
    """No element that must be single is doubled by feedgen and us."""
    once = "title link description language lastBuildDate generator copyright itunes:type podcast:guid podcast:medium"
    each = (
        "title link guid enclosure pubDate description content:encoded itunes:duration itunes:explicit podcast:episode"
    )

    assert dict.fromkeys(once.split(), 1) == {name: len(find(tree, name)) for name in once.split()}
    for item in tree.findall("item"):
        assert dict.fromkeys(each.split(), 1) == {name: len(find(item, name)) for name in each.split()}


def test_a_short_sound_lasts_a_second():
    """A duration of 0 is one that feedgen would drop."""
    assert find(etree.fromstring(case("smallest").feed()), "//itunes:duration/text()") == ["1"]


def test_an_episode_without_chapters_names_none(tree):
    """An empty list of chapters is not announced."""
    assert find(tree, "item[2]/podcast:chapters") + find(tree, "item[2]/psc:chapters") == []


def test_what_is_not_known_is_not_written():
    """Without e-mail, copyright and numbers there is no empty element for them."""
    root = etree.fromstring(case("smallest").feed())

    assert find(root, "//itunes:owner | //copyright | //itunes:season | //podcast:season | //podcast:person") == []
    assert find(root, "//podcast:locked/text()") == ["no"]
    assert find(root, "//podcast:locked/@owner") == []


def test_names_with_dots_and_dates_sort_by_time():
    """Episodes in different zones are in the order of the moments, not of the clock faces."""
    late = dt.datetime(2026, 5, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    later = dt.datetime(2026, 4, 30, 20, 0, tzinfo=dt.UTC)
    feed = rss(case("bilingual").show, [published(1, published=late), published(2, published=later)], ART)

    assert find(etree.fromstring(feed), "//item/guid/text()") == ["guid-2", "guid-1"]


ART = Art("cover.jpg", "cover-600.jpg")
ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60)  # surrogates as well


@given(ANY, ANY, ANY, st.lists(ANY, max_size=3))
def test_any_text_gives_a_feed_that_reads_back(title, author, summary, names):
    """Whatever is in titles, names and notes: parsers read the same text, less the characters that XML forbids."""
    show = replace(case("bilingual").show, title=f"S{title}", author=f"A{author}", description=f"D{summary}")
    chapters = tuple(Chapter(index * 1_000, f"c{name}", name) for index, name in enumerate(names))
    links = tuple(Link(f"https://example.org/{name.encode('utf-8', 'replace').hex()}", name) for name in names)
    one = published(1, title=f"T{title}", author=author, summary=summary, chapters=chapters, links=links, source=title)
    root = etree.fromstring(rss(show, [one], ART))

    assert find(root, "channel/title/text()") == [text.line(f"S{title}")]
    assert find(root, "channel/itunes:author/text()") == [text.line(f"A{author}")]
    assert find(root, "channel/description/text()") == [text.clean(f"D{summary}").strip()]
    assert find(root, "//item/title/text()") == [text.line(f"T{title}")]
    assert find(root, "//psc:chapter/@title") == [text.line(f"c{name}") for name in names]
    assert len(find(root, "//item/description/text()")[0].encode()) <= 4_000


# --- what is refused --------------------------------------------------------------------------------------------


def refusal(show: Show, episodes: list[Published], art: Art = ART) -> str:
    """Return the message of the error."""
    with pytest.raises(FeedError) as caught:
        rss(show, episodes, art)
    assert "podcast feed" in caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " \x00"}, "show.title: missing or empty"),
        ({"description": ""}, "show.description: missing or empty"),
        ({"description": "é" * 2_001}, "show.description: 4002 bytes is too long; shorten it to 4000 bytes"),
        ({"author": ""}, "show.author: missing or empty"),
        ({"language": "french!"}, "show.language: 'french!' is not a valid language code"),
        ({"email": "me at home"}, "show.email: 'me at home' is not a valid e-mail address"),
        ({"url": "ftp://example.org/"}, "show.url: 'ftp://example.org/' is not a valid URL"),
        (
            {"url": "https://example.org/é/"},
            "show.url: 'https://example.org/é/' does not work in every app; write 'https://example.org/%C3%A9/'",
        ),
        (
            {"url": "https://example.org"},
            "show.url: 'https://example.org' is not the URL of a folder; add \"/\" at the end",
        ),
        ({"url": "http://example.org/"}, "show.url: 'http://example.org/' does not use HTTPS"),
        ({"link": "http://[bad/"}, "show.link: 'http://[bad/' is not a valid URL"),
        ({"guid": "mine"}, "show.guid: 'mine' is not a valid UUID"),
        ({"category": "technology"}, "did you mean 'Technology'?"),
        ({"category": "Tech News", "subcategory": ""}, "it is a subcategory of 'News'"),
        ({"category": "Zzz"}, "use one of Arts, Business"),
        ({"category": "News", "subcategory": "Teck news"}, "did you mean 'Tech News'?"),
        ({"category": "History", "subcategory": "Old"}, "it has no subcategories, so remove the line"),
        (
            {"more_categories": ("History", "Nwes")},
            "show.more_categories: 'Nwes' is not in Apple's list of categories; did you mean 'News'",
        ),
        ({"more_categories": ("News: Sport",)}, "'Sport' is not a subcategory of 'News'; did you mean 'Sports News'"),
        ({"type": "serial"}, "the show is serial, so every episode needs a number"),
    ],
)
def test_a_wrong_show_is_refused(change, words):
    """The message names the key in show.toml and what to write."""
    assert words in refusal(replace(case("bilingual").show, **change), [published()])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "\n"}, "the title is missing"),
        ({"guid": ""}, "the guid is missing"),
        ({"published": dt.datetime(2026, 1, 1)}, "has no time zone"),  # noqa: DTZ001 - that is the mistake
        ({"number": 0}, "the episode number must be 1 or more, not 0"),
        ({"season": -1}, "the season number must be 1 or more, not -1"),
        ({"enclosure": Enclosure("a.mp3", 0, "00", 60_000)}, "not an MP3 of known size and length"),
        ({"enclosure": Enclosure("a.mp3", 10, "00", 0)}, "not an MP3 of known size and length"),
        ({"enclosure": Enclosure("a.ogg", 10, "00", 10, "audio/ogg")}, "not an MP3 of known size and length"),
    ],
)
def test_a_wrong_episode_is_refused(change, words):
    """The message names the episode and the script to correct."""
    message = refusal(case("bilingual").show, [published(1), published(2, **change)])

    assert f"slug-2: {words}" in message or (words in message and "slug-2: " in message)
    assert "slug-1" not in message


@pytest.mark.parametrize("name", ["média.mp3", "../out.mp3", "/abs.mp3", "a b.mp3", ""])
def test_a_name_that_cannot_be_published_is_refused(name):
    """Addresses of files are ASCII and lie in the feed folder."""
    assert f"the file name {name!r} cannot be published" in refusal(
        case("bilingual").show, [replace(published(), audio=name)]
    )


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (published(2, guid="guid-1"), "guid"),
        (replace(published(2), audio="media/1.mp3"), "audio file"),
        (published(2, published=dt.datetime(2026, 1, 2, 0, 0, 0, 900, tzinfo=dt.UTC)), "date"),
    ],
)
def test_two_episodes_cannot_share(second, words):
    """A common guid, sound or second is refused with the names of both."""
    assert f"slug-1 and slug-2 have the same {words}: " in refusal(case("bilingual").show, [published(1), second])


def test_an_empty_show_is_refused():
    """Directories do not take a feed without an episode; the message says how to make one."""
    assert "podcast make" in refusal(case("bilingual").show, [])


def test_every_problem_is_named_at_once():
    """All mistakes are reported in one run."""
    show = replace(case("bilingual").show, description="", author="", email="x", category="Nix", guid="g")
    message = refusal(show, [published(1), published(1)], Art("cover.png", "é.jpg"))

    assert message.count("\n  - ") == 5 + 2 + 4


def test_plain_http_is_fine_on_the_own_machine():
    """A show that is being tried out has a local address."""
    show = replace(case("bilingual").show, url="http://localhost:8000/", link="")

    assert b"http://localhost:8000/media/0.mp3" in rss(show, [published()], ART)


def test_apples_list_is_whole():
    """19 categories with 91 subcategories, as Apple has had them since 2019."""
    assert len(categories()) == 19
    assert sum(map(len, categories().values())) == 91
    assert categories()["Technology"] == ()


@pytest.mark.parametrize("said", [True, False])
def test_podping_is_said_only_where_it_is_sent(bilingual, said):
    """The feed says that Podpings are sent if the producer says so, as podcast-partytime and the namespace know it."""
    show = replace(bilingual.show, publishing=Publishing(podping=said))
    tree = etree.fromstring(rss(show, bilingual.published, bilingual.art))[0]
    assert find(tree, "podcast:podping/@usesPodping") == (["true"] if said else [])


def test_pictures_come_in_sizes(bilingual):
    """Pictures of show and episode are there in two sizes with their widths; an episode without has none."""
    own = Art("art/picture-0123456789.jpg", "art/thumbnail-0123456789.jpg", 1_400)
    first, *others = bilingual.published
    art = replace(bilingual.art, width=3_000)
    tree = etree.fromstring(rss(bilingual.show, (replace(first, art=own), *others), art))[0]
    assert find(tree, "podcast:image/@width") == ["3000", "600"]
    title = text.line(first.episode.title)
    (item,) = [item for item in tree.iter("item") if item.findtext("title") == title]
    assert find(item, "podcast:image/@width") == ["1400", "600"]
    assert find(item, "podcast:image/@alt") == [title, title]
    assert find(item, "itunes:image/@href") == [bilingual.show.url + own.cover]
    assert find(tree, "item/podcast:image/@href") == find(item, "podcast:image/@href")
