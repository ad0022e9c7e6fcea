# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast make --dry-run`: the cost of narrating scripts, in sentences, characters, time and money.

A sentence that occurs in two scripts is narrated, and counted, once. Nothing is written and no voice is loaded.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from podcast import voices
from podcast.config.settings import Show
from podcast.errors import NarrationError
from podcast.model import Script, Utterance
from podcast.narrate import synthesis, utterances
from podcast.produce import records
from podcast.produce.render import fallbacks
from podcast.produce.render.context import RenderContext
from podcast.produce.render.fallbacks import FallbackVoices
from podcast.text import clock, counted

MASTERING = 0.03
"""CPU seconds to master a second of speech, approximately."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The cost of narrating a script."""

    slug: str
    clips: int
    """Number of sentences, including the calibration sentences of the voices."""
    new: int
    """Number of sentences that are not narrated yet."""
    characters: int
    """Characters of the new sentences, as the engine counts them."""
    speech_s: float
    """Estimated duration of the new sentences."""
    work_s: float
    """Estimated time to narrate and master them, including the wait for services."""
    price: float | None
    """Price of the new sentences, in the currency of show.toml's prices; None if the price of a service is unknown."""

    @property
    def what(self) -> str:
        """The cost as text."""
        if not self.new:
            return f"nothing to narrate ({counted(self.clips, 'sentence')} in the cache)"
        length, work = (clock(round(seconds * 1000)) for seconds in (self.speech_s, self.work_s))
        what = f"{self.new} of {self.clips} sentences to narrate, {self.characters} characters"
        return f"{what}, about {length} of speech, {work} to render{self._price_text}"

    @property
    def _price_text(self) -> str:
        if self.price is None:
            return ", price unknown"
        return f", price {self.price:.2f}" if self.price else ""

    def line(self) -> str:
        """Return the slug and the cost as a line of text."""
        return f"{self.slug}: {self.what}"


def plan(context: RenderContext, selected: Sequence[Script]) -> list[Plan]:
    """Return the cost of each script, in this order; scripts with unknown voices are left out."""
    seen: set[str] = set()
    found = []
    for script in selected:
        with suppress(NarrationError):  # reported by preflight, which `make` and `make --dry-run` run too
            found.append(_plan(context, script, seen))
    return found


def total(plans: Sequence[Plan]) -> Plan:
    """Return the sum of several plans."""
    prices = [one.price for one in plans if one.price is not None]
    return Plan(
        "total",
        sum(one.clips for one in plans),
        sum(one.new for one in plans),
        sum(one.characters for one in plans),
        sum(one.speech_s for one in plans),
        sum(one.work_s for one in plans),
        sum(prices) if len(prices) == len(plans) else None,
    )


def spoken(script: Script, show: Show, stand_ins: FallbackVoices = utterances.NO_FALLBACKS) -> list[Utterance]:
    """Return all utterances of an episode: its sentences, and a calibration sentence for each voice."""
    pieces = utterances.pieces(script, show, stand_ins=stand_ins)
    sentences = [piece for piece in pieces if isinstance(piece, Utterance)]
    return sentences + [utterances.calibration(voice) for voice in dict.fromkeys(one.voice for one in sentences)]


def _plan(context: RenderContext, script: Script, seen: set[str]) -> Plan:
    every = spoken(
        script, context.show, fallbacks.still_allowed(records.load(context.place, script.slug), context.show)
    )
    by_key = {context.clip(one): one for one in every}
    new = {key: one for key, one in by_key.items() if not context.is_narrated(key)}
    counted_here = [one for key, one in new.items() if key not in seen]
    seen |= set(new)
    lengths_s = [synthesis.seconds_of(one.said) / one.voice.speed for one in counted_here]
    prices = [voices.price(context.engine(one.voice), one.said) for one in counted_here]
    known = [price for price in prices if price is not None]
    return Plan(
        script.slug,
        len(every),
        len(counted_here),
        sum(len(one.said) for one in counted_here),
        sum(lengths_s),
        sum(map(_work_s, [context] * len(counted_here), counted_here, lengths_s)),
        sum(known) if len(known) == len(prices) else None,
    )


def _work_s(context: RenderContext, one: Utterance, length_s: float) -> float:
    engine = context.engine(one.voice)
    at_once = 1 if engine.runs_in == "one" else context.jobs
    return length_s * (voices.effort(engine) / at_once + MASTERING / context.jobs)
