# SPDX-License-Identifier: GPL-3.0-or-later
"""The feed in a browser: Chromium shows what the show is, how to subscribe and the episodes, in light and in dark."""

import shutil
from collections.abc import Iterator

import catalogues
import pytest
import urllib3
from playwright.sync_api import Browser, sync_playwright
from test_serve import serving, wait

from tests.site.test_player import BROWSERS, FLAGS

TIGHT = "[publish]\nfeed_bytes = 50000\npage_bytes = 50000\n"

SEEN = """() => [...document.querySelectorAll("*")]
  .filter(element => element.getClientRects().length && !element.children.length)
  .map(element => [element.nodeName, getComputedStyle(element, "::before").content, element.textContent])"""

CONTRAST = """() => {
  const [paper, ink] = ["backgroundColor", "color"]
    .map(name => getComputedStyle(document.documentElement)[name].match(/\\d+/g).slice(0, 3).map(Number));
  return [paper, ink];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Give the address of a served show that has several documents."""
    place = catalogues.catalogue(tmp_path_factory.mktemp("look") / "show", 60, more=TIGHT)
    catalogues.publish(place)
    with serving(place) as (url, _process):
        wait(url)
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, f"install one of {', '.join(BROWSERS)} (see tests/setup.sh)"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("name", ["feed.xml", "feed-1.xml"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_the_feed(address, browser, name, scheme):
    """Title, description, the address to subscribe to, and date and title of each episode are seen; markup is not."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.goto(address + name)
    seen = page.evaluate(SEEN)
    paper, ink = page.evaluate(CONTRAST)
    wide = page.evaluate("document.documentElement.scrollWidth")
    link = "self" if name == "feed.xml" else "first"
    told = page.evaluate(f"getComputedStyle(document.querySelector('channel > [rel={link}]'), '::after').content")
    page.close()

    assert next(text for tag, _, text in seen if tag == "title") == "Le Phare"
    assert [text for tag, _, text in seen if tag == "description"] == ["Des articles courts, lus à voix haute."]
    assert [said for tag, said, _ in seen if tag == "atom:link"] == [
        "\"Voici le flux d'un podcast. Pour vous abonner, copiez cette adresse dans une application d'écoute\u00a0:\""
    ]
    assert told == f'"{address}feed.xml"'
    assert {tag for tag, _, _ in seen} == {"title", "description", "atom:link", "pubDate"}
    assert len([tag for tag, _, _ in seen if tag == "title"]) > 4
    assert (sum(paper) > sum(ink)) == (scheme == "light")
    assert abs(sum(paper) - sum(ink)) > 450
    assert wide <= 390


def test_apps_get_what_they_expect(address):
    """An app gets application/rss+xml, a browser XML; caches are told that they differ; the stylesheet is there."""
    app = urllib3.request("GET", address + "feed.xml", headers={"Accept": "application/rss+xml, */*"})
    person = urllib3.request("GET", address + "feed-1.xml", headers={"Accept": "text/html,application/xml;q=0.9"})
    assert app.headers["Content-Type"].startswith("application/rss+xml")
    assert person.headers["Content-Type"].startswith("application/xml")
    assert "Accept" in app.headers["Vary"].split(", ")
    style = app.data.partition(b'<?xml-stylesheet type="text/css" href="')[2].partition(b'"')[0].decode()
    assert urllib3.request("GET", address + style).headers["Content-Type"].startswith("text/css")
