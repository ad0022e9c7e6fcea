# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the files of feed/: audio, transcripts, chapters, images, pages, and feed.xml last.

Names of media contain a digest: new content gets a new URL, with the same guid. Files that only the previous feed named
stay for one more change of the feed, for players that still know it; other people's files in feed/ are never touched.
Only episodes that have changed are read in full and written; entries of the others are copied from the old manifest.
"""

import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from podcast import feed, site, workspace
from podcast.config.settings import Show
from podcast.feed import paging
from podcast.metadata import chapters, transcript
from podcast.model import Art, Enclosure, Episode, Published
from podcast.produce import program, records
from podcast.produce.cover import cover, own_image
from podcast.produce.records import EpisodeSummary
from podcast.produce.release import manifest
from podcast.produce.release.feed_items import FeedItems, with_cues
from podcast.produce.release.manifest import EpisodeFiles, FeedFile, Manifest
from podcast.site.view import Site
from podcast.workspace import Workspace

NAMES = ("audio", "page", "vtt", "srt", "json", "html", "chapters")
"""Fields of model.Published that are names of files."""


class FeedBuild:
    """One build of feed/."""

    def __init__(self, place: Workspace, show: Show, shared: str, before: Manifest, there: Mapping[str, int]) -> None:
        """Start from the manifest `before`; `shared` digests what all files depend on, `there` has sizes in feed/."""
        self.place, self.show, self.shared, self.before, self.there = place, show, shared, before, there
        self.files: dict[str, FeedFile] = {}
        self.pages: dict[str, str] = {}
        self.pictures: dict[str, bytes] = {}
        self.art = self._art("", self.pictures)

    def refuse(self, episodes: Sequence[EpisodeSummary]) -> None:
        """Raise FeedError if a required value of the show or an episode is missing, or a unique one is not unique."""
        feed.refuse(self.show, [_provisional(episode) for episode in episodes], self.art)

    def run(self, episodes: Sequence[EpisodeSummary]) -> Manifest:
        """Write the changed files of these episodes, newest first; return the new manifest."""
        art = self.art
        neighbours = list(site.between(episodes))
        kept = {one.slug: old for one in episodes if (old := self._known(one))}
        manifest.begin(self.place, self.before, kept)
        self._write(self.pictures)
        self._write(site.assets(self.show) | feed.css(self.show, art))
        pages = site.open_site(site.around(self.show), art)
        of_pages = records.digest(repr(pages), program.digest(program.FEED))
        listed: list[Published] = []
        for newer, one, older in neighbours:
            if old := kept.get(one.slug):
                self.files |= {name: self.before.files[name] for name in old.files}
                published = Published(one, **old.names, alternates=old.alternates, art=old.art, pictures=old.pictures)
            else:
                published = self._episode(one)
                kept[one.slug] = EpisodeFiles(
                    self._made_from(one), _names(published), published.alternates, published.art, published.pictures
                )
            listed.append(published)
            if not self._page(published.page, records.digest(of_pages, _record(published), _neighbours(newer, older))):
                after = _provisional(newer) if newer else None
                before = _provisional(older) if older else None
                entire = replace(published, episode=with_cues(self.place, one))
                self._write({published.page: site.episode_page(pages, entire, newer=after, older=before)})
        self._indexes(site.open_site(self.show, art), listed)
        items = FeedItems(self.place, self.show, art, listed, kept if self.before.shared == self.shared else {})
        self._documents(items, art, listed)
        return Manifest(shared=self.shared, files=self.files, episodes=items.sized(kept), pages=self.pages)

    def _known(self, one: EpisodeSummary) -> EpisodeFiles | None:
        """Return the files of an episode if they are present, except the page, and up to date."""
        old = self.before.episodes.get(one.slug)
        return old if old and old.made_from == self._made_from(one) and self._is_there(old.files) else None

    def _made_from(self, one: EpisodeSummary) -> str:
        return records.digest(one.record, program.digest(program.FEED))

    def _is_there(self, names: Iterable[str]) -> bool:
        """Return True if files of the last build are present and unchanged."""
        files = self.before.files
        return all(name in files and self.there.get(name) == files[name].bytes for name in names)

    def _write(self, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            workspace.write(self.place.feed / name, data)
            self.files[name] = FeedFile(len(data), hashlib.sha256(data).hexdigest())

    def _page(self, name: str, made_from: str) -> bool:
        """Return True if a page is up to date; otherwise the caller has to write it."""
        self.pages[name] = made_from
        if self.before.pages.get(name) != made_from or not self._is_there([name]):
            return False
        self.files[name] = self.before.files[name]
        return True

    def _indexes(self, pages: Site, listed: Sequence[Published]) -> None:
        for page in site.indexes(self.show, listed):
            shown = listed[page.first : page.end]
            beside = (page.newer or "", page.older or "", repr((page.years, page.start)))
            if not self._page(page.name, records.digest(self.shared, *beside, *map(_record, shown))):
                self._write({page.name: site.index_page(pages, page, shown)})

    def _documents(self, items: FeedItems, art: Art, listed: Sequence[Published]) -> None:
        """Write the feed documents (RFC 5005 pages), the oldest first and feed.xml last."""
        settings = self.show.publishing
        division = paging.divided(
            len(listed),
            items.full_size,
            items.short_size,
            feed_bytes=settings.feed_bytes,
            page_bytes=settings.page_bytes,
        )
        for place, first, end in reversed(division.documents):
            shown = listed[first:end]
            if first and self._page(place.name, records.digest(self.shared, repr(place), *map(_record, shown))):
                continue
            found = items.of(range(first, end), full=division.full)
            about = shown if first else listed
            self._write({place.name: feed.document(self.show, art, found, about, place)})

    def _episode(self, head: EpisodeSummary) -> Published:
        """Write the files of an episode, except its page, and return their names."""
        episode = with_cues(self.place, head)
        slug, cues = episode.slug, episode.cues

        def add(folder: str, suffix: str, text: str, *, needed: object = cues or not episode.imported) -> str:
            if not needed:
                return ""
            data = text.encode()
            name = f"{folder}/{slug}-{records.digest(data)[:10]}{suffix}"
            self._write({name: data})
            return name

        pictures: dict[str, bytes] = {}
        art = self._art(episode.image, pictures) if own_image(episode.image) else None
        parts = {one.image: one.picture for one in episode.chapters if one.picture}
        self._write(pictures | {name: cover(self.place, self.show, 600, file) for name, file in parts.items()})
        return Published(
            head,
            audio=self._sound(episode, episode.enclosure),
            alternates=tuple(self._sound(episode, one) for one in episode.alternates),
            page=records.page_name(slug),
            vtt=add("transcripts", ".vtt", transcript.vtt(cues, language=episode.language)),
            srt=add("transcripts", ".srt", transcript.srt(cues)),
            json=add("transcripts", ".json", transcript.json(cues)),
            html=add("transcripts", ".html", transcript.html(cues, language=episode.language, title=episode.title)),
            chapters=add(
                "chapters",
                ".json",
                chapters.json(episode.chapters, title=episode.title, at=self.show.at),
                needed=episode.chapters or not episode.imported,
            ),
            art=art,
            pictures=tuple(parts),
        )

    def _sound(self, episode: Episode, sound: Enclosure) -> str:
        """Add an audio file to the feed folder, by hard link if possible, which takes no disk space."""
        name = records.sound_name(episode, sound)
        if sound.url:
            return name
        target = self.place.feed / name
        self.files[name] = FeedFile(sound.bytes, sound.sha256)
        if self.there.get(name) == sound.bytes:
            return name
        with workspace.replacing(target) as temporary:
            try:
                os.link(records.sound(self.place, episode, sound), temporary)
            except OSError:  # another disk, or a file system without links
                shutil.copyfile(records.sound(self.place, episode, sound), temporary)
        return name

    def _art(self, image: str, files: dict[str, bytes]) -> Art:
        """Return the names of the show's cover, or of an episode's own image, and add its sizes to `files`."""
        from PIL import Image

        large, small = cover(self.place, self.show, 0, image), cover(self.place, self.show, 600, image)
        with Image.open(io.BytesIO(large)) as picture:
            width = picture.width
        kind = "picture" if own_image(image) else "cover"
        art = Art(f"art/{kind}-{records.digest(large)[:10]}.jpg", records.thumbnail_name(small), width)
        files[art.cover], files[art.thumbnail] = large, small
        return art


def _record(one: Published) -> str:
    """Return what changes whenever the entry of an episode in a list changes."""
    record = one.episode.record if isinstance(one.episode, EpisodeSummary) else ""
    return f"{record} {_names(one)} {one.alternates} {one.art}"


def _neighbours(newer: EpisodeSummary | None, older: EpisodeSummary | None) -> str:
    """Return what the page of an episode contains about its neighbours."""
    return "\n".join(f"{one.slug}\n{one.title}\n{one.language}" if one else "" for one in (newer, older))


def _names(one: Published) -> dict[str, str]:
    return {name: getattr(one, name) for name in NAMES}


def _provisional(one: EpisodeSummary) -> Published:
    """Return an episode with provisional file names, before the files are written."""
    stem = f"{one.slug}-0000000000"
    return Published(
        one,
        audio=records.sound_name(one),
        alternates=tuple(records.sound_name(one, other) for other in one.alternates),
        page=records.page_name(one.slug),
        vtt=f"transcripts/{stem}.vtt",
        srt=f"transcripts/{stem}.srt",
        json=f"transcripts/{stem}.json",
        html=f"transcripts/{stem}.html",
        chapters=f"chapters/{stem}.json",
    )
