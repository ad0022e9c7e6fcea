# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that were divided at the end of a line become whole again, and keep the hyphens that are their own."""

import pytest

from podcast.read.dehyphenate import composed_letters, joined, vocabulary


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("le déve-/loppement", "le développement"),
        ("c’est peut-/être vrai", "c’est peut-être vrai"),
        ("c’est-/à-dire", "c’est-à-dire"),
        ("y a-/t-il", "y a-t-il"),
        ("c'est-à-/dire", "c'est-à-dire"),
        ("the state-of-/the-art boat", "the state-of-the-art boat"),
        ("its re-ex-/amination", "its re-examination"),
        ("a well-estab-/lished man", "a well-established man"),
        ("disait-/il", "disait-il"),
        ("une va-/leur", "une valeur"),
        ("vingt-/deux", "vingt-deux"),
        ("thirty-/fourth", "thirty-fourth"),
        ("self-/taught and self-/ish", "self-taught and selfish"),
        ("Jean-/Paul", "Jean-Paul"),
        ("UN EXEM-/PLE", "UN EXEMPLE"),
        ("Covid-/19", "Covid-19"),
        ("FAA–2020–/0686", "FAA–2020–0686"),
        ("d’arrière-/plan", "d’arrière-plan"),
        ("an af-/ter\u2010noon", "an af-ter\u2010noon"),
        ("con\u00ad/duct", "conduct"),
        ("one –/two", "one – two"),
        ("and/or", "and or"),
        ("日本/語", "日本語"),
        ("한국 사람/은", "한국 사람 은"),
    ],
)
def test_joints(lines, text):
    """A bar is the end of a line."""
    assert joined(lines.split("/"), set()) == text


@pytest.mark.parametrize(("elsewhere", "text"), [("coopter", "coopter"), ("co-opter", "co-opter")])
def test_the_document_knows_best(elsewhere, text):
    """The form that stands elsewhere in it, within a line, is taken."""
    known = vocabulary(["On peut", f"les {elsewhere} encore"])

    assert joined(["pour co-", "opter"], known) == f"pour {text}"


def test_halves_are_no_words():
    """What stands on either side of the end of a line is not taken for a word of the document."""
    assert not vocabulary(["le déve-", "loppement"]) & {"déve", "loppement"}


def test_letters():
    """Ligatures and accents that are drawn apart become the letters that they mean; fractions and exponents stay."""
    assert composed_letters("eﬃcace, ﬁn, ﬂot, ½ m²") == "efficace, fin, flot, ½ m²"
    assert composed_letters("´et´e, `a, ˆıle, gar¸con") == "été, à, île, garçon"
    assert composed_letters("Dvoˇr´ak, ˚Angstrom, 3 ˙q, `x") == "Dvořák, Ångstrom, 3 ˙q, `x"
