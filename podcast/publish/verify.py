# SPDX-License-Identifier: GPL-3.0-or-later
"""Check of the web host after publishing: fetch the feed and the newest episode as apps do, and report problems.

    feed.xml as it was uploaded -> GET of the feed; HEAD, range and conditional requests of the newest files -> findings

Apple asks for HEAD and byte ranges (RFC 9110, section 14); browsers need CORS to read transcripts and chapters from
other sites. docs/hosting.md describes how to configure nginx, Caddy, Apache, S3 and others.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from podcast.http_client import Client

TIMEOUT_S = 20.0
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
UNREACHABLE = "check show.url in show.toml, and that the host is online; publish --no-verify skips this check"
HELP = "see podcast help hosting"


@dataclass(frozen=True, slots=True)
class HostFinding:
    """A problem of the web host."""

    level: Literal["bad", "note"]
    """`bad` breaks something in apps; a `note` is a recommendation."""
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class _LinkedFile:
    """A file that the feed links to."""

    what: str
    url: str
    types: tuple[str, ...]
    length: int = 0


def examine(feed_url: str, feed: bytes) -> list[HostFinding]:
    """Request the feed and the files of its newest episode, and return the problems."""
    import urllib3

    found: list[HostFinding] = []
    at = feed_url
    with Client(timeout_s=TIMEOUT_S, purpose="check after publishing") as client:
        try:
            found += _feed(client, feed_url, feed)
            if any(finding.level == "bad" and finding.what.startswith("the feed: ") for finding in found):
                return found  # one wrong URL is reported once
            media, others = _linked_files(feed)
            for look, files in ((_media, media), (_other, others)):
                for one in files:
                    at = one.url
                    found += look(client, one)
        except urllib3.exceptions.HTTPError as error:
            found.append(HostFinding("bad", f"{at} cannot be fetched: {_reason(error)}", UNREACHABLE))
    return found


def _reason(error: Exception) -> str:
    """Return why a host did not answer, without the names of urllib3's objects."""
    from urllib3.exceptions import NameResolutionError

    cause = getattr(error, "reason", error)
    if isinstance(cause, NameResolutionError):
        return "no server found with this name"
    return re.sub(r"^\S*Connection\w*\([^()]*\): ", "", str(cause.args[0] if cause.args else cause))


def _feed(client: Client, url: str, feed: bytes) -> Iterator[HostFinding]:
    answer = _ask(client, "GET", url)
    if wrong := _unusable("the feed", url, answer, "GET"):
        yield wrong
        return
    if (last := urljoin(url, answer.geturl())) != url:
        yield HostFinding(
            "note", f"{url} redirects to {last}", "use that URL in show.toml: apps keep the URL that they are given"
        )
    if urlsplit(last).scheme != "https":
        yield HostFinding(
            "note",
            "the feed is not served over HTTPS",
            f"set up HTTPS, which directories require; certificates are free; {HELP}",
        )
    if _decompressed(answer) != feed:
        fresh = answer.headers.get("Age") or answer.headers.get("X-Cache") or answer.headers.get("CF-Cache-Status")
        fix = "a cache or CDN still serves the old feed: wait, or purge it" if fresh else ""
        yield HostFinding(
            "bad",
            f"{url} is not the feed that was uploaded",
            fix or "check that show.url in show.toml leads to the target",
        )
    yield from _type("the feed", answer, ("application/rss+xml", "application/xml", "text/xml"))
    yield from _conditional(client, "the feed", url, answer)
    if _ask(client, "GET", url, {"Accept-Encoding": "gzip"}).headers.get("Content-Encoding") != "gzip":
        yield HostFinding(
            "note", "the feed is sent uncompressed", f"turn on gzip, which makes it six times smaller; {HELP}"
        )


def _linked_files(feed: bytes) -> tuple[list[_LinkedFile], list[_LinkedFile]]:
    """Return the audio of the newest episode, and the other files that a player would fetch."""
    from lxml import etree

    item: Any = etree.fromstring(feed).find("channel/item")
    if item is None:
        return [], []
    sound: Any = item.find("enclosure")
    media = _LinkedFile("the audio", sound.get("url"), (sound.get("type"),), int(sound.get("length")))
    others = [
        _LinkedFile(f"the transcript ({one.get('type')})", one.get("url"), (one.get("type"),))
        for one in item.findall(PODCAST + "transcript")
    ]
    others += [
        _LinkedFile("the chapters", one.get("url"), (one.get("type"), "application/json"))
        for one in item.findall(PODCAST + "chapters")
    ]
    image = item.find(ITUNES + "image")
    if image is not None:
        others.append(_LinkedFile("the cover art", image.get("href"), ("image/jpeg", "image/png")))
    return [media], others


