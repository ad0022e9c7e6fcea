# SPDX-License-Identifier: GPL-3.0-or-later
"""espeak-ng: every language, robotic, fast. Also the phonemizer for Kokoro's French and other voices.

The wheel espeakng-loader contains library and data. Speech is synthesized in a new process per call (see isolated.py);
phonemes in this process, under a lock, as the library's state is global.
"""

import ctypes
import math
import re
import threading
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import msgspec

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice, Word
from podcast.packages.distribution import repair
from podcast.pronunciation.notation import plain, replace, words_of
from podcast.voices import NoSettings, clean, release, settings_of
from podcast.voices.engines.espeak_process import native
from podcast.voices.engines.mnemonics import inverted, mnemonics
from podcast.voices.isolated import synthesize

RATE_HZ = 22_050
WORDS_A_MINUTE = 170

TAGS = {
    "cmn": "zh", "cmn-Latn-pinyin": "zh-Latn-pinyin", "en": "en-GB", "en-US-nyc": "en-US-x-nyc", "piqd": "tlh",
    "ca-ba": "ca-x-balear", "ca-nw": "ca-x-nw", "ca-va": "ca-valencia", "ru-cl": "ru-x-classic", "py": "art-x-pyash",
}  # fmt: skip
"""espeak-ng's name of a voice -> its BCP 47 tag, where they differ; the tag is the name of the voice here."""

FIRST = ("fr", "en-US", "en-GB", "es", "it", "pt-BR", "pt", "de")

SCRIPT = Path(__file__).with_name("espeak_process.py")

ENDING = re.compile(r"([.!?…,;:—。！？，；：])[^\w.!?…,;:—。！？，；：]*$")
"""The mark that ends a clause, with the quotes, brackets and spaces after it."""

MNEMONICS = re.compile(r"\[\[[^]]*\]\]")

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
READS_HAN = ("zh", "yue", "hak")
"""The voices that read Chinese characters; others speak “Chinese letter” for each."""

SYNCHRONOUS, UTF8, PHONEME_INPUT, IPA, TIE = 2, 1, 0x100, 0x02, 0x80 | ord("^") << 8
"""espeak_AUDIO_OUTPUT, text modes and phoneme modes of speak_lib.h."""


class Espeak:
    """The espeak-ng engine."""

    name = "espeak"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 400
    min_chars = 2
    has_pitch = True

    def __init__(self, settings: Mapping[str, object]) -> None:
        settings_of(self.name, settings, NoSettings)

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        return f"espeak-1 {release('espeakng-loader')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [] if self.missing() else [Voice("espeak", tag, tag, quality="robotic") for tag in _names()]

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("espeakng_loader") else f"install it with: {repair('espeakng-loader')}"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        library, data = library_paths()
        speed = str(round(WORDS_A_MINUTE * voice.speed))
        pitch = str(round(50 + 50 * math.log2(voice.pitch)))  # 0 is an octave lower, 100 an octave higher
        text = clean(text, voice)
        words = plain(text)
        if HAN.search(words) and not voice.name.startswith(READS_HAN):
            raise SynthesisError(
                f"espeak-ng cannot read Chinese characters in {voice.language}: {words[:40]!r}",
                hint="use another voice (podcast voices lists them), or respell the words: [東京](say:とうきょう)",
            )
        name = _names()[voice.name]
        given = with_mnemonics(text, name)
        samples, line = synthesize(SCRIPT, [library, data, name, speed, pitch], given)
        return Speech(samples, RATE_HZ, _timed(text, given, msgspec.json.decode(line, type=list[tuple[int, int, int]])))

    def phonemes(self, text: str, voice: Voice) -> str:
        """See Engine."""
        return " ".join(f"{said}{mark}" for said, mark in clauses(clean(text, voice), _names()[voice.name]))


