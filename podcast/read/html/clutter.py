# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove boxes around and inside an article by the names that sites give them: share bars, newsletters, related links.

Names are those of classes, ids and labels, in words: `subscriptionWidget` and `subscription-widget` are the same. A
name alone proves little (a page may be `has-sidebar`, a whole article a `newsletter-post`), so a box with much of a
page's text stays, and so do all boxes of a kind that most of the text is in.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from podcast.read.dom.elements import drop, show
from podcast.read.dom.strip import UNREAD, is_hidden
from podcast.read.sites import names_for, names_or

CLUTTER_NAMES = {
    "share": r"share|sharing|shar(?:e|ing)-\w+|social|sociable|partage|partager",
    "newsletter": r"newsletters?|infolettre|subscribe|subscription-widget|subscription|sign-?up|opt-?in"
    r"|nl-title|abonnement",
    "related": r"related|recommend(?:ed|ations?)|read-?more|read-?next|more-(?:from|on)"
    r"|further-reading"
    r"|(?:also|see)-(?:read|also)|(?:a-)?lire-aussi|most-(?:read|viewed|popular)|popular(?:-posts)?|trending"
    r"|interlude|suggested|similar|same-topic|more-?links|interesting-articles|next-(?:story|posts?|articles?)",
    "consent": r"cookies?|consent|gdpr|rgpd|cmp",
    "ad": r"ads?|advert(?:s|isement|ising)?|ad-?slot|sponsored|publicite|pub",
    "navigation": r"breadcrumbs?|fil-d?-?ariane|arbo|pagination|pager|post-navigation|skip(?:-link)?|toc"
    r"|table-of-contents|page-toc|navigation|tablist|menubar|toolbar",
    "sidebar": r"side-?bar",
    "popup": r"pop-?ups?|modal",
    "comments": r"comments?|comment-?list|commentaires?|respond",
    "byline": r"byline-(?:new|block|wrapper|contributors?)",
    "author": r"(?:about-(?:the-)?)?(?:author|auteur|writer)-(?:\w+-)?(?:bio|biography|box|card|info|description)"
    r"|(?:\w+-)?bio|about-(?:the-)?author|(?:content-)?disclosures?(?:-statement)?|written-by",
    "tags": r"tags?|tag-?list|tags-links|post-tags|cat-links|categories|mots-cles|keywords|labels|(?:\w+-)?tags|topics",
    "player": r"(?:audio|podcast|speech|tts)-?(?:\w+-)?player|text-to-speech"
    r"|audio-(?:card|module)",
    "code": r"(?:code|example)-(?:block-)?(?:header|toolbar|lang|language)|language-name|highlight-panel",
    "print": r"print-?only|only-?print|visible-print|noscreen",
    "cite": r"how-to-cite|cite-this(?:-article)?|ctz-citation|pour-citer",
    "newsletter-footer": r"template-footer|email-footer",
    "app": r"(?:inline-)?cta(?:-box)?|(?:app-)?promo(?:tion)?|app-(?:box|banner|card|cta|download|link)"
    r"|(?:download|get)-(?:the-)?app",
}
"""Kind of clutter -> regular expression of common names; sites.toml has those of specific sites."""
SHORT_KINDS = frozenset(("related", "tags", "navigation", "app", "author", "byline", "cite"))
"""Kinds of clutter that are short or consist of links; longer boxes with such a name are text."""
MAX_SHORT = 400
"""Maximum letters of such a box."""
MAX_SHARE = 0.4
"""A box with more than this share of a page's text is not clutter."""
MAX_SHARES = {"comments": 0.95}
"""Kind -> another such share: there may be more comments than text."""
UNCLOSED = 0.5
"""A menu or form with more than this share of a page's text was not closed, and contains the article."""
NOT_TEXT = frozenset(
    ("script", "style", "template", "head", "svg", "iframe", "object", "option", "optgroup", "datalist")
)
"""Elements whose content is not text."""
MAY_BE_UNCLOSED = (UNREAD | {"header"}) - NOT_TEXT
"""Elements that may be unclosed and so contain the article."""
LIVE_BLOG = re.compile(r"(?:^|-)live(?:-|$)")
"""Names of comments that are the article, in live blogs."""
MIN_ARTICLE = 300
"""Minimum letters of an article that has longer comments."""
BOX = {
    "div", "section", "aside", "ul", "ol", "p", "span", "figure", "li", "nav", "footer", "header", "dl",
    "table", "td", *names_for("box-element"),
}  # fmt: skip
"""Elements that can be a box of clutter."""
SCREEN_READER_ONLY = re.compile(
    r"(?:^|-)(?:sr-only|visually-hidden|screen-reader-text|screen-reader-only|a11y-hidden)(?:-|$)"
)
KINDS = {kind: re.compile(rf"(?:^|-)(?:{names_or(kind, names)})(?:-|$)") for kind, names in CLUTTER_NAMES.items()}


