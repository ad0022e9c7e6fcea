# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the author of a page: the names found by trafilatura, checked against the page and spelt as there.

trafilatura finds the author on almost any page, but takes the dots out of `J.-P. Müller`, and takes a site, a job
title or the word after a name for a person. Meta elements, JSON-LD and the byline tell them apart.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from podcast.read.byline import NAMES
from podcast.read.dom.elements import text_of
from podcast.read.html.metadata.json_ld import author_names, publisher_names
from podcast.read.normalize import fold, letters_of
from podcast.read.sites import names_for

BY = re.compile(
    r"^(?:(?i:(?:propos recueillis|(?:article )?r[ée]dig[ée]"
    r"|recueillis?|analyse|texte|r[ée]cit|reportage|enqu[êe]te|article|publi[ée]e?|written|analysis|posted|words|story"
    r"|text|published|eingestellt|verfasst|geschrieben|publicado|escrito|scritto)\s+)?"
    r"(?i:par|by|de|von|di|por)\s*:?|(?i:auteure?|authors?|autor(?:in|a)?|autore|автор)\s*:?)\s+(?=[^\W\d_a-z])"
    r"|^(?:文|著者?|作者|撰文|記者|记者)\s*[:：]\s*"
)
"""Words before a name in a byline."""
META_AUTHOR = "//meta[contains(@name,'author') or contains(@property,'author') or @itemprop='author']/@content"
CITATION_AUTHOR = (
    "//meta[@name='citation_author' or translate(@name,'DC','dc')='dc.creator' or @name='dcterms.creator']/@content"
)
"""Metadata of papers: one element an author, often surname first: `Field, Ann`."""
BYLINE_ELEMENT = "//*[@rel='author' or @itemprop='author' or contains(@class,'author') or contains(@class,'byline')]"
MAY_BE_SIGNED = "//*[@rel='author' or @itemprop='author' or @data-testid or @class]"
AUTHOR_CLASS = re.compile(
    r"(?:^|\s)(?:(?:post|entry|article|meta|blog|story)[-_]+)*(?:author|auteur|byline|autor)s?(?:\w*[-_]+(?:name|link|vcard))?(?:\s|$)"
)
"""Classes of elements that hold an author's name."""
AUTHOR_IDS = frozenset(names_for("author-id"))
DATED = re.compile(r"(?i)(?:valid[ée]e?\s+par|mis[e]?\s+à\s+jour|publi[ée]e?|modifi[ée]e?|updated|published|posted)\b")
"""Words before a date."""
PLACEHOLDER = re.compile(
    r"(?i)(?:(?:article|written|posted|story|text|photos?|eingestellt)\ (?:by|von)|follow(?:\ us)?"
    r"|staff(?:\ writer)?|unknown|anonymous|anonym|guest|gast(?:autor)?|authors?|autor(?:in)?|auteure?s?|share"
    r"|gesponserte\ inhalte)$"
)
"""Text in place of an author's name: `Staff`, `Guest`."""
JOB = re.compile(
    r"(?i)(?:.*\s)?(?:writer|editor(?:-at-large)?|reporter|correspondent|contributor|columnist|staff|journaliste?"
    r"|r[ée]dact(?:eur|rice|ion)|correspondante?|redaktion|redakteur(?:in)?|https?|\S+\s(?:com|net|org|fr|de))$"
)
"""A job title, or the end of a URL, which trafilatura may take for another author."""
MONTH = re.compile(
    r"(?i)(?:jan(?:uary|vier)?|feb(?:ruary)?|f[ée]vrier|march|mars|april|avril|may|mai|june|juin|july|juillet|august"
    r"|ao[ûu]t|sept(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?|d[ée]c(?:ember|embre)?|le|on)"
)
"""A word before the day of a date."""
LONGEST = 300
"""Characters of a byline; longer text is a biography."""


def author(page: Any, found: str) -> str:
    """Return the names that were `found`, separated by semicolons, as the page spells them: `A, B & C`."""
    in_json = [fold(name) for name in author_names(page)]
    in_meta = [fold(str(name)) for name in page.xpath(META_AUTHOR)]
    spellings = [*in_json, *map(fold, _byline_texts(page))]

    names = _candidates(page, found)
    names = [_without_month(page, name) for name in names if not PLACEHOLDER.match(name)]
    names = _people(page, names, in_meta)
    names = names or [name for name in in_json or in_meta[:1] if _is_name(name)]
    names = [_without_next_word(name, in_json) for name in names]
    names = [_with_last_letters(name, in_meta) for name in names]
    names = _confirmed(page, names, [*in_json, *in_meta])
    names = _without_lower_case_words(names, spellings)
    return _joined([_as_spelt(name, spellings) for name in _unique(names)])


def _candidates(page: Any, found: str) -> list[str]:
    """Return the authors of a paper, given name first, as its metadata lists them; for other pages, those `found`."""
    if scholars := [fold(str(name)) for name in page.xpath(CITATION_AUTHOR)]:
        undated = (re.sub(r",?\s\(?\d{3,4}.*$", "", name) for name in scholars)  # the years of a life
        found = ";".join(" ".join(reversed(name.split(", ", 1))) for name in undated)
    return _split_names(found)


def _split_names(found: str) -> list[str]:
    """Return names separated by semicolons, without the words and dates around them: `By Ann; Updated 3 May`."""
    return [BY.sub("", DATED.split(fold(name))[0]).strip() for name in found.split(";") if name.strip()]


