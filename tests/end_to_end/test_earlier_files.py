# SPDX-License-Identifier: GPL-3.0-or-later
"""What earlier versions wrote beside a show is read by this one: nobody publishes or narrates again after an update.

The files in tests/data/earlier are those of a show with three episodes that was watched and published.
"""

from pathlib import Path

import pytest
from helpers import TESTS

from podcast.produce import published_state, watch
from podcast.produce.checksummed import decode_checksummed
from podcast.produce.release import feed_check, manifest
from podcast.produce.release.remote_state import RECORD, TargetMemory
from podcast.produce.watch import Watch
from podcast.publish import listing
from podcast.workspace import Workspace

DATA = TESTS / "data" / "earlier"
SLUGS = ["le-sel", "le-vent", "la-nuit"]
SHOW = "14413156-949f-5c81-942b-b367e4c19d8d"
SITE = "/srv/phare/site"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """Give a show folder with those files."""
    place = Workspace(tmp_path)
    for name, path in (
        ("watch.json", place.audio / watch.RECORD),
        ("checked.json", place.audio / feed_check.CHECKED),
        ("left.json", place.audio / RECORD),
        ("feed.json", place.audio / ".feed.json"),
        ("published.json", place.scripts / published_state.FILE),
    ):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((DATA / name).read_bytes())
    return place


def test_what_apps_know_is_read(place):
    """Guids, dates, enclosures, and that an episode is no longer in the feed."""
    known = published_state.published(place)

    assert (known.guid, known.feed) == (SHOW, "https://phare.org/podcast/feed.xml")
    assert [one.slug for one in known.episodes] == SLUGS
    assert [one.gone for one in known.episodes] == [True, False, False]
    assert known.episodes[1].audio == "media/le-vent-a5030d731a.mp3"


def test_what_was_built_checked_and_uploaded_is_read(place):
    """The manifest of the feed, the files that were found good, and what was left at the target."""
    built = manifest.load(place)
    checked = decode_checksummed((place.audio / feed_check.CHECKED).read_bytes(), feed_check.CheckedFiles)
    at_target = (DATA / "podcast.json").read_bytes()

    assert sorted(built.episodes) == sorted(SLUGS)
    assert built.episodes["le-vent"].names["audio"] in built.files
    assert set(checked.files) == {file.sha256 for file in built.files.values()}
    assert listing.decode(at_target, SITE).show == SHOW
    assert len(listing.decode(at_target, SITE).episodes) == 3
    assert TargetMemory(place, SITE).left.listings


def test_what_watch_knows_is_read(place):
    """Neither a file nor the upload that went well is due again; one that failed is still known as failing."""
    notes = watch._ItemLog(place, Watch(["/srv/phare/inbox"]))

    assert notes.items["/srv/phare/inbox/aaa.md"].errors == ("/srv/phare/inbox/aaa.md: not text but a binary file",)
    for name in ("/srv/phare/inbox/nuit.md", watch.PUBLISH):
        assert not notes.is_due(name, notes.items[name].seen)
