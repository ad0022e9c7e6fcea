# SPDX-License-Identifier: GPL-3.0-or-later
"""Boxes around and within an article that sites name for what they are: share bars, newsletters, related links.

Names are those of classes, ids and labels, in words: `subscriptionWidget`, `subscription-widget`. A name alone proves
little (a page may be `has-sidebar`, a whole article a `newsletter-post`), so a box that holds much of a page's
text is left alone, and a name that most of the text goes by is none of furniture there.
"""

import re
from collections import defaultdict
from collections.abc import Set as AbstractSet
from typing import Any

from podcast.read.tidy import UNREAD, drop, is_hidden, show

NAMES = {
    "share": r"share|sharing|sharedaddy|shar(?:e|ing)-\w+|social|sociable|addtoany|addthis|partage|partager",
    "letter": r"newsletters?|infolettre|subscribe|subscription-widget|subscription|sign-?up|mailchimp|mc4wp|opt-?in"
    r"|nl-title|abonnement",
    "related": r"related|jp-relatedposts|yarpp|recommend(?:ed|ations?)|read-?more|read-?next|more-(?:from|on)"
    r"|further-reading"
    r"|(?:also|see)-(?:read|also)|(?:a-)?lire-aussi|most-(?:read|viewed|popular)|popular(?:-posts)?|trending|rich-?link|catcher"
    r"|recirc(?:ulation)?|interlude|suggested|similar|same-topic|more-?links|interesting-articles|next-(?:story|posts?|articles?)|digest-post-embed|bookmark-card",
    "consent": r"cookies?|consent|didomi|onetrust|axeptio|gdpr|rgpd|tarteaucitron|cookiebot|cmp",
    "ad": r"ads?|advert(?:s|isement|ising)?|ad-?slot|adsbygoogle|dfp|outbrain|taboola|sponsored|publicite|inread|pub",
    "way": r"breadcrumbs?|fil-d?-?ariane|arbo|pagination|pager|post-navigation|skip(?:-link)?|toc|table-of-contents"
    r"|lwptoc|page-toc|navigation|tablist|menubar|toolbar",
    "side": r"side-?bar",
    "popup": r"pop-?ups?|popmake|pum|modal",
    "comments": r"comments?|comment-?list|commentaires?|disqus|respond",
    "byline": r"byline-(?:new|block|wrapper|contributors?)",
    "author": r"(?:about-(?:the-)?)?(?:author|auteur|writer)-(?:\w+-)?(?:bio|biography|box|card|info|description)"
    r"|(?:\w+-)?bio|about-(?:the-)?author|(?:content-)?disclosures?(?:-statement)?|saboxplugin-\w+|written-by",
    "tags": r"tags?|tag-?list|tags-links|post-tags|cat-links|categories|mots-cles|keywords|labels|(?:\w+-)?tags|topics",
    "player": r"(?:audio|podcast|speech|tts)-?(?:\w+-)?player|text-to-speech|speechify-ignore|vjs-no-js"
    r"|audio-(?:card|module)",
    "code": r"(?:code|example)-(?:block-)?(?:header|toolbar|lang|language)|language-name|highlight-panel",
    "print": r"print-?only|only-?print|visible-print|noscreen",
    "cite": r"how-to-cite|cite-this(?:-article)?|ctz-citation|pour-citer",
    "letter-foot": r"template-footer|email-footer",
    "app": r"(?:inline-)?cta(?:-box)?|(?:app-)?promo(?:tion)?|app-(?:box|banner|card|cta|download|link)"
    r"|(?:download|get)-(?:the-)?app",
}
"""What a box is -> how sites call it."""
LISTED = frozenset(("related", "tags", "way", "app", "author", "byline", "cite"))
"""Boxes that are short, or made of links; others of that name are text."""
SHORT = 400
"""Letters of such a box."""
MUCH = 0.4
"""Of a page's text: a box that holds as much is not furniture."""
MOST_OF = {"comments": 0.95}
"""The same, where it is more: there may be longer comments than text."""
MOST = 0.5
"""Of a page's text: what holds more is no menu or form, whatever it is called, but one that nobody closed."""
MUTE = frozenset(("script", "style", "template", "head", "svg", "iframe", "object", "option", "optgroup", "datalist"))
"""Elements that hold no text, however much stands in them."""
CLOSED = (UNREAD | {"header"}) - MUTE
"""Elements that nobody closed, if most of a page stands in them."""
LIVE = re.compile(r"(?:^|-)live(?:-|$)")
"""Names of comments that are the text: those on a match, as it goes."""
ENOUGH = 300
"""Letters of a text under which there may be longer comments."""
BOX = {
    "div", "section", "aside", "ul", "ol", "p", "span", "figure", "li", "nav", "footer", "header", "dl", "gu-island",
    "table", "td",
}  # fmt: skip
"""Elements that can be such a box."""
UNSEEN = re.compile(r"(?:^|-)(?:sr-only|visually-hidden|screen-reader-text|screen-reader-only|a11y-hidden)(?:-|$)")
KINDS = {kind: re.compile(rf"(?:^|-)(?:{names})(?:-|$)") for kind, names in NAMES.items()}


