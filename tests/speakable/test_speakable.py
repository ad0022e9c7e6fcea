# SPDX-License-Identifier: GPL-3.0-or-later
"""Speakable text: tables of cases that anyone can extend, and what holds for any text."""

import time

import pytest
from helpers import TESTS
from hypothesis import given
from hypothesis import strategies as st

from podcast import speakable
from podcast.model import Said
from podcast.speakable import chunks, said, sentences, speak
from podcast.speakable.pipeline import rules_for

TABLES = TESTS / "data" / "speakable"
CASES = [
    pytest.param(table.stem, *line.split("\t")[:2], id=f"{table.stem}:{number}")
    for table in sorted(TABLES.glob("*.tsv"))
    for number, line in enumerate(table.read_text(encoding="utf-8").split("\n"), start=1)
    if line.strip() and not line.startswith("#")
]
LANGUAGES = st.sampled_from(
    ["fr", "en", "es", "it", "pt", "de", "fr-CA", "ja", "ar", "zh", "th", "ru", "nb", "hi", "xx"]
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)
MARKED = st.text(
    st.sampled_from("0123456789 .,;:!?%€$£'’-–/()[]«»“”…°#@&+=_*ABCIVXLMnétrs\n\u00a0\u202f"), max_size=120
)


@pytest.mark.parametrize(("language", "text", "spoken"), CASES)
def test_a_row_of_the_tables_is_said_so(language, text, spoken):
    """tests/data/speakable/<language>.tsv: how it is written, how it is said."""
    assert said(text, language) == spoken


def test_the_tables_are_large():
    """French and English have two hundred rows each, the others sixty, and more."""
    count = [language for language, *_ in (case.values for case in CASES)].count
    assert count("fr") >= 200
    assert count("en") >= 200
    assert min(map(count, ("es", "it", "pt", "de"))) >= 60


@given(st.one_of(TEXTS, MARKED), LANGUAGES)
def test_nothing_that_is_shown_is_lost(text, language):
    """What is said stands beside what is shown, and that is the text."""
    assert "".join(part.shown for part in speak(text, language)) == text


@given(st.one_of(TEXTS, MARKED), LANGUAGES, st.integers(10, 200), st.integers(0, 9))
def test_chunks_lose_nothing_and_fit(text, language, most, least):
    """Parts make up the text, and none is longer than the engine takes."""
    parts = chunks(text, language, max_chars=most, min_chars=least)

    assert "".join(parts) == text
    assert all(len(part.strip()) <= most for part in parts)


@given(st.one_of(TEXTS, MARKED), LANGUAGES)
def test_what_was_given_a_pronunciation_keeps_it(text, language):
    """Words marked by a person pass every rule unharmed."""
    parts = speak([text, Said("IA", "i a a"), text], language)

    assert [part.said.strip() for part in parts if part.shown == "IA"].count("i a a") == 1


def test_the_lexicon_of_a_show_wins():
    """Lower case stands for any case, capitals for themselves; whole words only, after an elision too."""
    lexicon = {"kerguen": "kergaine", "GIGA": "giga"}

    assert said("Kerguen et KERGUEN, l’ami de kerguen.", "fr", lexicon) == "kergaine et kergaine, l'ami de kergaine."
    assert "kergaine" not in said("Les Kerguenais.", "fr", lexicon)
    assert said("Le GIGA.", "fr", lexicon) == "Le giga."


def test_a_word_of_the_lexicon_may_have_a_sharp_s():
    """A key with ß stands for the word with ß, in any case, and with ss."""
    heard = said("Die Straße, die STRAẞE, die Strasse.", "de", {"straße": "gasse"})
    assert heard == "Die gasse, die gasse, die gasse."


# text, as a part of a paragraph or more -> what of the lexicon shapes it, though it is easily overlooked
SHAPED = [
    (
        ["Une phrase assez longue pour que la ligne soit coupée après le nom de Yahoo! Finance a fermé."],
        "Yahoo! Finance",
    ),
    (["See ", "AI at work."], "AI"),  # Open[…](say:…)AI
    (["Le mot e mail."], "e-mail"),
    (["Ein E-Mail."], "e mail"),
    (["A's foo."], "a"),
    (["Le c\u0327a et la re\u0301union."], "r\u00e9union"),
    (["L\u2019IA et l'ia"], "ia"),
    (["die STRASSE"], "straße"),
    (["a  b"], "a  b"),
    (["長" * 70 + "東京" + "長" * 70], "東京"),
    (["(voir .NET)"], ".NET"),
]


