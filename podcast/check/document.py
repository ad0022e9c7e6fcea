# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the XML document: parse a feed into its channel element.

Feeds are untrusted: nothing outside the document is loaded, entities are not resolved, and documents that are too deep
or too large are rejected.
"""

import re
from collections.abc import Iterator
from typing import Any

from podcast.check.findings import Finding

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
PSC = "http://podlove.org/simple-chapters"
PREFIXES = {ITUNES: "itunes", PODCAST: "podcast", ATOM: "atom", CONTENT: "content", PSC: "psc"}
NAMESPACES = {prefix: uri for uri, prefix in PREFIXES.items()}

RECOMMENDED_BYTES = 1_000_000
MAX_BYTES = 64 * 1024 * 1024
"""Bytes."""
CONTROL = re.compile("[\x80-\x9f]")
GARBLED = re.compile("Ã[\x80-\xbf©¨ª«¢®´§¼½]|â€[™œ\x9d“”¦]|Â[«»\xa0©]")


def parse(data: bytes, name: str) -> tuple[Any, list[Finding]]:
    """Parse a feed; return its channel, or None if it has none, and the findings on the document as a whole."""
    from lxml import etree

    if len(data) > MAX_BYTES:
        return None, [Finding("xml-too-large", name, said=f"{len(data):,} bytes")]
    found = list(_prolog(data, name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        return None, [*found, Finding("xml-wellformed", f"{name}:{line}", said=str(error.msg or error))]
    except ValueError as error:  # the declared encoding is not the actual one
        return None, [*found, Finding("xml-wellformed", f"{name}:1", said=str(error))]
    found += _root(root, name, data)
    channels = root.findall("channel") if root.tag == "rss" else []
    if root.tag == "rss" and len(channels) != 1:
        found.append(Finding("rss-channel", f"{name}:{root.sourceline}", said=f"{len(channels)} channels"))
    return (channels[0] if channels else None), found


def _prolog(data: bytes, name: str) -> Iterator[Finding]:
    head = data[:1000].removeprefix(b"\xef\xbb\xbf")
    if not head.startswith((b"<?xml ", b"<?xml\t", b"<?xml\n")):
        yield Finding("xml-declaration", f"{name}:1", said=" ".join(head[:60].decode("utf-8", "replace").split()))
    declared = re.match(rb"<\?xml[^>]*encoding=[\"']([\w.-]+)", head)
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if wide or (declared and declared[1].upper() not in {b"UTF-8", b"UTF8"}):
        yield Finding("xml-encoding", f"{name}:1", said="UTF-16" if wide else declared[1].decode())  # type: ignore[index]
    if len(data) > RECOMMENDED_BYTES:
        yield Finding("xml-size", name, said=f"{len(data):,} bytes")


def _root(root: Any, name: str, data: bytes) -> Iterator[Finding]:
    tree = root.getroottree()
    if tree.docinfo.doctype:
        yield Finding("xml-doctype", f"{name}:1", said=tree.docinfo.doctype[:100])
    if root.tag != "rss":
        yield Finding("rss-root", f"{name}:{root.sourceline}", said=f"<{tag(root)}>")
        return
    if root.get("version") != "2.0":
        yield Finding("rss-version", f"{name}:{root.sourceline}", said=str(root.get("version") or ""))
    uris = {uri for element in root.iter() if isinstance(element.tag, str) for uri in element.nsmap.values()}
    for uri in sorted(uris):
        yield from _namespace(uri, root, name)
    if not any("itunes.com/dtds" in uri.lower() for uri in uris):
        yield Finding("ns-itunes", f"{name}:{root.sourceline}", said="missing")
    yield from _characters(data.decode("utf-8", "replace"), name)


def _characters(text: str, name: str) -> Iterator[Finding]:
    """Find control characters, and text that was decoded with the wrong encoding."""
    for number, line in enumerate(text.splitlines() if CONTROL.search(text) else (), start=1):
        if CONTROL.search(line):
            yield Finding("xml-control", f"{name}:{number}", said=line.strip()[:80])
    if garbled := GARBLED.search(text):
        at_line = text.count("\n", 0, garbled.start()) + 1
        yield Finding("xml-garbled", f"{name}:{at_line}", said=text[max(0, garbled.start() - 20) : garbled.end() + 20])


def _namespace(uri: str, root: Any, name: str) -> Iterator[Finding]:
    """Find misspelt namespaces, and prefixes that apps do not recognise."""
    place = f"{name}:{root.sourceline}"
    if uri != ITUNES and re.search(r"itunes\.com/dtds/podcast", uri, re.IGNORECASE):
        yield Finding("ns-itunes", place, said=uri)
    elif uri != PODCAST and re.search(r"podcastindex[.-]org/(?:podcast-)?namespace", uri, re.IGNORECASE):
        yield Finding("ns-podcast", place, said=uri)
    elif uri not in PREFIXES and (meant := {_normalized(known): known for known in PREFIXES}.get(_normalized(uri))):
        yield Finding("ns-misspelt", place, said=f"{uri} instead of {meant}")
    given = [prefix for prefix, each in root.nsmap.items() if each == uri]
    if uri in PREFIXES and given and PREFIXES[uri] not in given:
        yield Finding("ns-prefix", place, said=f"{given[0] or 'no prefix'} for {uri}")


def _normalized(uri: str) -> str:
    """Normalise a URI for comparison: without scheme, www. and trailing / or #."""
    return re.sub(r"^https?://(?:www\.)?|[/#]+$", "", uri.lower())


def tag(element: Any) -> str:
    """Return the name of an element with its usual prefix, or else with the prefix in the feed.

    An element in a namespace without a prefix keeps its full name, to tell it from those of RSS.
    """
    uri, _, local = element.tag.rpartition("}")
    prefix = PREFIXES.get(uri.lstrip("{"), element.prefix)
    return f"{prefix}:{local}" if prefix else str(element.tag)


def text_of(element: Any) -> str:
    """Return the text of an element, unchanged; empty for None."""
    return "" if element is None else "".join(element.itertext())


def at(element: Any, name: str) -> str:
    """Return the location of an element: `feed.xml:12`."""
    return f"{name}:{element.sourceline}"
