# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts: drafted from articles, written to files, edited by people, read back."""

import datetime as dt
import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcast import languages
from podcast.config.settings import Show
from podcast.errors import ScriptError
from podcast.model import Article, Block, Link, Said, Script, Segment, Speaker
from podcast.read.normalize import fold
from podcast.script import Pause, draft, guid_for, parse, render, runs, shown, slugify
from podcast.script.draft import in_words
from podcast.script.inline import escape

PATH = Path("scripts/essai.md")
SHOW = Show("Le Phare", "fr", "https://phare.example/", "917393e3-1b1e-5cef-ace4-edaa54e1f810")
DATE = dt.datetime(2026, 11, 23, 6, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
HEAD = """---
title: Essai
guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5
date: 2026-11-23T06:00:00-05:00
language: fr
speakers: {anna: espeak/fr, host: {voice: tone/low, speed: 1.1}}
---
"""

words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60).map(fold).filter(bool)
marked = st.text(st.sampled_from("*_`[]()\\#>-+!<.:1 aé"), min_size=1, max_size=40).map(fold).filter(bool)
texts = st.one_of(words, marked)


def script_of(body: str) -> Script:
    """Return the script with this body."""
    return parse(HEAD + body, "essai", PATH)


@given(texts)
def test_any_text_survives_as_a_paragraph(text):
    """What an article says is shown as it is, whatever marks stand in it."""
    assert shown(escape(text)) == fold(text).strip()


blocks = st.one_of(
    st.builds(Block, st.sampled_from(["paragraph", "quote"]), texts),
    st.builds(Block, st.just("heading"), texts, st.integers(1, 6)),
    st.builds(Block, st.just("item"), texts, st.integers(0, 20)),
)


@given(
    st.builds(
        Article,
        title=texts,
        blocks=st.lists(blocks, min_size=1, max_size=6).map(tuple),
        language=st.sampled_from(["fr", "en", "pt-BR", "ja"]),
        author=st.one_of(st.just(""), texts),
        summary=st.one_of(st.just(""), texts),
        links=st.lists(st.builds(Link, st.just("https://a.example/x?y=1#z"), texts), max_size=2).map(tuple),
    )
)
def test_a_drafted_script_reads_back_equal(article):
    """Writing a script and reading it gives the script; writing that again gives the same bytes."""
    script = draft(article, replace(SHOW, closing=""), slug="essai", date=DATE, file="essai.md", episode=3)
    text = render(script)
    again = parse(text, "essai", PATH)

    assert script == again
    assert text == render(again)
    assert [b.text for b in article.blocks] == [shown(s.text) for s in again.segments][-len(article.blocks) :]


def test_every_short_mix_of_marks_shows_as_it_was():
    """What `escape` writes is shown exactly, whichever marks meet."""
    for letters in itertools.product("0é_*\\.` ", repeat=4):
        text = " ".join("".join(letters).split())
        assert shown(escape(text)) == text


def test_the_whole_grammar_is_read():
    """Chapters, quotes, speakers, lists, sounds, pauses and remarks each become what they should."""
    script = script_of("""
## Une recette ouverte

Un paragraphe
sur deux lignes.

> Une citation
> de deux lignes.

**Anna:** Bonjour !

- un
- deux

1. premier

<!-- une remarque
     pour soi -->

![un gong](audio/music/gong.flac)

***

[pause 1.5s]

### Plus petit
""")

    assert [(s.kind, s.text, s.level) for s in script.segments] == [
        ("heading", "Une recette ouverte", 2),
        ("paragraph", "Un paragraphe\nsur deux lignes.", 0),
        ("quote", "Une citation\nde deux lignes.", 0),
        ("paragraph", "Bonjour !", 0),
        ("item", "un", 0),
        ("item", "deux", 0),
        ("item", "premier", 1),
        ("sound", "un gong", 0),
        ("pause", "", 0),
        ("pause", "", 0),
        ("heading", "Plus petit", 3),
    ]
    assert script.segments[3].speaker == "Anna"
    assert script.segments[7].file == "audio/music/gong.flac"
    assert [s.pause_ms for s in script.segments[8:10]] == [0, 1500]
    assert script.speakers == {"anna": Speaker("espeak/fr"), "host": Speaker("tone/low", 1.1)}
    assert script.date == DATE


