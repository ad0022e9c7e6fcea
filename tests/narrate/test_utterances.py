# SPDX-License-Identifier: GPL-3.0-or-later
"""Utterances: every word of a script, by the right voice, with the right silence after it."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import TESTS, edit
from hypothesis import given
from hypothesis import strategies as st

from podcast import languages
from podcast.config.load import load
from podcast.config.settings import Pauses, Section, Show, Track
from podcast.errors import ConfigError, ScriptError, UnknownVoice
from podcast.model import Script, Segment, Speaker, Utterance
from podcast.narrate import utterances
from podcast.narrate.synthesis import given as given_to
from podcast.narrate.utterances import Sound, beds, calibration, cast, pieces, section_music
from podcast.produce.intake import scripts
from podcast.script import draft, parse
from podcast.script.inline import escape

ARTICLES = TESTS / "data" / "articles"
DATE = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
SHOW = Show(
    "Le Phare",
    "fr",
    "https://phare.example/",
    "917393e3-1b1e-5cef-ace4-edaa54e1f810",
    voices={"fr": Speaker("tone/low"), "en": Speaker("tone/high", 1.2)},
    lexicon={"fr": {"Kerguen": "kergaine"}},
)


def script_of(*segments: Segment, language: str = "fr", **speakers: str) -> Script:
    """Return a script."""
    cast = {name: Speaker(voice) for name, voice in speakers.items()}
    return Script("essai", "Essai", "", DATE, language, segments, speakers=cast, path=Path("scripts/essai.md"))


def said(script: Script, show: Show = SHOW) -> list[Utterance]:
    """Return the utterances of a script."""
    return [piece for piece in pieces(script, show) if isinstance(piece, Utterance)]


def test_sentences_are_said_one_by_one_in_speakable_form():
    """Shown as written, said as spoken; the lexicon of the show is heard."""
    one, two = said(
        script_of(Segment("paragraph", "M. Kerguen avait 21 ans en ce temps-là. Il veillait seul au phare."))
    )

    assert one.shown == "M. Kerguen avait 21 ans en ce temps-là."
    assert "kergaine" in one.said
    assert "vingt et un ans" in one.said
    assert two.shown == "Il veillait seul au phare."


def test_pauses_follow_from_what_is_said_and_what_comes_next():
    """Sentences, paragraphs, headings, quotes and explicit pauses each have their own silence."""
    show = replace(SHOW, pauses=Pauses(1, 2, 3, 4, 5, 6, 7, 8))
    script = script_of(
        Segment("paragraph", "Une première phrase assez longue. Une seconde phrase assez longue."),
        Segment("quote", "Une citation tout aussi longue."),
        Segment("heading", "Le titre du chapitre", level=2),
        Segment("item", "Un premier point de la liste"),
        Segment("pause"),
        Segment("paragraph", "Avant la pause exacte. [pause 1.5s] Après la pause exacte."),
        Segment("pause", pause_ms=900),
        Segment("heading", "Un autre titre de chapitre", level=2),
        Segment("paragraph", "La toute dernière phrase."),
    )

    assert [piece.pause_ms for piece in pieces(script, show)] == [1, 3, 7, 6, 8, 1500, 900, 6, 0]


def test_headings_and_items_end_like_sentences():
    """The voice falls at the end of a title; what is shown has no added mark."""
    heading, item, question = said(
        script_of(
            Segment("heading", "Le lent travail de la pluie", level=2),
            Segment("item", "des coquilles et des coraux ;"),
            Segment("heading", "Et la mer Morte, dans tout cela ?", level=2),
        )
    )

    assert heading.said.endswith("pluie.")
    assert heading.shown.endswith("pluie")
    assert not item.said.endswith(";.")
    assert question.said.endswith("?")


def test_words_with_a_given_pronunciation_are_said_so():
    """[word](say:…) is shown as the word, wherever the text is cut."""
    (one,) = said(script_of(Segment("paragraph", "Chez [DeepSeek & Cie](say:dip sik) tout est ouvert.")))

    assert one.shown == "Chez DeepSeek & Cie tout est ouvert."
    assert "dip sik" in one.said


IPA = replace(SHOW, lexicon={"fr": {"Kerguen": "/kɛʁɡɛn/"}})


def test_a_word_in_ipa_is_given_to_a_voice_that_speaks_phonemes():
    """Its spoken text stays readable; a sentence without such a word is given as it is."""
    made_of = script_of(Segment("paragraph", "Le port de Kerguen dort. La [mer](say:/mɛʁ/) monte."))
    one, two = said(made_of, replace(IPA, voices={"fr": Speaker("espeak/fr")}))
    (other,) = said(script_of(Segment("paragraph", "Rien.")), replace(IPA, voices={"fr": Speaker("espeak/fr")}))

    assert (one.said, given_to(one)) == ("Le port de Kerguen dort.", "Le port de [Kerguen](/kɛʁɡˈɛn/) dort.")
    assert (two.said, given_to(two)) == ("La mer monte.", "La [mer](/mˈɛʁ/) monte.")
    assert "".join(part.said for part in one.parts).strip() == one.said
    assert (other.annotated, given_to(other)) == ("", "Rien.")


def test_a_voice_that_reads_letters_gets_a_respelling_and_the_producer_a_note():
    """Once for each word."""
    made_of = script_of(Segment("paragraph", "Kerguen dort. Kerguen et d'autres ports dorment aussi, loin d'ici."))
    spoken = said(made_of, IPA)

    assert given_to(spoken[0]).startswith("kèrguenne dort")
    assert list(utterances.respelt(spoken)) == ["tone/low cannot read IPA: 'Kerguen' is spoken as 'kèrguenne'"]


def test_speakers_are_found_by_name_by_kind_and_by_language():
    """The named speaker wins, then the one of the kind, then the host, then the show's voice."""
    segments = (
        Segment("paragraph", "Par l’hôte, comme il se doit."),
        Segment("quote", "Par la voix des citations, donc."),
        Segment("paragraph", "Par Anna, qui est nommée ici.", speaker="Anna"),
    )

    def refs(script: Script) -> list[str]:
        return [one.voice.ref for one in said(script)]

    assert refs(script_of(*segments, anna="espeak/fr")) == ["tone/low", "tone/low", "espeak/fr"]
    assert refs(script_of(*segments, anna="espeak/fr", host="tone/high", quote="pico/fr")) == [
        "tone/high",
        "pico/fr",
        "espeak/fr",
    ]
    english = said(script_of(Segment("paragraph", "By the English voice."), language="en-GB"))
    assert (english[0].voice.ref, english[0].voice.speed) == ("tone/high", 1.2)
    assert said(script_of(Segment("paragraph", "日本語の文章です。"), language="ja"))[0].voice.engine == "espeak"
    assert [voice.ref for voice in cast(script_of(*segments, anna="espeak/fr"), SHOW)] == ["tone/low", "espeak/fr"]


