# SPDX-License-Identifier: GPL-3.0-or-later
"""Script -> audio/<slug>.mp3 and audio/<slug>.json.

`make` is the list of the stages: who says what, narrate and master each sentence, lay out, join, measure, tag, record.
An episode is made again only if something that shapes it has changed (`ingredients`); then only the sentences that
changed are narrated and mastered, for both are kept in audio/clips/.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from podcast import chapters, narrate, script, utterance, voices, workspace
from podcast.errors import NarrationError, PodcastError
from podcast.model import Chapter, Cue, Enclosure, Episode, Script, Show, Utterance, Voice
from podcast.narrate import ClipStore
from podcast.produce import records
from podcast.produce.publication import cover
from podcast.sound.timeline import Timeline
from podcast.tag import Tags, tag
from podcast.terminal import Progress
from podcast.text import clock
from podcast.utterance import Piece, Sound
from podcast.workspace import Workspace

SHAPES_WORDS = ("speakable", "utterance.py", "script/inline.py")
SHAPES_SOUND = ("sound", "narrate.py", "tag.py", "chapters.py", "produce/episode.py", "feed/art.py")
LIBRARIES = ("lameenc", "mutagen", "numpy", "scipy", "sentencex", "soundfile", "soxr", "unicode-rbnf")

CHAPTER_LEVEL = 2
"""Headings up to this level start a chapter; deeper ones are only said."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Where and how episodes are made."""

    place: Workspace
    show: Show
    progress: Progress
    jobs: int

    @property
    def store(self) -> ClipStore:
        """The clips of the show."""
        return ClipStore(self.place.clips)

    def engine(self, voice: Voice) -> voices.Engine:
        """Return the engine of a voice, told what show.toml says of it."""
        return voices.engine(voice.engine, self.show.settings.get(voice.engine, {}))


@dataclass(frozen=True, slots=True)
class Made:
    """An episode, and whether it was made just now."""

    episode: Episode
    changed: bool


def ingredients(place: Workspace, show: Show, made_of: Script) -> dict[str, str]:
    """Return the digest of each thing that shapes an episode; cheap, no voice is loaded."""
    studio_of = {voice.engine: show.settings.get(voice.engine, {}) for voice in utterance.cast(made_of, show)}
    music = [show.music.intro, show.music.outro]
    sounds = [segment.sound for segment in made_of.segments if segment.kind == "sound"]
    lexicon = utterance.of_language(show.lexicon, made_of.language) or {}
    return {
        "script": records.digest(place.script(made_of.slug).read_bytes()),
        "show": records.digest(
            show.title, show.author, show.category, show.copyright, show.url, *map(repr, [show.pauses])
        ),
        "lexicon": records.digest(msgspec.json.encode(lexicon, order="sorted")),
        "voices": records.digest(
            *(repr(voice) for voice in utterance.cast(made_of, show)),
            *(voices.engine(name, settings).revision() for name, settings in sorted(studio_of.items())),
        ),
        "music": records.digest(repr(show.music), *(_content(place, file) for file in music + sounds)),
        "cover": records.digest(show.cover and _content(place, show.cover)),
        "program": records.program(SHAPES_WORDS + SHAPES_SOUND, LIBRARIES),
    }


def _content(place: Workspace, file: str) -> bytes:
    return b"" if file in {"", "default"} else place.file(file).read_bytes()
