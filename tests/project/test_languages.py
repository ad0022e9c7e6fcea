# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages as data: every row is tested by its example, and a new folder is all that a new language needs."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from helpers import ROOT

from podcast import langtag, languages
from podcast.errors import ConfigError
from podcast.read import boilerplate
from podcast.read.byline import byline
from podcast.read.chapter_headings import CHAPTER
from podcast.read.epub import front_matter
from podcast.read.html import backmatter

LISTS = [(key,) for key in ("notices", "more", "paywall", "buttons", "references", "about_author")]
LISTS += [("consent", "begins"), ("chapters", "titled"), ("chapters", "whole")]
LISTS += [("book", "left_out"), ("book", "ambiguous"), ("book", "imprint")]
FOUND = {
    "buttons": boilerplate.is_control,
    "references": backmatter.REFERENCES.fullmatch,
    "about_author": backmatter.AUTHOR.fullmatch,
    "chapters.titled": CHAPTER.fullmatch,
    "chapters.whole": CHAPTER.fullmatch,
    "book.left_out": front_matter.LEFT_OUT_TITLES.fullmatch,
    "book.ambiguous": front_matter.AMBIGUOUS_TITLES.fullmatch,
    "book.imprint": front_matter.RIGHTS.search,
}
"""List -> what finds its patterns, if it is not is_notice."""
ROWS = [
    (tag, ".".join(keys), pattern, example)
    for tag in languages.known("reading.toml")
    for keys in LISTS
    for pattern, example in languages.examples(tag, "reading.toml", *keys)
] + [("sites", key, pattern, example) for key, rows in boilerplate.SITES.items() for pattern, example in rows]
BYLINES = [
    (tag, key, word)
    for tag in languages.known("reading.toml")
    for key in ("by", "by_first", "author", "author_unspaced")
    for word in languages.strings(tag, "reading.toml", "byline", key)
]


@pytest.mark.parametrize(("tag", "key", "pattern", "example"), ROWS, ids=[f"{row[0]}:{row[3]}" for row in ROWS])
def test_a_pattern_finds_its_example(tag, key, pattern, example):
    """By itself, as a whole line, and together with all others."""
    assert re.fullmatch(rf"\W*(?:{pattern})\W*", example, re.IGNORECASE)
    assert FOUND.get(key, boilerplate.is_notice)(example)


def test_the_patterns_are_many():
    """The test above is not run on nothing."""
    assert len(ROWS) > 250
    assert len({tag for tag, *_ in ROWS}) > 10


@pytest.mark.parametrize(("tag", "key", "word"), BYLINES)
def test_a_word_stands_before_the_name_of_an_author(tag, key, word):
    """Each of them, in a line of its own; patterns are written as one of the words that they stand for."""
    written = re.sub(r"\(\?=.*\)|.\?", "", word)
    line = {"by": f"{written} Ann Field", "by_first": f"{written} Ann Field"}.get(key, f"{written}: Ann Field")

    assert byline(line, tag) == ("Ann Field", None)


@pytest.mark.parametrize("tag", languages.known("reading.toml"))
def test_a_word_and_a_number_begin_a_chapter(tag):
    """Each of a language, with a number in figures; numbers in words, after a word of any language."""
    names = [word for word in languages.strings(tag, "reading.toml", "chapters", "names") if word.isalpha()]
    numbers = [word for word in languages.strings(tag, "reading.toml", "chapters", "numbers") if word.isalpha()]
    after = languages.strings(tag, "reading.toml", "chapters", "after_number")
    lines = [*(f"{name} II" for name in names), *(f"Chapter {one}" for one in numbers), *(f"2. {one}" for one in after)]

    assert [line for line in lines if not CHAPTER.fullmatch(line)] == []


