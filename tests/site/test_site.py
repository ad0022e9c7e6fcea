# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages hold everything in their HTML, lead only to files that exist, and stay text whatever people write.

tests/data/site holds what is published: phare.json in French and English, hostile.json with everything that could break
out. What the script adds is tested in test_player.py, in a browser.
"""

import datetime as dt
import json
import os
import posixpath
import re
import subprocess
import sys
from dataclasses import replace
from urllib.parse import unquote, urldefrag, urlsplit

import listparser as opml
import lxml.html
import msgspec
import pytest
from helpers import ROOT, TESTS
from hypothesis import given
from hypothesis import strategies as st

from podcast import langtag, languages, site, text
from podcast.config.settings import Show
from podcast.model import Art, Chapter, Cue, Link, Published
from podcast.site import i18n, transcript_blocks

DATA = TESTS / "data" / "site"
CASES = ("phare", "hostile")
ABSOLUTE = {"canonical", "alternate"}
"""Relations of <link> that name an absolute address without loading it."""


class Case(msgspec.Struct):
    """What a data file says."""

    show: Show
    art: Art
    published: tuple[Published, ...]

    def pages(self) -> dict[str, bytes]:
        """Return its pages."""
        return site.pages(self.show, self.published, self.art)

    def files(self) -> set[str]:
        """Return everything that its feed folder has."""
        named = {name for one in self.published for name in (one.audio, one.vtt, one.srt, one.json, one.chapters)}
        return named | set(self.pages()) | {self.art.cover, self.art.thumbnail, "feed.xml"}


def load(name: str) -> Case:
    """Return the case of tests/data/site/<name>.json."""
    return msgspec.json.decode((DATA / f"{name}.json").read_bytes(), type=Case)


def parse(page: bytes) -> lxml.html.HtmlElement:
    """Return a page as browsers see it."""
    return lxml.html.document_fromstring(page.decode())


def html(case: Case) -> dict[str, lxml.html.HtmlElement]:
    """Return the parsed pages of a case by name."""
    return {name: parse(data) for name, data in case.pages().items() if name.endswith(".html")}


@pytest.fixture(scope="module", params=CASES)
def case(request) -> Case:
    """Give each data file."""
    return load(request.param)


@pytest.fixture(scope="module")
def phare() -> Case:
    """Give the show in French and English."""
    return load("phare")


@pytest.fixture(scope="module")
def hostile() -> Case:
    """Give the show that tries to break out."""
    return load("hostile")


@pytest.fixture(scope="module")
def maree_page(phare) -> lxml.html.HtmlElement:
    """Give the page of the long French episode."""
    return html(phare)["episodes/lire-la-maree.html"]


def tidy(element: lxml.html.HtmlElement) -> str:
    """Return the text of an element with white space folded."""
    return " ".join(element.text_content().split())


# --- what there is


def test_files(phare):
    """There is an index, the page of each episode under the name it was given, and two assets named by content."""
    names = set(phare.pages())

    assert {"index.html", *(one.page for one in phare.published)} < names
    assets = sorted(name for name in names if name.startswith("assets/"))
    assert len(names) == 1 + len(phare.published) + len(assets) + len({"show.opml"})
    assert [re.sub(r"[0-9a-f]{10}", "#", name) for name in assets] == ["assets/player-#.js", "assets/style-#.css"]


def test_index_lists_newest_first(phare):
    """The index lists the newest episode first, with what people choose by, and says how to subscribe."""
    page = html(phare)["index.html"]
    entries = page.cssselect(".episodes li")

    assert [entry.cssselect("h3 a")[0].get("href") for entry in entries] == [
        "episodes/lire-la-maree.html",
        "episodes/deux-horloges.html",
        "episodes/le-sel.html",
    ]
    assert tidy(entries[0].cssselect("time")[0]) == "16 novembre 2026"
    assert "1\u00a0min" in entries[0].text_content()
    assert "Saison\u00a01\u00a0· Épisode\u00a03" in entries[0].text_content()
    assert "quelques oiseaux" in entries[0].cssselect(".summary")[0].text_content()
    assert page.cssselect("a[type='application/rss+xml']")[0].get("href") == "feed.xml"
    assert tidy(page.cssselect("code")[0]) == phare.show.feed_url


def test_trailers_and_extras_say_so(phare):
    """Trailers and bonuses are labelled in the list and on their page; full episodes are not."""
    kinds = ("trailer", "bonus", "full")
    told = tuple(
        replace(one, episode=replace(one.episode, kind=kind, number=None, season=None))
        for one, kind in zip(phare.published, kinds, strict=True)
    )
    pages = html(Case(phare.show, phare.art, told))

    for one, word in zip(told, ("Bande-annonce", "Bonus", ""), strict=True):
        (entry,) = pages["index.html"].xpath(f"//article[.//a[@href='{one.page}']]")
        for facts in (entry.cssselect(".facts")[0], pages[one.page].cssselect(".facts")[0]):
            assert [tidy(bdi) for bdi in facts.cssselect("bdi")[2:]] == [word] * bool(word)


def test_a_serial_show_has_a_beginning(phare):
    """The first page of a serial show leads to its first full episode; other shows are read from the newest on."""
    trailer = replace(phare.published[2], episode=replace(phare.published[2].episode, kind="trailer"))
    serial = replace(phare.show, type="serial")
    pages = html(Case(serial, phare.art, (*phare.published[:2], trailer)))

    (link,) = pages["index.html"].cssselect(".start a")
    assert (link.get("href"), tidy(link)) == ("episodes/deux-horloges.html", "The harbour’s two clocks")
    assert not html(phare)["index.html"].cssselect(".start")
    assert not html(Case(serial, phare.art, phare.published[:1]))["index.html"].cssselect(".start")


def test_years_of_a_long_list(phare):
    """The first page of a long list leads to the newest episode of each year; a short list needs no such links."""
    one = phare.published[0]
    many = tuple(
        replace(
            one,
            page=f"episodes/{i}.html",
            episode=replace(one.episode, published=one.episode.published + dt.timedelta(days=30 * i)),
        )
        for i in range(50)
    )
    found = Case(phare.show, phare.art, many)
    pages = html(found)

    years = pages["index.html"].cssselect(".years a")
    assert [tidy(a) for a in years] == ["2030", "2029", "2028", "2027", "2026"]
    for a in years:
        name, fragment = urldefrag(a.get("href"))
        (entry,) = pages[name].xpath(f"//li[@id='{fragment}']")
        (time,) = entry.cssselect("time")
        assert time.get("datetime") == max(
            p.episode.published.isoformat() for p in many if str(p.episode.published.year) == tidy(a)
        )
    test_relative_links_exist(found)
    assert not pages["index-1.html"].cssselect(".years")
    assert not html(phare)["index.html"].cssselect(".years")


def test_where_the_show_is_at_home(phare):
    """The index leads to the show's own site and to where it can be supported, if it has them."""
    show = replace(phare.show, link="https://www.atelier.org/", funding="https://pay.org/x")
    links = html(Case(show, phare.art, phare.published))["index.html"].cssselect(".more a")

    assert [(a.get("href"), tidy(a)) for a in links] == [
        ("https://www.atelier.org/", "atelier.org"),
        ("https://pay.org/x", "Soutenir le podcast"),
    ]
    for plain in (phare.show, replace(phare.show, link=phare.show.url)):
        assert not html(Case(plain, phare.art, phare.published))["index.html"].cssselect(".more")


