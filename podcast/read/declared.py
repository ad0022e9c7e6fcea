# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page declares of itself: its language, who wrote it, and when to the minute.

trafilatura finds author and day on almost any page, but takes the dots out of `J.-P. Müller` and drops the time. Both
stand in the page (meta elements, JSON-LD, the byline), and are taken from there where they say the same.
"""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from podcast.read.byline import NAMES, date
from podcast.read.common import fold, moment
from podcast.read.tidy import drop

BY = re.compile(
    r"^(?:(?i:(?:propos recueillis|(?:article )?r[ée]dig[ée]"
    r"|recueillis?|analyse|texte|r[ée]cit|reportage|enqu[êe]te|article|publi[ée]e?|written|analysis|posted|words|story"
    r"|text|published|eingestellt|verfasst|geschrieben|publicado|escrito|scritto)\s+)?"
    r"(?i:par|by|de|von|di|por)\s*:?|(?i:auteure?|authors?|autor(?:in|a)?|autore|автор)\s*:?)\s+(?=[^\W\d_a-z])"
    r"|^(?:文|著者?|作者|撰文|記者|记者)\s*[:：]\s*"
)
"""What stands before a name in a byline."""
NAMED = "//meta[contains(@name,'author') or contains(@property,'author') or @itemprop='author']/@content"
SCHOLARS = (
    "//meta[@name='citation_author' or translate(@name,'DC','dc')='dc.creator' or @name='dcterms.creator']/@content"
)
"""Each names one author of a paper, often as in an index: `Field, Ann`."""
SIGNED = "//*[@rel='author' or @itemprop='author' or contains(@class,'author') or contains(@class,'byline')]"
SIGN = re.compile(
    r"(?:^|\s)(?:(?:post|entry|article|meta|blog|story)[-_]+)*(?:author|auteur|byline|autor)s?(?:\w*[-_]+(?:name|link|vcard))?(?:\s|$)"
)
"""Classes of elements that hold the name of who wrote a text."""
TITLE = (
    "//*[self::h1 or self::h2 or self::h3][contains(@class,'entry-title') or contains(@class,'post-title')"
    " or contains(@class,'article-title') or @itemprop='headline']"
)
TIMED = (
    "//meta[@property='article:published_time' or @itemprop='datePublished' or @name='date' or @name='DC.date.issued']"
    "/@content | //time/@datetime"
)
WRAPPED = re.compile(
    r"^\s*(?:/\*.{0,20}?\*/|//|<!--|<!\[CDATA\[|\s)*|(?:/\*.{0,20}?\*/|//\s*\]\]>|-->|\]\]>|\s)*$", re.DOTALL
)
"""What stands around scripts for old browsers."""
FIRST = "//body//p[contains(concat(' ', @class, ' '), ' title ') or @class='MsoTitle']"
"""The title of a document that was exported as a page."""
TITLED = 12
"""Letters of a heading that is no chance."""
SEPARATOR = re.compile(r"^\s+[-–—|•·:»/]+\s+")
"""Between the title of an article and the name of its site."""
DOMAIN = re.compile(r"(?i)\s[|–—-]\s(?:\w[\w-]*\.)+(?:com|org|net|info|eu|fr|be|ch|ca|de|at|lu|it|es|uk|us|tv)$")
DATED = re.compile(r"(?i)(?:valid[ée]e?\s+par|mis[e]?\s+à\s+jour|publi[ée]e?|modifi[ée]e?|updated|published|posted)\b")
LATER = re.compile(
    r"(?i)^\W*(?:(?:la\s+)?derni[èe]re\s+(?:modification|mise\s+à\s+jour|r[ée]vision)|(?:this\s+page\s+was\s+|page\s+)?last\s+"
    r"(?:edited|modified|updated|changed|revised|reviewed)|zuletzt\s+(?:bearbeitet|ge[äa]ndert|aktualisiert)"
    r"|[úu]ltima\s+(?:edici[óo]n|modificaci[óo]n|actualizaci[óo]n|edi[çc][ãa]o)|ultima\s+modifica|esta\s+página\s+se\s+editó)"
)
"""Before the date of the newest version of a page, which is not when it appeared."""
NOBODY = re.compile(
    r"(?i)(?:(?:article|written|posted|story|text|photos?|eingestellt)\ (?:by|von)|follow(?:\ us)?"
    r"|staff(?:\ writer)?|unknown|anonymous|anonym|guest|gast(?:autor)?|authors?|autor(?:in)?|auteure?s?|share"
    r"|gesponserte\ inhalte)$"
)
"""What stands where an author's name would."""
OFFICE = re.compile(
    r"(?i)(?:.*\s)?(?:writer|editor(?:-at-large)?|reporter|correspondent|contributor|columnist|staff|journaliste?"
    r"|r[ée]dact(?:eur|rice|ion)|correspondante?|redaktion|redakteur(?:in)?|https?|\S+\s(?:com|net|org|fr|de))$"
)
"""What an author is, or the end of an address, which a finder may take for another author."""
MONTH = re.compile(
    r"(?i)(?:jan(?:uary|vier)?|feb(?:ruary)?|f[ée]vrier|march|mars|april|avril|may|mai|june|juin|july|juillet|august"
    r"|ao[ûu]t|sept(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?|d[ée]c(?:ember|embre)?|le|on)"
)
"""Stands before a day."""
AMERICAN = re.compile(
    r"(?<!\w)\$\s?\d|\d\s?(?:[AaPp]\.?[Mm]\.?\s)?\(?(?:E[SD]?T|C[SD]T|M[SD]T|P[SD]?T)\b|\b(?:Eastern|Pacific)\s(?:Standard\s|Daylight\s)?Time\b"
)
"""Dollars and clocks of the United States."""
QUOTED = (
    "//*[contains(@class,'testimonial') or contains(@class,'quote')] | //blockquote | //figure"
    " | //*[contains(@class,'caption') or contains(@class,'legend')]"
)
PARTS = re.compile(r"\s[|–—•·-]\s|[:,()]\s|\)$")
LONGEST = 300
"""Characters of a byline; what is longer tells of the author."""


