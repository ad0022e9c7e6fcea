# SPDX-License-Identifier: GPL-3.0-or-later
"""The render context: the show, settings and caches that all stages of a run share."""

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
    """The show that is being rendered, and how."""

    place: Workspace
    show: Show
    progress: Progress
    jobs: int
    """Sentences to narrate in parallel."""
    cluster: Executor | None = None
    """The cluster that narrates sentences; None for this machine."""
    fixed: frozenset[str] = frozenset()
    """Published audio files that must not change; see published_state.fixed."""
    _engines: dict[str, voices.Engine] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def store(self) -> ClipStore:
        """The clip store of the show."""
        return ClipStore(self.place.clips)

    def source(self, file: str) -> Path | None:
        """Return the path of a file that `[music]` or a script names; None for built-in music."""
        return None if is_jingle(file) else self.place.file(file)

    def clip(self, one: Utterance) -> str:
        """Return the clip name of an utterance."""
        return synthesis.key(one, self.engine(one.voice))

    def is_narrated(self, name: str) -> bool:
        """Return True if the clip with this name is in the store."""
        return self.store.path(name, ".flac").exists()

    def engine(self, voice: Voice) -> voices.Engine:
        """Return the engine of a voice, with its settings from show.toml; cached."""
        if voice.engine not in self._engines:
            self._engines[voice.engine] = voices.engine(voice.engine, self.show.engine_settings(voice.engine))
        return self._engines[voice.engine]
