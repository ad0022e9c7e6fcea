# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML preprocessing before extraction: keep what trafilatura would lose, and remove what is only for the eye.

links within the page     `Jump to recipe`, lists of its headings: removed, and reported
pull quotes               removed if the text has the same sentence
captions                  of any element become those of figures, which name the image
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from podcast.read.dom import math as formula
from podcast.read.dom.blocks import BLOCKS
from podcast.read.dom.elements import (
    class_of,
    drop,
    is_inside,
    set_text_before,
    show,
    text_before,
    text_of,
    with_ancestors,
)
from podcast.read.dom.strip import HEADINGS, MARK, UNREAD
from podcast.read.normalize import fold, without_credit
from podcast.read.sites import names_or

CAPTION = re.compile(
    rf"(?:^|\s)(?:(?:(?:image|img|photo|picture|media|media-object)[-_]+)?caption(?:-text)?"
    rf"|{names_or('caption', 'l[ée]gende')})(?:$|\s)"
)
CREDIT = re.compile(r"(?:^|[\s_-])(?:credits?|copyright)(?:$|[\s_-])", re.IGNORECASE)
PULL_QUOTE = re.compile(r"(?:^|[\s_-])pull-?quote\b", re.IGNORECASE)
JUMP = 60
"""Maximum characters of a link within the page that is navigation, not text."""
FEW = 4
"""Maximum nested elements around a lone link, and minimum paragraphs in a form with text or words of a pull quote."""
MANY = 60
"""Maximum words of a pull quote that has no class as such."""
KICKER = re.compile(
    r"(?i)(?:^|[\s_-])(?:kicker|eyebrow|over-?line|top-?line|pre-?title|dachzeile|spitzmarke|surtitre|sur-titre|antetitulo)(?:$|[\s_-])"
)
"""Classes of kickers: the place, name or series above a headline."""
READ_ALSO = re.compile(
    r"(?i)(?:^|(?<=[.!?…»”)\]]))\s*[\[(>»→*-]*\s*(?:(?:[àa]\s)?(?:re)?(?:lire|voir|[ée]couter)\s(?:aussi|[ée]galement)|lire\snotre\s\w+"
    r"|(?:also\s)?read(?:\s(?:also|more|next))?(?=\s*:)|(?:see|watch|read)\s(?:also|more)|also\sread|related(?:\s(?:story|article))?(?=\s*:)"
    r"|lesen\ssie\sauch|lee\stambi[ée]n|leggi\sanche|leia\stamb[ée]m)\s*[:>»–—|-]*\s*$"
)
"""Text before a link to another article in the middle of a paragraph."""
INLINE = {"a", "span", "strong", "em", "b", "i", "u", "small", "mark", "font"}
BESIDE = 100
"""Maximum characters, besides the caption, in an element with an image and its caption."""
FRAMES = {"div", "p", "dl", "li", "section", "span"}


def separate_kicker(page: Any) -> None:
    """Put a colon between a kicker and the rest of the headline: `Premier League: Liverpool verliert`."""
    colon = "\u00a0: " if (page.get("lang") or "").lower().startswith("fr") else ": "
    for kicker in page.iter("*"):
        heading = next(kicker.iterancestors("h1"), None) if KICKER.search(class_of(kicker)) else None
        if heading is not None and _runs_into(text_of(kicker), text_of(heading)):
            kicker.tail = colon + (kicker.tail or "").lstrip()


def _runs_into(text: str, headline: str) -> bool:
    """Return True for a kicker at the start of a headline without punctuation between it and the rest."""
    rest = headline.removeprefix(text)
    next_letter = rest.lstrip()[:1]
    return text[-1:].isalnum() and rest.lstrip() != headline and bool(next_letter.strip(":|/–—-.,;!?"))


def prepare(page: Any) -> list[str]:
    """Prepare a page for extraction, in place; return a remark on each text that is left out."""
    jumps = list(_remove_jumps(page))
    _open_forms(page)
    _open_buttons(page)
    _mark_headings(page)
    formula.replace_formulas(page)
    for element in [*_read_also(page)]:
        drop(element)
    for element in _pull_quotes(page):
        drop(element)
    _mark_figures(page)
    _clean_captions(page)
    return [f"left out (links within the page): “{', '.join(jumps)[:80]}”"] if jumps else []


def _remove_jumps(page: Any) -> Iterator[str]:
    """Remove links within the page that have a line to themselves; yield their texts."""
    for link in list(page.iter("a")):
        if link.getparent() is not None and _is_jump(link):
            yield text_of(link)
            drop(link)


def _is_jump(link: Any) -> bool:
    """Return True for a short link within the page on a line of its own, which is no footnote marker: `Contents`."""
    if not (link.get("href") or "").startswith("#") or is_inside(link, HEADINGS):
        return False
    text = text_of(link)
    is_label = 0 < len(text) <= JUMP and not MARK.fullmatch(text)
    return is_label and (_is_between_blocks(link) or _is_only_child(link, text))


def _is_only_child(link: Any, text: str) -> bool:
    """Return True if the element around a link has no other text."""
    outer = link.getparent()
    return len(outer) <= FEW and text == text_of(outer)


def _is_between_blocks(link: Any) -> bool:
    """Return True for a link with a line to itself, between blocks."""
    beside = [one.tag for one in (link.getprevious(), link.getnext()) if one is not None and isinstance(one.tag, str)]
    has_text = text_before(link).strip() or (link.tail or "").strip()
    return not has_text and bool(beside) and BLOCKS.issuperset(beside)


