# SPDX-License-Identifier: GPL-3.0-or-later
"""hibari: the English voice `heart`, distilled from Kokoro and 75 times faster. The wheel includes the model.

Its noise has a fixed seed, for reproducible output.
"""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.packages.distribution import repair
from podcast.pronunciation.english import possessives
from podcast.pronunciation.notation import positions
from podcast.voices import NoSettings, clean, release, settings_of, word_times
from podcast.voices.engines.phonemes import respell
from podcast.voices.word_times import exposing

RATE_HZ = 24_000
SEED = 1

DURATIONS = "/Clip_output_0"
"""The tensor of frames per symbol."""

FRAME_MS = 25.0

NOT_PHONEMES = ';:,.!?—…"()“”'
"""Symbols that are not phonemes."""

READ_AS = str.maketrans("[]’‒―", "  '–—")
"""Brackets are markup in hibari; it reads `isn’t` as `is`, and knows two of the dashes."""

MAX_PHONEMES = 400
"""hibari splits longer parts only at clauses, and its memory use is quadratic."""

TOO_LONG = (r"(\S{40})(?=\S)", r"(\d{12})(?=[\d.,])")
"""Its phonemizer takes cubic time for very long words, and cannot spell out numbers beyond trillions."""

MISAKI = {
    "aɪ": "I", "aʊ": "W", "eɪ": "A", "oʊ": "O", "əʊ": "O", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ", "e": "A", "o": "O",
    "ɜː": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "ɜɹ": "ɜɹ", "ɜːɹ": "ɜɹ", "ɐ": "ə", "ɒ": "ɑ", "a": "ɑ", "y": "u", "ø": "ə",
    "œ": "ə", "ɥ": "w", "r": "ɹ", "ʁ": "ɹ", "ɾ": "T", "ʔ": "t", "x": "k", "ç": "k", "ɲ": "nj", "ʎ": "lj", "ɫ": "l",
    "ɑ\u0303": "ɑn", "ɛ\u0303": "æn", "ɔ\u0303": "ɔn", "œ\u0303": "ən", "ː": "", "‿": "", "\u0303": "", "\u0329": "",
}  # fmt: skip
"""IPA -> the notation that the model was trained on (misaki, EN_PHONES), foreign sounds as in English."""


class Hibari:
    """The hibari engine."""

    name = "hibari"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 300
    min_chars = 8
    has_pitch = True

    def __init__(self, settings: Mapping[str, object]) -> None:
        settings_of(self.name, settings, NoSettings)
        self.lock = threading.Lock()
        self.model: Any = None

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        return f"hibari-2 {release('hibari-tts')} seed {SEED}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [Voice("hibari", "heart", "en-US", description="female")]

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("hibari") and find_spec("onnxruntime") else f"install it with: {repair('hibari-tts')}"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        words, sentences = self._phonemized(text, voice)
        chunks = [chunk for sentence in sentences for chunk in _split_phonemes(sentence)]
        if not any(c.isalpha() for chunk in chunks for c in chunk):
            raise SynthesisError(
                f"{voice.ref}: no words to speak in {text[:60]!r}",
                hint="use another voice: this one speaks only English",
            )
        parts, timed = zip(*(self._run(chunk, voice) for chunk in chunks), strict=True)
        timed_words = word_times.words(words, word_times.groups(chain(*timed), NOT_PHONEMES), self._phonemes_of)
        return word_times.heard(
            timed_words, Speech(np.concatenate(parts).astype(np.float32), RATE_HZ), word_times.EARLY_MS
        )

    def phonemes(self, text: str, voice: Voice) -> str:
        """See Engine."""
        return " ".join(self._phonemized(text, voice)[1])

    def _phonemized(self, text: str, voice: Voice) -> tuple[str, list[str]]:
        """Return a text as it is read, and the phonemes of its sentences in misaki's notation."""
        words = clean(text, voice)
        for endless in TOO_LONG:
            words = re.sub(endless, r"\1 ", words)
        model = self._loaded()
        with self.lock:  # its phonemizer keeps state; it is a tenth of the work
            try:
                return words, model.phonemize(words)
            except (ValueError, LookupError) as error:  # raised by its libraries for numbers and words
                raise SynthesisError(f"{voice.ref} cannot read {text[:60]!r}", hint="reword the sentence") from error

    def _run(self, chunk: str, voice: Voice) -> tuple[Any, list[tuple[str, float]]]:
        """Synthesize a sequence of phonemes; return its samples, and each phoneme with its duration in milliseconds."""
        import numpy as np
        from hibari import dsp

        model = self.model
        known = [symbol for symbol in chunk if symbol in model.vocab]
        given = {"ids": np.asarray([model.ids(chunk)], np.int64), "speed": np.asarray([voice.speed], np.float32)}
        *spectrum, frames = model.sess.run(None, given)
        *shapes, melody_hz = (part[0] for part in spectrum)
        samples = dsp.synth(*shapes, melody_hz * np.float32(voice.pitch), np.random.default_rng(SEED))
        lengths = [int(count) * FRAME_MS for count in frames.reshape(-1)]
        return samples, [*zip(["", *known, ""], lengths, strict=True), (" ", 0.0)]

    def _phonemes_of(self, word: str) -> str:
        """Return the phonemes of a single word."""
        with self.lock:
            try:
                return "".join(self.model.phonemize(word))
            except (ValueError, LookupError):
                return ""

    def _loaded(self) -> Any:
        with self.lock:
            if self.model is None:
                if hint := self.missing():
                    raise EngineMissing("hibari is not installed", hint=hint)
                from hibari import Hibari as Model
                from hibari.g2p import G2P
                from hibari.g2p.oov import OOV
                from hibari.voices import voice_path

                unknown = OOV()
                size = unknown.maxlen  # it ignores further letters of an unknown word, so it gets them in parts

                def spell(word: str) -> str:
                    return "".join(unknown(word[at : at + size]) or "" for at in range(0, len(word), size))

                weights = exposing(Path(voice_path("heart")).read_bytes(), DURATIONS, word_times.FLOAT)
                self.model = Model(voice="heart", model=weights, threads=1, g2p=_Phonemizer(G2P(oov=spell)))
            return self.model


class _Phonemizer:
    """hibari's G2P for text that may be annotated.

    Its own normalizer is off: the text is normalized already, and it takes `King Charles` for a king's number. Its own
    notation for phonemes is not used: it would hide the words around from the tagger.
    """

    def __init__(self, g2p: Any) -> None:
        self.g2p = g2p

    def __call__(self, text: str) -> str:
        """Return the phonemes of a sentence."""
        words, annotations = positions(possessives(text))
        words = words.translate(READ_AS)
        tokens = self.g2p.tokenize(words)
        at = 0
        for token in tokens:
            at = max(at, words.find(token.text, at))
            end = at + len(token.text)
            for start, stop, ipa in annotations:
                if start <= at and end <= stop:
                    token.phonemes = respell(ipa, MISAKI) if at == start else ""
            at = end
        return "".join(
            (token.phonemes or "") + (" " if token.whitespace else "") for token in self.g2p.phonemize_tokens(tokens)
        ).strip()


def _split_phonemes(phonemes: str) -> Iterator[str]:
    """Split phonemes at spaces, into parts that the model accepts."""
    while len(phonemes) > MAX_PHONEMES:
        at = phonemes.rfind(" ", 0, MAX_PHONEMES) + 1 or MAX_PHONEMES
        yield phonemes[:at].strip()
        phonemes = phonemes[at:].strip()
    if phonemes:
        yield phonemes
