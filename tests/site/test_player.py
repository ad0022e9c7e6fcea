# SPDX-License-Identifier: GPL-3.0-or-later
"""The player does what it promises in a real browser, from a disk and from a web server alike.

Chromium is driven by Playwright; the show is tests/data/site/phare.json with a tone of one minute as its sound. Any
message of the browser's console is a failure: so is a breach of the pages' Content-Security-Policy.
"""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import TESTS
from playwright.sync_api import Browser, Page, sync_playwright

from podcast import site
from podcast.config.settings import Show
from podcast.model import Art, Published

DATA = TESTS / "data" / "site"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--mute-audio",
    "--disable-background-networking",
    "--disable-component-update",
)
EPISODE = "episodes/lire-la-maree.html"

TIME = "document.querySelector('audio').currentTime"
PAUSED = "document.querySelector('audio').paused"
MARKED = "document.querySelector('[data-t][aria-current]')?.textContent"


class Case(msgspec.Struct):
    """What the data file says."""

    show: Show
    art: Art
    published: tuple[Published, ...]


class WithRanges(SimpleHTTPRequestHandler):
    """Serve files in parts too (RFC 9110, 14): without that browsers cannot seek."""

    def do_GET(self) -> None:
        """Answer a request, with 206 if it asks for a range."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if not asked or not path.is_file():
            return super().do_GET()
        data = path.read_bytes()
        start, end = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        self.wfile.write(data[start : end + 1])
        return None

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def handle(self) -> None:
        """Answer until the browser hangs up, as it does in the middle of sounds."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@pytest.fixture(scope="module")
def feed(tmp_path_factory) -> Path:
    """Give a feed folder as a producer uploads it, with a real MP3 of one minute for each episode."""
    case = msgspec.json.decode((DATA / "phare.json").read_bytes(), type=Case)
    folder = tmp_path_factory.mktemp("web") / "émissions" / "le phare"
    files = site.pages(case.show, case.published, case.art)
    tone = folder.parent / "tone.mp3"
    picture = folder.parent / "picture.jpg"
    folder.mkdir(parents=True)
    make = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i"]
    subprocess.run([*make, "sine=330:duration=60", "-ar", "48000", "-b:a", "64k", tone], check=True)
    subprocess.run([*make, "color=teal:size=60x60", "-frames:v", "1", picture], check=True)
    files |= {one.audio: tone.read_bytes() for one in case.published}
    files |= {case.art.cover: picture.read_bytes(), case.art.thumbnail: picture.read_bytes()}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module", params=["disk", "web"])