def test_a_missing_voice_names_the_script_or_the_key_of_the_show():
    """The error says where the voice was asked for."""
    show = replace(SHOW, voices={"fr": Speaker("tone/lou")}, sections={"Mer": Section(voice=Speaker("tone/haut"))})
    with pytest.raises(UnknownVoice, match=r"^show\.toml: voices\.fr: unknown voice 'tone/lou'"):
        pieces(script_of(Segment("paragraph", "Bonjour à tous.")), show)
    with pytest.raises(UnknownVoice, match=r"^show\.toml: sections\.Mer\.voice: unknown voice 'tone/haut'"):
        pieces(script_of(Segment("heading", "Mer", level=2), Segment("paragraph", "Bonjour à tous.")), show)
    with pytest.raises(UnknownVoice, match=r"scripts[\\/]essai\.md: unknown voice 'tone/lou'") as caught:
        pieces(script_of(Segment("paragraph", "Bonjour à tous."), host="tone/lou"), SHOW)
    assert "tone/low" in caught.value.hint


def test_a_script_without_words_is_an_error():
    """A script without words is reported before anything is made."""
    with pytest.raises(ScriptError, match="no text to narrate"):
        pieces(script_of(Segment("paragraph", "👉 👈")), SHOW)


def test_an_emoji_alone_is_shown_and_not_said():
    """It costs no clip and is not lost from the transcript."""
    (one,) = said(script_of(Segment("paragraph", "Le phare est allumé ce soir. 🎉")))

    assert one.shown.endswith("🎉")
    assert "🎉" not in one.said


def test_sounds_keep_their_place():
    """A sound between paragraphs is a piece of its own."""
    found = pieces(
        script_of(
            Segment("paragraph", "Avant le gong, le silence."),
            Segment("sound", "un gong", file="audio/music/gong.flac"),
            Segment("picture", "le gong", file="gong.jpg"),
            Segment("paragraph", "Après le gong, le silence."),
        ),
        SHOW,
    )

    assert [type(piece) for piece in found] == [Utterance, Sound, Utterance]


def test_previews_have_one_quick_voice():
    """Whoever speaks, a preview is heard at once."""
    script = script_of(Segment("paragraph", "Bonjour à tous."), Segment("quote", "Une citation."), quote="tone/high")

    assert {piece.voice.ref for piece in pieces(script, SHOW, preview=True)} == {"pico/fr"}


def test_a_voice_is_calibrated_in_its_own_language():
    """The sentence is one that the voice can say."""
    voices = {one.voice for one in said(script_of(Segment("paragraph", "日本語の文章です。"), language="ja"))}

    assert "mer" in calibration(replace(next(iter(voices)), language="fr-CA")).said
    assert calibration(next(iter(voices))).said.startswith("1 2 3")


TEXTS = [path for path in (TESTS / "data" / "markdown").rglob("*.*") if path.suffix != ".yaml"]


