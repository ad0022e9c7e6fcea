# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of the web: within bounds of time, size and place, whatever a server answers."""

import gzip
import resource
import socket

import pytest
import stamina
from fakes.website import Page, Website

from podcast.errors import ReadError
from podcast.read import articles, open_source
from podcast.read import fetch as web
from podcast.read.fetch import Web

TEXT = "<article><h1>Le port</h1><p>Été comme hiver, le port s’éveille tôt.</p></article>"
HTML = f"<html lang='fr'><body>{TEXT}</body></html>"


@pytest.fixture
def site():
    """Give a web site."""
    with Website() as found:
        yield found


@pytest.fixture(autouse=True)
def at_once():
    """Try again without waiting."""
    with stamina.set_testing(True, attempts=3):
        yield


def fetch(url: str):
    """Fetch from loopback, which is private."""
    return Web(private=True).fetch(url)


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        ("text/html; charset=iso-8859-15", "iso-8859-15"),
        ("text/html; Charset='UTF-8'", "utf-8"),
        ("text/html", "utf-8"),
        ("text/html; charset=utf-8", "cp1252"),
    ],
)
def test_the_charset_is_the_servers_or_that_of_the_text(site, kind, encoding):
    """A charset is taken from the header, unless the bytes are not in it."""
    page = HTML.replace("’", "'").replace("<body>", f"<head><meta charset='{encoding}'></head><body>")
    site.pages["/"] = Page(page.encode(encoding), kind=kind)

    (article,) = articles(fetch(site.url()))

    assert article.blocks[0].text == "Été comme hiver, le port s'éveille tôt."
    assert article.url == site.url()


def test_redirects_are_followed_and_the_last_address_is_the_articles(site):
    """Relative ones too."""
    site.pages |= {
        "/a": Page(status=301, headers={"Location": "/b?x=1"}),
        "/b?x=1": Page(status=307, headers={"Location": site.url("/c")}),
        "/c": Page(HTML.encode()),
    }

    assert fetch(site.url("/a")).url == site.url("/c")


def test_a_redirect_loop_ends(site):
    """After ten steps."""
    site.pages["/"] = Page(status=302, headers={"Location": "/"})

    with pytest.raises(ReadError, match="redirects more than 10 times"):
        fetch(site.url())
    assert len(site.asked) == 11


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://10.1.2.3/", "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://2130706433/",
        "http://[fd00::1]/", "http://100.64.0.1/",
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_network_are_refused(address):
    """However they are written; nothing is sent there."""
    with pytest.raises(ReadError, match="is on this machine or its local network") as caught:
        Web().fetch(address)
    assert "--allow-private" in caught.value.hint


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0X7F000001", "printer.localhost"],
)
def test_behind_a_proxy_local_addresses_are_refused_in_any_notation(host, site, monkeypatch):
    """A proxy would read them as inet_aton does; nothing is sent to it."""
    monkeypatch.setenv("http_proxy", site.url())
    monkeypatch.setenv("no_proxy", "")

    with pytest.raises(ReadError, match="is on this machine or its local network"):
        Web().fetch(f"http://{host}/")
    assert not site.asked


def test_a_redirect_to_a_private_address_is_refused(site, monkeypatch):
    """A page from elsewhere cannot lead the program to what only its user can reach."""
    monkeypatch.setattr(web, "_public", lambda address: address == "127.0.0.1")
    site.pages["/"] = Page(status=302, headers={"Location": f"http://127.0.0.2:{site.server.server_port}/secret"})

    with pytest.raises(ReadError, match=r"127\.0\.0\.2 is on this machine"):
        Web().fetch(site.url())
    assert [path for path, _ in site.asked] == ["/"]


def test_a_name_is_looked_up_once_and_that_address_is_asked(site, monkeypatch):
    """A name server that answers otherwise the second time gains nothing."""
    answers = iter(["127.0.0.1"])
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: look_up(next(answers) if host == "blog.example" else host, *rest, **more),
    )
    site.pages["/x"] = Page(HTML.encode())

    assert fetch(f"http://blog.example:{site.server.server_port}/x").data == HTML.encode()
    assert site.asked[0][1]["host"] == f"blog.example:{site.server.server_port}"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.org/a", "http://", "http://a b/", "gopher://x"]
)
def test_other_schemes_are_refused(address):
    """Files are named by their paths."""
    with pytest.raises(ReadError, match=r"is not a valid http\(s\) URL") as mistake:
        Web(private=True).fetch(address)

    assert mistake.value.hint == (
        "give the path of the file, without file://" if address.startswith("file:") else "start the URL with https://"
    )


def test_a_redirect_to_a_file_is_refused(site):
    """The same holds on the way."""
    site.pages["/"] = Page(status=302, headers={"Location": "file:///etc/passwd"})

    with pytest.raises(ReadError, match=r"redirects to file:.*, which is not an http"):
        fetch(site.url())