def _read_also(page: Any) -> Iterator[Any]:
    """Yield links to other articles from within a paragraph: `À LIRE AUSSI` and a link. Removes the words before it.

    A paragraph of only that is left to boilerplate.py, which reports it.
    """
    for link in list(page.iter("a")):
        if link.getparent() is None or not link.get("href"):
            continue
        widest = _widest_inline(link)
        if not _is_in_text(widest):
            continue
        if _contains_read_also(widest, link):
            yield widest
        elif before := READ_ALSO.search(text_before(widest)):
            set_text_before(widest, before.string[: before.start()])
            widest.tail = (widest.tail or "").removeprefix("]" if "[" in before[0] else "")
            yield widest


def _widest_inline(link: Any) -> Any:
    """Return the outermost inline element around a link: the `<b>` in `<p><b><a>…</a></b></p>`."""
    widest = link
    for outer in link.iterancestors():
        if outer.tag not in INLINE:
            break
        widest = outer
    return widest


def _is_in_text(element: Any) -> bool:
    """Return True if a paragraph has at least as much other text as this element, and a new sentence follows it."""
    box = element.getparent()
    if box is None or len(text_of(box)) < 2 * len(text_of(element)):
        return False
    rest = fold(element.tail or "").lstrip(" )]")
    return not rest or rest[0].isupper() or rest[0] in '«“"[('


def _contains_read_also(element: Any, link: Any) -> bool:
    """Return True for an element of `Read also:` and a link, and nothing else."""
    words, label = text_of(element), text_of(link)
    if element is link or not label or not words.endswith(label):
        return False
    return READ_ALSO.search(words.removesuffix(label)) is not None


def _pull_quotes(page: Any) -> Iterator[Any]:
    """Yield the quotations that also occur in the text."""
    found = [e for e in page.iter() if e.tag in {"blockquote", "aside"} or PULL_QUOTE.search(class_of(e))]
    whole = _words(page) if found else ""
    for element in found:
        words = _words(element)
        if element.getparent() is not None and _may_be_pull_quote(element, words) and whole.count(words) > 1:
            yield element


def _may_be_pull_quote(element: Any, words: str) -> bool:
    """Return True for a quotation that is named a pull quote, or is of that length."""
    is_named = PULL_QUOTE.search(class_of(element)) is not None
    return bool(words) and (is_named or FEW <= words.count(" ") < MANY)


def _words(element: Any) -> str:
    """Return the narrated words, in lower case and without punctuation, for comparisons."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag in BLOCKS:
            parts.append(" ")
        if event == "start" and inner.tag not in UNREAD:
            parts.append(inner.text or "")
        elif event == "end" and inner is not element:
            parts.append(inner.tail or "")
    return " ".join(re.findall(r"\w+", "".join(parts).casefold()))


def _mark_figures(page: Any) -> None:
    """Make elements that are named captions captions of figures, if there is an image close to them."""
    for element in list(page.iter()):
        if not CAPTION.search(class_of(element)) or is_inside(element, {"figure"}):
            continue
        figure = _frame(element)
        if figure is not None:
            element.tag, figure.tag = "figcaption", "figure"


def _frame(caption: Any) -> Any:
    """Return the element around a caption and an image with hardly any other text; None if there is none."""
    most = len("".join(caption.itertext())) + BESIDE
    for outer in list(caption.iterancestors())[:3]:
        if outer.tag not in FRAMES or len("".join(outer.itertext())) > most:
            return None
        if next(outer.iter("img", "amp-img"), None) is not None:
            return outer
    return None


def _clean_captions(page: Any) -> None:
    """Turn lists in galleries into plain elements; remove credits from captions."""
    for figure in list(page.iter("figure")):
        if len(list(figure.iter("figure"))) > 1:
            for inner in figure.iter("ul", "ol", "li"):
                inner.tag = "div"
    for caption in list(page.iter("figcaption")):
        for credit in [inner for inner in caption.iterdescendants() if CREDIT.search(class_of(inner))]:
            if credit.getparent() is not None:
                drop(credit)
        if caption.getparent() is not None and not without_credit(text_of(caption)):
            drop(caption)


def _open_forms(page: Any) -> None:
    """Turn a form without fields, or around a whole page, into a plain element: forms are not narrated."""
    for form in list(page.iter("form")):
        asks = any(field.get("type") != "hidden" for field in form.iter("input", "textarea", "select"))
        if not asks or len(list(form.iter("p"))) >= FEW or form.find(".//h1") is not None:
            form.tag = "div"


def _open_buttons(page: Any) -> None:
    """Turn buttons that are headings or questions into text, and show what they unfold: buttons are not read."""
    for button in list(page.iter("button")):
        text = text_of(button)
        titled = next((outer for outer in button.iterancestors() if outer.tag in HEADINGS | {"summary", "dt"}), None)
        is_heading = titled is not None and text == text_of(titled)
        if is_heading or (button.get("aria-expanded") and text.endswith("?")):
            button.tag = "span" if is_heading else "p"
            _unfold(button, page)


def _mark_headings(page: Any) -> None:
    """Turn elements with the role of a heading into one; remove links of headings to themselves or what they unfold."""
    for link in page.xpath("//a[starts-with(@href,'#')]"):
        if is_inside(link, HEADINGS) and not MARK.fullmatch(text_of(link)):
            del link.attrib["href"]
    for element in page.xpath("//*[self::div or self::p][@role='heading']"):
        level = element.get("aria-level") or ""
        if not BLOCKS & {inner.tag for inner in element.iterdescendants()}:
            element.tag = f"h{level if level in '123456' and level else 2}"


def _unfold(button: Any, page: Any) -> None:
    """Show what a button unfolds: the next element after it or its heading, and the one that it names."""
    folded = [after for element in with_ancestors(button)[:3] if (after := element.getnext()) is not None][:1]
    if name := button.get("aria-controls"):
        folded += page.xpath("//*[@id=$name]", name=name)
    for element in folded:
        show(element)