def test_links_of_notes(phare):
    """Notes have the links of the article and of its chapters; one without words shows where it leads, in short."""
    one = phare.published[1]
    long = "https://www.b.org/" + "a/" * 80 + "?utm_source=x"
    changed = replace(
        one,
        episode=replace(
            one.episode,
            source="https://s.org/",
            links=(Link("https://a.org/1", "Un"), Link("https://a.org/d%C3%A9j%C3%A0?x=1"), Link(long)),
            chapters=(
                Chapter(0, "Début", "https://s.org/"),
                Chapter(9_000, "Suite", "https://c.org/"),
                Chapter(12_000, "Fin", "https://a.org/1"),
            ),
        ),
    )
    page = html(Case(phare.show, phare.art, (changed,)))[one.page]

    links = [(a.get("href"), tidy(a)) for a in page.cssselect(".notes > ul a")]
    assert links == [
        ("https://a.org/1", "Un"),
        ("https://a.org/d%C3%A9j%C3%A0?x=1", "a.org/déjà"),
        (long, links[2][1]),
        ("https://c.org/", "Suite"),
    ]
    assert links[2][1].startswith("b.org/a/a/")
    assert len(links[2][1]) <= 71


@pytest.mark.parametrize(
    ("audio", "label"),
    [
        ("audio/a-0123456789.mp3", "MP3"), ("https://old.example/a.m4a?x=1", "M4A"),
        ("https://old.example/play/7", "MP3"), ("audio/a.opus", "OPUS"),
    ],
)  # fmt: skip
def test_files_say_what_they_are(phare, audio, label):
    """A link to a sound file is named by its format, and so is that to each of its alternates."""
    one = replace(phare.published[1], audio=audio, alternates=("audio/b.m4a",))
    page = html(Case(phare.show, phare.art, (one,)))[one.page]

    assert [tidy(a) for a in page.cssselect(".files a")][:2] == [label, "M4A"]
    assert tidy(page.cssselect(".failed a")[0]) == label


