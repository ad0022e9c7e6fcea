# SPDX-License-Identifier: GPL-3.0-or-later
"""Show notes: simple HTML that says where a text comes from and who speaks, and is never too long."""

import datetime as dt
import re
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from podcast import disclosure, languages, text
from podcast.config.settings import Show
from podcast.feed import show_notes
from podcast.model import Chapter, Enclosure, Episode, Imported, Link, Loudness

SHOW = Show(title="À voix haute", language="fr", url="https://example.org/", guid="")
CHAPTERS = (Chapter(0, "Début"), Chapter(61_000, "Milieu & plus"), Chapter(3_725_000, "Fin"))


def episode(**changes: object) -> Episode:
    """Return an episode with changes."""
    values = {
        "slug": "s",
        "guid": "g",
        "title": "Un titre",
        "published": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "language": "fr",
        "enclosure": Enclosure("s.mp3", 1, "00", 4_000_000),
        "chapters": (),
        "cues": (),
        "loudness": Loudness(-16.0, -1.5),
    }
    return Episode(**{**values, **changes})


def words(html: str) -> str:
    """Return what a browser would show, paragraphs on lines."""
    return lxml_html.fromstring(f"<div>{re.sub('<br>|</p>|</li>', chr(10), html)}</div>").text_content()


def test_the_whole_notes_in_order():
    """Summary, credit, time stamps, links and disclosure, in the language of the episode."""
    html = show_notes.html(
        SHOW,
        episode(
            summary="Un & deux.\n\nTrois <3.",
            author="Ada",
            source="https://example.com/a?b=1&c=2",
            chapters=CHAPTERS,
            links=(Link("https://example.com/r", "Réf"), Link("https://example.com/s"), Link("javascript:x", "Non")),
        ),
    )

    assert html == (
        "<p>Un &amp; deux.</p><p>Trois &lt;3.</p>"
        '<p>Texte&nbsp;: Ada<br>Source&nbsp;: <a href="https://example.com/a?b=1&amp;c=2">Un titre</a></p>'
        "<p>(00:00) Début<br>(01:01) Milieu &amp; plus<br>(1:02:05) Fin</p>"
        '<p>Liens&nbsp;:</p><ul><li><a href="https://example.com/r">Réf</a></li>'
        '<li><a href="https://example.com/s">https://example.com/s</a></li></ul>'
        "<p>Cet épisode est lu par une voix de synthèse (IA).</p>"
    )


def test_the_description_is_the_short_form():
    """The links are left to the whole notes; the rest is there."""
    given = episode(
        summary="Court.", source="https://example.com/a", chapters=CHAPTERS, links=(Link("https://e.com/"),)
    )

    assert show_notes.description(SHOW, given) == show_notes.html(SHOW, given).replace(
        '<p>Liens&nbsp;:</p><ul><li><a href="https://e.com/">https://e.com/</a></li></ul>', ""
    )


def test_time_stamps_are_those_of_the_chapters():
    """A line a chapter as Spotify finds it, the first at 00:00, hours only where there are some."""
    shown = words(show_notes.html(SHOW, episode(chapters=CHAPTERS)))

    assert "(00:00) Début\n(01:01) Milieu & plus\n(1:02:05) Fin" in shown


def test_two_chapters_make_no_time_stamps():
    """Spotify wants three."""
    assert "(00:00)" not in show_notes.html(SHOW, episode(chapters=CHAPTERS[:2]))


@pytest.mark.parametrize("language", [*languages.known("disclosure.toml"), "fr-CA", "pt-BR"])
def test_the_voice_is_disclosed_in_the_language(language):
    """Each language that we know has its own sentence, its regions too."""
    sentence = disclosure.words(language).narrated

    assert sentence in words(show_notes.html(SHOW, episode(language=language)))
    assert sentence in words(show_notes.description(SHOW, episode(language=language)))


