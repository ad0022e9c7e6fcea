# SPDX-License-Identifier: GPL-3.0-or-later
"""Fallback voices: those named in `[fallbacks]` of show.toml, used for a whole episode and always recorded.

    a voice is unavailable (engine not installed, service down) -> the next one that is named for it
    requested voice -> voice used                               -> Episode.stand_ins, and Cue.voice

An episode keeps its fallback voice: when the requested voice is available again, `podcast make` reports what it would
narrate, and does so only with --no-fallback. So nothing is paid for unasked, and a sentence that is edited later has
the same voice as the others.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from podcast.config.settings import Show
from podcast.errors import EngineMissing, NarrationError, ServiceDown, SynthesisError
from podcast.model import Episode, Utterance

if TYPE_CHECKING:
    from podcast.narrate.utterances import Piece

FallbackVoices = Mapping[str, str]
"""Requested voice -> voice that is used instead."""


def still_allowed(done: Episode | None, show: Show) -> FallbackVoices:
    """Return the fallback voices of the last rendering that show.toml still allows."""
    before = done.stand_ins if done else {}
    return {asked: used for asked, used in before.items() if used in show.fallbacks_of(asked)}


def are_current(done: Episode, show: Show) -> bool:
    """Return True if show.toml still allows all fallback voices of an episode."""
    return still_allowed(done, show) == dict(done.stand_ins)


def used_in(pieces: "Sequence[Piece]") -> FallbackVoices:
    """Return the fallback voices among the pieces of an episode."""
    spoken = (piece for piece in pieces if isinstance(piece, Utterance) and piece.asked)
    return {piece.asked: piece.voice.ref for piece in spoken}


def next_choice(error: NarrationError, show: Show, before: FallbackVoices) -> FallbackVoices | None:
    """Return the fallback voices to use after a voice has failed; None if the error justifies none, or none is left.

    `before` is returned unchanged for a transient error: the same voice is tried until its service counts as down.
    """
    asked = next((one for one, used in before.items() if used == error.voice), error.voice)
    named = show.fallbacks_of(asked)
    if not named:
        return None
    if not isinstance(error, EngineMissing | ServiceDown):
        passing = isinstance(error, SynthesisError) and (error.transient or error.retry_after_s is not None)
        return before if passing else None
    tried = named.index(before[asked]) + 1 if asked in before else 0
    return {**before, asked: named[tried]} if tried < len(named) else None


def describe(voices: FallbackVoices) -> str:
    """Return the fallback voices as text."""
    return ", ".join(f"{used} in place of {asked}" for asked, used in voices.items())