@pytest.mark.parametrize(
    ("who", "written"),
    [
        (Speaker("tone/low"), "anna: tone/low"),
        (Speaker("tone/low", speed=1.1), "anna:\n    voice: tone/low\n    speed: 1.1"),
        (Speaker("tone/low", pitch=0.9), "anna:\n    voice: tone/low\n    pitch: 0.9"),
        (Speaker("tone/low", 1.1, 0.9), "anna:\n    voice: tone/low\n    speed: 1.1\n    pitch: 0.9"),
    ],
)
def test_a_speaker_is_written_with_its_voice_and_what_is_set(who, written):
    """Front matter keeps the voice of each speaker, alone if nothing else is set, and reads back the same."""
    script = replace(script_of("\nUn mot.\n"), speakers={"anna": who})

    text = render(script)

    assert f"speakers:\n  {written}\n" in text
    assert parse(text, "essai", PATH).speakers == {"anna": who}


def test_marks_inside_a_paragraph_are_read():
    """Say-as, pauses, links and emphasis are markup, not words."""
    text = r"Chez [DeepSeek](say:dip sik), *vite* [pause 300ms] et [ici](https://a.example/b_(c)) : 5 \* 3, snake_case."

    assert runs(text) == (
        "Chez ",
        Said("DeepSeek", "dip sik"),
        ", vite ",
        Pause(300),
        " et ici : 5 * 3, snake_case.",
    )
    assert shown(text) == "Chez DeepSeek, vite et ici : 5 * 3, snake_case."


@pytest.mark.parametrize("colon", [":", " :", "\u00a0:", "\u202f:"])
def test_a_speaker_may_have_a_space_before_the_colon(colon):
    """As French is written: with a space, which an editor makes one that does not break."""
    (segment,) = script_of(f"\n**Anna{colon}** Bonjour.\n").segments

    assert (segment.speaker, segment.text) == ("Anna", "Bonjour.")


# what is wrong in a file of 8 lines of front matter and a body -> line, words of the message
MISTAKES = [
    ("\nBien.\n\n[pause bientôt]\n", 11, "not a valid pause"),
    ("\nBien.\n\nUn [mot](say:) ici.\n", 11, "has no pronunciation"),
    ("\nBien.\n\nUne ligne\nun [mot](say:oups ici.\n", 12, "not closed"),
    ("\nBien.\n\n**Zoé:** Bonjour.\n", 11, "unknown speaker 'Zoé'"),
    ("\nBien.\n\n##\n", 11, "a heading without text"),
    ("\nBien.\n\n<!-- oubli\n\nmots\n", 11, "not closed"),
    ("\n\n", 8, "no text to narrate"),
]


@pytest.mark.parametrize(("body", "line", "message"), MISTAKES)
def test_a_mistake_in_the_body_names_its_line(body, line, message):
    """The message has the file, the line and a hint."""
    with pytest.raises(ScriptError, match=message) as caught:
        script_of(body)

    assert str(caught.value).startswith(f"{PATH}:{line}: ")
    assert caught.value.hint


def test_items_of_a_list_may_go_on_over_lines():
    """The next item begins a segment of its own, whether the one before it takes one line or two."""
    script = script_of("- un\n  suite\n- deux\n- trois\n")

    assert [(segment.text.split(), segment.line - script.segments[0].line) for segment in script.segments] == [
        (["un", "suite"], 0),
        (["deux"], 2),
        (["trois"], 3),
    ]


def test_a_mistake_on_line_17_is_found_on_line_17():
    """Remarks, wrapped paragraphs and quotes before it do not shift the count."""
    body = "<!-- une\nremarque -->\n\nUn\ndeux\n> cite\n\nfin\n\n[pause x]\n"

    with pytest.raises(ScriptError, match=f"{re.escape(str(PATH))}:17: "):
        script_of(body)