def _media(client: Client, file: _LinkedFile) -> Iterator[HostFinding]:
    """Request the audio as players do: HEAD, the first bytes, the last bytes, a range beyond the end."""
    head = _ask(client, "HEAD", file.url)
    if head.status != 200 and (got := _ask(client, "GET", file.url, limit=2)).status == 200:
        said = f"{file.what}: {file.url} returns {head.status} for HEAD, but {got.status} for GET"
        yield HostFinding("bad", said, "configure the host to answer HEAD requests; Apple uses them to check a show")
        head = got
    if wrong := _unusable(file.what, file.url, head, "HEAD"):
        yield wrong
        return
    yield from _type(file.what, head, file.types)
    if encoding := _encoding(head):
        said = f"{file.what} is sent compressed ({encoding}), even if the app does not ask for it"
        yield HostFinding(
            "bad", said, f"turn off compression for audio, or its size is wrong and players cannot seek; {HELP}"
        )
        return
    if (length := head.headers.get("Content-Length")) is None:
        fix = f"turn off chunked encoding for audio, or players can neither show its length nor seek; {HELP}"
        yield HostFinding("bad", f"{file.what} has no Content-Length", fix)
    elif length != str(file.length):
        yield HostFinding(
            "bad",
            f"{file.what} has Content-Length {length}, not {file.length}",
            f"publish again, then check {file.url}",
        )
    last = file.length - 1
    for asked, wanted in (("0-1", f"bytes 0-1/{file.length}"), ("-2", f"bytes {last - 1}-{last}/{file.length}")):
        part = _ask(client, "GET", file.url, {"Range": f"bytes={asked}"}, limit=2)
        if part.status != 206 or part.headers.get("Content-Range") != wanted:
            said = f"returns {part.status} for a request for bytes={asked}, not 206 with {wanted}"
            yield HostFinding("bad", f"{file.what} {said}", f"turn on byte ranges, or players cannot seek; {HELP}")
            break
    beyond = _ask(client, "GET", file.url, {"Range": f"bytes={file.length}-"}, limit=2)
    if beyond.status not in {200, 206, 416}:
        yield HostFinding(
            "note",
            f"{file.what}: a byte range beyond the end returns {beyond.status}, not 416",
            f"check the byte ranges of the host; {HELP}",
        )
    yield from _conditional(client, file.what, file.url, head)


def _other(client: Client, file: _LinkedFile) -> Iterator[HostFinding]:
    answer = _ask(client, "GET", file.url, {"Origin": "https://player.example"}, limit=2)
    if wrong := _unusable(file.what, file.url, answer, "GET", file.types):
        yield wrong
        return
    yield from _type(file.what, answer, file.types)
    if "cover" not in file.what and answer.headers.get("Access-Control-Allow-Origin") not in {
        "*",
        "https://player.example",
    }:
        fix = f"send Access-Control-Allow-Origin: * so that web players can read transcripts and chapters; {HELP}"
        yield HostFinding("note", f"{file.what} has no CORS header", fix)


def _conditional(client: Client, what: str, url: str, first: Any) -> Iterator[HostFinding]:
    """Check that the host answers a conditional request with 304."""
    etag, date = first.headers.get("ETag"), first.headers.get("Last-Modified")
    if not etag and not date:
        yield HostFinding(
            "note",
            f"{what} has neither ETag nor Last-Modified",
            f"turn on ETag, so that apps do not download the whole file each time; {HELP}",
        )
        return
    question = {"If-None-Match": etag} if etag else {"If-Modified-Since": date}
    if (again := _ask(client, "GET", url, question, limit=2)).status != 304:
        name = "ETag" if etag else "Last-Modified"
        yield HostFinding(
            "note",
            f"{what}: the host sends {name} but returns {again.status} for it, not 304",
            f"let only one server compress and set ETags; {HELP}",
        )


def _type(what: str, answer: Any, wanted: tuple[str, ...]) -> Iterator[HostFinding]:
    if (kind := _media_type(answer)) not in wanted:
        level: Literal["bad", "note"] = "bad" if what in {"the audio", "the feed", "the cover art"} else "note"
        yield HostFinding(
            level, f"{what} is served as {kind or 'no type'}, not {wanted[0]}", f"set its Content-Type; {HELP}"
        )


def _unusable(what: str, url: str, answer: Any, asked: str, types: tuple[str, ...] = ()) -> HostFinding | None:
    """Return the problem if the response is not the file: an error status, or a web page instead."""
    if answer.status == 200:
        if (kind := _media_type(answer)) != "text/html" or kind in types:
            return None
        fix = "check that show.url in show.toml leads to the target, and that the host sends apps no page for browsers"
        return HostFinding("bad", f"{what}: {url} returns a web page", fix)
    missing = "run podcast publish again, which uploads missing files; if the file is there, check the host"
    fixes = {
        403: "make the files public: check file permissions, or the policy of the bucket",
        404: "check that show.url in show.toml leads to the target" if what == "the feed" else missing,
        405: f"configure the host to answer {asked} requests",
    }
    return HostFinding(
        "bad", f"{what}: {url} returns {answer.status} for {asked}", fixes.get(answer.status, f"check the host; {HELP}")
    )


def _media_type(answer: Any) -> str:
    kind: str = answer.headers.get("Content-Type", "")
    return kind.partition(";")[0].strip().lower()


def _encoding(answer: Any) -> str:
    encoding: str = answer.headers.get("Content-Encoding", "").lower()
    return "" if encoding == "identity" else encoding


def _decompressed(answer: Any) -> bytes:
    """Return the decompressed body; some hosts compress without being asked to."""
    data: bytes = answer.data
    try:
        return zlib.decompress(data, zlib.MAX_WBITS | 32) if _encoding(answer) in {"gzip", "deflate"} else data
    except zlib.error:
        return data  # it is not the feed, whatever it is


def _ask(client: Client, method: str, url: str, headers: Mapping[str, str] | None = None, limit: int = 0) -> Any:
    """Return the response after redirects; with a limit, at most that many bytes of the body are read."""
    wanted = {"Accept-Encoding": "identity", **(headers or {})}
    answer = client.request(method, url, headers=wanted, retries=2, preload_content=not limit, decode_content=False)
    if limit:
        answer.read(limit)
        answer.close()
    return answer
