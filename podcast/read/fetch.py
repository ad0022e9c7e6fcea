# SPDX-License-Identifier: GPL-3.0-or-later
"""URL -> Source: what a web server says, within bounds of time, size and place.

Only http and https; ten redirects at most, each of them checked like the first address. Addresses of this machine and
of its network are refused unless they are allowed, so that a page or a feed from elsewhere cannot make the program
read what only its user can reach. A name is looked up once, and the connection goes to the address that was checked.
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
"""After decompression; the text of the longest novels is a tenth of it."""
MAX_HOPS = 10
LIMIT_S = 60.0
"""For a page with all of its redirects."""
PATIENCE_S = 15.0
"""For a server that says nothing."""
RETRY_AFTER_S = 20.0
"""The longest wait that a server may ask for."""

SAVE_PAGE = "open it in a browser, save the page, and give that file"
FINAL_URL = "open it in a browser and give the URL at which you end up"

PREFERRED = "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, text/markdown, */*;q=0.5"
"""Of pages that a server has in several formats; not all that can be read."""

logger = logging.getLogger(__name__)

T = TypeVar("T")

NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass
class Web:
    """Fetches pages, and remembers what servers say of their versions."""

    private: bool = False
    """Whether addresses of this machine and of its network are allowed."""
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    """Address -> the headers that ask for it only if it has changed (RFC 9110, section 13)."""

    def fetch(self, url: str, *, anything: bool = False) -> Source:
        """Return what stands at an address; with `anything`, also what no reader takes: pictures, transcripts.

        Raises ReadError if it cannot be reached, is refused, too large, or of a kind that no reader takes.
        """
        source = self._patiently(lambda: self._follow(url, {}, anything=anything))
        if source is None:  # 304 to a question without conditions
            raise ReadError("the server sent nothing", file=url, hint=SAVE_PAGE)
        return source

    def changed(self, url: str) -> Source | None:
        """Return what stands at an address, or None if it is what it was when `versions` were noted."""
        return self._patiently(lambda: self._follow(url, self.versions.get(url, {})))

    def length(self, url: str) -> int:
        """Return how many bytes stand at an address, 0 if its server does not say.

        Raises ReadError as `fetch` does.
        """

        def ask() -> int:
            with self._reached(url, {}, "HEAD") as (answer, _url):
                _refuse(answer, url, anything=True)
                said = answer.headers.get("Content-Length", "")
                return int(said) if said.isascii() and said.isdigit() else 0

        return self._patiently(ask)

    def save(self, url: str, path: Path, *, advance: Callable[[int], object]) -> None:
        """Write what stands at an address to a file, however large; what an earlier try has left is gone on with.

        Half a file lies beside it, under a name that tells which version of it the server gave. `advance` is told of
        each piece in bytes. Raises ReadError as `fetch` does.
        """
        self._patiently(lambda: self._save(url, path, advance))

    def _save(self, url: str, path: Path, advance: Callable[[int], object]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        left = next(iter(path.parent.glob(f".{glob.escape(path.name)}.*.part")), None)
        start = left.stat().st_size if left else 0
        with self._reached(url, {"Range": f"bytes={start}-"} if start else {}, "GET") as (answer, _url):
            part = path.parent / _part_name(path, answer)
            resumes = part == left and _resumes(answer, start)
            if left and not resumes and answer.status in {206, 416}:  # the rest of another version, or of nothing
                left.unlink()
                raise Transient(
                    f"{url}: the file changed on the server during the download", hint="run the command again"
                )
            _refuse(answer, url, anything=True)
            if left and left != part:
                left.unlink()
            advance(start if resumes else 0)
            _write_part(part, answer, advance, append=resumes)
        workspace.move(part, path)

    def _patiently(self, ask: Callable[[], T]) -> T:
        return retrying(ask, on=_wait, attempts=3, wait_initial_s=0.5, wait_max_s=5.0)

    def _follow(self, first: str, conditions: Mapping[str, str], *, anything: bool = False) -> Source | None:
        end = time.monotonic() + LIMIT_S
        with self._reached(first, conditions, "GET") as (answer, url):
            if answer.status == 304 and conditions:
                return None
            _refuse(answer, first, anything=anything)
            data = _body(answer, end, first)
            headers = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
            self.versions[first] = {ask: answer.headers[name] for ask, name in headers if name in answer.headers}
            kind, charset = _content_type(answer)
            return Source(first, None, data, url=url, kind=kind, encoding=_usable(charset, data))

    @contextmanager
    def _reached(self, first: str, headers: Mapping[str, str], method: str) -> Iterator[tuple[Any, str]]:
        """Give the answer at the end of all redirects, and its address."""
        url = first
        for _hop in range(MAX_HOPS + 1):
            with self._asked(url, headers, first, method) as answer:
                if answer.status not in {301, 302, 303, 307, 308}:
                    yield answer, url
                    return
                url = urllib.parse.urljoin(url, answer.headers.get("Location", ""))
        raise ReadError(f"redirects more than {MAX_HOPS} times", file=first, hint=FINAL_URL)

    @contextmanager
    def _asked(self, url: str, more: Mapping[str, str], first: str, method: str) -> Iterator[Any]:
        """Give the answer of one server, its body not yet read."""
        address = web(url)
        if not address:
            if url != first:
                raise ReadError(f"redirects to {url}, which is not an http(s) URL", file=first, hint=FINAL_URL)
            is_file = first.startswith("file:")
            hint = "give the path of the file, without file://" if is_file else "start the URL with https://"
            raise ReadError("is not a valid http(s) URL", file=first, hint=hint)
        try:
            with Client(timeout_s=PATIENCE_S, purpose="article reader") as client:
                answer = client.request(
                    method,
                    address,
                    headers={"Accept": PREFERRED, **more},
                    address=self._checked(address, first),
                    redirect=False,
                    preload_content=False,
                )
                logger.debug("%s %s: %d", method, address, answer.status)
                try:
                    yield answer
                finally:
                    answer.close()
        except urllib3.exceptions.SSLError as error:
            raise ReadError(
                f"the certificate of the site is not valid: {error}", file=first, hint="check the host name in the URL"
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise Transient(_said(error), file=first, hint="check the URL and your internet connection") from error

    def _checked(self, url: str, first: str) -> str:
        """Return the IP address to connect to, once it is checked; nothing if the proxy of the environment connects."""
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise ReadError("the port number is not valid", file=first, hint="correct the URL") from None
        if proxy_for(url):
            self._check(host, _literal(host), first)
            return ""
        return self._looked_up(host, port, first)

    def _looked_up(self, host: str, port: int, first: str) -> str:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            hint = "check the spelling and your internet connection"
            raise Transient(f"no server found with the name {host!r}", file=first, hint=hint) from error
        found = [str(answer[4][0]).partition("%")[0] for answer in answers]
        self._check(host, found, first)
        return found[0]

    def _check(self, host: str, addresses: list[str], first: str) -> None:
        """Refuse a name if any of its addresses is not one of the public internet."""
        if not self.private and any(not _public(address) for address in addresses):
            raise ReadError(
                f"{host} is on this machine or its local network",
                file=first,
                hint="if this is intended, add --allow-private",
            )


class Transient(ReadError):
    """Trying again may help; `retry_after_s` is the wait the server asked for."""

    retry_after_s: float | None = None


def _wait(error: Exception) -> bool | float:
    """Say whether to try again, and after how many seconds if the server said so."""
    if not isinstance(error, Transient):
        return False
    return True if error.retry_after_s is None else error.retry_after_s


def _literal(host: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return ["127.0.0.1"] if host == "localhost" or host.endswith(".localhost") else []


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


def _refuse(answer: Any, url: str, *, anything: bool) -> None:
    status = answer.status
    if status == 200 or (status == 206 and anything):
        kind, _ = _content_type(answer)
        if kind and not anything and not is_media_type(kind):  # a server that names none is given a chance
            raise ReadError(
                f"is {kind}, which cannot be read as an article", file=url, hint="give the URL of a web page"
            )
        return
    if status in {429, 500, 502, 503, 504}:
        error = Transient(
            f"the server answered {status} {answer.reason or ''}".rstrip(), file=url, hint="try again later"
        )
        wait_s = retry_after_s(answer.headers.get("Retry-After", ""))
        error.retry_after_s = None if wait_s is None else min(wait_s, RETRY_AFTER_S)
        raise error
    hints = {
        401: f"the page needs a password: {SAVE_PAGE}",
        403: f"the server may block programs: {SAVE_PAGE}",
        404: "the page does not exist: check the URL",
        410: "the page was removed: find another URL for the article",
    }
    hint = hints.get(status, SAVE_PAGE)
    raise ReadError(f"the server answered {status} {answer.reason or ''}".rstrip(), file=url, hint=hint)


def _version(answer: Any) -> str:
    """Return what tells the versions of a file on a server apart; nothing if it does not say."""
    return str(answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "")


def _part_name(path: Path, answer: Any) -> str:
    """Return the name of a file's unfinished download, which tells its version: `.a.mp3.0123456789abcdef.part`."""
    return f".{path.name}.{hashlib.sha256(_version(answer).encode()).hexdigest()[:16]}.part"


