# SPDX-License-Identifier: GPL-3.0-or-later
"""Where and how episodes are made: what every stage of one run shares."""

from concurrent.futures import Executor
from dataclasses import dataclass

from podcast import voices
from podcast.model import Voice
from podcast.narrate import ClipStore
from podcast.settings import Show
from podcast.terminal import Progress
from podcast.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Studio:
    """A show being worked on."""

    place: Workspace
    show: Show
    progress: Progress
    jobs: int
    """Sentences at once."""
    cluster: Executor | None = None
    """Where sentences are narrated, if not here."""
    fixed: frozenset[str] = frozenset()
    """Sound files that apps have, and that must stay; see facts.fixed."""

    @property
    def store(self) -> ClipStore:
        """The clips of the show."""
        return ClipStore(self.place.clips)

    def engine(self, voice: Voice) -> voices.Engine:
        """Return the engine of a voice, told what show.toml says of it."""
        return voices.engine(voice.engine, self.show.engine_settings(voice.engine))