def address(request, feed) -> Iterator[str]:
    """Give the address of the feed folder: as a file, and below a path of a server."""
    if request.param == "disk":
        yield feed.as_uri() + "/"
        return
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(WithRanges, directory=feed.parent)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/le%20phare/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the browser; a machine that has none fails, for nothing else can judge the player."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"the player is tested in a browser: install one of {', '.join(BROWSERS)} (see tests/setup.sh)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address) -> Iterator[Page]:
    """Give an empty page that fails the test if the browser complains or asks another machine for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def episode(page, address) -> Page:
    """Give the page of the long episode, its sound ready."""
    return opened(page, address + EPISODE)


def opened(page: Page, url: str) -> Page:
    """Open an episode and wait for its sound."""
    page.goto(url)
    wait(page, "document.querySelector('audio').readyState > 0")
    return page


def wait(page: Page, expression: str) -> None:
    """Wait until an expression is true in the page; fail with it after half a minute, for a machine may be busy.

    Playwright's own waiting evaluates strings, which the pages' policy forbids.
    """
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"not true after half a minute: {expression}")


def test_loads(episode):
    """The page loads with its sound, whose length is right, and with its picture and style."""
    assert episode.evaluate("document.querySelector('audio').duration") == pytest.approx(60, abs=0.1)
    assert episode.evaluate("document.querySelector('img').naturalWidth") == 60
    assert episode.evaluate("getComputedStyle(document.querySelector('.player')).position") == "sticky"
    assert episode.locator(".controls").is_visible()


@pytest.mark.parametrize("name", ["index.html", EPISODE])
def test_pages_are_light(page, address, feed, name):
    """What a browser loads to show a page, its sound apart, weighs less than 100 KB, with nothing compressed."""
    loaded: list[str] = []
    page.on("requestfinished", lambda request: loaded.append(unquote(request.url.removeprefix(address))))
    page.goto(address + name)

    weights = {file: (feed / file).stat().st_size for file in loaded if not file.endswith(".mp3")}
    assert len(weights) >= 3
    assert sum(weights.values()) < 100_000


def test_from_index_to_episode(page, address):
    """From the index a click leads to an episode and back."""
    page.goto(address + "index.html")
    page.get_by_role("link", name="Lire la marée").click()
    assert page.get_by_role("heading", level=1).text_content() == "Lire la marée"
    page.get_by_role("link", name="Le Phare").click()
    assert page.url == address + "index.html"


def test_chapter_seeks(episode):
    """A click on a chapter plays from its first word on, marks it, and puts its time into the address."""
    chapter = episode.locator(".chapters a").nth(2)
    start = float(chapter.get_attribute("href").removeprefix("#t="))
    chapter.click()

    assert start <= episode.evaluate(TIME) < start + 2
    wait(episode, f"!{PAUSED} && {TIME} > {start} + 0.3")
    assert chapter.get_attribute("aria-current") == "true"
    assert episode.locator(".now").text_content() == "Lire l'annuaire"
    assert episode.url.endswith(f"#t={start:g}")
    wait(episode, f'{MARKED} === "Lire l\'annuaire"')


def test_sentence_seeks(episode):
    """A click on a sentence plays from there, and marks that sentence and no other."""
    sentence = episode.get_by_text("Il suffit de regarder les oiseaux.")
    start = float(sentence.get_attribute("data-t"))
    sentence.click()

    assert start <= episode.evaluate(TIME) < start + 2
    wait(episode, f"{MARKED} === 'Il suffit de regarder les oiseaux.'")
    assert episode.locator("[data-t][aria-current]").count() == 1


def test_words_are_followed(episode):
    """While a sentence is heard, the word that is being said is marked; between words, and elsewhere, none is."""
    sentence = episode.get_by_text("Il suffit de regarder les oiseaux.")
    for time, word in ((22.25, "Il"), (22.335, ""), (22.5, "suffit"), (23.0, "de regarder"), (23.4, "les oiseaux.")):
        episode.evaluate(f"document.querySelector('audio').currentTime = {time}")
        wait(episode, f"{MARKED} === 'Il suffit de regarder les oiseaux.'")
        wait(episode, f"(document.querySelector('.heard')?.textContent ?? '') === '{word}'")
        assert sentence.text_content() == "Il suffit de regarder les oiseaux."
    episode.evaluate("document.querySelector('audio').currentTime = 24")
    wait(episode, "!document.querySelector('.heard')")
    assert sentence.locator("span").count() == 0
    sentence.click()
    wait(episode, "document.querySelector('.heard')?.textContent === 'les oiseaux.'")
    episode.evaluate("document.querySelector('audio').pause()")


def test_selecting_text_does_not_seek(episode):
    """Text can be selected, to be copied, without the sound jumping."""
    box = episode.locator(".transcript [data-t]").nth(1).bounding_box()
    episode.mouse.move(box["x"] + 20, box["y"] + 12)
    episode.mouse.down()
    episode.mouse.move(box["x"] + 160, box["y"] + 12, steps=4)
    episode.mouse.up()

    assert episode.evaluate("getSelection().toString()")
    assert episode.evaluate(TIME) == 0


@pytest.mark.parametrize(("fragment", "seconds"), [("#t=42", 42), ("#t=0:42", 42), ("#t=12.5", 12.5)])
def test_deep_link(page, address, fragment, seconds):
    """An address with a time opens the episode there, with the sentence in sight, and does not start by itself."""
    opened(page, address + EPISODE + fragment)

    assert page.evaluate(TIME) == pytest.approx(seconds, abs=0.1)
    assert page.evaluate(PAUSED)
    marked = page.locator("[data-t][aria-current]")
    assert float(marked.get_attribute("data-t")) <= seconds
    box = marked.bounding_box()
    assert 0 <= box["y"] <= 800 - box["height"]


@pytest.mark.parametrize(("fragment", "seconds"), [("#t=%", 0), ("#transcript", 0), ("#t=99999", 60)])
def test_odd_addresses(page, address, fragment, seconds):
    """An address that names no time opens the page like any other; one after the end leads to the end."""
    opened(page, address + EPISODE + fragment)

    assert page.evaluate(TIME) == pytest.approx(seconds, abs=0.1)
    assert page.evaluate(PAUSED)


def test_transcript_follows(episode):
    """While it plays, the sentence that is heard is marked and in sight; a reader who scrolls away stays there."""
    sentences = episode.locator(".transcript [data-t]")
    starts = [float(one.get_attribute("data-t")) for one in sentences.all()]
    index = len(starts) - 4
    sentences.nth(index).evaluate("one => one.click()")
    wait(episode, f"{MARKED} === {index_text(episode, index)}")
    assert 0 < sentences.nth(index).bounding_box()["y"] < 800

    episode.mouse.move(900, 600)
    episode.mouse.wheel(0, -5_000)
    wait(episode, "scrollY === 0")
    episode.evaluate(f"document.querySelector('audio').currentTime = {starts[index + 1]} + 0.1")
    wait(episode, f"{MARKED} === {index_text(episode, index + 1)}")
    assert episode.evaluate("scrollY") == 0


def index_text(page: Page, index: int) -> str:
    """Return the text of a sentence as an expression."""
    return f"document.querySelectorAll('[data-t]')[{index}].textContent"


def test_waveform_seeks(episode):
    """The picture of the sound has a line for each chapter, shows how far one is, and is a slider by mouse and keys."""
    slider = episode.get_by_role("slider", name="Position")
    box = slider.bounding_box()
    lines = slider.locator(".marks").get_attribute("d").count("M")
    assert lines == episode.locator(".chapters a").count() - 1
    slider.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert episode.evaluate(TIME) == pytest.approx(30, abs=0.5)
    wait(episode, f"{PAUSED} || {TIME} > 30")
    episode.keyboard.press("k")
    for key, seconds, said in (("End", 60, "1:00 / 1:00"), ("Home", 0, "0:00 / 1:00"), ("PageUp", 60, "1:00 / 1:00")):
        slider.press(key)
        assert episode.evaluate(TIME) == pytest.approx(seconds, abs=0.1)
        wait(episode, f"document.querySelector('.wave').ariaValueText === '{said}'")
    slider.press("ArrowLeft")
    wait(episode, "document.querySelector('.wave').ariaValueNow === '55'")
    drawn = "Number(document.querySelector('.wave .done').getAttribute('width'))"
    whole = "document.querySelector('.wave svg').viewBox.baseVal.width"
    wait(episode, f"{drawn} > 0.9 * {whole}")
    box = slider.bounding_box()
    episode.mouse.move(box["x"] + 50, box["y"] + 5)
    episode.mouse.down()
    episode.mouse.move(box["x"] - 50, box["y"] + 5)
    episode.mouse.up()
    assert episode.evaluate(TIME) < 1
    wait(episode, f"{drawn} < 0.1 * {whole}")


def test_keyboard(episode):
    """Space and K play and pause, J and L jump ten seconds, arrows five."""
    episode.keyboard.press("l")
    assert episode.evaluate(TIME) == 10
    episode.keyboard.press("ArrowRight")
    assert episode.evaluate(TIME) == 15
    episode.keyboard.press("j")
    episode.keyboard.press("ArrowLeft")
    assert episode.evaluate(TIME) == 0
    scrolled = episode.evaluate("scrollY")
    episode.keyboard.press("Space")
    wait(episode, f"!{PAUSED}")
    assert episode.evaluate("scrollY") == scrolled
    episode.keyboard.press("k")
    wait(episode, PAUSED)


def test_keyboard_leaves_controls_alone(episode):
    """Space on a button presses that button only, and keys with a modifier belong to the browser."""
    episode.locator("[data-jump='10']").focus()
    episode.keyboard.press("Space")
    assert episode.evaluate(TIME) == 10
    assert episode.evaluate(PAUSED)
    episode.keyboard.press("Alt+l")
    assert episode.evaluate(TIME) == 10


def test_keyboard_after_a_click_on_a_chapter(episode):
    """Space pauses what a click on a chapter began, though the link has the focus; the page stays where it is."""
    episode.locator(".chapters a").nth(1).click()
    wait(episode, f"!{PAUSED}")
    scrolled = episode.evaluate("scrollY")
    episode.keyboard.press("Space")
    wait(episode, PAUSED)
    assert episode.evaluate("scrollY") == scrolled


def test_skip_link_comes_first(episode):
    """The first stop of the keyboard is a visible link to the main part."""
    episode.keyboard.press("Tab")

    assert episode.evaluate("document.activeElement.textContent") == "Aller au contenu"
    assert episode.locator(".skip").bounding_box()["y"] >= 0


def test_speed(episode, address):
    """The speed that is chosen applies at once, is said to screen readers, and is kept for the next page."""
    episode.get_by_role("button", name="1,5×").click()

    assert episode.evaluate("document.querySelector('audio').playbackRate") == 1.5
    assert episode.locator("[aria-pressed=true]").all_text_contents() == ["1,5×"]
    opened(episode, address + "episodes/deux-horloges.html")
    assert episode.evaluate("document.querySelector('audio').playbackRate") == 1.5


def test_position_is_remembered(episode, address):
    """A listener who comes back finds the place, in this episode only; after the end it begins anew."""
    episode.locator(".chapters a").nth(1).click()
    start = episode.evaluate(TIME)
    wait(episode, f"!{PAUSED}")
    episode.keyboard.press("k")
    wait(episode, PAUSED)
    opened(episode, address + "episodes/deux-horloges.html")
    assert episode.evaluate(TIME) == 0
    opened(episode, address + EPISODE)
    wait(episode, f"{TIME} > 0")
    assert start - 0.1 <= episode.evaluate(TIME) < start + 5
    episode.evaluate("document.querySelector('audio').currentTime = 59.8; document.querySelector('audio').play()")
    wait(episode, "document.querySelector('audio').ended")
    opened(episode, address + EPISODE)
    assert episode.evaluate(TIME) == 0


def test_link_to_a_moment(browser, address):
    """A button copies the public link to where one is; where copying is forbidden the link is shown."""
    public = "https://phare.example/podcast/episodes/lire-la-maree.html#t=20"
    copied = "navigator.clipboard.writeText = async (text) => { window.copied = text }"
    forbidden = "navigator.clipboard.writeText = async () => { throw new Error('no') }"
    for script, said in ((copied, "Lien copié"), (forbidden, public)):
        context = browser.new_context(reduced_motion="reduce")  # a button that scrolls away is not clicked
        page = context.new_page()
        page.add_init_script(f"Object.defineProperty(navigator, 'clipboard', {{value: {{}}}}); {script}")
        opened(page, address + EPISODE)
        page.keyboard.press("l")
        page.keyboard.press("l")
        wait(page, "(sound => sound.currentTime === 20 && !sound.seeking)(document.querySelector('audio'))")
        page.get_by_role("button", name="Copier le lien").click()
        wait(page, f"document.querySelector('.shared').textContent === '{said}'")
        assert page.evaluate("window.copied ?? ''") == (public if script == copied else "")
        assert page.get_by_role("status").is_visible()
        context.close()


def test_lock_screen(browser, address):
    """Media Session: the system shows what plays; its keys jump, and go from chapter to chapter."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "window.acts = {}; navigator.mediaSession.setActionHandler = (name, act) => {"
        "if (name === 'seekto') throw new TypeError('not known'); window.acts[name] = act }"
    )
    opened(page, address + EPISODE)
    about = page.evaluate(
        "(({title, artist, artwork}) => [title, artist, artwork.length])(navigator.mediaSession.metadata)"
    )
    assert about == ["Lire la marée", "Le Phare", 1 if address.startswith("http") else 0]
    starts = [float(a.get_attribute("href").removeprefix("#t=")) for a in page.locator(".chapters a").all()]
    for act, time in (
        ("nexttrack()", starts[1]), ("nexttrack()", starts[2]), ("previoustrack()", starts[1]),
        ("seekforward({})", starts[1] + 10), ("previoustrack()", starts[1]), ("previoustrack()", starts[0]),
        ("seekforward({seekOffset: 7})", starts[0] + 7),
    ):  # fmt: skip
        page.evaluate(f"window.acts.{act}")
        assert page.evaluate(TIME) == pytest.approx(time, abs=0.1), act
    context.close()


