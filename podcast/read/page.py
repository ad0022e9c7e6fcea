# SPDX-License-Identifier: GPL-3.0-or-later
"""What sites put into an article that is not read aloud, or that the article finder would lose, mended beforehand.

links within the page     `Jump to recipe`, lists of its headings: for the eye, and told
quotes pulled out         a sentence that stands in the text as well
captions                  of whatever element they are, as figures, and as the name of their picture
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from podcast.read import formula
from podcast.read.common import fold, without_credit
from podcast.read.markup import BLOCKS
from podcast.read.tidy import MARK, UNREAD, drop, show

CAPTION = re.compile(
    r"(?:^|\s)(?:wp-caption-text|thumbcaption|(?:(?:image|img|photo|picture|media|media-object)[-_]+)?caption(?:-text)?|l[ée]gende)(?:$|\s)"
)
CREDIT = re.compile(r"(?:^|[\s_-])(?:credits?|copyright)(?:$|[\s_-])", re.IGNORECASE)
PULLED = re.compile(r"(?:^|[\s_-])pull-?quote\b", re.IGNORECASE)
JUMP = 60
"""Letters of a link within the page that leads somewhere; longer ones are text."""
FEW = 4
"""Elements beside each other in which a link can be alone; more are never looked through."""
MANY = 60
"""Words of a quote that may be pulled out of the text."""
KICKER = re.compile(
    r"(?i)(?:^|[\s_-])(?:kicker|eyebrow|over-?line|top-?line|pre-?title|dachzeile|spitzmarke|surtitre|sur-titre|antetitulo)(?:$|[\s_-])"
)
"""Classes of what stands above a title, of what it is: a place, a name, a series."""
ALSO = re.compile(
    r"(?i)(?:^|(?<=[.!?…»”)\]]))\s*[\[(>»→*-]*\s*(?:(?:[àa]\s)?(?:re)?(?:lire|voir|[ée]couter)\s(?:aussi|[ée]galement)|lire\snotre\s\w+"
    r"|(?:also\s)?read(?:\s(?:also|more|next))?(?=\s*:)|(?:see|watch|read)\s(?:also|more)|also\sread|related(?:\s(?:story|article))?(?=\s*:)"
    r"|lesen\ssie\sauch|lee\stambi[ée]n|leggi\sanche|leia\stamb[ée]m)\s*[:>»–—|-]*\s*$"
)
"""Before a link in the middle of a paragraph that leads to another article."""
INLINE = {"a", "span", "strong", "em", "b", "i", "u", "small", "mark", "font"}
BESIDE = 100
"""Letters, and spaces, that may stand around a picture beside its caption."""
FRAMES = {"div", "p", "dl", "li", "section", "span"}
TITLED = {"h1", "h2", "h3", "h4", "h5", "h6"}


def part(page: Any) -> None:
    """Part what stands above a title from it: `Premier League: Liverpool verliert`."""
    mark = "\u00a0: " if (page.get("lang") or "").lower().startswith("fr") else ": "
    for above in page.iter("*"):
        heading = next(above.iterancestors("h1"), None) if KICKER.search(_class(above)) else None
        if heading is None:
            continue
        text, whole = fold("".join(above.itertext())), fold("".join(heading.itertext()))
        rest = whole.removeprefix(text).lstrip()
        if text and text[-1].isalnum() and rest[:1].strip(":|/–—-.,;!?") and rest != whole:
            above.tail = mark + (above.tail or "").lstrip()


def prepare(page: Any) -> list[str]:
    """Mend a page in place; return a remark on what had words and is left out."""
    jumps = list(_jumps(page))
    _opened(page)
    _headed(page)
    formula.write_out(page)
    for element in list(_elsewhere(page)):
        drop(element)
    for element in _pulled(page):
        drop(element)
    _figure(page)
    _caption(page)
    return [f"left out (links within the page): “{', '.join(jumps)[:80]}”"] if jumps else []


def _jumps(page: Any) -> Iterator[str]:
    """Remove links within the page that have a line to themselves; give what they say."""
    for link in list(page.iter("a")):
        outer = link.getparent()
        if outer is None or not (link.get("href") or "").startswith("#") or _inside(link, TITLED):
            continue
        text = fold("".join(link.itertext()))
        if text and len(text) <= JUMP and not MARK.fullmatch(text) and (_alone(link) or _only(link, text)):
            yield text
            drop(link)


def _only(link: Any, text: str) -> bool:
    """Return True for a link that is all there is around it."""
    outer = link.getparent()
    return len(outer) <= FEW and text == fold("".join(outer.itertext()))


def _alone(link: Any) -> bool:
    """Return True for a link with a line to itself, between blocks."""
    before, after = link.getprevious(), link.getnext()
    text = (link.getparent().text if before is None else before.tail) or ""
    beside = [element.tag for element in (before, after) if element is not None and isinstance(element.tag, str)]
    return not text.strip() and not (link.tail or "").strip() and bool(beside) and BLOCKS.issuperset(beside)


def _elsewhere(page: Any) -> Iterator[Any]:
    """Give what leads to other articles from within a paragraph: `À LIRE AUSSI` and a link, and nothing else.

    A paragraph of that alone is a notice (notices.py), and is named as one.
    """
    for link in list(page.iter("a")):
        if link.getparent() is None or not link.get("href"):
            continue
        widest = link
        for outer in link.iterancestors():
            if outer.tag not in INLINE:
                break
            widest = outer
        box = widest.getparent()
        if box is None or len(fold("".join(box.itertext()))) < 2 * len(fold("".join(widest.itertext()))):
            continue
        rest = fold(widest.tail or "").lstrip(" )]")
        if rest and not rest[0].isupper() and rest[0] not in '«“"[(':
            continue
        words, said = fold("".join(widest.itertext())), fold("".join(link.itertext()))
        if widest is not link and said and words.endswith(said) and ALSO.search(words.removesuffix(said)):
            yield widest
        elif before := ALSO.search(_before(widest)):
            _cut(widest, before)
            widest.tail = (widest.tail or "").removeprefix("]" if "[" in before[0] else "")
            yield widest


def _before(element: Any) -> str:
    before = element.getprevious()
    return str((element.getparent().text if before is None else before.tail) or "")


def _cut(element: Any, words: re.Match[str]) -> None:
    """Remove the words that stand right before an element."""
    before, left = element.getprevious(), words.string[: words.start()]
    if before is None:
        element.getparent().text = left
    else:
        before.tail = left


def _pulled(page: Any) -> Iterator[Any]:
    """Give the quotes whose words stand in the text as well."""
    found = [e for e in page.iter() if e.tag in {"blockquote", "aside"} or PULLED.search(_class(e))]
    if found:
        whole = _words(page)
        for element in found:
            words = _words(element)
            is_one = bool(PULLED.search(_class(element))) or FEW <= words.count(" ") < MANY
            if element.getparent() is not None and words and is_one and whole.count(words) > 1:
                yield element


def _words(element: Any) -> str:
    """Return the words alone that are to be read, in lower case, to compare."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag in BLOCKS:
            parts.append(" ")
        if event == "start" and inner.tag not in UNREAD:
            parts.append(inner.text or "")
        elif event == "end" and inner is not element:
            parts.append(inner.tail or "")
    return " ".join(re.findall(r"\w+", "".join(parts).casefold()))


