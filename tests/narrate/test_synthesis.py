# SPDX-License-Identifier: GPL-3.0-or-later
"""Narration: each sentence once, checked, kept whole."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podcast import voices
from podcast.errors import SynthesisError
from podcast.model import Speech, Utterance, Voice, Word
from podcast.narrate.synthesis import ClipStore, decode_clip, fault, in_parallel, key, speak, synthesize_flac

VOICE = Voice("double", "one", "fr")
UTTERANCE = Utterance(VOICE, "Bonjour à tous.", "bonjour à tous.", 0)


def hum(seconds: float = 1.0, level: float = 0.1) -> Speech:
    """Return a hum."""
    return Speech((level * np.sin(np.arange(int(seconds * 16000)) / 20)).astype(np.float32), 16000)


@dataclass
class Double:
    """An engine that gives what it is told to give, and counts."""

    gives: list[Speech] = field(default_factory=lambda: [hum()])
    calls: int = 0
    version: str = "1"
    min_chars: int = 2

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        return self.version

    def speak(self, _text: str, _voice: Voice) -> Speech:
        """See Engine."""
        self.calls += 1
        return self.gives[min(self.calls, len(self.gives)) - 1]


@pytest.fixture
def store(tmp_path):
    """Give an empty store."""
    return ClipStore(tmp_path / "clips")


def test_a_sentence_is_narrated_once(store):
    """The second time it comes from the store, sample for sample as the first time."""
    engine = Double()

    first = speak(UTTERANCE, engine, store)
    second = speak(UTTERANCE, engine, store)

    assert engine.calls == 1
    assert np.array_equal(first.samples, second.samples)
    assert (first.rate_hz, second.rate_hz) == (16000, 16000)


def test_a_key_changes_with_all_that_shapes_the_sound_and_nothing_else():
    """Words, voice, speed and revision count; the wording shown and the pause do not."""
    engine = Double()
    same = [replace(UTTERANCE, shown="BONJOUR", segment=9, pause_ms=99)]
    other = [
        replace(UTTERANCE, said="bonsoir"),
        replace(UTTERANCE, voice=replace(VOICE, name="two")),
        replace(UTTERANCE, voice=replace(VOICE, speed=1.1)),
    ]

    assert {key(one, engine) for one in same} == {key(UTTERANCE, engine)}
    assert len({key(one, engine) for one in [UTTERANCE, *other]} | {key(UTTERANCE, Double(version="2"))}) == 5


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_a_damaged_clip_is_narrated_again(store, damage):
    """The digest in the file tells; what cannot be trusted is not used."""
    engine = Double()
    good = speak(UTTERANCE, engine, store)
    path = store.path(key(UTTERANCE, engine), ".flac")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 8
    path.write_bytes({"cut": data[: len(data) // 2], "flip": data, "empty": b"", "other": b"RIFF" * 50}[damage])

    again = speak(UTTERANCE, engine, store)

    assert engine.calls == 2
    assert np.array_equal(good.samples, again.samples)


@settings(max_examples=30)
@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=200))
def test_a_clip_reads_back_as_it_was_kept(samples):
    """Keeping quantises to 16 bits once; reading gives exactly that."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        store = ClipStore(Path(folder))
        kept = store.keep("ab" * 32, Speech(np.array(samples, np.float32), 24000))
        read = store.speech("ab" * 32)

    assert read is not None
    assert np.array_equal(kept.samples, read.samples)
    assert np.abs(kept.samples - samples).max() <= 1 / 32767


@pytest.mark.parametrize("peak", [1.0, 1.5, 40.0])
def test_samples_over_full_scale_are_clipped_and_do_not_wrap(store, peak):
    """What an engine gives too loud stays at full scale on both sides; all else is as it was."""
    kept = store.keep("ab" * 32, Speech(np.array([0.5, peak, -peak, -0.25, 0.0], np.float32), 24000))

    assert np.allclose(kept.samples, [0.5, 1.0, -1.0, -0.25, 0.0], atol=1 / 32767)
    assert kept.samples.max() == 1.0
    assert kept.samples.min() == -1.0