def test_transcript_has_its_structure(maree_page):
    """Headings, quotations and lists of the script are headings, quotations and lists on the page."""
    transcript = maree_page.cssselect(".transcript")[0]

    assert [tidy(h3) for h3 in transcript.cssselect("h3")] == ["Deux fois par jour", "Lire l'annuaire", "Ce qui change"]
    assert len(transcript.cssselect("blockquote p span[data-t]")) == 2
    assert [len(ul.cssselect("li")) for ul in transcript.cssselect("ul")] == [3]


def test_numbers_and_depth_of_the_transcript(phare):
    """A list that has numbers keeps them, beside one that has none; a heading below a chapter's is a smaller one."""
    told = [
        ("heading", 2, "Un"), ("item", 1, "A"), ("item", 2, "B"), ("item", 0, "C"), ("heading", 3, "Deux"),
        ("item", 7, "D"),
    ]  # fmt: skip
    cues = tuple(
        Cue(i * 1_000, i * 1_000 + 900, words, i, kind, level=level) for i, (kind, level, words) in enumerate(told)
    )
    one = replace(phare.published[0], episode=replace(phare.published[0].episode, cues=cues, chapters=()))
    transcript = html(Case(phare.show, phare.art, (one,)))[one.page].cssselect(".transcript > div")[0]

    assert [element.tag for element in transcript] == ["h3", "ol", "ul", "h4", "ol"]
    assert [li.get("value") for li in transcript.cssselect("li")] == ["1", "2", None, "7"]


def test_every_word_of_the_transcript_is_there(case):
    """The sentences on a page are those of the episode, each with its time, and nothing is lost."""
    found = html(case)
    for one in case.published:
        sentences = found[one.page].cssselect("[data-t]")
        cues = [cue for cue in one.episode.cues if text.line(cue.text)]

        assert [sentence.text_content() for sentence in sentences] == [text.line(cue.text) for cue in cues]
        assert [round(float(sentence.get("data-t")) * 1000) for sentence in sentences] == [cue.start_ms for cue in cues]


def test_without_script(maree_page, phare):
    """Without the script there are a native player, chapters that lead into the transcript, notes and disclosure."""
    audio = maree_page.cssselect("audio[controls][preload='metadata']")[0]
    maree = phare.published[1]
    ids = {element.get("id") for element in maree_page.cssselect("[id]")}
    links = [a.get("href") for a in maree_page.cssselect(".notes a")]

    assert audio.get("src") == "../" + maree.audio
    assert [tidy(a) for a in maree_page.cssselect(".chapters a")][1].endswith("Deux fois par jour")
    assert {a.get("href")[1:] for a in maree_page.cssselect(".chapters a, .time")} <= ids
    assert {maree.episode.source, "https://fr.example.org/annuaire"} < set(links)
    assert "voix de synthèse (IA)" in tidy(maree_page.cssselect(".disclosure")[0])
    assert [part.get("hidden") for part in maree_page.cssselect(".controls, .keys, .failed")] == ["", "", ""]


