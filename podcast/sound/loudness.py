# SPDX-License-Identifier: GPL-3.0-or-later
"""How loud sound is to a listener: ITU-R BS.1770-4, as Apple and the EBU ask for it.

Sound is K-weighted (as an ear hears it) and its energy kept for every 4 ms: six such steps fill an MP3 frame exactly,
and 25 of them a tenth of a second. So the loudness of an episode is summed from the steps of its parts, wherever they
lie, and no second pass over the sound is needed. `measure` reads a finished file, a second at a time, as an
independent check, and `judge` says no to one that missed the target.

A mono voice is always counted as it will be heard: in both channels, which is 3.01 LU more than in one.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from podcast.errors import AudioError
from podcast.model import RATE_HZ, Loudness, Speech
from podcast.sound import waveform
from podcast.sound.filters import Biquads
from podcast.sound.true_peak import BLOCK, Samples, true_peak_dbtp

if TYPE_CHECKING:
    from soundfile import SoundFile

TARGET_LUFS = -16.0
"""What Apple asks for, give or take 1 LU."""

TOLERANCE_LU = 0.5
"""How far a finished episode may be off."""

TRUE_PEAK_DBTP = -1.0
"""What Apple allows at most, in the encoded file."""

SILENT_LUFS = -60.0
"""What is softer than this for a tenth of a second is silence."""

STEP = 192
"""Samples whose energy is kept together: 4 ms."""

STEPS_PER_TENTH = 25
TENTH = STEPS_PER_TENTH * STEP
"""Samples in 100 ms, by which the blocks of BS.1770 move on."""

RING = 13
"""Steps (52 ms) in which the K-filter rings out, by more than 100 dB."""

# BS.1770-4, tables 1 and 2, at 48 kHz: the head's shelf, then the ear's high-pass
K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
K_FILTER = Biquads(K_WEIGHTING)


def energies(pcm: Samples) -> NDArray[np.float32]:
    """Return the K-weighted energy of each 4 ms, both channels summed, until the filter rings out; shape (steps,)."""
    steps = -(-len(pcm) // STEP) + RING
    channels = np.atleast_2d(pcm.T)
    if len(channels) == 2 and np.array_equal(channels[0], channels[1]):
        channels = channels[:1]
    total = np.zeros(steps)
    for channel in channels:
        padded = np.zeros(steps * STEP, np.float32)
        padded[: len(pcm)] = channel
        total += _KWeighting().energies(padded)
    return (total * (2 / len(channels))).astype(np.float32)  # mono is heard in both


def spread(steps: NDArray[np.float32], first_step: int, tenths: NDArray[np.float64]) -> None:
    """Add the energies of a sound that begins at `first_step` to those of each 100 ms of the whole."""
    places = (first_step + np.arange(len(steps))) // STEPS_PER_TENTH
    sums = np.bincount(places, weights=steps / STEPS_PER_TENTH, minlength=len(tenths))
    tenths += sums[: len(tenths)]


def gated_lufs(tenths: NDArray[np.float64]) -> float:
    """Return the integrated loudness of a run of energies of 100 ms each; -inf if nothing is audible.

    Blocks of 400 ms below -70 LUFS do not count, nor do those 10 LU under the mean of the others (BS.1770-4, 3.6).
    """
    if len(tenths) < 4:
        tenths = np.full(4, tenths.mean() if len(tenths) else 0.0)  # too short for a block: as if it went on
    blocks = np.convolve(tenths, np.full(4, 0.25), mode="valid")
    audible = blocks[blocks > _energy(-70.0)]
    if not len(audible):
        return -np.inf
    return _lufs(float(audible[audible > audible.mean() / 10].mean()))


def integrated_lufs(pcm: Samples) -> float:
    """Return the integrated loudness of a sound at 48 kHz; -inf if it is silent."""
    return clip_lufs(energies(pcm), len(pcm))


def clip_lufs(steps: NDArray[np.float32], samples: int) -> float:
    """Return the integrated loudness of a sound of which the energies are known; the last 100 ms count as begun."""
    tenths = np.zeros(max(1, round(samples / STEP / STEPS_PER_TENTH)))
    spread(steps, 0, tenths)
    return gated_lufs(tenths)


def speech_lufs(speech: Speech) -> float:
    """Return the integrated loudness of speech at any rate, as it is heard in both channels."""
    import soxr

    pcm: Samples = speech.samples.astype(np.float32)
    if speech.rate_hz != RATE_HZ:
        pcm = soxr.resample(pcm, speech.rate_hz, RATE_HZ)
    return integrated_lufs(pcm)


def measure(path: Path) -> Loudness:
    """Return how loud an encoded file of 48 kHz is, with one channel or two, decoded a second at a time.

    One channel counts once here, as every meter reads such a file: 3 LU less than it is heard.

    Raises AudioError if it is not such a file.
    """
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            if file.samplerate != RATE_HZ or file.channels > 2:
                raise AudioError(
                    f"has {file.channels} channels at {file.samplerate} Hz, must have 1 or 2 at 48000 Hz",
                    file=path.name,
                )
            return measure_parts(_seconds(file))
    except soundfile.SoundFileError as error:
        raise AudioError(
            f"cannot be decoded: {error}", file=path.name, hint="delete it and run: podcast make"
        ) from error


def _seconds(file: "SoundFile") -> Iterator[Samples]:
    while len(part := file.read(RATE_HZ, dtype="float32", always_2d=True)):
        yield part


def measure_parts(parts: Iterable[Samples]) -> Loudness:
    """Return how loud sound is that comes in parts of shape (n, channels); all but the last last whole 100 ms."""
    meter, tenths = LoudnessMeter(), [np.zeros(0)]
    for part in parts:
        whole: Samples = np.zeros((-(-len(part) // TENTH) * TENTH, part.shape[1]), np.float32)
        whole[: len(part)] = part
        meter.look_for_peaks(part)
        tenths.append(meter.energies(whole).reshape(-1, STEPS_PER_TENTH).mean(axis=1))
    return summed(np.concatenate(tenths), meter.peak_dbtp)


def summed(tenths: NDArray[np.float64], peak_dbtp: float) -> Loudness:
    """Return how loud sound is of which the energies of each 100 ms are known, and the highest peak."""
    return Loudness(round(gated_lufs(tenths), 2), round(peak_dbtp, 2), *_silences_ms(tenths), waveform.digits(tenths))


def _silences_ms(tenths: NDArray[np.float64]) -> tuple[int, int]:
    """Return how long nothing is heard at the beginning, and at most between two sounds, in steps of 100 ms."""
    audible = np.flatnonzero(tenths > _energy(SILENT_LUFS))
    if not len(audible):
        return len(tenths) * 100, 0
    return int(audible[0]) * 100, int((np.diff(audible) - 1).max(initial=0)) * 100


def target_lufs(channels: int) -> float:
    """Return what the meter has to read on a file: with one channel 3 LU less, which is heard as loud."""
    return TARGET_LUFS if channels == 2 else TARGET_LUFS - 3.0


def judge(measured: Loudness, name: str, *, channels: int = 2) -> None:
    """Raise AudioError if the episode `name` is not as loud as players expect, or peaks too high."""
    target = target_lufs(channels)
    if not abs(measured.integrated_lufs - target) <= TOLERANCE_LU:
        raise AudioError(
            f"loudness is {measured.integrated_lufs:.1f} LUFS, must be {target:g} ± {TOLERANCE_LU:g}",
            file=name,
            hint="lower gain_db in [music], or write a longer text: most of the episode may be music",
        )
    if measured.true_peak_dbtp > TRUE_PEAK_DBTP:
        raise AudioError(
            f"true peak is {measured.true_peak_dbtp:.1f} dBTP, must not exceed {TRUE_PEAK_DBTP:g}",
            file=name,
            hint="lower gain_db in [music], or use other music",
        )


class LoudnessMeter:
    """The K-weighted energy and the true peak (BS.1770-4) of sound that comes in parts of shape (n, channels)."""

    def __init__(self) -> None:
        self.mid, self.side = _KWeighting(), _KWeighting()
        self.before: Samples | None = None
        self.highest = -np.inf

    def energies(self, part: Samples) -> NDArray[np.float64]:
        """Return the K-weighted energy of each STEP of the next part, which is as long as some of them."""
        # half the sum and half the difference have half the energy; under a voice alone there is no difference
        middle = self.mid.energies((part[:, 0] + part[:, -1]) / np.float32(2))
        beside = self.side.energies((part[:, 0] - part[:, -1]) / np.float32(2))
        return np.asarray(part.shape[1] * (middle + beside))

    def look_for_peaks(self, part: Samples) -> None:
        """Look for true peaks in the next part."""
        # the end of the part before is looked at again, now that what follows is known
        before = np.zeros((2 * BLOCK, part.shape[1]), np.float32) if self.before is None else self.before
        joined = np.concatenate([before, part])
        self.highest = true_peak_dbtp(joined, known_dbtp=self.highest, cut=True)
        self.before = joined[-2 * BLOCK :]

    @property
    def peak_dbtp(self) -> float:
        """The highest true peak of all that was looked at, if it ends here."""
        if self.before is None:
            return -np.inf
        return true_peak_dbtp(np.concatenate([self.before, 0 * self.before]), known_dbtp=self.highest, cut=True)


class _KWeighting:
    """The K-filter of one channel, with its memory of what came before."""

    def __init__(self) -> None:
        self.memory = K_FILTER.silence
        self.rung_out = True

    def energies(self, channel: Samples) -> NDArray[np.float64]:
        """Return the mean square of each STEP of the next stretch, as the ear weighs it; shape (steps,)."""
        silent = not channel.any()
        if silent and self.rung_out:
            return np.zeros(len(channel) // STEP)
        self.rung_out = silent and len(channel) >= RING * STEP
        heard, self.memory = K_FILTER.filtered(channel.astype(np.float64), self.memory)
        rows = heard.reshape(-1, STEP)
        return np.asarray(np.einsum("ij,ij->i", rows, rows)) / STEP


def _energy(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _lufs(energy: float) -> float:
    return float(10 * np.log10(energy) - 0.691)