BAD = {
    "nothing": Speech(np.zeros(0, np.float32), 16000),
    "silence": Speech(np.zeros(16000, np.float32), 16000),
    "clipped": Speech(np.sign(np.sin(np.arange(16000) / 20)).astype(np.float32), 16000),
    "broken": Speech(np.full(16000, np.nan, np.float32), 16000),
    "short": hum(0.05),
    "long": hum(60),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_speech_is_tried_otherwise_then_refused(store, name):
    """Nothing, silence, clipping, broken samples and implausible lengths never reach an episode."""
    engine = Double([BAD[name]])

    with pytest.raises(SynthesisError, match="double/one returned") as caught:
        speak(UTTERANCE, engine, store)

    assert engine.calls > 2
    assert caught.value.hint
    assert store.speech(key(UTTERANCE, engine)) is None
    assert speak(UTTERANCE, Double([BAD[name], hum()]), store).rate_hz == 16000


@dataclass
class Weak(Double):
    """An engine that fails at texts that are too long for it, and takes note of what it was asked."""

    longest: int = 40
    fails_by: str = "silence"
    asked: list[str] = field(default_factory=list)

    def speak(self, text: str, _voice: Voice) -> Speech:
        """See Engine."""
        self.asked.append(text)
        if len(text) <= self.longest:
            silence = np.zeros(8000, np.float32)
            return Speech(np.concatenate([silence, hum(len(text) / 15).samples, silence]), 16000)
        if self.fails_by == "error":
            raise SynthesisError("it hangs", hint="reword it")
        if self.fails_by == "transient":
            raise SynthesisError("later", hint="wait", transient=True)
        return BAD["silence"]


LONG = "Quand la marée descend, les pêcheurs rentrent au port, et le vent, qui soufflait depuis hier, tombe enfin."


@pytest.mark.parametrize("fails_by", ["silence", "error"])
@pytest.mark.parametrize("longest", [70, 40])
def test_a_sentence_that_fails_is_said_in_parts(store, fails_by, longest):
    """Cut at clauses, each part checked, joined with a breath; nothing of it is lost, and it is one clip."""
    engine = Weak(longest=longest, fails_by=fails_by)
    one = replace(UTTERANCE, said=LONG)

    speech = speak(one, engine, store)

    parts = [text for text in engine.asked if len(text) <= longest]
    assert " ".join(parts[-len(parts) :]) == LONG
    assert all(part.endswith((",", ".")) for part in parts)
    loud = np.abs(speech.samples) > 0.001
    edges = np.flatnonzero(np.diff(loud.astype(int)))
    gaps_ms = [gap / 16 for gap in np.diff(edges)[1::2] if gap > 200]
    assert len(gaps_ms) == len(parts) - 1
    assert gaps_ms == pytest.approx([80 + 2 * 20] * len(gaps_ms), abs=5)
    assert len(speech.samples) / 16000 == pytest.approx(len(LONG) / 15, rel=0.15)
    asked = len(engine.asked)
    assert np.array_equal(speak(one, engine, store).samples, speech.samples)
    assert len(engine.asked) == asked


def test_a_service_is_not_asked_again_in_parts(store):
    """What an online engine gives up on has been tried often enough; what may pass passes by waiting."""
    online = replace(UTTERANCE, said=LONG, voice=replace(VOICE, online=True))
    for one, fails_by in ((online, "error"), (replace(UTTERANCE, said=LONG), "transient")):
        engine = Weak(fails_by=fails_by)
        with pytest.raises(SynthesisError):
            speak(one, engine, store)
        assert len(engine.asked) == 1


def test_a_word_that_fails_cannot_be_cut(store):
    """The first error is the one that is reported."""
    engine = Weak(longest=3, fails_by="error")

    with pytest.raises(SynthesisError, match="it hangs"):
        speak(replace(UTTERANCE, said="anticonstitutionnellement"), engine, store)


@pytest.mark.parametrize(("said", "seconds"), [("oui", 0.3), ("a", 0.2), ("un " * 60, 9.0), ("十二月二十三日", 1.6)])
def test_ordinary_lengths_pass(said, seconds):
    """Short words, long sentences and scripts of few letters are plausible."""
    assert not fault(hum(seconds), replace(UTTERANCE, said=said))


def test_results_come_in_order_and_the_costliest_begin_first():
    """All cores are busy to the end, and the outcome does not depend on it."""
    begun: list[int] = []

    def task(item: int) -> int:
        begun.append(item)
        return item * 2

    with ThreadPoolExecutor(1) as executor:
        assert in_parallel([3, 9, 1, 5], task, executor, cost=float) == [6, 18, 2, 10]
    assert begun == [9, 5, 3, 1]


def test_an_error_stops_what_has_not_begun_and_keeps_what_is_done():
    """The first error is raised once the running tasks have ended; the waiting ones never start."""
    done: list[int] = []
    lock = threading.Lock()

    def task(item: int) -> int:
        time.sleep(0.02)
        if item == 2:
            raise SynthesisError("no")
        with lock:
            done.append(item)
        return item

    with ThreadPoolExecutor(2) as executor, pytest.raises(SynthesisError, match="no"):
        in_parallel(list(range(50)), task, executor)

    assert 0 in done
    assert len(done) < 50


def test_a_clip_that_was_damaged_on_its_way_is_refused():
    """What a worker sends back is heard as it was said, or not at all."""
    flac = synthesize_flac(UTTERANCE, Double())

    assert decode_clip(flac).rate_hz > 0
    with pytest.raises(SynthesisError, match="arrived damaged"):
        decode_clip(flac[: len(flac) // 2])


def test_pitch_is_part_of_a_clip(folder):
    """Another pitch is another clip; at their own pitch, clips keep the names that they had."""
    voice, engine = voices.find("tone/low"), voices.engine("tone", {})
    own = Utterance(voice, "Oui.", "Oui.", 0)
    high = Utterance(replace(voice, pitch=1.2), "Oui.", "Oui.", 0)

    assert key(own, engine) == "67e22d7ab231c3f452cf5533b6e73c8f3d66f11d38c7d11133864131aae3d4dc"
    assert key(high, engine) != key(own, engine)


def test_a_clip_whose_times_are_damaged_is_damaged(tmp_path):
    """One wrong letter in them, and the clip is not trusted; none at all is fine."""
    store = ClipStore(tmp_path)
    samples = np.sin(np.arange(8_000, dtype=np.float32)) / 2
    words = (Word("été", 100, 200), Word("中", 210, 300))
    store.keep("ab", Speech(samples, 16_000, words))
    path = store.path("ab", ".flac")
    whole = path.read_bytes()

    kept = store.speech("ab")
    assert kept is not None
    assert kept.words == words
    path.write_bytes(whole.replace("été".encode(), b"etete"))
    assert store.speech("ab") is None
    store.keep("cd", Speech(samples, 16_000))
    assert store.speech("cd").words == ()
