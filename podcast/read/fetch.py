# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch http(s) URLs, with limits of time and size, and protection against SSRF.

At most ten redirects are followed, each checked like the first URL. Private and local IP addresses are refused unless
allowed, so that a page or feed cannot make the program read what only its user can reach. A host name is resolved only
once, and the connection is made to the IP address that was checked (no DNS rebinding).
"""

import glob
import hashlib
import ipaddress
import logging
import os
import socket
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import urllib3

from podcast import workspace
from podcast.errors import ReadError
from podcast.http_client import Client, proxy_for, retry_after_s, retrying
from podcast.read.registry import is_media_type
from podcast.read.source import Source
from podcast.text import web

MAX_BYTES = 32 * 1024 * 1024
"""Limit of a page after decompression; the longest novels have a tenth of it."""
MAX_HOPS = 10
LIMIT_S = 60.0
"""Time limit of a page, redirects included."""
TIMEOUT_S = 15.0
"""Connect and read timeout."""
RETRY_AFTER_S = 20.0
"""Upper limit for the Retry-After header."""

SAVE_PAGE = "open it in a browser, save the page, and give that file"
FINAL_URL = "open it in a browser and give the URL at which you end up"

PREFERRED = "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, text/markdown, */*;q=0.5"
"""Accept header: formats to prefer where a server has several."""

logger = logging.getLogger(__name__)

T = TypeVar("T")

EMBEDDING = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
"""IPv6 networks whose last 32 bits are an IPv4 address: NAT64 (RFC 6052), translated (RFC 2765), compatible."""
LOCAL = tuple(map(ipaddress.IPv6Network, ("64:ff9b:1::/48", "fec0::/10")))
"""Local IPv6 networks that `ipaddress` takes for global: local NAT64 (RFC 8215), site-local (RFC 3879)."""


@dataclass
class Web:
    """HTTP client that remembers ETag and Last-Modified of pages."""

    private: bool = False
    """True to allow private and local IP addresses."""
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    """URL -> headers of a conditional request (RFC 9110, section 13)."""

    def fetch(self, url: str, *, anything: bool = False) -> Source:
        """Fetch a URL; with `anything`, media types without a reader are accepted, such as images and transcripts.

        Raises ReadError if the server cannot be reached or refuses, or if the file is too large or of another type.
        """
        source = self._with_retries(lambda: self._follow(url, {}, anything=anything))
        if source is None:  # 304 to an unconditional request
            raise ReadError("the server sent nothing", file=url, hint=SAVE_PAGE)
        return source

    def changed(self, url: str) -> Source | None:
        """Fetch a URL if it has changed since the last time, according to `versions`; else return None."""
        return self._with_retries(lambda: self._follow(url, self.versions.get(url, {})))

    def length(self, url: str) -> int:
        """Return the size in bytes of the file at a URL, 0 if the server does not send it.

        Raises ReadError as `fetch` does.
        """

        def ask() -> int:
            with self._followed(url, {}, "HEAD") as (response, _url):
                _raise_for_status(response, url, anything=True)
                said = response.headers.get("Content-Length", "")
                return int(said) if said.isascii() and said.isdigit() else 0

        return self._with_retries(ask)

    def save(self, url: str, path: Path, *, advance: Callable[[int], object]) -> None:
        """Download a URL to a file of any size; a download that was interrupted is resumed.

        The incomplete file is stored beside it, with a digest of its version in its name. `advance` is called with the
        bytes of each chunk. Raises ReadError as `fetch` does.
        """
        self._with_retries(lambda: self._save(url, path, advance))

    def _save(self, url: str, path: Path, advance: Callable[[int], object]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        left = next(iter(path.parent.glob(f".{glob.escape(path.name)}.*.part")), None)
        start = left.stat().st_size if left else 0
        with self._followed(url, {"Range": f"bytes={start}-"} if start else {}, "GET") as (response, _url):
            part = path.parent / _part_name(path, response)
            resumes = part == left and _resumes(response, start)
            if left and not resumes and response.status in {206, 416}:  # the rest of another version, or no rest
                left.unlink()
                raise Transient(
                    f"{url}: the file changed on the server during the download", hint="run the command again"
                )
            _raise_for_status(response, url, anything=True)
            if left and left != part:
                left.unlink()
            advance(start if resumes else 0)
            _write_part(part, response, advance, append=resumes)
        workspace.move(part, path)

    def _with_retries(self, ask: Callable[[], T]) -> T:
        return retrying(ask, on=_retry_delay, attempts=3, wait_initial_s=0.5, wait_max_s=5.0)

    def _follow(self, first: str, conditions: Mapping[str, str], *, anything: bool = False) -> Source | None:
        end = time.monotonic() + LIMIT_S
        with self._followed(first, conditions, "GET") as (response, url):
            if response.status == 304 and conditions:
                return None
            _raise_for_status(response, first, anything=anything)
            data = _body(response, end, first)
            headers = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
            self.versions[first] = {ask: response.headers[name] for ask, name in headers if name in response.headers}
            kind, charset = _content_type(response)
            return Source(first, None, data, url=url, kind=kind, encoding=_usable(charset, data))

    @contextmanager
    def _followed(self, first: str, headers: Mapping[str, str], method: str) -> Iterator[tuple[Any, str]]:
        """Follow redirects; yield the last response and its URL."""
        url = first
        for _hop in range(MAX_HOPS + 1):
            with self._requested(url, headers, first, method) as response:
                if response.status not in {301, 302, 303, 307, 308}:
                    yield response, url
                    return
                url = urllib.parse.urljoin(url, response.headers.get("Location", ""))
        raise ReadError(f"redirects more than {MAX_HOPS} times", file=first, hint=FINAL_URL)

    @contextmanager
    def _requested(self, url: str, more: Mapping[str, str], first: str, method: str) -> Iterator[Any]:
        """Send one request; yield the response, its body not yet read."""
        address = web(url)
        if not address:
            if url != first:
                raise ReadError(f"redirects to {url}, which is not an http(s) URL", file=first, hint=FINAL_URL)
            is_file = first.startswith("file:")
            hint = "give the path of the file, without file://" if is_file else "start the URL with https://"
            raise ReadError("is not a valid http(s) URL", file=first, hint=hint)
        try:
            with Client(timeout_s=TIMEOUT_S, purpose="article reader") as client:
                response = client.request(
                    method,
                    address,
                    headers={"Accept": PREFERRED, **more},
                    address=self._checked(address, first),
                    redirect=False,
                    preload_content=False,
                )
                logger.debug("%s %s: %d", method, address, response.status)
                try:
                    yield response
                finally:
                    response.close()
        except urllib3.exceptions.SSLError as error:
            raise ReadError(
                f"the certificate of the site is not valid: {error}", file=first, hint="check the host name in the URL"
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise Transient(_reason(error), file=first, hint="check the URL and your internet connection") from error

    def _checked(self, url: str, first: str) -> str:
        """Return the IP address to connect to, after checks; empty if the proxy of the environment connects."""
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise ReadError("the port number is not valid", file=first, hint="correct the URL") from None
        if proxy_for(url):
            self._check(host, _ip_literal(host), first)
            return ""
        return self._resolved(host, port, first)

    def _resolved(self, host: str, port: int, first: str) -> str:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            hint = "check the spelling and your internet connection"
            raise Transient(f"no server found with the name {host!r}", file=first, hint=hint) from error
        found = [str(info[4][0]).partition("%")[0] for info in infos]
        self._check(host, found, first)
        return found[0]

    def _check(self, host: str, addresses: list[str], first: str) -> None:
        """Raise ReadError if any IP address of a host is not public."""
        if not self.private and any(not _public(address) for address in addresses):
            raise ReadError(
                f"{host} is on this machine or its local network",
                file=first,
                hint="if this is intended, add --allow-private",
            )


class Transient(ReadError):
    """A temporary failure; `retry_after_s` is from the Retry-After header."""

    retry_after_s: float | None = None


def _retry_delay(error: Exception) -> bool | float:
    """Return whether to retry, or the seconds to wait if the server sent them (a hook of stamina)."""
    if not isinstance(error, Transient):
        return False
    return True if error.retry_after_s is None else error.retry_after_s


def _ip_literal(host: str) -> list[str]:
    """Return the IP address that a host is, as inet_aton reads it: `127.1`, `0x7f.1` and `2130706433` are loopback."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return ["127.0.0.1"]
    for read in (ipaddress.ip_address, lambda text: ipaddress.ip_address(socket.inet_aton(text))):
        try:
            return [str(read(name))]
        except (ValueError, OSError):  # not an address in this notation
            continue
    return []


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in LOCAL):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if any(ip in network for network in EMBEDDING):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


