# SPDX-License-Identifier: GPL-3.0-or-later
"""Formulas in characters: tests/data/formulas.tsv, and those that pages have."""

import pytest
from helpers import TESTS

from podcast.read.dom import math as formula

ROWS = [
    line.split("\t")
    for line in (TESTS / "data" / "formulas.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("tex", "written"), ROWS, ids=[row[0] for row in ROWS])
def test_a_formula_of_tex_is_written_out(tex, written):
    """Fractions, roots, powers and Greek letters as characters; no commands are left."""
    assert formula.formula(tex) == written


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (r"Here \(E = mc^2\) holds.", "Here E = mc² holds."),
        (r"Here $$\frac12 v$$ holds, for $5 or \$6.", r"Here 1/2 v holds, for $5 or \$6."),
        ("<math alttext='\\pi r^2'><mi>A</mi></math>.", "π r² ."),
        ("<math><mi>a</mi><mo>=</mo><mn>2</mn><annotation-xml>junk</annotation-xml></math>", "a = 2"),
        (
            "<math><mi>v</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>",
            "v = (a + b)/2",
        ),
        ("<math><msup><mi>a</mi><mn>2</mn></msup><mo>+</mo><msqrt><mi>x</mi></msqrt></math>", "a² + √x"),
        (
            "<math><mi>E</mi><annotation encoding='application/x-tex'>E \\approx 2</annotation></math>",
            "E ≈ 2",
        ),
        (r"<code>\(x\)</code>", r"\(x\)"),
        (
            "Let <span class='MathJax' id='a'><nobr>x2</nobr></span><script type='math/tex'>x^2</script> be.",
            "Let x² be.",
        ),
        ("So <img class='latex' alt='\\frac12 v' src='https://a.example/latex.php?x'>.", "So 1/2 v ."),
    ],
)
def test_formulas_of_a_page_are_written_out(markup, words):
    """MathML by its TeX if it has that, else by its letters; what scripts would draw; code stays."""
    from lxml import html

    page = html.fromstring(f"<div><p>{markup}</p></div>")
    formula.replace_formulas(page)

    assert " ".join(page.text_content().split()) == words