def test_accessible(case):
    """Each page has a language, one h1, landmarks, a skip link, and a name for each thing that is operated."""
    for page in html(case).values():
        assert page.get("lang")
        assert page.get("dir") in {"ltr", "rtl"}
        assert len(page.cssselect("h1")) == 1
        assert page.cssselect("main#main")
        assert page.cssselect("header")
        assert page.cssselect("body > a.skip[href='#main']")
        assert all(image.get("alt") is not None for image in page.cssselect("img"))
        assert all(nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.cssselect("nav, section"))
        ids = [element.get("id") for element in page.cssselect("[id]")]
        assert len(ids) == len(set(ids))
        assert {element.get("aria-labelledby") for element in page.cssselect("[aria-labelledby]")} <= set(ids)
        assert all(tidy(a) or a.get("aria-label") for a in page.cssselect("a, button"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme):
    """Text has a contrast of 4.5 or more on every ground (WCAG 2.2, 1.4.3), in both palettes."""
    style = next(data for name, data in load("phare").pages().items() if name.endswith(".css")).decode()
    palettes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w+);", palettes[{"light": 0, "dark": 1}[scheme]]))

    def luminance(colour: str) -> float:
        short = colour.removeprefix("#")
        digits = "".join(c * 2 for c in short) if len(short) == 3 else short
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in ("ink", "soft", "accent"):
        for ground in ("paper", "card", "glow"):
            if (ink, ground) in {("soft", "glow"), ("accent", "glow")}:
                continue  # what glows is written in ink
            dark, light = sorted((luminance(colours[ink]), luminance(colours[ground])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


# --- where links lead


def test_relative_links_exist(case):
    """Every relative link and source names a file of the feed folder, and every fragment an element."""
    found, files = html(case), case.files()
    for name, page in found.items():
        for _, attribute, link, _ in page.iterlinks():
            target, fragment = urldefrag(link)
            if urlsplit(target).scheme:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(target))) if target else name
            assert path in files, (name, attribute, link)
            if fragment:
                assert found[path].cssselect(f'[id="{fragment}"]'), (name, link)


def test_nothing_is_loaded_from_elsewhere(case):
    """No page, stylesheet or script asks another machine for anything."""
    for page in html(case).values():
        for element, _, link, _ in page.iterlinks():
            if urlsplit(link).scheme or link.startswith("//"):
                assert element.tag == "a" or (element.tag == "link" and element.get("rel") in ABSOLUTE)
    for name, data in case.pages().items():
        if name.startswith("assets/"):
            assert not re.search(rb"url\(|@import|https?:|fetch\(|XMLHttpRequest|WebSocket|sendBeacon", data), name


@pytest.mark.parametrize("name", ["flat.html", "episodes/one.html", "a/b/c/deep.html"])
def test_any_depth(phare, name):
    """Links are right at whatever depth a page lies."""
    changed = (replace(phare.published[0], page=name), *phare.published[1:])

    case = Case(phare.show, phare.art, changed)
    test_relative_links_exist(case)
    assert name in case.pages()


