# SPDX-License-Identifier: GPL-3.0-or-later
"""Every setting of show.toml is known to shape finished episodes, or not to: each new one goes into a table here."""

from dataclasses import fields, replace

import pytest

from podcast.config.settings import Listening, Music, Output, Pauses, Publishing, Section, Show, Track
from podcast.model import Speaker
from podcast.produce.render.needs import script_inputs
from podcast.produce.render.staleness import IngredientDigests
from podcast.script import parse

SHAPE = {
    "title": "Other", "author": "Other", "category": "Arts", "copyright": "© Other", "url": "https://other.example/",
    "pauses": Pauses(sentence_ms=900), "music": Music(intro=Track("calm")), "output": Output(also=("opus",)),
    "voices": {"fr": Speaker("tone/high")}, "lexicon": {"fr": {"sel": "selle"}},
    "sections": {"Le large": Section(voice=Speaker("tone/high"))},
}  # fmt: skip
"""Setting -> another value, with which the episode has to be rendered again."""

DO_NOT = {
    "description": "Other.", "email": "a@b.example", "owner": "Other", "subcategory": "Design",
    "more_categories": ("News",),
    "explicit": True, "type": "serial", "medium": "blog", "link": "https://other.example/", "locked": False,
    "license": "cc-by-4.0", "license_url": "https://other.example/l", "funding": "https://other.example/f",
    "funding_text": "Help", "frequency": "weekly", "block": True, "complete": True,
    "moved_to": "https://other.example/feed.xml",
    "article_pictures": True, "opening": "Hello.", "closing": "Bye.",  # of new scripts
    "listening": Listening(model="/models/x"), "publishing": Publishing(parallel=2),
    "targets": {"disk": {"kind": "folder", "path": "/srv/x"}},
    "guid": "14413156-949f-5c81-942b-b367e4c19d8d", "language": "en",  # of new scripts, and of the feed
}  # fmt: skip
"""Setting -> another value, which finished episodes do not depend on."""

ELSEWHERE = {"cover", "fallbacks", "hooks", "settings"}
"""Name files, voices or code, whose contents count: tested in test_staleness and test_fallbacks."""

SCRIPT = """---
title: Le sel
guid: 37c8f4bb-9813-5540-a57b-88859ecc927b
date: 2024-11-10T00:00:00+00:00
language: fr
---

Le sel vient de la mer.

## Le large

Il attend.
"""


def digests(workspace, show):
    """Return what shapes the episode of a script."""
    script = parse(SCRIPT, "le-sel", workspace.script("le-sel"))
    return IngredientDigests(workspace, show).of(script_inputs(script, show)).digests


def test_every_setting_is_in_one_table():
    """Whoever adds a setting says here whether finished episodes depend on it."""
    tables = [*SHAPE, *DO_NOT, *ELSEWHERE]

    assert sorted(tables) == sorted(one.name for one in fields(Show))


@pytest.mark.parametrize("name", SHAPE)
def test_what_shapes_an_episode_makes_it_out_of_date(workspace, show, name):
    """Another value is another digest."""
    assert getattr(show, name) != SHAPE[name]
    assert digests(workspace, replace(show, **{name: SHAPE[name]})) != digests(workspace, show)


@pytest.mark.parametrize("name", DO_NOT)
def test_what_shapes_no_episode_leaves_it_as_it_is(workspace, show, name):
    """Nothing is rendered again for what only the feed or later scripts depend on."""
    assert getattr(show, name) != DO_NOT[name]
    assert digests(workspace, replace(show, **{name: DO_NOT[name]})) == digests(workspace, show)