@pytest.mark.parametrize(
    "kind", ["image/png", "audio/mpeg", "video/mp4", "application/zip", "application/octet-stream"]
)
def test_what_no_reader_takes_is_refused_by_its_media_type(site, kind):
    """Before its body is loaded."""
    site.pages["/"] = Page(b"x" * 10, kind=kind)

    with pytest.raises(ReadError, match=f"is {kind}, which cannot be read as an article"):
        fetch(site.url())


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "password"), (403, "save the page"), (404, "check the URL"), (410, "removed"), (451, "browser")],
)
def test_a_refusal_is_reported_with_what_to_do(site, status, hint):
    """Once: asking again would not help."""
    site.pages["/"] = Page(b"no", status=status)

    with pytest.raises(ReadError, match=str(status)) as caught:
        fetch(site.url())
    assert hint in caught.value.hint
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again(site, status):
    """Twice at most."""
    bad = Page(b"busy", status=status, headers={"Retry-After": "0"})
    site.pages |= {"/": [bad, bad, Page(HTML.encode())], "/dead": bad}

    assert fetch(site.url()).data == HTML.encode()
    with pytest.raises(ReadError, match=str(status)):
        fetch(site.url("/dead"))
    assert [path for path, _ in site.asked] == ["/"] * 3 + ["/dead"] * 3


def test_a_body_that_breaks_off_is_not_taken_for_the_page(site):
    """What is shorter than it said is asked for again."""
    broken = Page(
        HTML.encode()[:40], headers={"Content-Length": "4000"}, stream=lambda write: write(HTML.encode()[:40])
    )
    site.pages["/"] = [broken, Page(HTML.encode())]

    assert fetch(site.url()).data == HTML.encode()


def test_an_endless_answer_is_given_up(site):
    """After 32 MiB, compressed or not, and without keeping more than that."""
    megabyte = bytes(1024 * 1024)
    bomb = gzip.compress(megabyte * 200)
    site.pages |= {
        "/plain": Page(stream=lambda write: [write(megabyte) for _ in range(1024)] and None),
        "/bomb": Page(bomb, headers={"Content-Encoding": "gzip"}),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for path in ("/plain", "/bomb"):
        with pytest.raises(ReadError, match="larger than 32 MB"):
            fetch(site.url(path))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def test_a_server_that_sends_too_slowly_is_given_up(site, monkeypatch):
    """A page has to be there within a minute."""
    monkeypatch.setattr(web, "LIMIT_S", 0.2)

    def dribble(write) -> None:
        import time

        for _ in range(100):
            write(b"x" * 70_000)
            time.sleep(0.02)

    site.pages["/"] = Page(stream=dribble)
    with pytest.raises(ReadError, match="not downloaded within"):
        fetch(site.url())


def test_a_silent_or_absent_server_is_reported(monkeypatch):
    """Within the time that a person waits."""
    monkeypatch.setattr(web, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(ReadError, match="no answer from the server for"):
            fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        port = silent.getsockname()[1]
    with pytest.raises(ReadError, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/")


def test_a_page_that_has_not_changed_is_not_loaded_again(site):
    """ETag and date are given back to the server (RFC 9110, section 13)."""
    site.pages["/"] = Page(HTML.encode(), headers={"ETag": '"v1"'})
    first = Web(private=True)

    assert first.changed(site.url()) is not None
    assert Web(private=True, versions=first.versions).changed(site.url()) is None
    site.pages["/"] = Page(HTML.encode(), headers={"ETag": '"v2"'})
    assert Web(private=True, versions=first.versions).changed(site.url()) is not None


def test_a_front_page_without_article_names_its_feed(site):
    """What the producer probably wants."""
    site.pages["/"] = Page(
        b"<html><head><link rel=alternate type='application/rss+xml' href='/feed.xml'></head><body></body></html>"
    )

    with pytest.raises(ReadError, match="no article") as caught:
        articles(fetch(site.url()))
    assert site.url("/feed.xml") in caught.value.hint


def test_text_and_markdown_are_recognised_by_media_type(site):
    """Whatever the address ends in."""
    site.pages |= {
        "/a": Page("Le sel\n\nLa mer est salée, et le restera encore longtemps.".encode(), kind="text/plain"),
        "/b": Page("Le sel\n======\n\nLa mer est **salée**.".encode(), kind="text/markdown"),
    }
    for path in ("/a", "/b"):
        source = open_source(site.url(path), web=Web(private=True), language="fr")
        assert source is not None
        assert articles(source)[0].title == "Le sel"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("64:ff9b::808:808", True),  # 8.8.8.8, as a network that has IPv6 alone reaches it (RFC 6052)
        ("2002:808:808::1", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
        ("::ffff:10.0.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::808:808", True),
        ("::7f00:1", False),  # compatible
        ("::ffff:0:7f00:1", False),  # translated
        ("64:ff9b:1::808:808", False),  # the network's own translator
        ("fec0::1", False),
        ("::1", False),
    ],
)
def test_an_ipv4_address_in_ipv6_is_treated_as_ipv4(address, public):
    """IPv4-mapped, NAT64 and 6to4 addresses are allowed or refused as the IPv4 address would be."""
    assert web._public(address) is public