def unhide(page: Any) -> None:
    """Show the elements with most of a page's text that are hidden until a script runs, or in a menu left open."""
    letters = _letters(page)
    hidden = page.xpath(".//*[@hidden or @aria-hidden or @style]")
    siblings = _hidden_letters(hidden, letters)
    for element in hidden:
        if max(letters[element], siblings[element.getparent()]) > MAX_SHARE * letters[page]:
            show(element)
    letters = _letters(page, NOT_TEXT)
    for element in list(page.iter(*MAY_BE_UNCLOSED)):
        if letters[element] > UNCLOSED * letters[page]:
            element.tag = "div"


def _hidden_letters(hidden: Sequence[Any], letters: dict[Any, int]) -> dict[Any, int]:
    """Return the letters that are hidden in each parent: the captions of a gallery are shown one at a time."""
    sums: dict[Any, int] = defaultdict(int)
    for element in hidden:
        sums[element.getparent()] += letters[element] if is_hidden(element) else 0
    return sums


def remove_clutter(page: Any) -> None:
    """Remove such boxes from a page, in place."""
    letters = _letters(page)
    whole = letters[page] or 1
    hidden: list[Any] = []
    boxes: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for element in [one for one in page.iter(*BOX) if one is not page]:
        names = _names(element)
        if _is_for_screen_readers(element, names) and letters[element] < MAX_SHARE * whole:
            hidden.append(element)
        elif kind := _kind(names, letters[element], whole):
            boxes[kind].append(element)
    _drop_all(hidden)
    for kind, found in boxes.items():
        outermost = _outermost(found)
        held = sum(letters[element] for element in outermost)
        if held < MAX_SHARE * whole or (kind == "comments" and whole - held > MIN_ARTICLE):
            _drop_all(outermost)


def _is_for_screen_readers(element: Any, names: str) -> bool:
    """Return True for text that is only for screen readers, but not for the first letter of a word in a drop cap."""
    return bool(SCREEN_READER_ONLY.search(names)) and not (element.tail or " ")[0].isalpha()


def _kind(names: str, letters: int, whole: int) -> str:
    """Return what kind of clutter a box with these names and so many letters is; empty for none: `comments`."""
    kinds = (kind for kind, pattern in KINDS.items() if pattern.search(names))
    found = next((kind for kind in kinds if kind not in SHORT_KINDS or letters < MAX_SHORT), "")
    is_live = found == "comments" and LIVE_BLOG.search(names)
    return "" if is_live or letters >= MAX_SHARES.get(found, MAX_SHARE) * whole else found


def _outermost(elements: Sequence[Any]) -> list[Any]:
    """Return the elements that are not inside another of them."""
    known = set(elements)
    return [element for element in elements if known.isdisjoint(element.iterancestors())]


def _drop_all(elements: Sequence[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            drop(element)


def _names(element: Any) -> str:
    """Return the names of an element in lower case, words separated by hyphens: `shareBar` gives `share-bar`."""
    keys = ["class", "id", "aria-label", "data-component", "data-testid", "name"]
    if element.find(".//*[@role='tabpanel']") is None:
        keys.append("role")
    names = " ".join(element.get(key) or "" for key in keys)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", names).lower()
    return re.sub(r"[^a-z0-9]+", "-", words)


def _letters(page: Any, unread: AbstractSet[str] = UNREAD) -> dict[Any, int]:
    """Return how many letters of running text each element has; those of links do not count."""
    letters: dict[Any, int] = {}
    for element in reversed(list(page.iter())):  # children before their parents
        letters[element] = 0
        if isinstance(element.tag, str) and element.tag not in unread and element.tag != "a":
            inner = sum(letters[child] + len((child.tail or "").strip()) for child in element)
            letters[element] = len((element.text or "").strip()) + inner
    return letters