def language(page: Any) -> str:
    """Return the page's own word on its language, as BCP 47; a wrong length is no language code."""
    stated = page.xpath("@lang | @*[name()='xml:lang'] | body/@lang")
    code = str(next((code for code in stated if code.strip()), "")).strip()
    code = re.sub(r"^[A-Z]+", lambda letters: letters[0].lower(), code)
    return code if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", code) else ""


def title(page: Any, found: str) -> str:
    """Return the title of the article: the element that is marked as such, if that is what the page is called by.

    On many blogs the first heading is the name of the blog.
    """
    called = fold(" ".join(page.xpath("//head/title//text()")))
    marked = dict.fromkeys(fold("".join(element.itertext())) for element in page.xpath(TITLE))
    found = next((one for one in marked if len(marked) == 1 and one and one != found and one in called), found)
    firsts = {fold("".join(element.itertext())) for element in page.iter("h1")}
    if called.startswith(f"{found} : ") and found not in {
        *marked,
        *firsts,
    }:  # a colon in French parts no site from a title
        found = re.split(r"\s[|–—•]\s", called)[0]
    found = _called(page, called, found)
    first = next((fold("".join(e.itertext())) for e in page.xpath(FIRST)), "")
    if first and (not found or called in {"", first}):
        found = first
    site = [fold(name) for name in page.xpath("//meta[@property='og:site_name']/@content")]
    headings = [fold("".join(element.itertext())) for element in page.iter("h1", "h2")]
    beside = (SEPARATOR.sub("", found[len(one) :], count=1) for one in headings if one and found.startswith(one))
    for rest in filter(None, [*beside, *site]):
        if (short := re.sub(rf"{SEPARATOR.pattern[1:]}{re.escape(rest)}$", "", found)) != found:
            return _parted(page, short)
    return _parted(page, DOMAIN.sub("", found))


def _parted(page: Any, found: str) -> str:
    """Return a title as the page says it in plain words, if it is the same: `A / B` where its heading has two lines."""
    longer = (one for one in _plain(page) if len(one) > len(found) and one[:1].isalnum() is found[:1].isalnum())
    return next((one for one in longer if _letters(one) == _letters(found)), found)


def _plain(page: Any) -> list[str]:
    return [fold(name) for name in page.xpath("//meta[@property='og:title']/@content")]


def _called(page: Any, called: str, found: str) -> str:
    """Return the heading with which what a page is called by begins, if what was found is the site's name or a label.

    Of two that stand in it, the shorter one is the site; the only first heading of a page that says it in other words
    is a title too.
    """
    firsts = [fold("".join(element.itertext())) for element in page.iter("h1")]
    least = max(TITLED, len(found) + 1 if found in called else 0)
    if not found or called.startswith(found) or (found not in called and firsts == [found]):
        return found
    headings = [*firsts, *(fold("".join(element.itertext())) for element in page.iter("h2", "h3"))]
    only = firsts[0] if len(set(firsts)) == 1 and len(firsts[0]) >= TITLED and found not in headings else ""
    if only and any(re.search(rf"\s[|•]\s{re.escape(only)}$", one) for one in _plain(page)):
        return only  # after the name of a series
    return max((one for one in headings if len(one) >= least and called.startswith(one)), key=len, default=found)


