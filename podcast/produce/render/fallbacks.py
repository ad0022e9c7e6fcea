# SPDX-License-Identifier: GPL-3.0-or-later
"""Voices that stand in for others: only those that `[fallbacks]` of show.toml names, for a whole episode, never unsaid.

    a voice cannot be used (its engine is not here, its service is down) -> the next that is named for it
    what was asked for -> who spoke                                      -> Episode.stand_ins, and Cue.voice

An episode stays with who spoke it: when the first voice is back, `podcast make` says what it would narrate, and does
so only with --no-fallback. So nothing is paid for unasked, and a sentence that is edited later sounds like the others.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from podcast.config.settings import Show
from podcast.errors import EngineMissing, NarrationError, ServiceDown, SynthesisError
from podcast.model import Episode, Utterance

if TYPE_CHECKING:
    from podcast.narrate.utterances import Piece

FallbackVoices = Mapping[str, str]
"""Voice that was asked for -> voice that speaks in its place."""


def still_allowed(done: Episode | None, show: Show) -> FallbackVoices:
    """Return who stood in when an episode was made last, as far as show.toml still names them."""
    before = done.stand_ins if done else {}
    return {asked: used for asked, used in before.items() if used in show.fallbacks_of(asked)}


def are_current(done: Episode, show: Show) -> bool:
    """Return True unless an episode has voices in it that nobody wants there any more."""
    return still_allowed(done, show) == dict(done.stand_ins)


def used_in(pieces: "Sequence[Piece]") -> FallbackVoices:
    """Return who stands in for whom among the pieces of an episode."""
    spoken = (piece for piece in pieces if isinstance(piece, Utterance) and piece.asked)
    return {piece.asked: piece.voice.ref for piece in spoken}


def next_choice(error: NarrationError, show: Show, before: FallbackVoices) -> FallbackVoices | None:
    """Return who is to speak now that a voice has failed; None if that is no reason for another, or none is left.

    A service that has failed a few times is asked again until it is taken to be down: then `before` is returned.
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


def describe(stand_ins: FallbackVoices) -> str:
    """Return who stands in for whom, in words."""
    return ", ".join(f"{used} in place of {asked}" for asked, used in stand_ins.items())
