# SPDX-License-Identifier: GPL-3.0-or-later
r"""Formulas of TeX and MathML -> characters: `\tfrac12 \rho h^2` gives `1/2 ρ h²`.

Only what fits on a line of characters is converted: anything longer is not understood when it is heard.
"""

import re
from typing import Any

from podcast.read.dom.elements import drop
from podcast.read.normalize import fold

SIGNS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "varepsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "varphi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
    "times": "×",
    "cdot": "×",
    "div": "÷",
    "pm": "±",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "neq": "≠",
    "ne": "≠",
    "approx": "≈",
    "sim": "~",
    "to": "→",
    "rightarrow": "→",
    "infty": "∞",
    "degree": "°",
    "circ": "°",
    "ldots": "…",
    "dots": "…",
    "cdots": "…",
    "sqrt": "√",
    "sum": "∑",
    "int": "∫",
    "in": "∈",
}
LAYOUT = re.compile(
    r"\\(?:(?:left|right|quad|qquad|displaystyle|textstyle|mathrm|mathbf|mathit|mathcal|mathbb|text|textbf|operatorname"
    r"|big[lr]?|Big[lr]?)\b\*? ?|[,;:! ])"
)
"""Commands that only change how a formula looks."""
PART = r"(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\s{}\\]))"
FRACTION = re.compile(rf"\\[dtc]?frac\s*{PART}\s*{PART}")
ROOT = re.compile(rf"\\sqrt\s*{PART}")
RAISED = str.maketrans("0123456789+-n()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ⁽⁾")
POWER = re.compile(rf"\^\s*{PART}")
DRAWN = re.compile(r"(?i)(?:^|[\s/.])(?:latex|mathtex)(?:$|[\s/.?])|[?&]cht=tx")
"""Class or URL of images of formulas, whose alternative text is TeX."""
DEEPEST = 50
"""Nested elements; no formula that can be narrated has as many."""
IN_TEXT = re.compile(r"\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]|\$\$(.{1,500}?)\$\$", re.DOTALL)
"""A formula in the text of a page, to be drawn by a script."""


def formula(tex: str) -> str:
    """Return a formula of TeX in characters."""
    text = LAYOUT.sub(" ", tex)
    for _ in range(8):  # from the innermost outwards
        before = text
        text = POWER.sub(_power, text)
        text = ROOT.sub(lambda found: f"√{_grouped(found[1] or found[2])}", text)
        text = FRACTION.sub(_fraction, text)
        if text == before:
            break
    text = re.sub(r"\\([A-Za-z]+) ?", lambda found: SIGNS.get(found[1], found[1]) + " ", text)
    text = re.sub(r"\s+([,.;:)²³⁴ⁿ°])", r"\1", re.sub(r"[{}]|\\(?=\W)", "", text).replace("_", " "))
    return fold(text)


def _power(found: re.Match[str]) -> str:
    """Return a power as superscript if it is a number or n, as a sign for degrees, else after ^."""
    power = found[1] if found[1] is not None else found[2]
    if power in {"\\circ", "°"}:
        return "°"
    return power.translate(RAISED) if re.fullmatch(r"[-+]?[0-9n]{1,3}", power) else f" ^ {power} "


def _fraction(found: re.Match[str]) -> str:
    over, under = (found[1] or found[2] or ""), (found[3] or found[4] or "")
    return f" {_grouped(over)}/{_grouped(under)} "


def _grouped(part: str) -> str:
    """Return a part in brackets if it is more than one number or word: `(a + b)`."""
    part = part.strip()
    return part if re.fullmatch(r"\\?\w*[²³ⁿ]?", part) else f"({part})"


def replace_formulas(page: Any) -> None:
    """Replace the formulas of a page, MathML and TeX, by characters, in place."""
    for replace in (_replace_scripts, _replace_images, _replace_mathml, _replace_text):
        replace(page)


def _replace_scripts(page: Any) -> None:
    """Replace `<script type="math/tex">`, and what MathJax drew of it."""
    for script in page.xpath("//script[starts-with(@type,'math/tex')]"):
        while _is_drawn(drawn := script.getprevious()) and not (drawn.tail or "").strip():
            drop(drawn)
        drop(script, f" {formula(script.text or '')} ")


def _replace_images(page: Any) -> None:
    """Replace images of formulas by their alternative text, unless their MathML is beside them."""
    for image in page.xpath("//img[@alt]"):
        is_formula = DRAWN.search(f"{image.get('class') or ''} {image.get('src') or ''}")
        if is_formula and image.getparent().find(".//math") is None:
            drop(image, f" {formula(image.get('alt'))} ")


def _replace_mathml(page: Any) -> None:
    for element in list(page.iter("math", "m:math", "mml:math")):
        if element.getparent() is not None:
            drop(element, f" {_of_mathml(element)} ")


def _replace_text(page: Any) -> None:
    r"""Replace formulas in running text, `\(x^2\)`, but not in scripts and code."""
    for element in page.iter():
        if isinstance(element.tag, str) and element.tag not in {"script", "style", "pre", "code"}:
            element.text = _in_text(element.text)
        element.tail = _in_text(element.tail)


def _is_drawn(element: Any) -> bool:
    """Return True for what MathJax drew beside its TeX."""
    return element is not None and "MathJax" in f"{element.get('class') or ''} {element.get('id') or ''}"


def _of_mathml(element: Any) -> str:
    tex = next(
        (fold("".join(e.itertext())) for e in element.iter("annotation") if "tex" in (e.get("encoding") or "")), ""
    )
    if tex := tex or element.get("alttext") or "":
        return formula(tex)
    for note in [*element.iter("annotation"), *element.iter("annotation-xml")]:
        drop(note)
    return formula(_tex(element))


def _tex(element: Any, depth: int = 0) -> str:
    """Return MathML as TeX: fractions, roots and powers; anything else is its letters in a row."""
    if depth > DEEPEST:
        return ""
    parts = [f"{{{_tex(child, depth + 1)}}}" for child in element if isinstance(child.tag, str)]
    match str(element.tag).rpartition(":")[2], parts:
        case "mfrac", [over, under]:
            return rf"\frac{over}{under}"
        case "msup", [base, power]:
            return f"{base[1:-1]}^{power}"
        case "msqrt", _:
            return rf"\sqrt{{{' '.join(part[1:-1] for part in parts)}}}"
    own = (element.text or "").replace("\\", " ")
    return " ".join(filter(None, (own.strip(), *(part[1:-1] for part in parts))))


def _in_text(text: str | None) -> str | None:
    if not text or ("\\" not in text and "$$" not in text):
        return text
    return IN_TEXT.sub(lambda found: formula(found[1] or found[2] or found[3]), text)