@pytest.mark.parametrize(("parts", "word"), SHAPED)
def test_no_entry_of_the_lexicon_is_overlooked(parts, word):
    """Whatever may change how a text is spoken is given, however the text is cut; what is not in it is not."""
    lexicon = {word: "zork", "foo": "bar", "absent": "zork", "ABSENT": "zork"}
    assert word in speakable.used(parts, lexicon)
    assert {"absent", "ABSENT"}.isdisjoint(speakable.used(parts, lexicon))


def test_an_entry_that_another_one_stands_for_is_not_overlooked():
    """Of two keys that differ by a hyphen alone, one is said for both: a change of either is heard."""
    lexicon = {"e mail": "un", "e-mail": "deux"}
    assert said("Le e mail.", "fr", lexicon) == "Le deux."
    assert speakable.used(["Le e mail."], lexicon) == lexicon


def test_a_part_of_a_word_is_no_word():
    """Whole words alone count."""
    assert speakable.used(["Le phare rouge."], {"phar": "x", "ouge": "x", "Phare": "x"}) == {}


def test_long_sentences_are_cut_between_words_and_never_in_a_number():
    """The best place is a clause; numbers and abbreviations stay whole."""
    text = "Le prix, fixé à 1 234,56 € par M. Kerguen en 2019, monte encore ; personne, pas même lui, ne sait pourquoi."
    parts = chunks(text, "fr", max_chars=40)

    assert "".join(parts) == text
    assert any("1 234,56 €" in part for part in parts)
    assert not any(part.rstrip().endswith(" M.") for part in parts)


CLAUSES = {
    "fr": "La commission, qui siège depuis le 3 mars 2024, a remis à M. Dupont un rapport de 1 234,56 pages et dit, "
    "selon l'art. L. 123-4 du code, que le projet de 3,5 M€ soit revu ; ",
    "en": "The committee, which has met since March 3, 2024, gave Mr. Smith a report of 1,234.56 pages and asks, under "
    "Sec. 230 of the U.S. code, that the $3.5 million plan be revised; ",
}


