# SPDX-License-Identifier: GPL-3.0-or-later
"""Music lies under the whole of a section, at its level, in stereo, and under nothing else."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_helpers import heard, middle

from podcast.cli.main import main
from podcast.config.load import load
from podcast.config.settings import Music, Track
from podcast.model import FRAME_SAMPLES, RATE_HZ
from podcast.narrate import utterances
from podcast.produce.intake import scripts
from podcast.produce.render.clips import EpisodeClips
from podcast.produce.render.context import RenderContext
from podcast.progress import Quiet
from podcast.sound import mp3, stitch, timeline
from podcast.sound.clip_format import finish, finish_parts
from podcast.sound.loudness import integrated_lufs
from podcast.sound.music.jingle import jingle
from podcast.sound.music.loop import Loop
from podcast.sound.stitch import envelope
from podcast.sound.timeline import Bed, lay
from podcast.sound.true_peak import Limiter, limited
from tests.produce.render.test_clips import made
from tests.sound.test_timeline import PIECES, SECOND, SETTINGS, piece

BED = Track("calm", gain_db=-3.0, duck_db=-12.0, play_ms=0, fade_in_ms=600, fade_out_ms=800, loop=True)

SCRIPT = """\
---
title: La météo
guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5
date: 2026-11-23
language: fr
---
Bonjour à tous, et bienvenue.

## Le vent

Il souffle de l'ouest sur toute la côte, et tournera au nord dans la nuit.

## La mer

Elle est peu agitée près du rivage, et forte au large jusqu'à demain.

## Fin