def quiet(page: Any) -> Any:
    """Return a copy of a page without what looks like its author or date and is neither.

    These are names beside what is quoted, and dates of later versions.
    """
    whole = deepcopy(page)
    for element in [e for e in whole.iter() if isinstance(e.tag, str) and LATER.search(e.text or "")]:
        for each in (element, element.getparent()):
            text = fold("".join(each.itertext()))
            if each.getparent() is not None and len(text) < LONGEST and LATER.search(text) and re.search(r"\d", text):
                drop(each)
                break
    for element in whole.xpath(QUOTED):
        around = element.getparent() is None or element.tag == "body" or element.find(".//h1") is not None
        if not around and len("".join(element.itertext())) < 2 * LONGEST:
            drop(element)
    return whole


def untitled(page: Any, day: str | None) -> Any:
    """Return a copy of a page without its titles if these name the year of the `day` that was found, else None.

    Laws and attacks are called by their date. A title such as `Notes, 3 May 2021` says when it was written.
    """
    titles = page.xpath("//title | //h1") if day else []
    parts = [part for title in titles for part in PARTS.split(fold("".join(title.itertext())))]
    named = [part for part in parts if day and day[:4] in part]
    spoken = language(page)  # a date in whatever language there is costs a second
    if not named or any(date(part, spoken) for part in named):
        return None
    whole = deepcopy(page)
    for title in whole.xpath("//title | //h1"):
        drop(title)
    return whole


def body(page: Any) -> list[str]:
    """Return the paragraphs of an article that stands in the page's JSON-LD alone."""
    for data in _linked_data(page):
        if isinstance(text := data.get("articleBody"), str) and text.strip():
            return [words for part in re.split(r"\n+", text) if (words := fold(part))]
    return []


def author(page: Any, found: str) -> str:
    """Return the names that were `found`, parted by semicolons, as the page spells them: `A, B & C`."""
    if scholars := [fold(str(name)) for name in page.xpath(SCHOLARS)]:
        undated = (re.sub(r",?\s\(?\d{3,4}.*$", "", name) for name in scholars)
        found = ";".join(" ".join(reversed(name.split(", ", 1))) for name in undated)
    stated = [fold(name) for name in _writers(page)]
    metas = [fold(str(name)) for name in page.xpath(NAMED)]
    names = [BY.sub("", DATED.split(fold(name))[0]).strip() for name in found.split(";") if name.strip()]
    names = _people(page, [_ended(page, name) for name in names if not NOBODY.match(name)])
    if not names:
        names = [name for name in stated or metas[:1] if _is_name(name)]
    # a finder may take the word after a name with it
    names = [next((one for one in stated if name.startswith(f"{one} ")), name) for name in names]
    names = [
        next((one for one in metas if len(name) < len(one) < len(name) + 3 and one.startswith(name)), name)
        for name in names
    ]
    spelt = [*stated, *(fold(text) for text in _signatures(page))]
    if not set(map(_letters, names)) & set(map(_letters, (*stated, *metas))):
        names = next(([name] for name in _signed(page)), [name for name in names if not DATED.match(name)])
    written = " ".join(spelt)  # `Ann Roy, health reporter`: a finder gives all capitals
    names = names[:1] + [name for name in names[1:] if name in written or name.lower() not in written]
    alike = {_letters(name): name for name in reversed(names) if name}
    *first, last = [_as_spelt(name, spelt) for name in names if name in alike.values()] or [""]
    return f"{', '.join(first)} & {last}" if first else last


def _people(page: Any, names: list[str]) -> list[str]:
    """Return the names that JSON-LD has of people, if any of them are; else all but offices and what the site is."""
    house = [*map(fold, page.xpath("//meta[@property='og:site_name']/@content")), *_houses(page)]
    people = [fold(name) for name in _writers(page, "Person")]
    people = [name for name in people if " " in name and _is_name(name) and name not in house]  # no account's name
    spelt = " ".join(map(_letters, people))
    if known := [name for name in names if name and _letters(name) in spelt] or people:
        return known
    about = [fold(str(text)) for text in page.xpath(NAMED)]
    seats = " ".join(text for text in about if text.startswith(tuple(f"{one}," for one in house if one)))
    own = [name for name in names if not any(re.search(rf"(?i)\b{re.escape(one)}\b", name) for one in house if one)]
    own = [name for name in own if name not in seats] or names[:1]  # `The Pier Post, Brest, France`
    return own[:1] + [name for name in own[1:] if not OFFICE.match(name)]


def _ended(page: Any, name: str) -> str:
    """Return a name without the month or the word before the day after which it stands."""
    found = re.fullmatch(r"(\S+\s\S+.*)\s(\w+)", name)
    if not found or not MONTH.fullmatch(found[2]):
        return name
    text = fold(" ".join(page.itertext()))
    return found[1] if re.search(rf"(?i){re.escape(name)}\s\d", text) else name


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _is_name(text: str) -> bool:
    """Return False for an address, for what software calls who set it up, and for a word beside a name."""
    return len(text) < LONGEST and not re.search(r"https?:|[@/]|^admin", text, re.IGNORECASE) and not NOBODY.match(text)


