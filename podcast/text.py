# SPDX-License-Identifier: GPL-3.0-or-later
"""Text as every published format can carry it, and times and addresses as text.

Titles and paragraphs come from the web and from people: they may hold control characters, halves of surrogate pairs
or Windows-1252 bytes that were read as Latin-1. `clean` mends all of that in one place, before anything is
written as XML, ID3, WebVTT or JSON; `line` does it for what stands on one line.
"""

import re
import urllib.parse

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""BCP 47, near enough: a language and its subtags."""

_BREAK = re.compile(r"\r\n|[\r\v\f\u2028\u2029]")
"""What some reader or other takes for the end of a line."""

_MEND: dict[int, str] = {
    **dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0xFEFF, 0xFFFE, 0xFFFF], ""),  # XML 1.0, production 2
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], ""),  # turn round what is shown after them
    **{code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)},
}
"""Forbidden characters vanish, and so do those that make a text look like another (Unicode TR 36, 3.4);
C1 controls are the quotes and dashes of Windows-1252 that they once were."""

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f]*:[0-9a-f:.]+")

TAGS = {
    *("p", "br", "hr", "a", "b", "i", "u", "s", "strong", "em", "sub", "sup", "ol", "ul", "li"),
    *("blockquote", "pre", "code", "h1", "h2", "h3", "h4", "h5", "h6"),
}
"""Of the notes of episodes that were made elsewhere: what apps show of HTML, and headings."""


def clean(text: str) -> str:
    r"""Return the text without what XML 1.0 forbids; its lines end with `\n`."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")  # pairs become one character
    return _BREAK.sub("\n", whole.translate(_MEND))


def line(text: str) -> str:
    """Return the cleaned text on one line; white space is folded, the no-break space of French punctuation stays."""
    return re.sub(r"\s{2,}|[^\S\u00a0\u202f]", " ", clean(text)).strip()


def timecode(ms: int) -> str:
    """Return `HH:MM:SS.mmm`, as WebVTT and Normal Play Time (RFC 2326) have it."""
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def clock(ms: int) -> str:
    """Return `MM:SS`, or `H:MM:SS` from an hour on, as people write it."""
    hours, seconds = divmod(ms // 1000, 3600)
    rest = f"{seconds // 60:02}:{seconds % 60:02}"
    return f"{hours}:{rest}" if hours else rest


def markup(html: str, *, images: bool = False) -> str:
    """Return HTML with nothing but the tags that notes need, and addresses of the web; pictures only if asked for."""
    import nh3

    tags, attributes = (TAGS | {"img"}, {"a": {"href"}, "img": {"src", "alt"}}) if images else (TAGS, {"a": {"href"}})
    return nh3.clean(html, tags=tags, attributes=attributes, url_schemes={"http", "https", "mailto"}, link_rel=None)


def web(address: str) -> str:
    """Return an http(s) address in ASCII (RFC 3986), or nothing if it is none."""
    try:
        parts = urllib.parse.urlsplit(line(address))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:  # a bad port, bracket or host name
        return ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return ""
    host = f"[{host}]" if ":" in host else host
    path, query, fragment = (
        urllib.parse.quote(part, safe="/:;,=@!$&'()*+~%?") for part in (parts.path, parts.query, parts.fragment)
    )
    return urllib.parse.urlunsplit((parts.scheme, host + port, path, query, fragment))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def truncated(text: str, longest: int) -> str:
    """Return the text, cut to `longest` characters with an ellipsis at its end."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def truncated_at_word(text: str, longest: int, trailing: str = " ") -> str:
    """Return the text, cut between two words to at most `longest` characters with an ellipsis at its end.

    The characters `trailing` are removed before the ellipsis. A single long word is cut inside.
    """
    return text if len(text) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0].rstrip(trailing)}…"
