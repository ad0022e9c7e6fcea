# SPDX-License-Identifier: GPL-3.0-or-later
"""Finished episodes -> feed/: sound, transcripts, chapters, cover, pages, and feed.xml last.

Names of media carry a digest of their bytes: new bytes, new address, same guid. What an earlier feed named stays for
one more change of the feed, for players that still have it; other people's files in feed/ are never touched.
"""

import datetime as dt
import os
import shutil
from dataclasses import replace

import msgspec

from podcast import chapters, feed, site, transcript, workspace
from podcast.errors import FeedError
from podcast.model import Art, Episode, Published
from podcast.produce import manifest, records
from podcast.produce.cover import cover, given
from podcast.produce.manifest import Manifest
from podcast.settings import Music, Pauses, Publishing, Show
from podcast.workspace import Workspace

PROGRAM = ("feed", "site", "disclosure.py", "text.py", "transcript.py", "chapters.py", "produce/publication.py")
LIBRARIES = ("feedgen", "jinja2", "lxml", "nh3", "pillow")


def publish(place: Workspace, show: Show) -> bool:
    """Bring feed/ up to date with the show and its finished episodes. Return False if it was.

    Raises FeedError if there is no episode, or if the show lacks what a feed must say. Call with the lock held.
    """
    before = manifest.load(place)
    finished = records.finished(place)
    episodes = [episode for episode in finished if episode.publish and is_due(episode, before)]
    if not episodes:
        waiting = ", ".join(f"{episode.slug} ({episode.published.isoformat()})" for episode in finished)
        hint = f"not due, or `publish: false`: {waiting}" if finished else "make one: podcast make ARTICLE"
        raise FeedError("no finished episode to publish", hint=hint)
    made_from = records.digest(
        msgspec.json.encode(_published_part(show)),
        given(place, show),
        records.program(PROGRAM, LIBRARIES),
        *(place.record(episode.slug).read_bytes() for episode in episodes),
    )
    if before.made_from == made_from and manifest.all_there(place, before.files):
        return False
    files: dict[str, bytes] = {}
    art = _art(place, show, files)
    published = [_episode(place, episode, files) for episode in episodes]
    files |= site.pages(show, published, art)
    document = feed.rss(show, published, art)
    for name, data in files.items():
        workspace.write(place.feed / name, data)
    workspace.write(place.feed / "feed.xml", document)
    sizes = {name: len(data) for name, data in files.items()} | {"feed.xml": len(document)}
    sizes |= {one.audio: one.episode.enclosure.bytes for one in published}
    manifest.keep(place, before, Manifest(made_from, sizes))
    return True


def is_due(episode: Episode, before: Manifest) -> bool:
    """Return True if an episode's date has come, or if it was published already: a clock set back takes nothing away.

    The one place where the clock counts. SOURCE_DATE_EPOCH (reproducible-builds.org) sets another time, in seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = dt.datetime.fromtimestamp(int(given), dt.UTC) if given.isdecimal() else dt.datetime.now(dt.UTC)
    return episode.published <= now or records.page_name(episode.slug) in before.files


def _published_part(show: Show) -> Show:
    """Return the show without what shapes sound or says where the feed is uploaded."""
    publishing = Publishing(hub=show.publishing.hub)
    unheard = replace(show, voices={}, lexicon={}, settings={}, music=Music(), pauses=Pauses())
    return replace(unheard, publishing=publishing, targets={})


def _episode(place: Workspace, episode: Episode, files: dict[str, bytes]) -> Published:
    """Name the files of an episode, put its sound in place, and add the others to `files`."""
    slug, cues = episode.slug, episode.cues

    def add(folder: str, suffix: str, text: str) -> str:
        data = text.encode()
        name = f"{folder}/{slug}-{records.digest(data)[:10]}{suffix}"
        files[name] = data
        return name

    return Published(
        episode,
        audio=_sound(place, episode),
        page=records.page_name(slug),
        vtt=add("transcripts", ".vtt", transcript.vtt(cues, language=episode.language)),
        srt=add("transcripts", ".srt", transcript.srt(cues)),
        json=add("transcripts", ".json", transcript.json(cues)),
        html=add("transcripts", ".html", transcript.html(cues, language=episode.language, title=episode.title)),
        chapters=add("chapters", ".json", chapters.json(episode.chapters, title=episode.title)),
    )


def _sound(place: Workspace, episode: Episode) -> str:
    """Put the sound of an episode into the feed folder: by hard link where the disk can, so that it costs no room."""
    name = records.sound_name(episode)
    target = place.feed / name
    try:
        if target.stat().st_size == episode.enclosure.bytes:
            return name
    except FileNotFoundError:
        pass  # the usual case: it is new
    with workspace.replacing(target) as temporary:
        try:
            os.link(place.sound(episode.slug), temporary)
        except OSError:  # another disk, or a file system without links
            shutil.copyfile(place.sound(episode.slug), temporary)
    return name


def _art(place: Workspace, show: Show, files: dict[str, bytes]) -> Art:
    large, small = cover(place, show, 0), cover(place, show, 600)
    art = Art(f"art/cover-{records.digest(large)[:10]}.jpg", f"art/thumbnail-{records.digest(small)[:10]}.jpg")
    files[art.cover], files[art.thumbnail] = large, small
    return art