def _as_spelt(name: str, spelt: list[str]) -> str:
    words = re.findall(r"[^\W\d_]+", name)
    if not words or any(unicodedata.category(c).startswith("M") for c in name):  # vowels of India are no letters
        return name
    end = r"\.?" if len(words[-1]) == 1 else ""
    pattern = re.compile(r"[^\w\n,;]{1,3}".join(map(re.escape, words)) + end + r"(?!\w)")
    return next((match[0] for text in spelt if (match := pattern.search(text))), name)


def _houses(page: Any) -> Iterator[str]:
    """Give the names of publishers in JSON-LD."""
    for data in _linked_data(page):
        house = data.get("publisher")
        if isinstance(house, dict) and isinstance(name := house.get("name"), str) and name.strip():
            yield fold(name)


def _writers(page: Any, kind: str = "") -> Iterator[str]:
    """Give the names of authors in JSON-LD; those alone of which it says what they are, if a kind is given."""
    for data in _linked_data(page):
        writers = data.get("author")
        for writer in writers if isinstance(writers, list) else [writers]:
            name = writer.get("name") if isinstance(writer, dict) else writer
            is_kind = not kind or (isinstance(writer, dict) and writer.get("@type") == kind)
            if is_kind and isinstance(name, str) and name.strip():
                yield name


def _signatures(page: Any) -> Iterator[str]:
    yield from map(str, page.xpath(NAMED))
    for element in page.xpath(SIGNED):
        if len(text := "".join(element.itertext())) < LONGEST:
            yield text


def _signed(page: Any) -> Iterator[str]:
    """Give what stands in elements that are marked as who wrote the article, if it is a name."""
    for element in page.xpath("//*[@rel='author' or @itemprop='author' or @data-testid='authorName' or @class]"):
        marked = "author" in {element.get("rel"), element.get("itemprop")} or element.get("data-testid") == "authorName"
        if marked or SIGN.search(element.get("class") or ""):
            text = BY.sub("", fold("".join(element.itertext())))
            if len(text) < LONGEST and re.fullmatch(NAMES, text) and not NOBODY.match(text):
                yield text


def published(page: Any, day: str | None) -> dt.datetime | None:
    """Return when the page appeared: the moment that it declares, if that is on the `day` that was found."""
    found = moment(day)
    declared = [*page.xpath(TIMED), *(data.get("datePublished") for data in _linked_data(page))]
    if found and found.day <= 12 and _is_american(page):
        found = _as_written(page, found, [text for text in declared if isinstance(text, str)])
    moments = (moment(text) for text in declared if isinstance(text, str) and "T" in text)
    return next((at for at in moments if at and found and found.date() in {at.date(), _utc(at)}), found)


def _is_american(page: Any) -> bool:
    """Return True for a page from where the month stands before the day, by what it says of itself or in its words."""
    stated = language(page).replace("_", "-").lower()
    places = [str(place).lower() for place in page.xpath("//meta[@property='og:locale']/@content")]
    if stated not in {"", "en"} or places:
        return stated == "en-us" or (stated in {"", "en"} and "en_us" in places)
    words = " ".join(page.xpath("//body//text()[not(ancestor::script|ancestor::style)]"))
    return bool(AMERICAN.search(words)) and not re.search(r"[£€]\s?\d", words)


def _as_written(page: Any, found: dt.datetime, declared: list[str]) -> dt.datetime:
    """Return a date whose month stands before its day, as in America, where it was found the other way round."""
    digits = rf"(?<!\d)0?{found.day}/0?{found.month}/(?:{found.year}|{found:%y})(?!\d)"
    if any(text.startswith(f"{found:%Y-%m-%d}") for text in declared) or not re.search(
        digits, " ".join(page.itertext())
    ):
        return found
    return found.replace(month=found.day, day=found.month)


def _utc(at: dt.datetime) -> dt.date:
    try:
        return at.astimezone(dt.UTC).date()
    except OverflowError:  # the year 1 or 9999
        return at.date()


def _linked_data(page: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of JSON-LD (https://www.w3.org/TR/json-ld11/) in a page, those in a @graph too."""
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(WRAPPED.sub("", str(script)), strict=False)
        except (ValueError, RecursionError):
            continue  # a page's mistake: its other words on itself still count
        for thing in data if isinstance(data, list) else [data]:
            graph = thing.get("@graph") if isinstance(thing, dict) else None
            yield from (each for each in [thing, *(graph if isinstance(graph, list) else [])] if isinstance(each, dict))