FRONT_MISTAKES = [
    ("title: Essai", "titel: Essai", 2, "did you mean title"),
    ("date: 2026-11-23T06:00:00-05:00", "date: demain", 4, "write it as"),
    ("language: fr", "language: français ?", 5, "such as fr"),
    ("language: fr", "episode: zéro\nlanguage: fr", 5, "remove the line"),
    ("language: fr", "episode: 0\nlanguage: fr", 5, "remove the line"),
    ("guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5", "guid: 12", 3, "restore"),
    ("title: Essai", 'title: "Essai', 2, "quotes"),
    ("guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5\n", "", 1, "guid"),
    ("anna: espeak/fr", "anna: {voice: espeak/fr, speed: 9}", 6, "0.5"),
    ("anna: espeak/fr", "anna: {sped: 9}", 6, "did you mean speed"),
    ("anna: espeak/fr", "anna: {voice: pico/fr, speeed: 1.1}", 6, "did you mean speed"),
    ("anna: espeak/fr", "anna: [pico/fr]", 6, "for example: speakers:"),
    ("language: fr", "language: fr\ntitle: Autre", 6, "remove one"),
]


@pytest.mark.parametrize(("old", "new", "line", "hint"), FRONT_MISTAKES)
def test_a_mistake_in_the_front_matter_names_its_line(old, new, line, hint):
    """Unknown keys, wrong values, missing keys and broken YAML have their own messages."""
    with pytest.raises(ScriptError) as caught:
        parse(HEAD.replace(old, new) + "\nBien.\n", "essai", PATH)

    # an unclosed quote is noticed where the text ends, not where it began
    assert (
        str(caught.value).startswith(f"{PATH}:")
        if new.endswith('"Essai')
        else str(caught.value).startswith(f"{PATH}:{line}: ")
    )
    assert hint in caught.value.hint


def test_a_text_without_front_matter_is_no_script():
    """A file that never was a script is refused, with what it needs."""
    with pytest.raises(ScriptError, match=r"essai\.md:1: no front matter"):
        parse("Bonjour.\n", "essai", PATH)


def test_yaml_makes_no_guesses():
    """`no` is a word, and a title of digits stays one."""
    script = parse(HEAD.replace("title: Essai", "title: 2026-11-23\nauthor: no") + "\nBien.\n", "essai", PATH)

    assert script.title == "2026-11-23"
    assert script.author == "no"


def test_the_opening_names_show_title_author_and_the_synthetic_voice():
    """Listeners hear what they listen to, and that a machine reads it."""
    article = Article("Le sel.", (Block("paragraph", "La mer."),), "fr", author="C. Verdier")
    opening = draft(article, SHOW, slug="sel", date=DATE).segments[0].text

    assert opening == "Vous écoutez Le Phare. Le sel. Un article de C. Verdier, lu par une voix de synthèse."
    english = draft(replace(article, language="en-GB", author=""), SHOW, slug="sel", date=DATE).segments[0].text
    assert english == "You are listening to Le Phare. Le sel. An article, read by a synthetic voice."


@pytest.mark.parametrize("language", ["zh-TW", "nb", "ru", "hi", "ar", "ja"])
def test_listeners_of_many_languages_are_told_that_a_machine_reads(language):
    """The opening is in the language of the article, without spaces and full stops of another one."""
    article = Article("盐？", (Block("paragraph", "海。"),), language, author="陳", published=DATE)
    opening = draft(article, SHOW, slug="sel", date=DATE).segments[0].text

    assert "{" not in opening
    assert "？." not in opening
    assert "？。" not in opening
    assert opening.startswith(
        {"zh-TW": "您正在收聽Le Phare。盐？本文作者陳，發布於", "nb": "Du hører på Le Phare. "}.get(language, "")
    )


def test_every_language_has_every_phrase():
    """A language that is added has what the others have."""
    phrases = {tag: languages.table(tag, "script.toml") for tag in languages.known("script.toml")}
    wanted = set(phrases["en"])

    assert [language for language, own in phrases.items() if set(own) - {"by_vowel"} != wanted] == []
    assert tuple(phrases) == languages.known("disclosure.toml")


@pytest.mark.parametrize(
    ("text", "end"),
    [("海水是咸的。" * 60, "。"), ("2021年 " + "海" * 400, "海…"), ("क" + "\u093f" * 3 + "क्षि" * 200, "…")],
)
def test_a_summary_of_a_script_without_spaces_is_cut_too(text, end):
    """At the end of a sentence, else at the limit, but never inside a character."""
    summary = draft(Article("海", (Block("paragraph", text),), "zh"), SHOW, slug="s", date=DATE).summary

    assert 200 < len(summary) <= 281
    assert summary.endswith(end)
    assert text.startswith(summary.removesuffix("…"))


