# SPDX-License-Identifier: GPL-3.0-or-later
"""What the public gets: the feed and the newest episode are asked for as apps do, and what the host does wrong is told.

    feed.xml as it was uploaded -> GET of the feed; HEAD, range and conditional requests of the newest files -> Findings

Apple asks for HEAD and byte ranges (RFC 9110, section 14); browsers need CORS to read transcripts and chapters from
other sites. How to set each in nginx, Caddy, Apache, S3 … stands in docs/hosting.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from podcast import __version__

PATIENCE_S = 20.0
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PAGE = "see docs/hosting.md"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a host does otherwise than apps need it."""

    level: Literal["bad", "note"]
    """`bad` is what apps stumble over, a `note` what would be better."""
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file that the feed names."""

    what: str
    url: str
    types: tuple[str, ...]
    length: int = 0


def examine(feed_url: str, feed: bytes) -> list[Finding]:
    """Ask for the feed and for what its newest episode names; return what is wrong."""
    import certifi
    import urllib3

    headers = {"User-Agent": f"podcast/{__version__} (check after publishing)"}
    with urllib3.PoolManager(timeout=PATIENCE_S, retries=2, ca_certs=certifi.where(), headers=headers) as pool:
        try:
            found = [*_feed(pool, feed_url, feed)]
            if any(finding.level == "bad" and "answers" in finding.what for finding in found):
                return found  # one wrong address is told once
            media, others = _named(feed)
            for one in media:
                found += _media(pool, one)
            for one in others:
                found += _other(pool, one)
        except urllib3.exceptions.HTTPError as error:
            reason = str(getattr(error, "reason", error))
            return [
                Finding("bad", f"{feed_url} cannot be fetched: {reason}", "is url in show.toml right, and the host up?")
            ]
    return found


def _feed(pool: Any, url: str, feed: bytes) -> Iterator[Finding]:
    answer = _ask(pool, "GET", url)
    if answer.status != 200:
        yield _status("the feed", url, answer.status)
        return
    if urlsplit(url).scheme != "https":
        yield Finding(
            "note", "the feed is not served by HTTPS", f"directories ask for it; certificates are free: {PAGE}"
        )
    if answer.data != feed:
        fresh = answer.headers.get("Age") or answer.headers.get("X-Cache") or answer.headers.get("CF-Cache-Status")
        mend = "a cache in between still has the old one: wait, purge it, or let it ask again" if fresh else ""
        yield Finding(
            "bad", f"{url} is not the feed that was uploaded", mend or "does url in show.toml lead to the target?"
        )
    yield from _type("the feed", answer, ("application/rss+xml", "application/xml", "text/xml"))
    yield from _conditional(pool, "the feed", url, answer)
    if _ask(pool, "GET", url, {"Accept-Encoding": "gzip"}).headers.get("Content-Encoding") != "gzip":
        yield Finding("note", "the feed is sent uncompressed", f"gzip makes it a sixth: {PAGE}")


def _named(feed: bytes) -> tuple[list[_File], list[_File]]:
    """Return the sound of the newest episode, and the other files that a player would fetch."""
    from lxml import etree

    item: Any = etree.fromstring(feed).find("channel/item")
    if item is None:
        return [], []
    sound: Any = item.find("enclosure")
    media = _File("the sound", sound.get("url"), (sound.get("type"),), int(sound.get("length")))
    others = [
        _File(f"the transcript ({one.get('type')})", one.get("url"), (one.get("type"),))
        for one in item.findall(PODCAST + "transcript")
    ]
    others += [
        _File("the chapters", one.get("url"), (one.get("type"), "application/json"))
        for one in item.findall(PODCAST + "chapters")
    ]
    image = item.find(ITUNES + "image")
    if image is not None:
        others.append(_File("the cover", image.get("href"), ("image/jpeg", "image/png")))
    return [media], others


def _media(pool: Any, file: _File) -> Iterator[Finding]:
    """Ask for sound as players do: HEAD, the first bytes, the last ones, more than there is."""
    head = _ask(pool, "HEAD", file.url)
    if head.status != 200:
        yield _status(file.what, file.url, head.status, asked="HEAD")
        return
    if (length := head.headers.get("Content-Length")) != str(file.length):
        yield Finding(
            "bad", f"{file.what} has Content-Length {length}, not {file.length}", f"publish again: {file.url}"
        )
    yield from _type(file.what, head, file.types)
    last = file.length - 1
    for asked, wanted in (("0-1", f"bytes 0-1/{file.length}"), ("-2", f"bytes {last - 1}-{last}/{file.length}")):
        part = _ask(pool, "GET", file.url, {"Range": f"bytes={asked}"}, limit=2)
        if part.status != 206 or part.headers.get("Content-Range") != wanted:
            said = f"answers {part.status} to a request for bytes={asked}, not 206 with {wanted}"
            yield Finding("bad", f"{file.what} {said}", f"players cannot seek; let the host serve ranges: {PAGE}")
            break
    beyond = _ask(pool, "GET", file.url, {"Range": f"bytes={file.length}-"}, limit=2)
    if beyond.status not in {200, 206, 416}:
        yield Finding("note", f"{file.what}: a range beyond its end gets {beyond.status}, not 416", PAGE)
    yield from _conditional(pool, file.what, file.url, head)


def _other(pool: Any, file: _File) -> Iterator[Finding]:
    answer = _ask(pool, "HEAD", file.url, {"Origin": "https://player.example"})
    if answer.status != 200:
        yield _status(file.what, file.url, answer.status, asked="HEAD")
        return
    yield from _type(file.what, answer, file.types)
    if "cover" not in file.what and answer.headers.get("Access-Control-Allow-Origin") not in {
        "*",
        "https://player.example",
    }:
        mend = (
            f"send Access-Control-Allow-Origin: * for transcripts and chapters, or web players cannot read them: {PAGE}"
        )
        yield Finding("note", f"{file.what} has no CORS header", mend)


def _conditional(pool: Any, what: str, url: str, first: Any) -> Iterator[Finding]:
    """Look whether the host says that nothing has changed."""
    etag, date = first.headers.get("ETag"), first.headers.get("Last-Modified")
    if not etag and not date:
        yield Finding(
            "note", f"{what} has neither ETag nor Last-Modified", f"apps then fetch all of it each time: {PAGE}"
        )
        return
    question = {"If-None-Match": etag} if etag else {"If-Modified-Since": date}
    if (again := _ask(pool, "GET", url, question, limit=2)).status != 304:
        name = "ETag" if etag else "Last-Modified"
        yield Finding("note", f"{what}: the host sends {name} but answers {again.status} to it, not 304", PAGE)


def _type(what: str, answer: Any, wanted: tuple[str, ...]) -> Iterator[Finding]:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in wanted:
        level: Literal["bad", "note"] = "bad" if what in {"the sound", "the feed", "the cover"} else "note"
        yield Finding(level, f"{what} is served as {kind or 'nothing'}, not {wanted[0]}", f"set its type: {PAGE}")


def _status(what: str, url: str, status: int, asked: str = "GET") -> Finding:
    mends = {
        403: "let everybody read: check rights, or the bucket's policy",
        404: "does url in show.toml lead to the target?",
        405: f"let the host answer {asked}",
    }
    return Finding("bad", f"{what}: {url} answers {status} to {asked}", mends.get(status, PAGE))


def _ask(pool: Any, method: str, url: str, headers: Mapping[str, str] | None = None, limit: int = 0) -> Any:
    """Return the answer, redirects followed; with a limit no more than so many bytes of it are read."""
    wanted = {"Accept-Encoding": "identity", **pool.headers, **(headers or {})}
    answer = pool.request(method, url, headers=wanted, preload_content=not limit, decode_content=False)
    if limit:
        answer.read(limit)
        answer.close()
    return answer