def test_one_tab_is_heard(browser, address):
    """What begins to play in one tab stops in another."""
    if address.startswith("file:"):
        return  # browsers tell tabs on files nothing of each other
    context = browser.new_context()
    first, second = (opened(context.new_page(), address + name) for name in (EPISODE, "episodes/deux-horloges.html"))
    first.bring_to_front()
    first.keyboard.press("k")
    wait(first, f"!{PAUSED}")
    second.bring_to_front()
    second.keyboard.press("k")
    wait(second, f"!{PAUSED}")
    wait(first, PAUSED)
    assert not second.evaluate(PAUSED)
    context.close()


def test_long_list_of_chapters_follows(page, address):
    """In a list of chapters that is longer than its place, the chapter that is heard is in sight."""
    page.set_viewport_size({"width": 1280, "height": 380})
    opened(page, address + EPISODE)
    page.evaluate(
        "scrollTo(0, 500); document.querySelector('.chapters').style.maxHeight = '5rem';"
        "document.querySelector('audio').currentTime = 50"
    )
    wait(page, "document.querySelector('.chapters li:last-child [aria-current]')")
    wait(page, "document.querySelector('.chapters').scrollTop > 0")
    boxes = [page.locator(one).bounding_box() for one in (".chapters", ".chapters [aria-current]")]
    assert boxes[0]["y"] <= boxes[1]["y"] <= boxes[0]["y"] + boxes[0]["height"] - 10