def test_another_language_is_disclosed_in_english():
    """A language without a sentence of its own gets the English one; an episode without a language, the show's."""
    assert disclosure.words("en").narrated in show_notes.html(SHOW, episode(language="mi"))
    assert "voix de synthèse" in show_notes.html(SHOW, episode(language=""))
    assert disclosure.narrator("kokoro/jf_alpha", "mi") == "kokoro jf_alpha (synthetic voice)"


def test_a_long_summary_is_cut_between_words():
    """The summary ends with an ellipsis after a whole word; credit and disclosure are still there."""
    description = show_notes.description(SHOW, episode(summary="mot été " * 2_000, source="https://example.com/a"))

    assert 3_900 < len(escape(description).encode()) <= 4_000
    assert re.search(r"(mot|été)…</p><p>Source", description)
    assert description.endswith("(IA).</p>")


def test_a_summary_of_many_paragraphs_is_cut_where_the_room_ends():
    """Whole paragraphs, then the beginning of one, in 4000 bytes with what follows."""
    paragraph = "mot " * 80
    description = show_notes.description(SHOW, episode(summary=f"{paragraph}\n\n" * 40))

    *full, last, _ = description.split("</p>")[:-1]
    assert 3_900 < len(escape(description).encode()) <= 4_000
    assert len(full) == 11
    assert set(full) == {f"<p>{paragraph.strip()}"}
    assert re.fullmatch(r"<p>(mot )*mot…", last)


def test_an_endless_address_does_not_push_out_the_rest():
    """A source of 5000 characters is left to the whole notes."""
    given = episode(summary="Court.", source="https://example.com/" + "x" * 5_000)

    assert (
        show_notes.description(SHOW, given) == "<p>Court.</p><p>Cet épisode est lu par une voix de synthèse (IA).</p>"
    )
    assert "x" * 5_000 in show_notes.html(SHOW, given)


ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=300)


@given(ANY.map(lambda part: part * 20), ANY, ANY, st.lists(ANY, max_size=20))
def test_any_text_fits_and_is_safe(summary, author, title, names):
    """Whatever is written: 4000 bytes, allowed tags only, all closed, no control characters, disclosure at the end."""
    given = episode(
        summary=summary,
        author=author,
        title=title,
        source="https://example.com/" + "é" * len(title),
        chapters=tuple(Chapter(index * 1_000, name) for index, name in enumerate(names)),
    )
    short, whole = show_notes.description(SHOW, given), show_notes.html(SHOW, given)

    assert len(escape(short).encode()) <= 4_000
    for html in (short, whole):
        tags = re.findall(r"<(/?)([a-z]+)", html)
        assert {name for _, name in tags} <= {"p", "br", "a", "ul", "li"}
        assert all(
            sum(1 if not end else -1 for end, tag in tags if tag == name) == 0 for name in ("p", "a", "ul", "li")
        )
        assert html == text.clean(html)
        assert html.endswith("<p>Cet épisode est lu par une voix de synthèse (IA).</p>")


@given(ANY)
def test_the_whole_notes_lose_nothing(summary):
    """A browser shows the text of the summary, less forbidden characters."""
    shown = words(show_notes.html(SHOW, episode(summary=summary)))

    assert (
        text.clean(summary).split() == shown.removesuffix("Cet épisode est lu par une voix de synthèse (IA).\n").split()
    )


def test_notes_from_elsewhere_stay_what_they_were():
    """Pictures and all; each of the two stands in for the other, and a large catalogue has the summary alone."""
    picture = '<p>Tout <img src="https://example.com/a.png" alt=""></p>'
    both = episode(summary="En bref.", imported=Imported(description="<p>Court</p>", notes=picture))
    one = episode(summary="En bref.", imported=Imported(description=picture))

    assert (show_notes.description(SHOW, both), show_notes.html(SHOW, both)) == ("<p>Court</p>", picture)
    assert (show_notes.description(SHOW, one), show_notes.html(SHOW, one)) == (picture, picture)
    assert show_notes.short(SHOW, both) == "<p>En bref.</p>"
