# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify a rendered episode by speech recognition: find sentences that are missing, doubled or unintelligible.

    the MP3 -> recognizer.py (Whisper) -> words with times -> compare.py, with the cues of the episode -> faults

The recognised text is compared with the display text and with the spoken text (`14 h`, `quatorze heures`), and the
better result counts. A sentence is reported only if recognition fails twice: in the whole episode, and in a short
excerpt around the sentence. Recognised words are cached in audio/.listen/<sha256 of the MP3>.json.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from podcast import pronunciation, speakable
from podcast.listen.compare import Kind, Verdict, better, judge, plain, word_error_rate
from podcast.listen.recognizer import Hearing, RecognizedWord, Recognizer
from podcast.model import Cue, Episode
from podcast.progress import Progress, Quiet
from podcast.workspace import Workspace

__all__ = ["Fault", "Kind", "Recognizer", "Report", "listen"]

DRIFT_MS = 1_500
"""Word times are more accurate than this; a larger difference means that audio and cues have drifted apart."""

Form = Callable[[str], list[str]]
"""Text -> its words, normalized for comparison."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that listeners cannot hear as intended."""

    kind: Kind
    start_ms: int
    """Its time in the audio: that of its cue, corrected if audio and cues have drifted apart."""
    end_ms: int
    text: str
    """Display text."""
    heard: str
    """The text that was recognised instead."""
    error: float
    """Share of its letters that are wrong, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result for an episode."""

    faults: tuple[Fault, ...]
    """In order of time."""
    words: int
    """Number of words in the text."""
    word_error_rate: float
    """For the whole episode: replaced, missing and added words per word of the text."""


def listen(
    place: Workspace,
    episode: Episode,
    recognizer: Recognizer,
    *,
    lexicon: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Recognise an episode's MP3 and compare it with its cues; `lexicon` is the show's, for the episode's language.

    Raises ListenError if no speech recognition is installed, or it does not support the language; AudioError for a
    damaged MP3.
    """
    recognizer.check()
    progress = progress or Quiet()
    progress.stage(f"{episode.slug}: recognising speech", episode.enclosure.duration_ms / 1000)
    respelt = {word: pronunciation.plain(pronunciation.written(word, said)) for word, said in (lexicon or {}).items()}
    forms: tuple[Form, ...] = (plain, lambda text: plain(speakable.said(text, episode.language, respelt)))
    hearing = Hearing(recognizer, place.sound(episode.slug), place.heard, episode.language, progress)
    words = hearing.words()
    verdicts, moved_ms = _confirmed(episode.cues, words, hearing, forms)
    faults = (
        Fault(
            verdict.kind,
            cue.start_ms + by_ms,
            cue.end_ms + by_ms,
            cue.text,
            _text(heard).strip(),
            round(verdict.error, 3),
        )
        for cue, verdict, by_ms, heard in zip(episode.cues, verdicts, moved_ms, _words_of(words, verdicts), strict=True)
        if verdict.kind
    )
    rates = []
    for form in forms:
        wanted = [word for cue in episode.cues for word in form(cue.text)]
        rates.append((word_error_rate(wanted, form(_text(words))), len(wanted)))
    rate, count = min(rates)
    return Report(tuple(faults), count, round(rate, 4))


def _confirmed(
    cues: Sequence[Cue], words: Sequence[RecognizedWord], hearing: Hearing, forms: Sequence[Form]
) -> tuple[list[Verdict], list[int]]:
    """Return the verdict on each cue after recognising the doubtful ones a second time, and each cue's shift in ms.

    Neighbouring cues are recognised again as well, to assign the words between them.
    """
    verdicts = _verdicts(cues, words, forms)
    moved_ms = _shifts_ms(cues, words, verdicts)
    for first, last in _doubtful_runs(verdicts):
        before, after = max(0, first - 1), min(len(cues), last + 2)
        extra_ms = sum(cue.end_ms - cue.start_ms for cue in cues[first : last + 1])  # room for repetitions
        again = hearing.words(
            max(0, cues[before].start_ms + moved_ms[before] - 200), cues[after - 1].end_ms + moved_ms[before] + extra_ms
        )
        second = _verdicts(cues[before:after], again, forms)
        for index in range(first, last + 1):
            verdicts[index] = better(verdicts[index], second[index - before])
    return verdicts, moved_ms


def _verdicts(cues: Sequence[Cue], words: Sequence[RecognizedWord], forms: Sequence[Form]) -> list[Verdict]:
    """Return the best verdict on each cue over all forms, with its position in the first form."""
    first, *others = (judge([form(cue.text) for cue in cues], form(_text(words))) for form in forms)
    for other in others:
        first = [better(one, two) for one, two in zip(first, other, strict=True)]
    return first


def _doubtful_runs(verdicts: Sequence[Verdict]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of each run of doubtful verdicts."""
    first = None
    for index, verdict in enumerate([*verdicts, None]):
        if verdict and verdict.kind:
            first = index if first is None else first
        elif first is not None:
            yield first, index - 1
            first = None


def _shifts_ms(cues: Sequence[Cue], words: Sequence[RecognizedWord], verdicts: Sequence[Verdict]) -> list[int]:
    """Return how much later each cue's audio is than its times, measured on it or on the last good cue before it."""
    moved, found = 0, []
    for cue, verdict, heard in zip(cues, verdicts, _words_of(words, verdicts), strict=True):
        if verdict.kind is None and heard:
            by_ms = heard[0].start_ms - cue.start_ms
            moved = by_ms if abs(by_ms) > DRIFT_MS else 0
        found.append(moved)
    return found


def _words_of(words: Sequence[RecognizedWord], verdicts: Sequence[Verdict]) -> list[Sequence[RecognizedWord]]:
    """Return the words that contain the recognised letters of each verdict."""
    ends = list(accumulate(sum(map(len, plain(word.text))) for word in words))
    return [
        words[bisect_right(ends, verdict.first) : bisect_right(ends, verdict.end - 1) + 1]
        if verdict.first < verdict.end
        else ()
        for verdict in verdicts
    ]


def _text(words: Sequence[RecognizedWord]) -> str:
    return "".join(word.text for word in words)
