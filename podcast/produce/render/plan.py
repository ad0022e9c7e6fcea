# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast make --dry-run`: what narrating scripts would take, in sentences, characters, time and money.

A sentence that two scripts share is narrated, and counted, once. Nothing is written and no voice is loaded.
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
"""Seconds of computing that mastering a second of speech takes, about."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What narrating a script would take."""

    slug: str
    clips: int
    """Sentences in all, with those that the voices are levelled by."""
    new: int
    """Those of them that are not narrated yet."""
    characters: int
    """Of the new ones, as the engine counts them."""
    speech_s: float
    """How long the new ones last, about."""
    work_s: float
    """How long narrating and mastering them takes, about: all of it on one core, or waiting for a service."""
    price: float | None
    """Of the new ones, in the currency of show.toml's prices; None if a service costs and nobody has said what."""

    @property
    def what(self) -> str:
        """What it takes, for a person."""
        if not self.new:
            return f"nothing to narrate ({counted(self.clips, 'sentence')} in the cache)"
        length, work = (clock(round(seconds * 1000)) for seconds in (self.speech_s, self.work_s))
        what = f"{self.new} of {self.clips} sentences to narrate, {self.characters} characters"
        money = "" if self.price == 0 else f", price {self.price:.2f}" if self.price is not None else ", price unknown"
        return f"{what}, about {length} of speech, {work} to render{money}"

    def line(self) -> str:
        """Return it for a person."""
        return f"{self.slug}: {self.what}"


def plan(context: RenderContext, meant: Sequence[Script]) -> list[Plan]:
    """Return what narrating each script would take, in this order; scripts with unknown voices are left out."""
    seen: set[str] = set()
    found = []
    for script in meant:
        with suppress(NarrationError):  # reported by preflight, which `make` and `make --dry-run` run too
            found.append(_plan(context, script, seen))
    return found


def total(plans: Sequence[Plan]) -> Plan:
    """Return what they take together."""
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


def spoken(script: Script, show: Show, stand_ins: FallbackVoices = utterances.NOBODY) -> list[Utterance]:
    """Return what the voices of an episode are given to say: its sentences, and one a voice to level it by."""
    pieces = utterances.pieces(script, show, stand_ins=stand_ins)
    sentences = [piece for piece in pieces if isinstance(piece, Utterance)]
    return sentences + [utterances.calibration(voice) for voice in dict.fromkeys(one.voice for one in sentences)]


def _plan(context: RenderContext, script: Script, seen: set[str]) -> Plan:
    every = spoken(
        script, context.show, fallbacks.still_allowed(records.load(context.place, script.slug), context.show)
    )
    by_key = {context.clip(one): one for one in every}
    new = {key: one for key, one in by_key.items() if not context.is_narrated(key)}
    mine = [one for key, one in new.items() if key not in seen]
    seen |= set(new)
    lengths_s = [synthesis.seconds_of(one.said) / one.voice.speed for one in mine]
    prices = [voices.price(context.engine(one.voice), one.said) for one in mine]
    known = [price for price in prices if price is not None]
    return Plan(
        script.slug,
        len(every),
        len(mine),
        sum(len(one.said) for one in mine),
        sum(lengths_s),
        sum(map(_work_s, [context] * len(mine), mine, lengths_s)),
        sum(known) if len(known) == len(prices) else None,
    )


def _work_s(context: RenderContext, one: Utterance, length_s: float) -> float:
    engine = context.engine(one.voice)
    at_once = 1 if engine.runs_in == "one" else context.jobs
    return length_s * (voices.effort(engine) / at_once + MASTERING / context.jobs)
