# SPDX-License-Identifier: GPL-3.0-or-later
"""Pitch is heard where an engine can change it, and refused where it cannot."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import edit

from podcast import voices
from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import ConfigError, ScriptError
from podcast.model import Speech, Utterance
from podcast.narrate import synthesis, utterances
from podcast.produce.intake import scripts

ABLE = sorted(name for name, kind in voices.engine_classes().items() if voices.has_pitch(kind))


def hertz(speech: Speech) -> float:
    """Return the median pitch of what is voiced, by autocorrelation of 60 ms windows."""
    size, found = speech.rate_hz * 60 // 1000, []
    shortest, longest = speech.rate_hz // 500, speech.rate_hz // 60
    loudest = float(np.abs(speech.samples).max())
    for start in range(0, len(speech.samples) - size, size // 2):
        window = speech.samples[start : start + size].astype(np.float64)
        if np.abs(window).max() < 0.2 * loudest:
            continue
        window -= window.mean()
        likeness = np.correlate(window, window, "full")[size - 1 :]
        likeness /= np.arange(size, 0, -1)
        best = shortest + int(np.argmax(likeness[shortest:longest]))
        early = [lag for lag in range(shortest, best) if likeness[lag] > 0.9 * likeness[best]]
        if likeness[best] > 0.5 * likeness[0]:
            found.append(speech.rate_hz / (early[0] if early and best > 1.8 * early[0] else best))
    return float(np.median(found))


@pytest.mark.parametrize("name", ABLE)
def test_a_higher_pitch_is_higher_and_as_long(name):
    """A quarter higher, a fifth lower: what is measured follows, and the pace stays."""
    engine = voices.engine(name, {})
    voice = engine.voices()[0]
    text = (
        "Monday morning we all were alone in the yellow room."
        if voice.language[:2] == "en"
        else "La mer donne l'âme au monde."
    )
    own, high, low = (engine.speak(text, replace(voice, pitch=pitch)) for pitch in (1.0, 1.25, 0.8))

    assert 1.12 < hertz(high) / hertz(own) < 1.4
    assert 0.7 < hertz(low) / hertz(own) < 0.9
    for speech in (high, low):
        assert abs(len(speech.samples) / len(own.samples) - 1) < 0.05


def test_the_engines_that_can():
    """So that none is lost unseen."""
    assert ABLE == ["espeak", "hibari", "pico", "tone"]


def test_pitch_is_part_of_a_clip(folder):
    """Another pitch is another clip; at their own pitch, clips keep the names that they had."""
    voice, engine = voices.find("tone/low"), voices.engine("tone", {})
    own = Utterance(voice, "Oui.", "Oui.", 0)
    high = Utterance(replace(voice, pitch=1.2), "Oui.", "Oui.", 0)

    assert synthesis.key(own, engine) == "67e22d7ab231c3f452cf5533b6e73c8f3d66f11d38c7d11133864131aae3d4dc"
    assert synthesis.key(high, engine) != synthesis.key(own, engine)


def test_speakers_have_a_pitch_in_show_and_script(workspace):
    """`pitch` stands beside `speed`, and survives reading and writing; out of range it is named with its line."""
    edit(workspace.show, 'fr = "tone/low"', 'fr = {voice = "tone/low", pitch = 1.1}')
    workspace.scripts.mkdir()
    head = "title: Le sel\nguid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5\ndate: 2026-11-23T06:00:00+01:00\nlanguage: fr\n"
    text = f"---\n{head}speakers: {{quote: {{voice: tone/high, pitch: 0.9}}}}\n---\nLe sel.\n\n> La mer.\n"
    path = workspace.script("le-sel")
    path.write_text(text, encoding="utf-8")
    pieces = utterances.pieces(scripts.load(workspace, "le-sel"), load(workspace.show))

    assert [(one.voice.ref, one.voice.pitch) for one in pieces] == [("tone/low", 1.1), ("tone/high", 0.9)]
    path.write_text(text.replace("0.9", "3"), encoding="utf-8")
    with pytest.raises(ScriptError, match=r"le-sel\.md:6: speakers: quote: pitch must be from 0\.5 to 2\.0, not 3"):
        scripts.load(workspace, "le-sel")
    edit(workspace.show, "pitch = 1.1", "pitch = 0.1")
    with pytest.raises(ConfigError, match=r"show\.toml:\d+: voices\.fr: pitch must be from 0\.5 to 2\.0, not 0\.1"):
        load(workspace.show)


def test_an_engine_that_cannot_says_so(folder, capsys):
    """Before anything is narrated, with the engines that can."""
    with pytest.raises(SystemExit) as ended:
        main(["say", "-v", "kokoro/ff_siwis", "--pitch", "1.2", "-o", "a.wav", "Oui."])
    said = capsys.readouterr().err

    assert ended.value.code == 1
    assert "kokoro/ff_siwis cannot change its pitch" in said
    assert "espeak, hibari, pico, tone" in said
