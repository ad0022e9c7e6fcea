# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client: redirects, the proxy of the environment, Retry-After, and retries."""

import time
from email.utils import formatdate

import pytest
import stamina
import urllib3
from fakes.website import Page, Website

from podcast.http_client import Client, is_valid, proxy_for, retry_after_s, retrying, user_agent

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    """Unset the variables, whatever this machine has."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_redirects_keep_the_key_on_the_same_host_only():
    """Another port is another host; after a 302 the request has no body and no type of it."""
    sent = {"Authorization": "Bearer secret", "Content-Type": "application/json"}
    with Website() as site, Website() as other, Client(timeout_s=5.0, purpose="test") as client:
        site.pages |= {
            "/a": Page(status=302, headers={"Location": "/b"}),
            "/b": Page(status=307, headers={"Location": other.url("/c")}),
        }
        other.pages["/c"] = Page(b"here")
        answer = client.follow("GET", site.url("/a"), headers=sent, body=None)

    assert answer.data == b"here"
    (_, first), (_, second) = site.asked
    ((_, third),) = other.asked
    assert (first["authorization"], second["authorization"], third.get("authorization")) == (
        "Bearer secret",
        "Bearer secret",
        None,
    )
    assert ("content-type" in first, "content-type" in second) == (True, False)
    assert {one["user-agent"] for one in (first, second, third)} == {user_agent("test")}


def test_endless_redirects_end():
    """After thirty of them."""
    with Website() as site, Client(timeout_s=5.0) as client:
        site.pages["/"] = Page(status=302, headers={"Location": "/"})
        with pytest.raises(urllib3.exceptions.HTTPError, match="too many redirects"):
            client.follow("GET", site.url("/"), headers={}, body=None)

    assert len(site.asked) == 31


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://blog.example/", "http://proxy.example:3128"),
        ("https://blog.example/", "http://secure.example:3128"),
        ("http://tts.lan/", ""),
        ("http://tts.lan:8880/", ""),
        ("http://10.1.2.3:8880/", ""),
        ("http://11.1.2.3/", "http://proxy.example:3128"),
        ("http://localhost:8880/", ""),
        ("http://localhost:8881/", "http://proxy.example:3128"),
    ],
)
def test_the_proxy_is_that_of_the_environment(url, proxy, monkeypatch):
    """NO_PROXY has names, names with a port, and networks; a proxy may be named without its scheme."""
    monkeypatch.setenv("http_proxy", "proxy.example:3128")
    monkeypatch.setenv("all_proxy", "http://secure.example:3128")
    monkeypatch.setenv("no_proxy", "nothing/8, .lan, 10.0.0.0/8, localhost:8880")

    assert proxy_for(url) == proxy


def test_a_proxy_gets_its_password(monkeypatch):
    """User and password of its URL, as Basic authentication."""
    with Website() as proxy:
        proxy.pages["http://blog.example/x"] = Page(b"here")
        monkeypatch.setenv("http_proxy", proxy.url("").replace("://", "://me:p%40ss@"))
        with Client(timeout_s=5.0) as client:
            assert client.request("GET", "http://blog.example/x").data == b"here"

    ((_, headers),) = proxy.asked
    assert headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("3", 3.0), (" 3 ", 3.0), ("", None), ("soon", None), ("-1", None), (formatdate(0, usegmt=True), 0.0)],
)
def test_a_server_may_ask_for_a_wait(header, wait_s):
    """In seconds or as a date (RFC 9110, 10.2.3); a date that has passed is no wait."""
    assert retry_after_s(header) == wait_s


def test_a_wait_may_be_a_date():
    """The seconds until then."""
    assert retry_after_s(formatdate(time.time() + 100, usegmt=True)) == pytest.approx(100, abs=2)


def test_what_passes_is_tried_again():
    """As often as is said, and the last error is raised; other errors at once."""
    calls = []

    def fail(error: type[Exception]) -> None:
        calls.append(error)
        raise error

    with stamina.set_testing(True, attempts=3):
        for error in (OSError, ValueError):
            with pytest.raises(error):
                retrying(
                    lambda error=error: fail(error),
                    on=lambda caught: isinstance(caught, OSError),
                    attempts=3,
                    wait_initial_s=0.0,
                    wait_max_s=0.0,
                )

    assert calls == [OSError] * 3 + [ValueError]


@pytest.mark.parametrize(
    ("url", "valid"),
    [
        ("http://localhost:8880/v1", True),
        ("https://é.example", True),
        ("http://*.example", False),
        ("http://.example", False),
        ("http://a:99999", False),
    ],
)
def test_a_url_needs_a_host_and_a_port_that_exist(url, valid):
    """What libraries would refuse is found before."""
    assert is_valid(url) is valid