def _figure(page: Any) -> None:
    """Have captions of other elements be those of figures."""
    for element in list(page.iter()):
        if not CAPTION.search(_class(element)) or _inside(element, {"figure"}):
            continue
        most = len("".join(element.itertext())) + BESIDE
        for outer in list(element.iterancestors())[:3]:
            if outer.tag not in FRAMES or len("".join(outer.itertext())) > most:
                break
            if next(outer.iter("img", "amp-img"), None) is not None:
                element.tag, outer.tag = "figcaption", "figure"
                break


def _caption(page: Any) -> None:
    """Have no list around pictures, and no caption that names who took one alone."""
    for figure in list(page.iter("figure")):
        if len(list(figure.iter("figure"))) > 1:
            for inner in figure.iter("ul", "ol", "li"):
                inner.tag = "div"  # a gallery is no list of words
    for caption in list(page.iter("figcaption")):
        for credit in [inner for inner in caption.iter() if inner is not caption and CREDIT.search(_class(inner))]:
            if credit.getparent() is not None:
                drop(credit)
        if caption.getparent() is not None and not without_credit(fold("".join(caption.itertext()))):
            drop(caption)


def _opened(page: Any) -> None:
    """Have words in a form that is laid around a page, and in buttons that unfold a text, be words of the page."""
    for form in list(page.iter("form")):
        asks = any(field.get("type") != "hidden" for field in form.iter("input", "textarea", "select"))
        if not asks or len(list(form.iter("p"))) >= FEW or form.find(".//h1") is not None:
            form.tag = "div"
    for button in list(page.iter("button")):
        text = fold("".join(button.itertext()))
        titled = next((outer for outer in button.iterancestors() if outer.tag in TITLED | {"summary", "dt"}), None)
        is_all = titled is not None and text == fold("".join(titled.itertext()))
        if is_all or (button.get("aria-expanded") and text.endswith("?")):
            button.tag = "span" if is_all else "p"
            _unfold(button, page)


def _headed(page: Any) -> None:
    """Have what says so of itself be a heading, and no heading a link to itself or to what it unfolds."""
    for link in page.xpath("//a[starts-with(@href,'#')]"):
        if _inside(link, TITLED) and not MARK.fullmatch(fold("".join(link.itertext()))):
            del link.attrib["href"]
    for element in page.xpath("//*[self::div or self::p][@role='heading']"):
        level = element.get("aria-level") or ""
        if not BLOCKS & {inner.tag for inner in element.iterdescendants()}:
            element.tag = f"h{level if level in '123456' and level else 2}"


def _unfold(button: Any, page: Any) -> None:
    """Show what a button unfolds: what it says so of, or what comes after it or the heading around it."""
    around = [button, *button.iterancestors()][:3]
    folded = [after for element in around if (after := element.getnext()) is not None][:1]
    if name := button.get("aria-controls"):
        folded += page.xpath("//*[@id=$name]", name=name)
    for element in folded:
        show(element)


def _inside(element: Any, tags: set[str]) -> bool:
    return any(outer.tag in tags for outer in element.iterancestors())


def _class(element: Any) -> str:
    return str(element.get("class") or "") if isinstance(element.tag, str) else ""