# --- errors in data


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Languages in a folder of the test, without what is remembered of others."""
    (tmp_path / "eo").mkdir()
    monkeypatch.setattr(languages, "ROOT", tmp_path)
    caches = (languages.known, languages.table, languages.pairs)
    for one in caches:
        one.cache_clear()
    yield tmp_path / "eo"
    for one in caches:
        one.cache_clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("notices = [['a']]", r"reading.toml: notices: \['a'\] must be a pattern and an example"),
        ("notices = 'a'", "reading.toml: notices: must be a list of rows"),
        ("notices = [['(', 'a']]", r"reading.toml: '\(': missing \)"),
        ("notices = [", r"reading.toml: Invalid value"),
    ],
)
def test_an_error_in_a_list_of_patterns_names_file_and_row(folder, text, message):
    """A row without an example, a pattern that is none, TOML that is none."""
    (folder / "reading.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=message) as error:
        languages.compiled("|".join(languages.patterns("reading.toml", "notices")), "reading.toml")
    assert str(folder) in error.value.message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ({"voice": None}, "disclosure.toml: voice: is missing"),
        ({"voices": '"voĉoj"'}, "disclosure.toml: voices: unknown key"),
        ({"voice": "3"}, "disclosure.toml: voice: must be text"),
    ],
)
def test_an_error_in_a_list_of_words_names_file_and_key(folder, lines, message):
    """A key that is missing, unknown or no text."""
    from podcast import disclosure

    whole = dict.fromkeys(disclosure.Disclosure._fields[1:], '"x"') | lines
    text = "".join(f"{key} = {value}\n" for key, value in whole.items() if value)
    (folder / "disclosure.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=message):
        languages.filled(disclosure.Disclosure, "eo", "disclosure.toml")


def test_a_list_of_strings_is_one(folder):
    """Words of bylines are strings; the lexicon has two columns."""
    (folder / "reading.toml").write_text("[byline]\nby = 'de'\n", encoding="utf-8")
    (folder / "lexicon.tsv").write_text("# Names\nZamenhof ZamenhofO\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"reading.toml: byline.by: must be a list of strings"):
        languages.strings("eo", "reading.toml", "byline", "by")
    with pytest.raises(ConfigError, match=r"lexicon.tsv: 'Zamenhof ZamenhofO' has no tab"):
        languages.pairs("eo", "lexicon.tsv")
    assert languages.strings("eo", "reading.toml", "byline", "author") == []
    assert languages.table("xx", "reading.toml") == {}


# --- a new language

READING = r"""
likely = true
footnotes = "Notoj"
notices = [['abonu nian bultenon\b.{0,60}', "Abonu nian bultenon"]]
more = [["legu ankaŭ", "Legu ankaŭ"]]
paywall = [['nur por abonantoj\b.{0,60}', "Nur por abonantoj"]]
buttons = [["fermi", "Fermi"]]
[byline]
by = ["verkis"]
published = ["publikigita"]
joined = ["kaj"]
"""
PROGRAM = """
import sys
from pathlib import Path
from podcast import languages
languages.ROOT = Path(sys.argv[1])
import datetime as dt
from podcast import disclosure
from podcast.read import boilerplate
from podcast.read.html import backmatter
from podcast.read.byline import byline
from podcast.read.chapter_headings import CHAPTER
from podcast.read.detect_language import LIKELY, footnotes_heading
from podcast.script.draft import phrases_of
from podcast.site import i18n
from podcast.speakable import said, sentences
print(boilerplate.is_notice("Abonu nian bultenon hodiaŭ!"), bool(boilerplate.MORE.match("Legu ankaŭ")))
print(bool(boilerplate.PAYWALL.match("Nur por abonantoj")), boilerplate.is_control("Fermi"))
print(byline("Verkis Anna Kampo kaj Bo Ŝtono, publikigita 2026-05-03", "eo"))
print("eo" in LIKELY, footnotes_heading("eo"))
print(said("Ĉ. 3 km, la 3/5/2026", "eo"), said("Zamenhof", "eo"), sentences("Vidu ekz. Parizo. Fino.", "eo"))
print(phrases_of("eo")["image"], disclosure.words("eo-XX").voice, i18n.words("eo").episodes)
print(i18n.date(dt.datetime(2026, 5, 3), i18n.words("eo")))
"""


def test_a_new_language_is_one_folder(tmp_path):
    """Esperanto, in a folder alone: boilerplate, bylines, numbers and dates, script, feed and pages follow."""
    shutil.copytree(languages.ROOT, tmp_path / "languages", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    spanish, own = tmp_path / "languages" / "es", tmp_path / "languages" / "eo"
    own.mkdir()
    (own / "reading.toml").write_text(READING, encoding="utf-8")
    (own / "lexicon.tsv").write_text("Zamenhof\tZamenhofo\n", encoding="utf-8")
    speaking = (spanish / "speaking.toml").read_text(encoding="utf-8")
    months = "januaro februaro marto aprilo majo junio julio aŭgusto septembro oktobro novembro decembro"
    speaking = re.sub(r'(?m)^months = ".*"', f'months = "{months}"', speaking)
    speaking = speaking.replace('["kilómetro", "kilómetros"]', '["kilometro", "kilometroj"]')
    speaking = speaking.replace('"metro", "metros"]', '"metro", "metroj"]').replace('k = "kiló"', 'k = "kilo"')
    speaking = re.sub(r"(?m)^\[abbreviations\]\n", '[abbreviations]\n"ĉ." = "ĉirkaŭ"\n"ekz." = "ekzemple"\n', speaking)
    (own / "speaking.toml").write_text(speaking, encoding="utf-8")
    for name, changes in {
        "script.toml": {"Una imagen": "Bildo"},
        "disclosure.toml": {"voz sintética": "sinteza voĉo"},
        "page.toml": {"Episodios": "Epizodoj", "mayo": "majo", " de ": " "},
    }.items():
        text = (spanish / name).read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        (own / name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "languages"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["True True", "True True"]
    assert lines[2].startswith("Byline(author='Anna Kampo kaj Bo Ŝtono', published=datetime.datetime(2026, 5, 3")
    assert lines[3] == "True Notoj"
    assert lines[4] == (
        "ĉirkaŭ tri kilometroj, la tri de majo de du mil dudek ses Zamenhofo ('Vidu ekz. Parizo. ', 'Fino.')"
    )
    assert lines[5:] == ["Bildo: {text}. sinteza voĉo Epizodoj", "3\u00a0majo\u00a02026"]


def test_folders_and_files_have_the_names_that_are_looked_for():
    """A tag in lower case; a file with another name would never be read."""
    folders = [path for path in languages.ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"]
    named = set(re.findall(r"(?m)^    (\w+\.\w+) ", languages.__doc__))

    assert all(re.fullmatch(r"[a-z]{2,3}(-[a-z]{4})?", folder.name) for folder in folders)
    assert {path.name for folder in folders for path in folder.iterdir()} == named


# --- tags


@pytest.mark.parametrize(
    ("tag", "name", "script"),
    [
        ("fr-CA", "fr", "latn"), ("FRA", "fr", "latn"), ("iw", "he", "hebr"), ("cmn-Hant-TW", "zh", "hant"),
        ("pa-PK", "pa", "arab"), ("az-Arab", "az", "arab"), ("no", "no", "latn"), ("xx", "xx", ""),
    ],
)  # fmt: skip
def test_a_tag_has_a_language_and_a_script(tag, name, script):
    """By the name that BCP 47 prefers; the script is that of the tag, of its region, or the usual one."""
    assert (langtag.canonical(tag), langtag.script(tag)) == (name, script)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [("no", "nb-NO", True), ("nn", "nb", False), ("cmn", "zh-TW", True), ("jw", "jv", True), ("fil", "tl", True),
     ("fr", "fy", False)],
)  # fmt: skip
def test_two_tags_may_name_one_language(one, other, is_same):
    """Whatever their regions: an old name and its successor, a language and its usual variety."""
    assert langtag.same_language(one, other) is is_same
    assert langtag.same_language(other, one) is is_same


@pytest.mark.parametrize(
    ("tag", "kin"),
    [
        ("zh-TW", ("zh-hant", "zh")), ("zh-Hans-TW", ("zh",)), ("nn", ("nn", "no")), ("iw", ("iw", "he")),
        ("fra", ("fra", "fr")), ("pt-BR", ("pt",)),
    ],
)  # fmt: skip
def test_the_words_of_a_relative_will_do(tag, kin):
    """The best first."""
    assert langtag.kin(tag) == kin
    assert languages.find("zh-TW", "script.toml", "en") == "zh-hant"
    assert languages.find("mi", "script.toml", "en") == "en"