def _raise_for_status(response: Any, url: str, *, anything: bool) -> None:
    status = response.status
    if status == 200 or (status == 206 and anything):
        kind, _ = _content_type(response)
        if kind and not anything and not is_media_type(kind):  # a missing Content-Type is accepted
            raise ReadError(
                f"is {kind}, which cannot be read as an article", file=url, hint="give the URL of a web page"
            )
        return
    if status in {429, 500, 502, 503, 504}:
        error = Transient(
            f"the server answered {status} {response.reason or ''}".rstrip(), file=url, hint="try again later"
        )
        wait_s = retry_after_s(response.headers.get("Retry-After", ""))
        error.retry_after_s = None if wait_s is None else min(wait_s, RETRY_AFTER_S)
        raise error
    hints = {
        401: f"the page needs a password: {SAVE_PAGE}",
        403: f"the server may block programs: {SAVE_PAGE}",
        404: "the page does not exist: check the URL",
        410: "the page was removed: find another URL for the article",
    }
    hint = hints.get(status, SAVE_PAGE)
    raise ReadError(f"the server answered {status} {response.reason or ''}".rstrip(), file=url, hint=hint)


def _version(response: Any) -> str:
    """Return the ETag or Last-Modified of a response; empty if it has neither."""
    return str(response.headers.get("ETag") or response.headers.get("Last-Modified") or "")


