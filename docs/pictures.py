# SPDX-License-Identifier: GPL-3.0-or-later
"""Make docs/page.png, the page of an episode: the English one of the demo show, in Chromium.

.venv/bin/python docs/pictures.py        or: make pictures
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
SLUG = "what-makes-sourdough-rise"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1100, "height": 820}
PART = {"x": 0, "y": 100, "width": 1100, "height": 700}
"""What is shown of it: from the title to the first sentences."""


def main() -> None:
    """Make the episode, open its page a few seconds in, and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        show = Path(folder)
        text = (DOCS.parent / "show.toml").read_text(encoding="utf-8")
        text = text.replace('language = "fr"', 'language = "en"')  # the words of the page
        (show / "show.toml").write_text(text, encoding="utf-8")
        (show / "scripts").mkdir()
        shutil.copy(DOCS.parent / "scripts" / f"{SLUG}.md", show / "scripts")
        subprocess.run([sys.executable, "-m", "podcast", "--show", folder, "make"], check=True)
        browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
        page_path = show / "feed" / "episodes" / f"{SLUG}.html"
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
            page.goto(f"{page_path.as_uri()}#t=13")
            page.wait_for_function("document.querySelector('audio').readyState > 0")
            page.evaluate("document.querySelector('audio').currentTime = 13")
            page.wait_for_timeout(1_000)
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=DOCS / "page.png", clip=PART)
            browser.close()


if __name__ == "__main__":
    main()
