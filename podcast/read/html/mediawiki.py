# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove MediaWiki boilerplate from pages of Wikipedia and other wikis.

Infoboxes, tables of contents, reference markers, notes to editors and phonetic transcriptions are removed without a
remark; the lists of references and links at the end with one.
"""

import re
from typing import Any

from podcast import languages
from podcast.read.dom.elements import drop
from podcast.read.normalize import fold

ARTICLE = "//*[contains(concat(' ', @class, ' '), ' mw-parser-output ')] | //*[@id='mw-content-text']"
BOILERPLATE_IDS = frozenset(("siteSub", "contentSub", "toc", "catlinks", "jump-to-nav", "mw-navigation", "coordinates"))
"""Values of `id`, removed without a remark."""
BOILERPLATE_CLASSES = frozenset(
    (
        *("toc", "hatnote", "homonymie", "dablink", "infobox", "infobox_v2", "infobox_v3", "navbox", "vertical-navbox"),
        *("navigation-box", "navbox-container", "sidebar", "sistersitebox", "metadata", "ambox", "tmbox", "noprint"),
        *("bandeau-container", "bandeau-article", "bandeau-section", "autres-projets", "catlinks", "printfooter"),
        *("mw-editsection", "mw-jump-link", "mw-empty-elt", "shortdescription", "portalbox", "bandeau-portail"),
        *("reference", "need_ref_tag", "noexcerpt", "API", "IPA", "ext-phonos", "geo-nondefault"),
    )
)
"""Values of `class`, removed without a remark."""
REFERENCE_CLASSES = frozenset(("references", "reflist", "mw-references-wrap", "references-small", "refbegin"))
END_HEADINGS = frozenset(languages.everywhere("reading.toml", "wiki_endings"))
"""Headings of sections after the article, in lower case."""


def strip_mediawiki(page: Any) -> list[str]:
    """Remove boilerplate from a page of MediaWiki, in place; return a remark on each section left out.

    Other pages are not changed.
    """
    articles = page.xpath(ARTICLE)
    if not articles:
        return []
    remarks = [f"left out (list of sources or links): “{title}”" for title in _remove_end_sections(articles[-1])]
    for element in list(page.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        kinds = set((element.get("class") or "").split())
        if element.get("id") in BOILERPLATE_IDS or kinds & (BOILERPLATE_CLASSES | REFERENCE_CLASSES):
            drop(element)
    for element in articles[-1].iter():
        element.text, element.tail = _without_empty_brackets(element.text), _without_empty_brackets(element.tail)
    return remarks


def _without_empty_brackets(text: str | None) -> str | None:
    """Remove the punctuation left around removed elements: `pont de Gard, )`."""
    if not text:
        return text
    return re.sub(r"\(\s*[,;]\s*", "(", re.sub(r"\s*\(\s*\)|[,;]\s*(?=\))", "", text))


def _remove_end_sections(article: Any) -> list[str]:
    """Remove the sections at the end that list sources and links; return their titles."""
    titles = []
    for heading in [e for e in article if _title(e)]:
        title = _title(heading)
        if title.lower() not in END_HEADINGS:
            continue
        level = _level(heading)
        titles.append(title)
        for element in [heading, *heading.itersiblings()]:
            if element is not heading and _title(element) and _level(element) <= level:
                break
            drop(element)
    return titles


def _heading(element: Any) -> Any:
    """Return the heading that an element is or, since MediaWiki 1.42, wraps; None if it is neither."""
    if not isinstance(element.tag, str):
        return None
    if element.tag in {"h2", "h3"}:
        return element
    wraps = "mw-heading" in (element.get("class") or "").split()
    return next((inner for inner in element if inner.tag in {"h2", "h3"}), None) if wraps else None


def _title(element: Any) -> str:
    heading = _heading(element)
    if heading is None or element.getparent() is None:
        return ""
    named = heading.xpath(".//*[contains(concat(' ', @class, ' '), ' mw-headline ')]")
    return fold("".join((named[0] if named else heading).itertext()))


def _level(element: Any) -> int:
    return int(_heading(element).tag[1])