À demain.
"""

TOML = """
[music]
intro = ""
outro = ""
[sections."La mer".bed]
file = "calm"
gain_db = -3
duck_db = -12
fade_in_ms = 600
fade_out_ms = 800
"""


@pytest.fixture
def weather(workspace):
    """Give a show in which one section of three has a bed, and no other music sounds."""
    workspace.show.write_text(workspace.show.read_text(encoding="utf-8") + TOML, encoding="utf-8")
    workspace.scripts.mkdir()
    workspace.script("essai").write_text(SCRIPT, encoding="utf-8")
    return workspace


def side(sound: np.ndarray) -> np.ndarray:
    """Return what differs between the channels: the music without the voices, which are in the middle."""
    return sound[:, 0] - sound[:, 1]


def test_a_section_has_its_bed_and_the_others_have_none(weather):
    """Under its words music sounds 15 dB below them, as it was told to; before and after there is none at all."""
    record = made(weather)

    sound = heard(weather.sound("essai")).sound
    cues = {cue["text"]: (cue["start_ms"] * 48, cue["end_ms"] * 48) for cue in record["cues"]}
    first, last = cues["La mer"][0], max(end for text, (_, end) in cues.items() if text.startswith("Elle"))
    before, after = cues["Le vent"][0], cues["Fin"][0]
    assert np.abs(side(sound[: first - int(0.7 * RATE_HZ)])).max() < 1e-4
    assert np.abs(side(sound[after + FRAME_SAMPLES :])).max() < 1e-3
    alone = Loop(jingle("bed", "calm"))[0 : last - first]
    share = np.std(side(alone)) * 10 ** ((-16 - integrated_lufs(jingle("bed", "calm"))) / 20)
    under = np.std(side(sound[first + RATE_HZ // 5 : last - RATE_HZ // 5]))
    assert 20 * np.log10(under / share) == pytest.approx(-3 - 12, abs=1.5)
    assert np.std(middle(sound[before:first])) > 0.01
    assert heard(weather.sound("essai")).lufs == pytest.approx(-16, abs=0.3)


def test_another_bed_makes_the_episode_stale(weather, capsys):
    """A change of its level is seen by `podcast status`; a second run without one touches nothing."""
    made(weather)
    before = weather.sound("essai").read_bytes()
    toml = weather.show.read_text(encoding="utf-8")
    weather.show.write_text(toml.replace("duck_db = -12", "duck_db = -20"), encoding="utf-8")

    with pytest.raises(SystemExit):
        main(["status"])
    assert "out of date: music changed" in capsys.readouterr().out
    made(weather)
    assert weather.sound("essai").read_bytes() != before
    weather.show.write_text(toml, encoding="utf-8")
    made(weather)
    assert weather.sound("essai").read_bytes() == before


def laid(count: int, *beds: Bed, **lengths: int) -> timeline.Timeline:
    """Lay pieces of five seconds."""
    return lay([piece(str(i), 5, 1_000) for i in range(count)], Music(), **lengths, beds=beds)


def test_two_sections_cross_at_equal_power():
    """Where one section with a bed follows another, the power of both beds together stays what it is."""
    plan = laid(6, Bed("a", 1, 2, BED), Bed("b", 3, 4, BED))

    (span,) = plan.spans
    one, two = span.layers
    assert (one.name, two.name) == ("a", "b")
    power = np.zeros(plan.samples)
    for layer in (one, two):
        power[layer.start : layer.end] += envelope(layer) ** 2
    words = slice(plan.clips[1].start + SECOND // 10, plan.clips[4].end - SECOND)
    assert np.allclose(power[words], 10 ** (-12 / 10), rtol=0.01)
    assert power[: plan.clips[0].end].max() == 0
    assert power[plan.clips[5].start :].max(initial=0.0) == 0


def test_a_bed_comes_up_while_a_sting_fades():
    """After music between chapters the bed does not wait for its end: they cross."""
    pieces = [piece("a", 5), replace(piece("sting", 3, 0), fade_ms=400), piece("b", 5)]
    plan = lay(pieces, Music(), beds=[Bed("bed", 2, 2, BED)])

    (layer,) = plan.spans[0].layers
    assert 0 <= plan.clips[1].end - SECOND * 4 // 10 - layer.start < FRAME_SAMPLES
    assert [clip.key for clip in plan.spans[0].clips] == ["sting", "b"]


def test_a_section_at_each_end_crosses_with_intro_and_outro():
    """The intro gives way to the bed of a first section, and the bed of a last one to the outro."""
    plan = laid(
        8, Bed("a", 0, 1, BED), Bed("b", 6, 7, BED), intro_samples=9 * SECOND, bed_samples=SECOND,
        outro_samples=6 * SECOND,
    )  # fmt: skip

    (intro, first), (last, outro) = (span.layers for span in plan.spans)
    assert [intro.name, first.name, last.name, outro.name] == ["intro", "a", "b", "outro"]
    assert intro.end <= plan.clips[0].start + SECOND // 10
    assert outro.start < last.end <= plan.clips[7].end
    for layer in (intro, first, last, outro):
        assert envelope(layer)[-1] < 0.01


@settings(max_examples=40)
@given(PIECES, SETTINGS, st.data())
def test_beds_never_swallow_the_words(pieces, show_music, data):
    """Wherever sections lie, however short: beds are ducked under words, end in nothing, and all fits."""
    edges = sorted(data.draw(st.sets(st.integers(0, len(pieces)), min_size=2, max_size=4)))
    beds = [Bed(f"bed {a}", a, b - 1, BED, data.draw(st.sampled_from([None, 3_000, 30 * SECOND])))
            for a, b in pairwise(edges)]  # fmt: skip
    plan = lay(
        pieces, show_music, intro_samples=5 * SECOND, bed_samples=9 * SECOND, outro_samples=5 * SECOND, beds=beds
    )

    for span in plan.spans:
        for layer in span.layers:
            assert span.frame * FRAME_SAMPLES <= layer.start < layer.end
            assert layer.end <= (span.frame + span.n_frames - 1) * FRAME_SAMPLES
            gain = envelope(layer)
            assert gain[-1] < 0.01
            if layer.section:
                assert gain.max() <= 10 ** (-12 / 20) * 1.01
    streams = sorted((part.frame, part.n_frames) for part in (*plan.unmixed, *plan.spans))
    assert all(a + n <= b for (a, n), (b, _) in pairwise(streams))
    assert sum(len(span.layers) for span in plan.spans) >= 2 + len(beds)


@given(st.integers(2, 9_000), st.integers(0, 30_000), st.integers(0, 9_000))
def test_a_loop_is_the_same_wherever_it_is_looked_into(length, start, more):
    """A stretch of it has the samples that it has in the whole."""
    loop = Loop(np.random.default_rng(length).standard_normal((length, 2)).astype(np.float32))

    assert np.array_equal(loop[start : start + more], loop[0 : start + more][start:])


def test_what_comes_in_parts_is_as_if_it_were_whole():
    """Limiting and encoding half a minute at a time gives the very samples and bytes that doing it at once gives."""
    rng = np.random.default_rng(5)
    sound = (0.5 * rng.standard_normal((40 * FRAME_SAMPLES + 700, 2))).astype(np.float32)
    parts = [sound[: 16 * FRAME_SAMPLES], sound[16 * FRAME_SAMPLES : 39 * FRAME_SAMPLES], sound[39 * FRAME_SAMPLES :]]

    assert np.array_equal(np.concatenate(list(limited(parts, -3.0))), Limiter(sound, -3.0).at(0.0))
    one, other = finish(sound), finish_parts(lambda: parts, mp3.STEREO)
    assert one.frames == other.frames
    assert np.array_equal(one.energies, other.energies)


def test_a_long_section_is_mixed_in_parts(weather, monkeypatch):
    """A section sounds as it would if it were mixed in one piece, joints and all."""
    script, show = scripts.load(weather, "essai"), load(weather.show)
    clips = EpisodeClips(RenderContext(weather, show, Quiet(), 2), script, utterances.pieces(script, show))
    plan = clips.mix().timeline
    (span,) = plan.spans

    monkeypatch.setattr(stitch, "MIX_SAMPLES", 100 * FRAME_SAMPLES)
    whole = np.concatenate(list(stitch.mixed(span, clips.pcm, clips._tracks)))
    monkeypatch.setattr(stitch, "MIX_SAMPLES", 10**9)
    (alone,) = stitch.mixed(span, clips.pcm, clips._tracks)

    assert np.array_equal(whole, alone)