def _without_month(page: Any, name: str) -> str:
    """Return `Ann Field` for `Ann Field May`, if the page has `Ann Field May 3`."""
    found = re.fullmatch(r"(\S+\s\S+.*)\s(\w+)", name)
    if not found or not MONTH.fullmatch(found[2]):
        return name
    text = fold(" ".join(page.itertext()))
    return found[1] if re.search(rf"(?i){re.escape(name)}\s\d", text) else name


def _people(page: Any, names: Sequence[str], in_meta: Sequence[str]) -> list[str]:
    """Return the names that JSON-LD lists as people, or its people; without any, all names but sites and job titles."""
    sites = _site_names(page)
    people = _declared_people(page, sites)
    spelt = " ".join(map(letters_of, people))
    if known := [name for name in names if name and letters_of(name) in spelt] or people:
        return known
    own = _without_sites(names, sites, in_meta)
    return own[:1] + [name for name in own[1:] if not JOB.match(name)]


def _site_names(page: Any) -> list[str]:
    """Return the names of the site and of its publisher."""
    names = [*map(fold, page.xpath("//meta[@property='og:site_name']/@content")), *publisher_names(page)]
    return [name for name in names if name]


def _declared_people(page: Any, sites: Sequence[str]) -> list[str]:
    """Return the names of people in JSON-LD; one word is an account, and some sites are declared as people."""
    people = [fold(name) for name in author_names(page, "Person")]
    return [name for name in people if " " in name and _is_name(name) and name not in sites]


def _without_sites(names: Sequence[str], sites: Sequence[str], in_meta: Sequence[str]) -> list[str]:
    """Return the names that are not the site's, nor its town: for `The Pier Post, Brest, France`, none of the three."""
    addresses = " ".join(text for text in in_meta if text.startswith(tuple(f"{site}," for site in sites)))
    own = [name for name in names if not any(re.search(rf"(?i)\b{re.escape(site)}\b", name) for site in sites)]
    return [name for name in own if name not in addresses] or list(names[:1])


def _is_name(text: str) -> bool:
    """Return False for a URL, an administrator's account and a placeholder."""
    is_long = len(text) >= LONGEST
    return not is_long and not re.search(r"https?:|[@/]|^admin", text, re.IGNORECASE) and not PLACEHOLDER.match(text)


def _without_next_word(name: str, declared: Sequence[str]) -> str:
    """Return `Ann Field` for `Ann Field Share`, if the page declares `Ann Field`."""
    return next((one for one in declared if name.startswith(f"{one} ")), name)


def _with_last_letters(name: str, declared: Sequence[str]) -> str:
    """Return `Ann F.` for `Ann F`, if the page declares it: a name that is longer by one or two characters."""
    return next((one for one in declared if one.startswith(name) and 0 < len(one) - len(name) < 3), name)


def _confirmed(page: Any, names: Sequence[str], declared: Sequence[str]) -> list[str]:
    """Return the names if the page declares one of them; else the first that an element is marked with."""
    if set(map(letters_of, names)) & set(map(letters_of, declared)):
        return list(names)
    return next(([name] for name in _signed(page)), [name for name in names if not DATED.match(name)])


def _without_lower_case_words(names: Sequence[str], spellings: Sequence[str]) -> list[str]:
    """Return the names without further ones that are ordinary words on the page: `Ann Roy, health reporter`.

    trafilatura capitalises each word that it takes for a name.
    """
    written = " ".join(spellings)
    return [*names[:1], *(name for name in names[1:] if name in written or name.lower() not in written)]


def _unique(names: Sequence[str]) -> list[str]:
    """Return the names without those that differ from an earlier one in punctuation alone: `J-P Roy`, `JP Roy`."""
    first = {letters_of(name): name for name in reversed(names) if name}
    return [name for name in names if name in first.values()]


def _as_spelt(name: str, spellings: Sequence[str]) -> str:
    """Return a name with the punctuation that the page gives it: `J.-P. Müller` for `J P Müller`."""
    words = re.findall(r"[^\W\d_]+", name)
    if not words or any(unicodedata.category(c).startswith("M") for c in name):  # vowel signs of Indic scripts
        return name
    end = r"\.?" if len(words[-1]) == 1 else ""
    pattern = re.compile(r"[^\w\n,;]{1,3}".join(map(re.escape, words)) + end + r"(?!\w)")
    return next((match[0] for text in spellings if (match := pattern.search(text))), name)


def _joined(names: Sequence[str]) -> str:
    """Join names: `A, B & C`."""
    *first, last = names or [""]
    return f"{', '.join(first)} & {last}" if first else last


def _byline_texts(page: Any) -> Iterator[str]:
    """Yield the texts of meta elements and bylines, in which names are spelt out."""
    yield from map(str, page.xpath(META_AUTHOR))
    for element in page.xpath(BYLINE_ELEMENT):
        if len(text := "".join(element.itertext())) < LONGEST:
            yield text


def _signed(page: Any) -> Iterator[str]:
    """Yield the text of elements that are marked as the author, if it is a name."""
    for element in page.xpath(MAY_BE_SIGNED):
        if _is_marked_author(element):
            text = BY.sub("", text_of(element))
            if len(text) < LONGEST and re.fullmatch(NAMES, text) and not PLACEHOLDER.match(text):
                yield text


def _is_marked_author(element: Any) -> bool:
    """Return True for `<a rel="author">` and the like, and for a class such as `post-author-name`."""
    if "author" in {element.get("rel"), element.get("itemprop")} or element.get("data-testid") in AUTHOR_IDS:
        return True
    return AUTHOR_CLASS.search(element.get("class") or "") is not None
