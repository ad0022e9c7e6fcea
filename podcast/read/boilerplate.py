# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of boilerplate: redirects, cookies, newsletters, share bars, advertisements, paywalls, links to other texts.

They are known by patterns of whole paragraphs: those of languages in languages/*/reading.toml, those of single sites
and products in notices.toml. All of them are tried, whatever the language of an article: its page may be in another.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from podcast import languages
from podcast.read.normalize import SIGNS

FILE = "reading.toml"
SITES = tomllib.loads(Path(__file__).with_name("notices.toml").read_text(encoding="utf-8"))


def _patterns(*keys: str) -> str:
    """Return one pattern for all rows of a key: of every language, and of single sites."""
    rows = [*languages.patterns(FILE, *keys), *(pattern for pattern, _ in SITES.get(keys[-1], ()))]
    return "|".join(rows) or "(?!)"


def _words(*keys: str) -> str:
    return "|".join(languages.everywhere(FILE, *keys)) or "(?!)"


def _whole(*keys: str) -> re.Pattern[str]:
    return languages.compiled(rf"^\W*(?:{_patterns(*keys)})\W*$", FILE)


NOTICES = _whole("notices")
"""A whole paragraph that is boilerplate: never narrated."""
MORE = _whole("more")
"""A line after which a page leads on to others: `Related articles`, `Mehr zum Thema`."""
CONSENT = languages.compiled(
    rf"^\W*(?:{_patterns('consent', 'begins')})"
    rf"(?:\W*|[^,.]{{0,60}} (?:{_words('consent', 'purposes')})\b.{{0,240}}"
    rf"|(?=.*(?:{_words('consent', 'asks')})).{{0,240}})$",
    FILE,
)
"""A paragraph that asks to be allowed cookies; some articles are about such words."""
PAYWALL = _whole("paywall")
"""A whole paragraph that says that the rest is for those who pay."""
CONTROLS = languages.compiled(
    rf"(?:{_patterns('buttons')}|(?:https?://|www\.)\S+|\d{{4}}-\d\d-\d\dT\d\d:\d\d\S{{0,20}})", FILE
)
"""What a page's buttons say, and data that stand in it for programs; in a novel, some are words."""
COUNTS = re.compile(r"\s*[♡♥❤👍👏💬🔁⭐★☆][\W\d_]*$")
"""How many like or share a page: a sign, and numbers."""
FOOTER = 40
"""Letters of each part of a line that stands at the foot of pages, parted by bars."""


def is_notice(text: str) -> bool:
    """Return True for boilerplate: redirect, cookie and newsletter notices, share bars, `click here`."""
    bare = re.sub(r"[\u00a0\u202f]", " ", text.translate(SIGNS)).strip()
    if not bare:
        return not any(c.isalnum() for c in text)
    is_known = any(known.match(bare) for known in (NOTICES, MORE, CONSENT, PAYWALL))
    return is_known or _is_row(bare) or COUNTS.match(text) is not None


def _is_row(line: str) -> bool:
    """Return True for a line at the foot of a page, `Share | Contact | Imprint`, of which one part is a notice."""
    parts: Sequence[str] = re.split(r"\s[|·•∙]\s", line)
    return len(parts) > 1 and max(map(len, parts)) < FOOTER and any(map(NOTICES.match, parts))


def is_control(text: str) -> bool:
    """Return True for what a button of a page says, and for an address or a moment as programs write them."""
    return bool(CONTROLS.fullmatch(text.strip()))
