# SPDX-License-Identifier: GPL-3.0-or-later
"""show.toml: everything it says is taken, every mistake is named with its line."""

import re

import pytest
from helpers import SHOW_TOML

from podcast.config.load import guid_for, is_placeholder, load, with_guid
from podcast.config.settings import Music, Track, is_jingle, of_language
from podcast.errors import ConfigError
from podcast.model import Speaker


def test_a_show_is_read(show):
    """Values, voices and defaults are where they should be."""
    assert show.title == "Le Phare"
    assert show.voices == {"fr": Speaker("tone/low"), "en": Speaker("tone/high")}
    assert show.feed_url == "https://phare.example/podcast/feed.xml"
    assert show.music.intro.file == "default"


@pytest.mark.parametrize(
    ("address", "guid"),
    [
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("http://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_guids_are_those_of_the_podcast_namespace(address, guid):
    """The published examples come out."""
    assert guid_for(address) == guid


# what is put in the place of what -> line, words of the message, words of the hint
MISTAKES = [
    ('title = "Le Phare"', "title = Le Phare", 2, "not valid TOML", "straight quotes"),
    ('title = "Le Phare"', "", 1, "show.title: is missing", "add a line"),
    ('author = "Atelier', 'autor = "Atelier', 6, "show.autor: unknown key", "did you mean author"),
    ('email = "bonjour@phare.example"', "email = 12", 7, "show.email: must be text in quotes, not 12", "correct"),
    ('language = "fr"', 'language = "français"', 3, "not a valid language code", "pt-BR"),
    ('url = "https://phare.example/podcast/"', 'url = "phare"', 4, "not a valid URL", "https://"),
    ('podcast/"\n', 'podcast/?id=3"\n', 4, "not the URL of a folder", "without ?"),
    ("[voices]", "[voice]", 10, "voice: unknown section", "did you mean voices"),
    ('fr = "tone/low"', 'fr = {voice = "tone/low", speed = 9}', 11, "speed must be from 0.5 to 2.0, not 9", "0.5"),
    ('fr = "tone/low"', "fr = {speed = 1.0}", 11, "voice", "correct"),
    ('en = "tone/high"', 'en = "tone/high"\n[pauses]\nsentence_ms = 99999', 14, "pauses.sentence_ms", "milliseconds"),
    (
        'en = "tone/high"',
        'en = "tone/high"\n[music]\ngain_db = 99',
        14,
        "music.gain_db: must be from -40 to 6",
        "decibels",
    ),
    ('en = "tone/high"', 'en = "tone/high"\n[lexicon.fr]\nIA = 3', 14, "lexicon", "correct"),
    (
        'en = "tone/high"',
        'en = "tone/high"\n[music]\nlead_ms = 60001',
        14,
        "music.lead_ms: must be from 0 to 60000",
        "milliseconds",
    ),
    ('en = "tone/high"', 'en = "tone/high"\n[fallbacks]\nkokoro = ""', 14, "must name another voice", "ff_siwis"),
    ('en = "tone/high"', 'en = "tone/high"\n[publish]\ngrace_days = 3651', 14, "must be from 0 to 3650", "days"),
    ('category = "Science"', 'category = "Science"\nguid = "x"', 9, "not a valid UUID", "restore"),
    ('category = "Science"', 'type = "serie"', 8, "must be episodic or serial, not 'serie'", "correct"),
    (
        'category = "Science"',
        "opening = 5",
        8,
        "show.opening: must be text in quotes, not 5",
        "correct",
    ),
    ('category = "Science"', 'opening = "{titre}, {date}"', 8, "unknown placeholder {titre}", "did you mean title"),
    ('category = "Science"', 'voices = "tone/low"', 8, "show.voices: unknown key", "write it as a section: [voices]"),
    ('language = "fr"', 'language = "fr_CA"', 3, "not a valid language code", 'write "fr-CA"'),
    (
        'phare.example/podcast/"',
        'phare.example/podcast/feed.xml"',
        4,
        "is the URL of a file",
        "https://phare.example/podcast/",
    ),
    ('fr = "tone/low"', 'fr = {voice = "tone/low", speeed = 1.2}', 11, "voices.fr.speeed: unknown key", "speed?"),
    ('fr = "tone/low"', "fr = 5", 11, "voices.fr: must be a voice, not 5", "in quotes"),
    ('fr = "tone/low"', 'cover = "c.jpg"', 11, "not a valid language code", "move it below [show]"),
    (
        'en = "tone/high"',
        'en = "tone/high"\n[music]\nduck_db = 5',
        14,
        "music.duck_db: must be from -60 to 0",
        "decibels",
    ),
    ('en = "tone/high"', 'en = "tone/high"\n[music]\nlang = "x"\n', 14, "unknown key", "gain_db"),
    ('en = "tone/high"', 'en = "tone/high"\n[lexicon.french]\nIA = "i a"', 13, "not a valid language code", "pt-BR"),
    (
        'en = "tone/high"',
        'en = "tone/high"\n[publish]\nallow = ["audios"]',
        14,
        "must be audio, date, guid or address, not 'audios'",
        "correct",
    ),
    (
        'en = "tone/high"',
        'en = "tone/high"\n[sound]\nalso = "opus"',
        14,
        "must be a list in [ ], not 'opus'",
        "correct",
    ),
    ('en = "tone/high"', 'en = "tone/high"\n[hooks]\nmusic = 5', 14, "hooks.music", "correct"),
    ('en = "tone/high"', 'en = "tone/high"\n[sound]\nchannels = "2"', 14, "must be 1 or 2, not '2'", "correct"),
    ('category = "Science"', 'explicit = "no"', 8, "show.explicit: must be true or false, not 'no'", "correct"),
    (
        'en = "tone/high"',
        'en = "tone/high"\n[targets.web]\nkind = "sftp"',
        13,
        "unknown section",
        "did you mean target",
    ),
    ('en = "tone/high"', 'en = "tone/high"\n[sections.a.voice]\nspeed = 1.2', 13, "voice: is missing", "correct"),
    ('title = "Le Phare"', "title = “Le Phare”", 2, "not valid TOML", "straight quotes"),
    ('title = "Le Phare"', 'title = "Le Phare', 2, "not valid TOML", "close the text with a quotation mark"),
    ('title = "Le Phare"', 'title = "Le Phare"\ntitle = "La Digue"', 3, "not valid TOML", "remove one of the two"),
    ('title = "Le Phare"', 'title = "Le Phare"\ncover = "C:\\Users\\lea.jpg"', 3, "not valid TOML", "in single quotes"),
    ('title = "Le Phare"', 'title = "Le Phare"\nits author = "Léa"', 3, "not valid TOML", "key = "),
    ('en = "tone/high"', 'en = "tone/high"\n[voices]', 13, "the section [voices] appears twice", "merge the two"),
]


@pytest.mark.parametrize(("old", "new", "line", "message", "hint"), MISTAKES)
def test_a_mistake_names_line_key_and_fix(tmp_path, old, new, line, message, hint):
    """The producer is sent to the right line."""
    path = tmp_path / "show.toml"
    assert old in SHOW_TOML
    path.write_text(SHOW_TOML.replace(old, new), encoding="utf-8")

    with pytest.raises(ConfigError, match=re.escape(message)) as caught:
        load(path)

    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert hint in caught.value.hint


def test_the_site_may_have_an_address_with_a_query(tmp_path):
    """As a page of WordPress has one; the feed folder may not, for names are added to it."""
    path = tmp_path / "show.toml"
    path.write_text(
        SHOW_TOML.replace("[voices]", 'link = "https://phare.example/?page_id=7"\n\n[voices]'), encoding="utf-8"
    )

    assert load(path).link == "https://phare.example/?page_id=7"


def test_a_folder_without_a_show_says_how_to_make_one(tmp_path):
    """The first thing a newcomer does wrong."""
    with pytest.raises(ConfigError, match="no show in this folder") as caught:
        load(tmp_path / "show.toml")

    assert "podcast init" in caught.value.hint


def test_a_file_in_another_encoding_is_refused(tmp_path):
    """TOML is UTF-8."""
    path = tmp_path / "show.toml"
    path.write_bytes('[show]\ntitle = "Été"\n'.encode("latin-1"))

    with pytest.raises(ConfigError, match=r"show\.toml:2: not valid UTF-8"):
        load(path)


def test_the_guid_is_kept_once_the_address_is_real(tmp_path, show):
    """A placeholder address mints nothing for life; a real one does, once, and later changes do not touch it."""
    assert is_placeholder(show)
    assert with_guid(SHOW_TOML, show) == SHOW_TOML

    path = tmp_path / "show.toml"
    real = SHOW_TOML.replace("phare.example", "phare.org")
    path.write_text(real, encoding="utf-8")
    minted = with_guid(real, load(path))
    path.write_text(minted.replace("phare.org", "ailleurs.org"), encoding="utf-8")

    assert load(path).guid == guid_for("https://phare.org/podcast/feed.xml")
    assert with_guid(minted, load(path)) == minted
    assert [line for line in minted.splitlines() if not line.startswith("guid")] == real.splitlines()


def test_music_has_the_levels_of_all_where_it_has_none_of_its_own():
    """`[music]` says both for every piece; a piece may say either for itself."""
    music = Music(intro=Track("a.wav"), bed=Track("b.wav", gain_db=0.0, duck_db=-30.0), gain_db=-5.0, duck_db=-20.0)

    assert [(one.gain_db, one.duck_db) for one in map(music.track, ("intro", "bed"))] == [(-5.0, -20.0), (0.0, -30.0)]


@pytest.mark.parametrize(("language", "found"), [("fr-CA", 1), ("fr-ca", 1), ("fr-BE", 2), ("FR", 2), ("en", None)])
def test_an_entry_is_that_of_the_region_or_of_the_language(language, found):
    """`fr-CA` has its own, every other French that of `fr`."""
    assert of_language({"fr-CA": 1, "fr": 2}, language) == found


@pytest.mark.parametrize(("file", "ours"), [("calm", True), ("", False), ("calm.flac", False), ("audio/calm", False)])
def test_a_style_of_ours_has_neither_ending_nor_folder(file, ours):
    """Everything else is a file of the show."""
    assert is_jingle(file) is ours