def unhide(page: Any) -> None:
    """Show what is hidden until a script has run, or stands in a menu that nobody closed, if it is most of a page."""
    letters = _letters(page)
    hidden = page.xpath(".//*[@hidden or @aria-hidden or @style]")
    beside: dict[Any, int] = defaultdict(int)  # pictures of a gallery and what is told of them, one shown at a time
    for element in hidden:
        beside[element.getparent()] += letters[element] if is_hidden(element) else 0
    for element in hidden:
        if max(letters[element], beside[element.getparent()]) > MUCH * letters[page]:
            show(element)
    letters = _letters(page, MUTE)
    for element in list(page.iter(*CLOSED)):
        if letters[element] > MOST * letters[page]:
            element.tag = "div"


def sweep(page: Any) -> None:
    """Remove such boxes from a page, in place."""
    letters = _letters(page)
    whole = letters[page] or 1
    boxes: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for element in list(page.iter()):
        if element.tag not in BOX or element.getparent() is None:
            continue
        names = _names(element)
        is_unseen = bool(UNSEEN.search(names)) and letters[element] < MUCH * whole
        if is_unseen and not (element.tail or " ")[0].isalpha():  # the first letter, for who hears the page
            drop(element)
        elif (kind := _kind(names, letters[element])) and letters[element] < MOST_OF.get(kind, MUCH) * whole:
            boxes[kind].append(element)
    for kind, found in boxes.items():
        known = set(found)
        outermost = [element for element in found if known.isdisjoint(element.iterancestors())]
        held = sum(letters[element] for element in outermost)
        if held < MUCH * whole or (kind == "comments" and whole - held > ENOUGH):
            for element in outermost:
                if element.getparent() is not None:
                    drop(element)


def _kind(names: str, letters: int) -> str:
    kinds = (kind for kind, pattern in KINDS.items() if pattern.search(names))
    found = next((kind for kind in kinds if kind not in LISTED or letters < SHORT), "")
    return "" if found == "comments" and LIVE.search(names) else found


def _names(element: Any) -> str:
    """Return what an element is called, in lower case, its words parted by hyphens."""
    keys = ["class", "id", "aria-label", "data-component", "data-testid", "name"]
    if element.find(".//*[@role='tabpanel']") is None:
        keys.append("role")
    named = (element.get(key) or "" for key in keys)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", " ".join(named)).lower()
    return re.sub(r"[^a-z0-9]+", "-", words)


def _letters(page: Any, unread: AbstractSet[str] = UNREAD) -> dict[Any, int]:
    """Return how many letters of running text are in each element; those of links do not count."""
    letters: dict[Any, int] = {}
    for element in reversed(list(page.iter())):  # what is in an element comes before it
        own = 0
        if isinstance(element.tag, str) and element.tag not in unread and element.tag != "a":
            own = len((element.text or "").strip())
            own += sum(letters[child] + len((child.tail or "").strip()) for child in element)
        letters[element] = own
    return letters
