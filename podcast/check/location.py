# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel or item element, with accessors for its children and checks that create findings at their location."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from podcast.check import values
from podcast.check.document import NAMESPACES, at, tag, text_of
from podcast.check.findings import Finding

MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{2,6});")
"""Matches tags and entities, which apps display literally in plain text."""
MARKUP_ESCAPED = re.compile(r"(?i)&lt;(?:p|br|a|ul|ol|div|strong|em|span)(?:\s[^<>]{0,300}?)?/?&gt;")
ENTITY_ESCAPED = re.compile(
    r"(?i)&amp;(?:#x?[0-9a-f]{2,6}|amp|nbsp|quot|lt|gt|[lr][sd]quo|[mn]dash|hellip|[a-z](?:acute|grave|circ|cedil|uml));"
)
"""Matches an entity that was escaped twice, which apps display literally."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An element of a feed; `name` is the document's, `about` the episode's title, `kept` that of Finding."""

    element: Any
    name: str
    about: str = ""
    kept: bool = False

    def all(self, path: str) -> list[Any]:
        """Return the children with a name such as `itunes:image`."""
        return list(self.element.findall(path, NAMESPACES))

    def one(self, path: str) -> Any:
        """Return the first child with a name, or None."""
        return self.element.find(path, NAMESPACES)

    def text(self, path: str) -> str:
        """Return the stripped text of the first child with a name; empty if there is none."""
        return text_of(self.one(path)).strip()

    def wrong(self, rule: str, element: Any = None, said: str = "") -> Finding:
        """Create a finding at a child, or at the element itself."""
        where = self.element if element is None else element
        about = self.about or ("" if element is None else f"<{tag(element)}>")
        return Finding(rule, at(where, self.name), about, said.strip()[:200], self.kept)

    def address(self, element: Any, text: str, *, https: bool = True) -> Iterator[Finding]:
        """Check a URL."""
        if rule := values.address(text, https=https):
            yield self.wrong(rule, element, text or "empty")

    def choice(self, path: str, allowed: frozenset[str], rule: str) -> Iterator[Finding]:
        """Find children whose text is not one of the allowed values."""
        yield from (self.wrong(rule, e, text_of(e)) for e in self.all(path) if text_of(e).strip() not in allowed)

    def once(self, names: frozenset[str], rule: str) -> Iterator[Finding]:
        """Find repeated children that may occur only once."""
        seen: set[str] = set()
        for element in self.element:
            name = tag(element) if isinstance(element.tag, str) else ""
            if name in names and name in seen:
                yield self.wrong(rule, element, f"<{name}>")
            seen.add(name)

    def values(self, names: frozenset[str]) -> Iterator[Finding]:
        """Find plain-text values with surrounding white space, markup, or more than 255 characters."""
        for element in self.element:
            name = tag(element) if isinstance(element.tag, str) else ""
            if name not in names:
                continue
            text = text_of(element)
            if text != text.strip():
                yield self.wrong("value-trim", element, repr(text))
            if len(text.strip()) > 255:
                yield self.wrong("value-length", element, f"{len(text.strip())} characters")
            if MARKUP.search(text) or len(element):
                yield self.wrong("value-markup", element, text)

    def escaped(self, names: tuple[str, ...]) -> Iterator[Finding]:
        """Find show notes that are escaped twice; escaped markup next to real markup may be intended."""
        for element in (element for name in names for element in self.all(name)[:1]):
            text = text_of(element)
            plain = not re.search(r"<[a-zA-Z/]", text)
            if twice := (plain and MARKUP_ESCAPED.search(text)) or ENTITY_ESCAPED.search(text):
                yield self.wrong("notes-escaped", element, twice[0])