def _timed(text: str, given: str, events: Sequence[tuple[int, int, int]]) -> tuple[Word, ...]:
    """Return the words of a text with their times, from events: character, first and last sample of a word.

    Characters are counted in `given`, the text with mnemonics. A word that is joined to the one before it (`of the`)
    has no event, and shares its time.
    """
    written = list(map(plain, words_of(text)))
    begins = [found.start() for found in re.finditer(r"\S+", given)]
    heard: dict[int, tuple[int, int]] = {}
    for character, start, end in events:
        number = max(0, bisect_right(begins, character) - 1)
        heard[number] = min(start, heard.get(number, (start, end))[0]), end
    numbers = sorted(heard)
    first = 0  # words before the first event belong to it
    found = []
    for number, upto in zip(numbers, [*numbers[1:], len(written)], strict=True):
        start, end = heard[number]
        found.append(Word(" ".join(written[first:upto]), start * 1000 // RATE_HZ, end * 1000 // RATE_HZ))
        first = upto
    return tuple(found)


def library_paths() -> tuple[str, str]:
    """Return the paths of espeak-ng's library and data.

    Raises EngineMissing if the wheel is not installed.
    """
    try:
        import espeakng_loader
    except ImportError as error:
        raise EngineMissing(
            "espeak-ng is not installed", hint=f"install it with: {repair('espeakng-loader')}"
        ) from error
    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()


@cache
def _names() -> Mapping[str, str]:
    """Return espeak-ng's names of its voices by language, the most popular ones first.

    Each is a file in lang/. A few experimental ones have no dictionary, and are left out, as they would spell.
    """
    data = Path(library_paths()[1])
    files = [path for path in sorted(data.glob("lang/**/*")) if path.is_file() and _dictionary(path, data).exists()]
    names = {TAGS.get(path.name, path.name): path.name for path in files}
    order = {tag: place for place, tag in enumerate(FIRST)}
    return dict(sorted(names.items(), key=lambda item: (order.get(item[0], len(FIRST)), item[0].count("-"), item[0])))


def _dictionary(voice: Path, data: Path) -> Path:
    named = re.search(r"^dictionary\s+(\S+)", voice.read_text(encoding="utf-8"), re.MULTILINE)
    return data / f"{named[1] if named else voice.name.split('-')[0]}_dict"


# --- phonemes ---------------------------------------------------------------------------------------------------

_lock = threading.Lock()


@cache
def _library() -> Any:
    library, data = library_paths()
    espeak = ctypes.CDLL(library)
    if espeak.espeak_Initialize(SYNCHRONOUS, 0, native(data), 0) <= 0:
        raise EngineMissing("espeak-ng cannot find its data", hint=f"run: {repair('espeakng-loader')}")
    # The flag for phoneme input can be set only by a call for speech; it then applies to the calls for phonemes.
    espeak.espeak_SetVoiceByName(b"en")
    espeak.espeak_Synth(b"a", 2, 0, 1, 0, UTF8 | PHONEME_INPUT, None, None)
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    espeak.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    return espeak


def phonemes(text: str, name: str) -> str:
    """Return the IPA of a text without punctuation, words separated by spaces, `^` between the letters of one phoneme.

    Language switch marks, such as `(en)`, are removed. `name` is espeak-ng's name of a voice.
    """
    return " ".join(said for said, _ in clauses(text, name, IPA | TIE))


def clauses(text: str, name: str, mode: int = IPA) -> Sequence[tuple[str, str]]:
    """Return the IPA of each clause of a text, which may be annotated, and the mark that ends it, if there is one."""
    return _clauses(with_mnemonics(text, name), name, mode)


def with_mnemonics(text: str, name: str) -> str:
    """Replace annotated words by espeak-ng's notation for phonemes, `[[…]]`, each a single word without spaces."""
    text = text.replace("[[", "((")
    return replace(text, lambda _word, ipa: f"[[{mnemonics(ipa, _names_of_phonemes(name))}]]")


@cache
def _names_of_phonemes(name: str) -> Mapping[str, str]:
    return inverted(lambda text: " ".join(said for said, _ in _clauses(text, name, IPA)))


def _clauses(text: str, name: str, mode: int) -> Sequence[tuple[str, str]]:
    found = []
    with _lock:
        espeak = _library()
        if espeak.espeak_SetVoiceByName(name.encode()) != 0:
            raise SynthesisError(f"espeak-ng has no voice {name}", hint=f"run: {repair('espeakng-loader')}")
        rest = ctypes.c_char_p(text.encode())
        left = rest.value
        while left:
            said = (espeak.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, mode) or b"").decode()
            ahead = rest.value or b""
            read = MNEMONICS.sub("x", left[: len(left) - len(ahead)].decode(errors="ignore"))
            mark = ENDING.search(read[:-1] if ahead else read)  # espeak-ng has consumed one letter of the next clause
            found.append((" ".join(re.sub(r"\([^)]*\)", "", said).split()), mark[1] if mark else ""))
            left = ahead
    return [(said, mark) for said, mark in found if said]