@pytest.mark.parametrize("size", [(844, 390), (640, 360), (320, 640)])
def test_player_leaves_room(page, address, size):
    """On a phone, upright or on its side, and on a page at twice its size, the player takes a third at most."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(page, address + EPISODE)
    page.evaluate("scrollTo(0, 1200)")
    box = page.locator(".player").bounding_box()

    assert box["y"] == 0
    assert box["height"] <= size[1] / 3
    assert page.locator("audio").bounding_box()["width"] >= 240
    speed = page.locator("[data-speed]").last.bounding_box()
    assert speed["x"] + speed["width"] <= size[0]


def test_very_large_letters(page, address):
    """With letters twice as large on a small phone the page still fits, and the player scrolls away with the text."""
    page.set_viewport_size({"width": 360, "height": 640})
    opened(page, address + EPISODE)
    page.evaluate("document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize'))")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("getComputedStyle(document.querySelector('.player')).position") == "relative"
    page.evaluate("document.documentElement.style.fontSize = ''; dispatchEvent(new Event('resize'))")
    assert page.evaluate("getComputedStyle(document.querySelector('.player')).position") == "sticky"


def test_long_titles_fit(browser, tmp_path):
    """Titles without a space, of the episode and of those beside it, do not make a page wider than the screen."""
    case = msgspec.json.decode((DATA / "phare.json").read_bytes(), type=Case)
    title = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
    published = tuple(replace(one, episode=replace(one.episode, title=title)) for one in case.published)
    for name, data in site.pages(replace(case.show, title=title), published, case.art).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for name in ("index.html", "episodes/deux-horloges.html"):
        page.goto(f"{tmp_path.as_uri()}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.close()


@pytest.mark.parametrize(
    "marked", ["[data-speed][aria-pressed=true]", ".chapters [aria-current]", "[data-t][aria-current]"]
)
def test_marks_show_in_forced_colours(page, address, marked):
    """Where the system takes all backgrounds away, what is chosen and what is heard are outlined."""
    page.emulate_media(forced_colors="active")
    opened(page, address + EPISODE + "#t=22.5")

    assert page.locator(marked).evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def test_without_storage(page, address):
    """Where the browser forbids storage everything else works."""
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    opened(page, address + EPISODE)
    page.get_by_role("button", name="1,2×").click()
    page.locator(".chapters a").nth(1).click()
    wait(page, f"!{PAUSED}")
    page.keyboard.press("k")

    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.2


def test_without_script(browser, address):
    """Without JavaScript the sound loads, the text is there, chapters lead into it, and no dead button shows."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address + EPISODE)
    assert page.locator("audio[controls]").is_visible()
    assert page.get_by_text("Les digues ont été dessinées").is_visible()
    assert not page.locator(".controls, .keys, .failed").filter(visible=True).count()
    page.locator(".chapters a").nth(3).click()
    assert 0 < page.get_by_role("heading", name="Ce qui change").bounding_box()["y"] < 800
    context.close()


def test_missing_sound(browser, address):
    """If the sound cannot be loaded the page says so, and offers to download it."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*.mp3", lambda route: route.abort())
    page.goto(address + EPISODE)

    page.locator(".failed").wait_for(state="visible")
    assert page.locator(".failed a[download]").get_attribute("href").endswith(".mp3")
    context.close()


@pytest.mark.parametrize("name", ["index.html", EPISODE])
def test_fits(page, address, name):
    """From the smallest phone on, nothing is wider than the screen, and what is operated is big enough to touch."""
    page.goto(address + name)
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for box in [button.bounding_box() for button in page.locator("button").all()]:
            assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, 2.5.8


def test_print(page, address):
    """On paper there is the text, without the player."""
    opened(page, address + EPISODE)
    page.emulate_media(media="print")

    assert not page.locator(".player").is_visible()
    assert page.get_by_text("Les digues ont été dessinées").is_visible()
    assert page.locator(".transcript").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_axe_finds_nothing(browser, feed, scheme, size):
    """What screen readers and tired eyes need: no violation of axe-core's rules, WCAG 2.2 AA among them."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    for name in ("index.html", EPISODE):
        page.goto(f"{feed.as_uri()}/{name}")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    context.close()