@pytest.mark.parametrize("path", sorted([*ARTICLES.glob("*.*"), *TEXTS]), ids=lambda path: path.name)
def test_no_word_of_an_article_is_lost(path):
    """The words of the article are the words of the clips, in their order; code is left out, a table announced."""
    from podcast.read import articles, open_source

    (article,) = articles(open_source(str(path)))
    script = draft(article, replace(SHOW, opening="", closing=""), slug="essai", date=DATE)
    shown = " ".join(one.shown for one in said(script))
    heard = {kind: languages.table(article.language[:2], "script.toml")[kind] for kind in ("table", "image")}
    blocks = [block for block in article.blocks if block.kind != "code"]
    expected = " ".join(heard.get(one.kind, "{text}").replace("{text}", one.text) for one in blocks)

    assert re.findall(r"\w+", shown) == re.findall(r"\w+", expected)


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=600),
    st.sampled_from(["fr", "en", "ja"]),
)
def test_no_character_that_can_be_read_is_lost(text, language):
    """Whatever stands in a paragraph is shown, sentence by sentence."""
    from podcast.read.normalize import fold

    text = f"Mot. {fold(text)} mot."
    script = parse(
        "---\ntitle: T\nguid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5\ndate: 2026-11-23\n"
        f"language: {language}\n---\n\n{escape(fold(text))}\n",
        "t",
        Path("t.md"),
    )
    shown = "".join(one.shown for one in said(script))

    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)


def test_a_section_of_the_show_has_its_own_voice_and_music():
    """From its heading, in whatever case, to the next one of its level."""
    show = replace(
        SHOW,
        sections={
            "Pour les sceptiques": Section(("Les doutes",), Speaker("tone/high"), "audio/music/doute.flac"),
            "Ailleurs": Section(),
        },
    )
    script = script_of(
        Segment("paragraph", "Avant tout."),
        Segment("heading", "POUR LES SCEPTIQUES :", level=2),
        Segment("paragraph", "Un doute."),
        Segment("heading", "Un détail", level=3),
        Segment("paragraph", "Le détail."),
        Segment("paragraph", "La réponse.", speaker="anna"),
        Segment("heading", "Ailleurs", level=2),
        Segment("paragraph", "La fin."),
        Segment("heading", "Les *doutes*", level=2),
        Segment("paragraph", "Encore un."),
        anna="tone/low",
    )
    found = pieces(script, show)

    assert [one.voice.name for one in found if isinstance(one, Utterance)] == [
        "low", "high", "high", "high", "high", "low", "low", "low", "high", "high",
    ]  # fmt: skip
    assert [(one.file, one.segment, one.kind) for one in found if isinstance(one, Sound)] == [
        ("audio/music/doute.flac", 1, "sting"),
        ("audio/music/doute.flac", 8, "sting"),
    ]
    assert {voice.name for voice in cast(script, show)} == {"low", "high"}
    assert [track.file for track in section_music(script, show)] == ["audio/music/doute.flac"]


def test_the_bed_of_a_section_lies_under_all_of_it_but_its_sting():
    """From its heading to what is said last in it, with what the show says of all music; elsewhere there is none."""
    bed = Track("calm", play_ms=0)
    show = replace(SHOW, sections={"La mer": Section(sting="news", bed=bed)})
    script = script_of(
        Segment("paragraph", "Bonjour."),
        Segment("heading", "La mer", level=2),
        Segment("paragraph", "Elle est là. Elle monte."),
        Segment("heading", "Le vent", level=2),
        Segment("paragraph", "Il tombe."),
    )
    found = pieces(script, show)

    assert section_music(script, show) == (Track("news"), bed)
    ((first, last, track),) = beds(found, script, show)
    assert (found[first - 1].kind, found[first].shown, found[last].shown) == ("sting", "La mer", "Elle monte.")
    assert track == replace(bed, gain_db=show.music.gain_db, duck_db=show.music.duck_db)


def test_speakers_have_a_pitch_in_show_and_script(workspace):
    """`pitch` is given like `speed`, and survives reading and writing; out of range it is an error with its line."""
    edit(workspace.show, 'fr = "tone/low"', 'fr = {voice = "tone/low", pitch = 1.1}')
    workspace.scripts.mkdir()
    head = "title: Le sel\nguid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5\ndate: 2026-11-23T06:00:00+01:00\nlanguage: fr\n"
    text = f"---\n{head}speakers: {{quote: {{voice: tone/high, pitch: 0.9}}}}\n---\nLe sel.\n\n> La mer.\n"
    path = workspace.script("le-sel")
    path.write_text(text, encoding="utf-8")
    pieces = utterances.pieces(scripts.load(workspace, "le-sel"), load(workspace.show))

    assert [(one.voice.ref, one.voice.pitch) for one in pieces] == [("tone/low", 1.1), ("tone/high", 0.9)]
    path.write_text(text.replace("0.9", "3"), encoding="utf-8")
    with pytest.raises(ScriptError, match=r"le-sel\.md:6: speakers: quote: pitch must be from 0\.5 to 2\.0, not 3"):
        scripts.load(workspace, "le-sel")
    edit(workspace.show, "pitch = 1.1", "pitch = 0.1")
    with pytest.raises(ConfigError, match=r"show\.toml:\d+: voices\.fr: pitch must be from 0\.5 to 2\.0, not 0\.1"):
        load(workspace.show)
