# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows with finished episodes for tests of what comes after: made once a run, in tones, then copied."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from helpers import SHOW_TOML, edit

from podcast import produce
from podcast.config.load import load
from podcast.progress import Quiet
from podcast.workspace import Workspace

TEXTS = {
    "sel": "# Le sel\n\nLe sel vient de la pluie. Elle creuse la roche, et la mer garde tout.\n",
    "vent": "# Le vent\n\nLe vent pousse les vagues vers la côte.\n",
    "nuit": "# La nuit\n\nLa nuit, le phare tourne.\n",
}


def add(place: Workspace, slug: str) -> None:
    """Make an episode, and the feed."""
    article = place.root / "articles" / f"{slug}.md"
    article.parent.mkdir(exist_ok=True)
    article.write_text(TEXTS[slug], encoding="utf-8")
    show = load(place.show)
    with place.lock():
        meant = produce.scripts_of(place, show, [str(article)], produce.Intake())
        _made, failures = produce.make(place, show, meant.scripts, progress=Quiet())
    assert [*meant.failures, *failures] == []


@cache
def _template() -> Path:
    place = Workspace(Path(mkdtemp(prefix="podcast-test-")))
    atexit.register(shutil.rmtree, place.root)
    place.show.write_text(SHOW_TOML.replace("https://phare.example/", "http://127.0.0.1:9/"), encoding="utf-8")
    edit(place.show, "[voices]", '[music]\nintro = ""\noutro = ""\n\n[voices]')
    for slug in ("sel", "vent"):
        add(place, slug)
    return place.root


def finished(root: Path, *, url: str = "http://127.0.0.1:9/podcast/", more: str = "") -> Workspace:
    """Copy a show with two episodes to `root`, with its address, and more lines in show.toml."""
    shutil.copytree(_template(), root, ignore=shutil.ignore_patterns(".lock"))
    place = Workspace(root)
    edit(place.show, "http://127.0.0.1:9/podcast/", url)
    if more:
        place.show.write_text(place.show.read_text(encoding="utf-8") + "\n" + more, encoding="utf-8")
    return place