def _part_name(path: Path, response: Any) -> str:
    """Return the name of an incomplete download, with a digest of its version: `.a.mp3.0123456789abcdef.part`."""
    return f".{path.name}.{hashlib.sha256(_version(response).encode()).hexdigest()[:16]}.part"


def _resumes(response: Any, start: int) -> bool:
    """Return True if a response is the rest of a file of a known version, from the byte `start` on."""
    span = response.headers.get("Content-Range", "")
    return response.status == 206 and bool(_version(response)) and span.startswith(f"bytes {start}-")


def _write_part(part: Path, response: Any, advance: Callable[[int], object], *, append: bool) -> None:
    """Write the body of a response to a file and fsync it; `advance` is called with the bytes of each chunk."""
    with part.open("ab" if append else "wb") as file:
        for piece in response.stream(256 * 1024, decode_content=False):
            file.write(piece)
            advance(len(piece))
        file.flush()
        os.fsync(file.fileno())


def _body(response: Any, end: float, url: str) -> bytes:
    parts, size = [], 0
    for part in response.stream(64 * 1024, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise ReadError(f"larger than {MAX_BYTES >> 20} MB", file=url, hint="check that it is the right URL")
        if time.monotonic() > end:
            raise ReadError(f"not downloaded within {LIMIT_S:.0f} s", file=url, hint="try again later")
    return b"".join(parts)


def _content_type(response: Any) -> tuple[str, str]:
    """Return the media type and the charset of a response, or empty strings (RFC 9110, section 8.3)."""
    value, _, rest = response.headers.get("Content-Type", "").partition(";")
    charset = next(
        (part.partition("=")[2] for part in rest.split(";") if part.strip().lower().startswith("charset=")), ""
    )
    return value.strip().lower(), charset.strip().strip("\"'").lower()


def _usable(charset: str, data: bytes) -> str:
    """Return the charset if the data are valid in it; many servers send the same for all files."""
    try:
        data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return ""
    return charset


def _reason(error: Exception) -> str:
    match error:
        case urllib3.exceptions.NewConnectionError():
            return "the server cannot be reached"
        case urllib3.exceptions.ConnectTimeoutError() | urllib3.exceptions.ReadTimeoutError():
            return f"no answer from the server for {TIMEOUT_S:.0f} s"
        case _:
            return "the server closed the connection too early"