def test_absolute_addresses(phare):
    """Canonical, feed and previews name the show's own address."""
    page = html(phare)["episodes/lire-la-maree.html"]
    one, url = phare.published[1], phare.show.url

    assert page.cssselect("link[rel=canonical]")[0].get("href") == url + one.page
    assert page.cssselect("link[rel=alternate]")[0].get("href") == url + "feed.xml"
    graph = {meta.get("property"): meta.get("content") for meta in page.cssselect("meta[property]")}
    assert graph["og:title"] == "Lire la marée"
    assert graph["og:url"] == url + one.page
    assert graph["og:image"] == url + phare.art.cover
    assert "og:image:width" not in graph  # not known here
    sized = html(Case(phare.show, replace(phare.art, width=3000), phare.published))["index.html"]
    assert [m.get("content") for m in sized.cssselect("meta[property^='og:image:']")] == ["3000", "3000"]
    bare = html(Case(replace(phare.show, description=""), phare.art, phare.published))["index.html"]
    assert bare.cssselect("meta[name=description]")[0].get("content") == "Le Phare"
    assert graph["og:audio"] == url + one.audio
    assert html(phare)["index.html"].cssselect("link[rel=canonical]")[0].get("href") == url


# --- what people write


def test_nothing_people_write_is_live(hostile):
    """Titles, summaries, cues, names and links that hold markup are shown, and never run."""
    for name, page in html(hostile).items():
        scripts = [(script.get("type"), script.get("src")) for script in page.cssselect("script")]
        episode_page = [(None, scripts[0][1])] if name != "index.html" else []
        assert scripts == [*episode_page, ("application/ld+json", None)]
        assert not page.cssselect(
            "body b:not(.speaker):not([lang]), [onclick], [onerror], [style], style, iframe, form"
        )
        assert len(page.cssselect("img")) == 1
        assert {urlsplit(a.get("href")).scheme for a in page.cssselect("a")} <= {"", "http", "https"}
        assert "{{ 7*7 }}" in page.text_content()


def test_words_survive(hostile):
    """What people write is shown as they wrote it, without control characters."""
    page = html(hostile)["episodes/evil.html"]
    episode = hostile.published[0].episode

    assert page.cssselect("h1")[0].text_content() == text.line(episode.title)
    assert "“hi”" in page.cssselect("h1")[0].text_content()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", hostile.pages()["episodes/evil.html"].decode())


def test_only_web_addresses_are_links(hostile):
    """Of the article's links only those to the web are there, each address once."""
    page = html(hostile)["episodes/evil.html"]

    found = [a.get("href") for a in page.cssselect(".notes > ul a")]
    assert found == ["https://b.example/?q=%22&a=%3Cb%3E", "http://c.example/%C3%A9"]


def test_structured_data(case):
    """JSON-LD says the episode and its series, whatever the title holds."""
    found = html(case)
    for one in case.published:
        data = json.loads(found[one.page].cssselect("script[type='application/ld+json']")[0].text)

        assert data["@type"] == "PodcastEpisode"
        assert data["name"] == text.line(one.episode.title)
        assert data["associatedMedia"]["contentUrl"] == case.show.url + one.audio
        assert data["partOfSeries"]["webFeed"] == case.show.feed_url
        assert all(data.values()), "what is not known is left out"
        season = {"@type": "PodcastSeason", "seasonNumber": one.episode.season}
        assert data.get("partOfSeason") == (season if one.episode.season is not None else None)
    series = json.loads(found["index.html"].cssselect("script[type='application/ld+json']")[0].text)
    assert (series["@type"], series["name"]) == ("PodcastSeries", text.line(case.show.title))


def test_content_security_policy(case):
    """Each page forbids everything but its own files, and needs no exception: nothing in it is inline."""
    for page in html(case).values():
        policy = page.cssselect("meta[http-equiv='Content-Security-Policy']")[0].get("content")
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert not re.search(r"\*|https?:|data:", policy)
        assert not page.xpath("//@style | //style | //@*[starts-with(name(), 'on')]")
        before = page.xpath("//meta[@http-equiv]/preceding::*[@src or @href]")
        assert before == []


CUES = st.lists(
    st.tuples(
        st.text(), st.integers(0, 3), st.sampled_from(["heading", "paragraph", "quote", "item"]), st.sampled_from("ab")
    ),
    max_size=12,
)