def _resumes(answer: Any, start: int) -> bool:
    """Return True if an answer is the rest of a file of a known version, from the byte `start` on."""
    span = answer.headers.get("Content-Range", "")
    return answer.status == 206 and bool(_version(answer)) and span.startswith(f"bytes {start}-")


def _write_part(part: Path, answer: Any, advance: Callable[[int], object], *, append: bool) -> None:
    """Write the body of an answer to a file, safely on the disk; `advance` is given the bytes of each piece."""
    with part.open("ab" if append else "wb") as file:
        for piece in answer.stream(256 * 1024, decode_content=False):
            file.write(piece)
            advance(len(piece))
        file.flush()
        os.fsync(file.fileno())


def _body(answer: Any, end: float, url: str) -> bytes:
    parts, size = [], 0
    for part in answer.stream(64 * 1024, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise ReadError(f"larger than {MAX_BYTES >> 20} MB", file=url, hint="check that it is the right URL")
        if time.monotonic() > end:
            raise ReadError(f"not downloaded within {LIMIT_S:.0f} s", file=url, hint="try again later")
    return b"".join(parts)


def _content_type(answer: Any) -> tuple[str, str]:
    """Return the media type and the charset that the server names, or empty texts (RFC 9110, section 8.3)."""
    value, _, rest = answer.headers.get("Content-Type", "").partition(";")
    charset = next(
        (part.partition("=")[2] for part in rest.split(";") if part.strip().lower().startswith("charset=")), ""
    )
    return value.strip().lower(), charset.strip().strip("\"'").lower()


def _usable(charset: str, data: bytes) -> str:
    """Return the charset if the text really is in it; many servers name one for all of their files."""
    try:
        data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return ""
    return charset


def _said(error: Exception) -> str:
    match error:
        case urllib3.exceptions.NewConnectionError():
            return "the server cannot be reached"
        case urllib3.exceptions.ConnectTimeoutError() | urllib3.exceptions.ReadTimeoutError():
            return f"no answer from the server for {PATIENCE_S:.0f} s"
        case _:
            return "the server closed the connection too early"