def test_consonants_that_are_joined_are_not_cut_apart():
    """Khmer is written without spaces: a cut is before a character, not within its stack of consonants."""
    parts = chunks("ភ្នំពេញម្សិលមិញ" * 40, "km", max_chars=100)

    assert not any(part.endswith("\u17d2") for part in parts)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_sentence_of_a_thousand_characters_is_cut_at_clauses(language):
    """Every cut is after a comma or semicolon; no part is tiny, none ends in an abbreviation or within a number."""
    clause = CLAUSES[language]
    text = (clause * (1_000 // len(clause) + 1)).rstrip("; ") + "."
    parts = chunks(text, language, max_chars=200)

    assert len(text) > 1_000
    assert "".join(parts) == text
    assert all(part.rstrip()[-1] in ",;." for part in parts)
    assert all(80 <= len(part) <= 201 for part in parts)
    assert not any(part.rstrip().endswith((" M.", "Mr.", "Sec.", "art.", "L.")) for part in parts)
    assert sum(part.count("1 234,56") + part.count("1,234.56") for part in parts) == text.count("234")


def test_a_rule_begins_where_it_says():
    """`Rule.starts` hides nothing: each rule finds the same on every row of the tables without it."""
    for language, text, _ in (case.values for case in CASES):
        for one in rules_for(language):
            if one.starts:
                slow = [match.span() for match in one.pattern.finditer(text) if match[0]]
                assert [match.span() for match in one.matches(text) if match[0]] == slow, one.pattern.pattern


@pytest.mark.parametrize("text", ["7" * 100_000, "(" * 100_000, "a" * 1_000_000, "Il dit. " * 100_000])
def test_one_line_of_any_length_takes_time_in_proportion(text):
    """A hostile line is no more than a long one."""
    start = time.process_time()
    said(text, "fr")

    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "text", ["La machine à laver, la cloche et les deals du bouc.", "Il live sa vie.", "Les bots d'Agathe, le mailing."]
)
def test_only_whole_words_are_english(text):
    """A French word that begins like an English one is left alone."""
    assert not {"claoude", "machine leurnigne", "mèle", "loguine"}.intersection(said(text, "fr").split())


@pytest.mark.parametrize(
    "unit", ["7", ".", "«", '"', "a", "a.", "1,", "(", "’", "-", "\u00a0", "é ", "M. ", "@", "http://a", "I"]
)
@pytest.mark.parametrize("language", ["fr", "ru"])
def test_long_runs_of_anything_take_no_time(unit, language):
    """No rule goes back and forth over a text."""
    start = time.process_time()
    said(unit * 10_000, language)
    sentences(unit * 10_000, "en")

    assert time.process_time() - start < 10  # a rule that is quadratic would take minutes


def test_a_megabyte_is_spoken_in_seconds():
    """A book is no reason to wait."""
    words = (TABLES / "fr.tsv").read_text(encoding="utf-8").replace("\t", " ").replace("\n", ". ")
    text = words * (1_000_000 // len(words) + 1)
    start = time.process_time()
    for sentence in sentences(text, "fr"):
        speak(sentence, "fr")

    assert time.process_time() - start < 20  # about 5 on an idle core; the figure itself is measured in benchmarks


def test_the_order_of_texts_does_not_matter():
    """Nothing is remembered from text to text."""
    texts = [case.values[:2] for case in CASES[:200]]
    before = [said(text, language) for language, text in texts]
    after = {i: said(texts[i][1], texts[i][0]) for i in reversed(range(len(texts)))}

    assert [after[i] for i in range(len(texts))] == before


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("ru", "Цена 12 000 руб.", "Цена двенадцать тысяч рублей."),
        ("ru", "Рост 3,5 % и 12 %.", "Рост 3,5 процента и двенадцать процентов."),
        ("sv", "Det kostar 1 200 kronor.", "Det kostar ettusen tvåhundra kronor."),
        ("fr", "Il en faut １２.", "Il en faut douze."),
    ],
)
def test_numbers_are_whole_in_any_language_and_width(language, text, spoken):
    """Spaces between thousands cut no number; digits of Asian widths are digits."""
    assert said(text, language).replace("\u00ad", "") == spoken


def test_a_dot_ends_a_sentence_only_if_it_ends_there():
    """A rule that keeps a last dot does not keep it before a word that another rule has settled."""
    assert said("Au VIe s. apr. J.-C. tout change.", "fr") == "Au sixième siècle après Jésus-Christ tout change."
    assert said("Au VIe s.", "fr") == "Au sixième siècle."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "La loi impose au responsable | de traitement une obligation de soin."),
        ("en", "He paid the friends | of the lake, Inc. for the boats of the town."),
        ("en", "The chairman of it all | — a friend of mine — asked for more time."),
    ],
)
def test_no_part_ends_in_a_word_that_leans_on_the_next(language, text):
    """No cut between a company's name and its legal form, or right after the dash that opens an aside."""
    parts = chunks(text.replace(" | ", " "), language, max_chars=45)

    assert " | ".join(part.strip() for part in parts) == text


@given(TEXTS | MARKED, st.data(), LANGUAGES, st.integers(1, 400))
def test_an_entry_that_changes_what_is_said_is_used(text, data, language, limit):
    """Else an episode would stay as it is though a new pronunciation of a word in it was added to show.toml."""
    start = data.draw(st.integers(0, len(text)))
    word = text[start : start + data.draw(st.integers(1, 12))]
    word = data.draw(
        st.sampled_from([word, word.lower(), word.upper(), word.replace(" ", "-"), word.replace("-", " ")])
    )
    parts = chunks(text, language, max_chars=max(60, limit))
    if any(speak(part, language) != speak(part, language, {word: "zork"}) for part in parts):
        assert word in speakable.used([text], {word: "zork"})
