# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognise boilerplate: redirects, cookies, newsletters, share bars, advertisements, paywalls, links to other texts.

Patterns match whole paragraphs: those of languages are in languages/*/reading.toml, those of specific sites and
products in notices.toml. All are tried, because a page may be in another language than its article.
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
    """Return one pattern for all rows of a key: of every language, and of specific sites."""
    rows = [*languages.patterns(FILE, *keys), *(pattern for pattern, _ in SITES.get(keys[-1], ()))]
    return "|".join(rows) or "(?!)"


def _words(*keys: str) -> str:
    return "|".join(languages.everywhere(FILE, *keys)) or "(?!)"


def _whole(*keys: str) -> re.Pattern[str]:
    return languages.compiled(rf"^\W*(?:{_patterns(*keys)})\W*$", FILE)


NOTICES = _whole("notices")
"""A whole paragraph of boilerplate, which is never narrated."""
MORE = _whole("more")
"""A heading of links to other articles: `Related articles`, `Mehr zum Thema`."""
CONSENT = languages.compiled(
    rf"^\W*(?:{_patterns('consent', 'begins')})"
    rf"(?:\W*|[^,.]{{0,60}} (?:{_words('consent', 'purposes')})\b.{{0,240}}"
    rf"|(?=.*(?:{_words('consent', 'asks')})).{{0,240}})$",
    FILE,
)
"""A paragraph that asks for consent to cookies; articles may contain such sentences too."""
PAYWALL = _whole("paywall")
"""A whole paragraph of a paywall: the rest is for subscribers."""
CONTROLS = languages.compiled(
    rf"(?:{_patterns('buttons')}|(?:https?://|www\.)\S+|\d{{4}}-\d\d-\d\dT\d\d:\d\d\S{{0,20}})", FILE
)
"""Labels of buttons, and machine-readable data such as URLs and time stamps; in books, some of these are text."""
COUNTS = re.compile(r"\s*[♡♥❤👍👏💬🔁⭐★☆][\W\d_]*$")
"""A counter of likes or shares: a symbol and numbers."""
FOOTER = 40
"""Maximum characters of each item in a footer line, between bars."""


def is_notice(text: str) -> bool:
    """Return True for boilerplate, such as notices about cookies and newsletters, share bars, `click here`."""
    bare = re.sub(r"[\u00a0\u202f]", " ", text.translate(SIGNS)).strip()
    if not bare:
        return not any(c.isalnum() for c in text)
    is_known = any(known.match(bare) for known in (NOTICES, MORE, CONSENT, PAYWALL))
    return is_known or _is_footer(bare) or COUNTS.match(text) is not None


def _is_footer(line: str) -> bool:
    """Return True for a footer line, `Share | Contact | Imprint`, one item of which is a notice."""
    parts: Sequence[str] = re.split(r"\s[|·•∙]\s", line)
    return len(parts) > 1 and max(map(len, parts)) < FOOTER and any(map(NOTICES.match, parts))


def is_control(text: str) -> bool:
    """Return True for the label of a button, a URL, or a time stamp in ISO 8601."""
    return bool(CONTROLS.fullmatch(text.strip()))
