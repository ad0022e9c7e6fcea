# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the metadata of a page: its language, and when it was published, to the minute.

trafilatura finds the day on almost any page, but drops the time, and may take the date of a later version. Meta
elements, JSON-LD and time elements have both. Title and author are in title.py and author.py.
"""

import datetime as dt
import re
from copy import deepcopy
from typing import Any

from podcast.read.byline import date
from podcast.read.dom.elements import drop, text_of
from podcast.read.html.metadata.json_ld import publication_dates
from podcast.read.normalize import parse_date

PUBLISHED = (
    "//meta[@property='article:published_time' or @itemprop='datePublished' or @name='date' or @name='DC.date.issued']"
    "/@content | //time/@datetime"
)
UPDATED = re.compile(
    r"(?i)^\W*(?:(?:la\s+)?derni[èe]re\s+(?:modification|mise\s+à\s+jour|r[ée]vision)|(?:this\s+page\s+was\s+|page\s+)?last\s+"
    r"(?:edited|modified|updated|changed|revised|reviewed)|zuletzt\s+(?:bearbeitet|ge[äa]ndert|aktualisiert)"
    r"|[úu]ltima\s+(?:edici[óo]n|modificaci[óo]n|actualizaci[óo]n|edi[çc][ãa]o)|ultima\s+modifica|esta\s+página\s+se\s+editó)"
)
"""Words before the date of a page's newest version, which is not when it was published."""
AMERICAN = re.compile(
    r"(?<!\w)\$\s?\d|\d\s?(?:[AaPp]\.?[Mm]\.?\s)?\(?(?:E[SD]?T|C[SD]T|M[SD]T|P[SD]?T)\b|\b(?:Eastern|Pacific)\s(?:Standard\s|Daylight\s)?Time\b"
)
"""Prices in dollars and time zones of the United States."""
QUOTED = (
    "//*[contains(@class,'testimonial') or contains(@class,'quote')] | //blockquote | //figure"
    " | //*[contains(@class,'caption') or contains(@class,'legend')]"
)
TITLE_PARTS = re.compile(r"\s[|–—•·-]\s|[:,()]\s|\)$")
LONGEST = 300
"""Characters of a byline or of the line with a date; longer elements are text."""


def language(page: Any) -> str:
    """Return the language that the page declares (BCP 47), such as `fr` or `pt-BR`; empty if it is not valid."""
    stated = page.xpath("@lang | @*[name()='xml:lang'] | body/@lang")
    code = str(next((code for code in stated if code.strip()), "")).strip()
    code = re.sub(r"^[A-Z]+", lambda letters: letters[0].lower(), code)
    return code if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", code) else ""


def without_misleading(page: Any) -> Any:
    """Return a copy of a page without misleading candidates for author and date.

    These are the dates of later versions (`Last updated 3 May 2021`) and the names of people who are quoted.
    """
    copy = deepcopy(page)
    for element in [e for e in copy.iter() if isinstance(e.tag, str) and UPDATED.search(e.text or "")]:
        update = next((each for each in (element, element.getparent()) if _is_update(each)), None)
        if update is not None:
            drop(update)
    for element in copy.xpath(QUOTED):
        if not _is_frame(element) and len("".join(element.itertext())) < 2 * LONGEST:
            drop(element)
    return copy


def _is_update(element: Any) -> bool:
    """Return True for a short element with the date of a page's newest version."""
    text = text_of(element)
    is_short = element.getparent() is not None and len(text) < LONGEST
    return is_short and bool(UPDATED.search(text)) and bool(re.search(r"\d", text))


def _is_frame(element: Any) -> bool:
    """Return True for the root, the body and elements that contain the title, whatever their classes."""
    return element.getparent() is None or element.tag == "body" or element.find(".//h1") is not None


def without_dated_title(page: Any, day: str | None) -> Any:
    """Return a copy of a page without its titles if the `day` that was found is only their year, else None.

    A year may be part of a name: `The attacks of 2015`. A complete date, as in `Notes, 3 May 2021`, is the publication
    date.
    """
    titles = page.xpath("//title | //h1") if day else []
    parts = [part for title in titles for part in TITLE_PARTS.split(text_of(title))]
    named = [part for part in parts if day and day[:4] in part]
    spoken = language(page)  # trying the formats of all languages takes a second
    if not named or any(date(part, spoken) for part in named):
        return None
    copy = deepcopy(page)
    for title in copy.xpath("//title | //h1"):
        drop(title)
    return copy


def published(page: Any, day: str | None) -> dt.datetime | None:
    """Return when the page was published: the time that it declares, if that is on the `day` that was found."""
    found = parse_date(day)
    if found is None:
        return None
    declared = [*map(str, page.xpath(PUBLISHED)), *publication_dates(page)]
    if found.day <= 12 and _is_american(page):
        found = _month_first(page, found, declared)
    times = (parse_date(text) for text in declared if "T" in text)
    return next((at for at in times if at and found.date() in {at.date(), _utc_day(at)}), found)


def _is_american(page: Any) -> bool:
    """Return True for a page that writes the month before the day, by its language and country or by its text."""
    code = language(page).replace("_", "-").lower()
    locales = [str(place).lower() for place in page.xpath("//meta[@property='og:locale']/@content")]
    if code not in {"", "en"} or locales:
        return code == "en-us" or (code in {"", "en"} and "en_us" in locales)
    words = " ".join(page.xpath("//body//text()[not(ancestor::script|ancestor::style)]"))
    return bool(AMERICAN.search(words)) and not re.search(r"[£€]\s?\d", words)


def _month_first(page: Any, found: dt.datetime, declared: list[str]) -> dt.datetime:
    """Return the date with day and month exchanged, if the page has it as in America: 5 April for `04/05/2021`."""
    digits = rf"(?<!\d)0?{found.day}/0?{found.month}/(?:{found.year}|{found:%y})(?!\d)"
    is_declared = any(text.startswith(f"{found:%Y-%m-%d}") for text in declared)
    if is_declared or not re.search(digits, " ".join(page.itertext())):
        return found
    return found.replace(month=found.day, day=found.month)


def _utc_day(at: dt.datetime) -> dt.date:
    try:
        return at.astimezone(dt.UTC).date()
    except OverflowError:  # the year 1 or 9999
        return at.date()