@given(cues=CUES, marks=st.lists(st.integers(0, 12_000), max_size=4))
def test_passages_keep_every_word(cues, marks):
    """Whatever the cues and chapters are, every word stays in order, and no anchor is there twice."""
    made = [Cue(i * 1_000, i * 1_000 + 900, words, *rest) for i, (words, *rest) in enumerate(cues)]
    chapters = [Chapter(mark, "x") for mark in sorted(marks)]

    found = [passage for block in transcript_blocks.blocks(made, chapters) for passage in block.passages]

    said = [sentence.text for passage in found for sentence in passage.sentences]
    assert said == [line for words, *_ in cues if (line := text.line(words))]
    anchors = [anchor for passage in found for anchor in passage.anchors]
    assert len(anchors) == len(set(anchors))


# --- languages


def test_interface_speaks_the_language_of_the_show(phare):
    """Labels are in the show's language; the episode's own words say theirs, and so does the disclosure."""
    french = html(phare)["episodes/deux-horloges.html"]
    english = html(Case(replace(phare.show, language="en-GB"), phare.art, phare.published))

    assert (french.get("lang"), french.cssselect("h1")[0].get("lang")) == ("fr", "en")
    assert [tidy(h2) for h2 in french.cssselect("h2")] == ["Chapitres", "Transcription", "Notes"]
    assert tidy(french.cssselect(".disclosure")[0]) == "This episode is narrated by a synthetic voice (AI)."
    assert tidy(french.cssselect("time")[0]) == "9 novembre 2026"
    assert "0,8×" in french.text_content()
    page = english["episodes/lire-la-maree.html"]
    assert (page.get("lang"), page.cssselect("h1")[0].get("lang")) == ("en-GB", "fr")
    assert [tidy(h2) for h2 in page.cssselect("h2")] == ["Chapters", "Transcript", "Show notes"]
    assert tidy(page.cssselect("time")[0]) == "16 November 2026"
    assert [tidy(h2) for h2 in english["index.html"].cssselect("h2")] == ["Episodes"]


def test_right_to_left(hostile):
    """A show in Arabic runs from right to left; its labels, which are English, say so."""
    page = html(hostile)["index.html"]

    assert (page.get("lang"), page.get("dir")) == ("en", "rtl")
    assert (page.cssselect("h1")[0].get("lang"), page.cssselect("h1")[0].get("dir")) == ("ar-EG", "rtl")
    assert page.cssselect(".episodes h3")[0].get("dir") == "rtl"


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"), ("he-IL", "rtl"), ("FA", "rtl"), ("az-Arab-IR", "rtl"), ("fr", "ltr"), ("ku-Latn", "ltr"),
        ("zh-Hant-TW", "ltr"), ("ur", "rtl"),
    ],
)  # fmt: skip
def test_direction(language, direction):
    """The direction follows the script, or the language that is usually written in it."""
    assert langtag.direction(language) == direction


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [row.split("\t") for row in (DATA / "dates.tsv").read_text("utf-8").splitlines() if not row.startswith("#")],
)
def test_dates(language, day, written):
    """Dates are written as people of the language do, without the system's locale."""
    moment = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)

    assert i18n.date(moment, i18n.words(language)).replace("\u00a0", " ") == written


def test_dates_stay_on_their_day():
    """A date is the producer's own day, not that of the machine or of Greenwich."""
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))

    assert i18n.date(late, i18n.words("en")) == "23\u00a0November\u00a02026"


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (0, "1 s"), (45_400, "45 s"), (59_400, "59 s"), (60_000, "1 min"), (89_000, "1 min"), (3_599_000, "1 h"),
        (3_600_000, "1 h"), (3_900_000, "1 h 5 min"), (36_000_000, "10 h"),
    ],
)  # fmt: skip
def test_length(ms, written):
    """Lengths are in the units that people use for them."""
    assert i18n.length(ms).replace("\u00a0", " ") == written


@pytest.mark.parametrize("language", languages.known("page.toml"))
def test_words_are_whole(language):
    """Every language has every word, twelve months, and its own words rather than English ones."""
    own, english = i18n.words(language), i18n.words("en")

    assert all(own)
    assert len(own.months.split()) == 12
    if language != "en":
        assert sum(a == b for a, b in zip(own, english, strict=True)) <= 5


