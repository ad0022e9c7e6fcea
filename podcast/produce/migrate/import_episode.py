# SPDX-License-Identifier: GPL-3.0-or-later
"""An item of somebody's feed -> an Episode that keeps what apps know of it, with what the item refers to.

Its sound stays where it is, or is fetched to audio/imported/ (`mirrored`), its bytes unchanged. Transcripts and
chapters are fetched and become cues and chapters, so that they are published here; one that cannot be had or read keeps
its address.
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
"""Length of an episode whose feed does not tell it."""

ENDINGS = {"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/aac": ".aac", "audio/ogg": ".ogg",
           "audio/opus": ".opus", "video/mp4": ".mp4", "audio/flac": ".flac", "audio/wav": ".wav"}  # fmt: skip

NO_LENGTH = "file size unknown: neither the feed nor the server gives it; apps will not show a size"


@dataclass(frozen=True, slots=True)
class EpisodeImport:
    """What the taking over of every item shares."""

    place: Workspace
    web: Web
    cover: str
    """Address of the show's picture: an episode that has the same has none of its own."""
    note: Callable[[str, str], None]
    """Is told of what could not be taken as it is, and the episode's title."""

    def episode(self, item: PodcastItem, slug: str) -> Episode:
        """Return the episode of an item that has a guid, a date and an enclosure; its sound stays where it is."""
        words, spoken = self._transcript(item)
        marks, listed = self._chapters(item)
        return Episode(
            slug=slug,
            guid=item.guid,
            title=item.title,
            published=item.published,  # type: ignore[arg-type] # the caller has seen to it
            language=item.language,
            enclosure=Enclosure("", self._bytes(item), "", item.duration_ms, self._type(item), item.url),
            chapters=chapters.normal(marks, item.duration_ms or ENDLESS_MS),
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
        """Return the episode with its sound, and a picture of its own, in audio/imported/.

        Raises ReadError if the sound cannot be had; what came until then is gone on with the next time.
        """
        from mutagen import File as Sound
        from mutagen import MutagenError

        sound = episode.enclosure
        path = self.place.imported / f"{episode.slug}{_ending(sound)}"
        self.web.save(sound.url, path, advance=lambda _bytes: None)
        size = path.stat().st_size
        if sound.bytes not in {0, size}:
            self.note(f"the file size in the feed is wrong: {sound.bytes} bytes", episode.title)
        duration_ms = sound.duration_ms
        if not duration_ms:
            try:
                about = Sound(path)
                duration_ms = round(about.info.length * 1000) if about else 0
            except MutagenError as error:
                self.note(f"the audio cannot be read ({error}); imported unchanged", episode.title)
        here = records.enclosure(path, duration_ms, sound.type)
        return replace(episode, enclosure=here, image=self._picture(episode))

    def _picture(self, episode: Episode) -> str:
        """Return the file of the show folder that is an episode's own picture now; its address if it cannot be had."""
        from podcast.feed import art

        if "://" not in episode.image:
            return episode.image
        path = self.place.imported / f"{episode.slug}.picture"
        try:
            self.web.save(episode.image, path, advance=lambda _bytes: None)
            art.squared(path)
        except (ReadError, FeedError) as error:
            path.unlink(missing_ok=True)
            self.note(f"its image is not copied, and its URL is kept ({_why(error)})", episode.title)
            return episode.image
        return path.relative_to(self.place.root).as_posix()

    def _bytes(self, item: PodcastItem) -> int:
        if item.bytes:
            return item.bytes
        try:
            size = self.web.length(item.url)
        except ReadError as error:
            self.note(f"no file size in the feed, and its audio cannot be fetched ({_why(error)})", item.title)
            return 0
        if not size:
            self.note(NO_LENGTH, item.title)
        return size

    def _type(self, item: PodcastItem) -> str:
        if not item.type:
            self.note("no enclosure type in the feed; taken from the URL", item.title)
        types = mimetypes.MimeTypes()  # Python's own: a system may have others
        return item.type or types.guess_type(urlsplit(item.url).path)[0] or "audio/mpeg"

    def _transcript(self, item: PodcastItem) -> tuple[tuple[Cue, ...], list[Element]]:
        """Return the words of an item, and the transcripts that stay where they are."""
        own = item.language
        spoken = {
            file.url: same_language(file.original.attributes.get("language", own), own) for file in item.transcripts
        }
        for form in dict.fromkeys(subtitles.FORMS.values()):
            for file in item.transcripts:
                if not spoken[file.url] or _form(file) != form:
                    continue
                try:
                    found = subtitles.cues(self.web.fetch(file.url, anything=True).data, form, file.url)
                except ReadError as error:
                    self.note(f"a transcript is not copied, and its URL is kept ({_why(error)})", item.title)
                    continue
                return found, _standing(other for other in item.transcripts if not spoken[other.url])
        return (), _standing(item.transcripts)

    def _chapters(self, item: PodcastItem) -> tuple[tuple[Chapter, ...], list[Element]]:
        """Return the chapters of an item, and their file if that stays where it is."""
        if item.chapters_file is None:
            return item.chapters, []
        url = item.chapters_file.url
        try:
            return subtitles.chapters(self.web.fetch(url, anything=True).data, url), []
        except ReadError as error:
            if item.chapters:
                self.note(
                    f"its chapters file is not used; chapters are taken from the feed ({_why(error)})", item.title
                )
                return item.chapters, []
            self.note(f"its chapters file is not copied, and its URL is kept ({_why(error)})", item.title)
            return (), _standing([item.chapters_file])


def _why(error: PodcastError) -> str:
    """Return what went wrong without where, so that the same is told once."""
    return error.text


def _standing(files: Iterable[LinkedFile]) -> list[Element]:
    return [file.original for file in files]


def _form(file: LinkedFile) -> str:
    """Return in which form a transcript is, by its type or by how its address ends."""
    ending = PurePosixPath(urlsplit(file.url).path).suffix.lower().removeprefix(".")
    return subtitles.FORMS.get(file.type, "" if file.type else ending)


def _ending(sound: Enclosure) -> str:
    """Return how the file of a sound is to end."""
    ending = Path(unquote(urlsplit(sound.url).path)).suffix.lower()
    known = ENDINGS.get(sound.type.partition(";")[0].strip().lower())
    return known or (ending if ending in ENDINGS.values() else ".mp3")
