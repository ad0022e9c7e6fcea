# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests: user agent, verified TLS, the proxy of the environment, time-outs, Retry-After and retries.

Every part of the program that sends requests uses this module: readers, online voices, WebSub, the check of a host.
urllib3 and stamina are imported when they are needed, so that commands that send nothing do not load them.
"""

import email.utils
import ipaddress
import logging
import os
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self, TypeVar

from podcast import __version__

if TYPE_CHECKING:
    import urllib3

MAX_REDIRECTS = 30
CONNECTIONS = 10
"""Connections to one host that are kept open."""
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Environment variables that name a file or folder of certificates to trust instead of certifi's."""

T = TypeVar("T")

logging.getLogger("stamina").addHandler(logging.NullHandler())  # without a handler, each retry is printed to stderr


class Client:
    """Send requests and reuse connections, from any number of threads.

    TLS certificates are verified; the proxy is chosen for each URL from the environment. Responses and errors are
    those of urllib3.
    """

    def __init__(self, *, timeout_s: float, purpose: str = "") -> None:
        self.timeout_s = timeout_s
        """Limit for connecting, and for each wait for bytes."""
        self.agent = user_agent(purpose)
        self.managers: dict[str, urllib3.PoolManager] = {}
        """Proxy URL, or nothing for direct connections -> connections."""
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for manager in self.managers.values():
            manager.clear()

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, address: str = "", **options: Any
    ) -> "urllib3.BaseHTTPResponse":
        """Send one request; `options` are those of urllib3, whose retries and redirects are off unless given.

        With `address`, connect to this IP address without looking up the host; Host and certificate are still checked
        against the URL. No proxy is used then. Raises urllib3.exceptions.HTTPError.
        """
        sent = {"User-Agent": self.agent, **(headers or {})}
        options = {"retries": False, **options}
        if not address:
            return self._manager(proxy_for(url)).request(method, url, headers=sent, **options)
        parts = urllib.parse.urlsplit(url)
        secure = parts.scheme == "https"
        names = {"server_hostname": parts.hostname, "assert_hostname": parts.hostname} if secure else {}
        port = parts.port or (443 if secure else 80)
        pool = self._manager("").connection_from_host(address, port, parts.scheme, pool_kwargs=names)
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        sent["Host"] = parts.netloc.rpartition("@")[2]
        return pool.request(method, target, headers=sent, **options)

    def follow(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | str | None, **options: Any
    ) -> "urllib3.BaseHTTPResponse":
        """Send one request and follow redirects (RFC 9110, 15.4); Authorization is not sent to another host.

        Raises urllib3.exceptions.HTTPError.
        """
        import urllib3

        for _ in range(MAX_REDIRECTS + 1):
            answer = self.request(method, url, headers=headers, body=body, redirect=False, **options)
            location = answer.get_redirect_location()
            if not location:
                return answer
            answer.close()
            target = urllib.parse.urljoin(url, location)
            dropped = set() if _same_host(url, target) else {"authorization"}
            if answer.status not in {307, 308}:
                method, body = ("HEAD" if method == "HEAD" else "GET"), None
                dropped |= {"content-length", "content-type"}
            headers = {name: value for name, value in headers.items() if name.lower() not in dropped}
            url = target
        raise urllib3.exceptions.ResponseError("too many redirects")

    def _manager(self, proxy: str) -> "urllib3.PoolManager":
        with self.lock:
            if proxy not in self.managers:
                self.managers[proxy] = _connections(proxy, self.timeout_s)
            return self.managers[proxy]


def user_agent(purpose: str = "") -> str:
    """Return the value of the header: `podcast/1.0.0 (article reader)`."""
    return f"podcast/{__version__} ({purpose})" if purpose else f"podcast/{__version__}"


def proxy_for(url: str) -> str:
    """Return the URL of the proxy that the environment sets for a URL, or nothing.

    ALL_PROXY counts where no proxy is set for the scheme, unless it is a SOCKS proxy and PySocks is not installed.
    """
    parts = urllib.parse.urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme, "")
    if not proxy and _is_usable(proxies.get("all", "")):
        proxy = proxies.get("all", "")
    host = parts.netloc.rpartition("@")[2]
    if not proxy or urllib.request.proxy_bypass(host) or _in_network(parts.hostname or "", proxies.get("no", "")):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def is_valid(url: str) -> bool:
    """Return False for a URL with a host or port that no request can be sent to."""
    import urllib3

    try:
        host = urllib3.util.parse_url(url).host or ""
    except urllib3.exceptions.LocationParseError:
        return False
    return bool(host) and not host.startswith(("*", "."))


def retry_after_s(text: str) -> float | None:
    """Return the wait that a Retry-After header asks for, in seconds, or None (RFC 9110, 10.2.3: seconds or a date)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, moment - time.time())


def retrying(
    call: Callable[[], T],
    *,
    on: Callable[[Exception], bool | float],
    attempts: int,
    wait_initial_s: float,
    wait_max_s: float,
    wait_jitter_s: float = 1.0,
) -> T:
    """Call until it succeeds, with pauses that double, and raise the error of the last attempt.

    `on` returns whether to try again after an error, or the wait in seconds that the server asks for.
    """
    import stamina

    for attempt in stamina.retry_context(
        on=on,
        attempts=attempts,
        timeout=None,
        wait_initial=wait_initial_s,
        wait_max=wait_max_s,
        wait_jitter=wait_jitter_s,
    ):
        with attempt:
            return call()
    raise AssertionError  # the last attempt either returned or raised


def _connections(proxy: str, timeout_s: float) -> "urllib3.PoolManager":
    import urllib3

    options: dict[str, Any] = {"timeout": timeout_s, "maxsize": CONNECTIONS, **_certificates()}
    if not proxy:
        return urllib3.PoolManager(**options)
    if proxy.lower().startswith("socks") and _is_usable(proxy):
        from urllib3.contrib.socks import SOCKSProxyManager

        return SOCKSProxyManager(proxy, **options)
    user, _, password = urllib.parse.urlsplit(proxy).netloc.rpartition("@")[0].partition(":")
    secret = f"{urllib.parse.unquote(user)}:{urllib.parse.unquote(password)}"
    login = urllib3.make_headers(proxy_basic_auth=secret) if user else None
    return urllib3.ProxyManager(proxy, proxy_headers=login, **options)


def _is_usable(proxy: str) -> bool:
    return not proxy.lower().startswith("socks") or find_spec("socks") is not None


def _certificates() -> dict[str, str]:
    """Return urllib3's option for the certificates to trust."""
    import certifi

    path = next((os.environ[name] for name in CA_VARIABLES if os.environ.get(name)), certifi.where())
    return {"ca_cert_dir" if os.path.isdir(path) else "ca_certs": path}  # noqa: PTH112 - as the variables have it


def _in_network(host: str, no_proxy: str) -> bool:
    """Return True if an IP address is in one of the networks of NO_PROXY, such as 10.0.0.0/8."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return False
    for entry in no_proxy.replace(" ", "").split(","):
        try:
            if "/" in entry and ip in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            continue
    return False


def _same_host(old: str, new: str) -> bool:
    """Return True if both URLs lead to the same server; a redirect from HTTP to HTTPS on the usual ports does."""
    first, second = urllib.parse.urlsplit(old), urllib.parse.urlsplit(new)
    ports = {"http": 80, "https": 443}
    before = (first.scheme, first.port or ports.get(first.scheme))
    after = (second.scheme, second.port or ports.get(second.scheme))
    upgrade = (before, after) == (("http", 80), ("https", 443))
    return first.hostname == second.hostname and (upgrade or before == after)
