# SPDX-License-Identifier: GPL-3.0-or-later
"""Import a feed item: PodcastItem -> Episode with the same guid, date and enclosure.

The audio stays where it is, or is copied unchanged to audio/imported/ (`mirrored`). Transcripts and chapters are
fetched and converted to cues and chapters, which this show then publishes; one that cannot be fetched or parsed keeps
its URL.
"""

import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from podcast.errors import FeedError, PodcastError, ReadError
from podcast.langtag import same_language
from podcast.metadata import chapters
from podcast.model import Chapter, Cue, Element, Enclosure, Episode, Imported
from podcast.produce import records
from podcast.read import subtitles
from podcast.read.feed.podcast_feed import LinkedFile, PodcastItem
from podcast.read.fetch import Web
from podcast.workspace import Workspace

ENDLESS_MS = 1 << 40
"""Length that is assumed for an episode whose feed gives none."""

SUFFIXES = {"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/aac": ".aac", "audio/ogg": ".ogg",
           "audio/opus": ".opus", "video/mp4": ".mp4", "audio/flac": ".flac", "audio/wav": ".wav"}  # fmt: skip

NO_LENGTH = "file size unknown: neither the feed nor the server gives it; apps will not show a size"


@dataclass(frozen=True, slots=True)
class EpisodeImport:
    """Imports the items of a feed."""

    place: Workspace
    web: Web
    cover: str
    """URL of the show's cover: an item with the same URL has no image of its own."""
    note: Callable[[str, str], None]
    """Called with a remark about anything that is not imported unchanged, and the episode's title."""

    def episode(self, item: PodcastItem, slug: str) -> Episode:
        """Return the episode of an item that has a guid, a date and an enclosure; the audio is not copied."""
        words, spoken = self._transcript(item)
        marks, listed = self._chapters(item)
        return Episode(
            slug=slug,
            guid=item.guid,
            title=item.title,
            published=item.published,  # type: ignore[arg-type] # the caller guarantees it
            language=item.language,
            enclosure=Enclosure("", self._bytes(item), "", item.duration_ms, self._type(item), item.url),
            chapters=chapters.normalized(marks, item.duration_ms or ENDLESS_MS),
            cues=words,
            loudness=None,
            number=item.number,
            season=item.season,
            summary=item.summary,
            kind=item.kind,
            image="" if item.image == self.cover else item.image,
            imported=Imported(
                date=item.date,
                permalink=item.permalink,
                description=item.description,
                notes=item.notes,
                elements=(*item.elements, *spoken, *listed),
            ),
        )

    def mirrored(self, episode: Episode) -> Episode:
        """Return the episode with its audio, and its own image, copied to audio/imported/.

        Raises ReadError if the audio cannot be fetched; the next run resumes a partial download.
        """
        from mutagen import File as AudioFile
        from mutagen import MutagenError

        audio = episode.enclosure
        path = self.place.imported / f"{episode.slug}{_suffix(audio)}"
        self.web.save(audio.url, path, advance=lambda _bytes: None)
        size = path.stat().st_size
        if audio.bytes not in {0, size}:
            self.note(f"the file size in the feed is wrong: {audio.bytes} bytes", episode.title)
        duration_ms = audio.duration_ms
        if not duration_ms:
            try:
                about = AudioFile(path)
                duration_ms = round(about.info.length * 1000) if about else 0
            except MutagenError as error:
                self.note(f"the audio cannot be read ({error}); imported unchanged", episode.title)
        here = records.enclosure(path, duration_ms, audio.type)
        return replace(episode, enclosure=here, image=self._picture(episode))

    def _picture(self, episode: Episode) -> str:
        """Fetch an episode's own image; return its file in the show folder, or its URL if it cannot be fetched."""
        from podcast.feed import art

        if "://" not in episode.image:
            return episode.image
        path = self.place.imported / f"{episode.slug}.picture"
        try:
            self.web.save(episode.image, path, advance=lambda _bytes: None)
            art.squared(path)
        except (ReadError, FeedError) as error:
            path.unlink(missing_ok=True)
            self.note(f"its image is not copied, and its URL is kept ({_reason(error)})", episode.title)
            return episode.image
        return path.relative_to(self.place.root).as_posix()

    def _bytes(self, item: PodcastItem) -> int:
        if item.bytes:
            return item.bytes
        try:
            size = self.web.length(item.url)
        except ReadError as error:
            self.note(f"no file size in the feed, and its audio cannot be fetched ({_reason(error)})", item.title)
            return 0
        if not size:
            self.note(NO_LENGTH, item.title)
        return size

    def _type(self, item: PodcastItem) -> str:
        if not item.type:
            self.note("no enclosure type in the feed; taken from the URL", item.title)
        types = mimetypes.MimeTypes()  # Python's own table, as the system's may differ
        return item.type or types.guess_type(urlsplit(item.url).path)[0] or "audio/mpeg"

    def _transcript(self, item: PodcastItem) -> tuple[tuple[Cue, ...], list[Element]]:
        """Return the cues of an item's transcript, and the elements of transcripts that keep their URL."""
        own = item.language
        spoken = {
            file.url: same_language(file.original.attributes.get("language", own), own) for file in item.transcripts
        }
        for kind in dict.fromkeys(subtitles.FORMS.values()):
            for file in item.transcripts:
                if not spoken[file.url] or _format(file) != kind:
                    continue
                try:
                    found = subtitles.cues(self.web.fetch(file.url, anything=True).data, kind, file.url)
                except ReadError as error:
                    self.note(f"a transcript is not copied, and its URL is kept ({_reason(error)})", item.title)
                    continue
                return found, _elements(other for other in item.transcripts if not spoken[other.url])
        return (), _elements(item.transcripts)

    def _chapters(self, item: PodcastItem) -> tuple[tuple[Chapter, ...], list[Element]]:
        """Return the chapters of an item, and the element of the chapters file if that keeps its URL."""
        if item.chapters_file is None:
            return item.chapters, []
        url = item.chapters_file.url
        try:
            return subtitles.chapters(self.web.fetch(url, anything=True).data, url), []
        except ReadError as error:
            if item.chapters:
                self.note(
                    f"its chapters file is not used; chapters are taken from the feed ({_reason(error)})", item.title
                )
                return item.chapters, []
            self.note(f"its chapters file is not copied, and its URL is kept ({_reason(error)})", item.title)
            return (), _elements([item.chapters_file])


def _reason(error: PodcastError) -> str:
    """Return an error's text without its location, so that equal remarks are reported once."""
    return error.text


def _elements(files: Iterable[LinkedFile]) -> list[Element]:
    return [file.original for file in files]


def _format(file: LinkedFile) -> str:
    """Return the format of a transcript, by its media type or the suffix of its URL."""
    ending = PurePosixPath(urlsplit(file.url).path).suffix.lower().removeprefix(".")
    return subtitles.FORMS.get(file.type, "" if file.type else ending)


def _suffix(audio: Enclosure) -> str:
    """Return the suffix for an audio file."""
    ending = Path(unquote(urlsplit(audio.url).path)).suffix.lower()
    known = SUFFIXES.get(audio.type.partition(";")[0].strip().lower())
    return known or (ending if ending in SUFFIXES.values() else ".mp3")