def test_the_show_may_word_opening_and_closing_or_do_without():
    """show.toml has the last word."""
    article = Article("Le sel", (Block("paragraph", "La mer."),), "fr", author="C. Verdier")
    show = replace(SHOW, opening="{title}, par {author}.", closing="À demain !")

    assert [s.text for s in draft(article, show, slug="s", date=DATE).segments] == [
        "Le sel, par C. Verdier.",
        "La mer.",
        "À demain !",
    ]
    assert len(draft(article, replace(SHOW, opening="", closing=""), slug="s", date=DATE).segments) == 1


def test_code_is_skipped_and_tables_are_named():
    """What cannot be read aloud is not read aloud, and listeners know of it."""
    article = Article("T", (Block("paragraph", "A."), Block("code", "x = 1"), Block("table", "a | b")), "en")

    assert [s.text for s in draft(article, replace(SHOW, opening="", closing=""), slug="s", date=DATE).segments] == [
        "A.",
        "The article shows a table here.",
    ]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Pourquoi la mer est-elle salée ?", "pourquoi-la-mer-est-elle-salee"),
        ("L’œuvre & l’Æther", "l-oeuvre-l-aether"),
        ("  R&D  ", "r-d"),
        ("a" * 100, "a" * 60),
        ("Straße, Łódź, Ærø, iPhone", "strasse-lodz-aero-iphone"),
        ("Москва 877", "moskva-877-65311121"),
        ("Търговци", "trgovtsi-51c37972"),
        ("🎉🎉 BIG news!!! 🚀", "big-news"),
        ("深度求索", "shen-du-qiu-suo-1407b719"),
    ],
)
def test_slugs_are_readable_ascii(title, slug):
    """Latin titles keep their letters without accents."""
    assert slugify(title) == slug


@given(st.text(min_size=1, max_size=200))
def test_slugs_are_always_safe_names(title):
    """Any title gives a short name of a-z, 0-9 and hyphens."""
    slug = slugify(title)

    assert slug
    assert len(slug) <= 70
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_titles_in_other_scripts_stay_distinct():
    """Letters that have no ASCII form leave a digest, so that two titles never share a name."""
    assert (
        len(
            {
                slugify(t)
                for t in ("日本語", "中文", "Ελληνικά", "Русский", "العربية", "AI 日本語", "AI 中文", "!!!", "???")
            }
        )
        == 9
    )


def test_guids_depend_on_show_and_slug_alone():
    """The same episode of the same show has the same guid for life."""
    assert guid_for(SHOW.guid, "essai") == guid_for(SHOW.guid, "essai") != guid_for(SHOW.guid, "autre")


def test_line_numbers_do_not_make_scripts_differ():
    """A segment is what it says, wherever it stands in the file."""
    assert Segment("paragraph", "a", line=3) == Segment("paragraph", "a", line=9)


def test_a_script_written_by_hand_is_given_a_guid_to_copy():
    """Nobody has to know how to make one: with the line that the hint gives, the script can be read."""
    bare = HEAD.replace("guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5\n", "")
    with pytest.raises(ScriptError) as told:
        parse(bare + "Un mot.\n", "essai", PATH)
    line = re.search("`(guid: .+?)`", told.value.hint)[1]

    assert parse(bare.replace("---\n", f"---\n{line}\n", 1) + "Un mot.\n", "essai", PATH).guid == line[6:]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "10 novembre 2024"), ("en", "November 10, 2024"), ("tlh", "2024-11-10"), ("x-none", "2024-11-10")],
)
def test_a_date_is_spoken_in_its_language(language, words):
    """Without a locale of the language, as digits that any voice can read."""
    assert in_words(dt.datetime(2024, 11, 10, tzinfo=dt.UTC), language) == words


def test_the_title_is_not_spoken_twice():
    """A title made from the first sentence is left out of the opening, whatever heading or image comes before it."""
    blocks = (Block("heading", "Marée"), Block("paragraph", "La mer monte vite."))
    same = draft(Article("La mer monte vite", blocks, "fr"), SHOW, slug="s", date=DATE)
    other = draft(Article("Le large", blocks, "fr"), SHOW, slug="s", date=DATE)

    assert "La mer monte vite" not in same.segments[0].text
    assert "Le large" in other.segments[0].text