# --- size and sameness


def test_weight(phare):
    """However many episodes there are, a first visit takes 100 KB at most, sound and pictures aside."""
    one = phare.published[0]
    many = tuple(
        replace(
            one,
            page=f"episodes/{i}.html",
            episode=replace(
                one.episode,
                title=f"{i} " + "題" * 120,
                summary="🐟" * 2_000,
                published=one.episode.published + dt.timedelta(days=i),
            ),
        )
        for i in range(89)  # as many on the first page as there may be
    )
    found = Case(phare.show, phare.art, many).pages()
    assets = sum(len(data) for name, data in found.items() if name.startswith("assets/"))
    indexes = [name for name in found if name.startswith("index")]

    assert indexes == ["index.html", "index-4.html", "index-3.html", "index-2.html", "index-1.html"]
    assert max(len(found[name]) for name in indexes) + assets <= 100_000
    assert len(found["episodes/7.html"]) + assets <= 100_000
    listed = [a.get("href") for name in indexes for a in parse(found[name]).cssselect(".episodes h3 a")]
    assert listed == [f"episodes/{i}.html" for i in reversed(range(89))]
    test_relative_links_exist(Case(phare.show, phare.art, many))


def test_old_pages_of_the_index_stay(phare):
    """A new episode changes the first page of the index, and another only if it begins one; the rest stays."""
    one = phare.published[0]
    many = tuple(
        replace(
            one,
            page=f"episodes/{i}.html",
            episode=replace(one.episode, published=one.episode.published + dt.timedelta(days=i)),
        )
        for i in range(80)
    )
    for count in (44, 45, 46, 59, 60, 79):
        before, after = (Case(phare.show, phare.art, many[:n]).pages() for n in (count, count + 1))
        indexes = [name for name in after if name.startswith("index-")]
        changed = [name for name in indexes if before.get(name) != after[name]]
        newest = max(indexes, key=lambda name: int(name[6:-5]))
        begun = (count + 1) % 15 == 0
        assert len(indexes) == (count + 1) // 15 - 1
        # the page that was the newest gets a link to the one that is begun
        assert set(changed) <= {newest, f"index-{len(indexes) - 1}.html"} if begun else changed == []


def test_a_show_without_episodes(phare):
    """A show that has no episode yet has an index all the same."""
    assert "index.html" in Case(phare.show, phare.art, ()).pages()


PROGRAM = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from tests.site.test_site import load
print(hashlib.sha256(repr(load("phare").pages()).encode()).hexdigest())
"""


def test_same_bytes():
    """The same show gives the same bytes in any process, time zone and locale."""
    surroundings = ({"TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"TZ": "America/Toronto", "LC_ALL": "C.UTF-8"})
    digests = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(ROOT), str(TESTS / "support")],
            env=os.environ | some | {"PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
        ).stdout
        for seed, some in enumerate(surroundings)
    }

    assert len(digests) == 1


def test_apps_and_a_file_subscribe(phare):
    """Links open the feed in an app once its address is real; the OPML file names it for all of them."""
    show = replace(phare.show, url="https://www.phare.org/podcast/", title="Le “Phare” & Cie <b>")
    pages = site.pages(show, phare.published, phare.art)
    links = [a.get("href") for a in parse(pages["index.html"]).cssselect(".apps a")]

    assert links == [
        "podcast://www.phare.org/podcast/feed.xml",
        "https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fwww.phare.org%2Fpodcast%2Ffeed.xml",
        "overcast://x-callback-url/add?url=https%3A%2F%2Fwww.phare.org%2Fpodcast%2Ffeed.xml",
        "pktc://subscribe/www.phare.org/podcast/feed.xml",
        "castros://subscribe/www.phare.org/podcast/feed.xml",
        "show.opml",
    ]
    (feed,) = opml.parse(pages["show.opml"]).feeds
    assert (feed.title, feed.url) == (show.title, show.feed_url)
    assert len(parse(phare.pages()["index.html"]).cssselect(".apps a")) == 1
