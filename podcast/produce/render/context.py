# SPDX-License-Identifier: GPL-3.0-or-later
"""Where and how episodes are made: what every stage of one run shares."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from podcast import voices
from podcast.config.settings import Show, is_jingle
from podcast.model import Utterance, Voice
from podcast.narrate import synthesis
from podcast.narrate.synthesis import ClipStore
from podcast.progress import Progress
from podcast.workspace import Workspace


@dataclass(frozen=True)
class RenderContext:
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
    _engines: dict[str, voices.Engine] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def store(self) -> ClipStore:
        """The clips of the show."""
        return ClipStore(self.place.clips)

    def source(self, file: str) -> Path | None:
        """Return the file that `[music]` or a script names; None for built-in music."""
        return None if is_jingle(file) else self.place.file(file)

    def clip(self, one: Utterance) -> str:
        """Return the name of the clip of an utterance."""
        return synthesis.key(one, self.engine(one.voice))

    def is_narrated(self, name: str) -> bool:
        """Return True if the clip of this name is in the store."""
        return self.store.path(name, ".flac").exists()

    def engine(self, voice: Voice) -> voices.Engine:
        """Return the engine of a voice, with its settings from show.toml; looked up once."""
        if voice.engine not in self._engines:
            self._engines[voice.engine] = voices.engine(voice.engine, self.show.engine_settings(voice.engine))
        return self._engines[voice.engine]
