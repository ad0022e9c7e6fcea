# SPDX-License-Identifier: GPL-3.0-or-later
"""What mastering costs: CPU of `podcast make` over CPU of a bare LAME encode of the same sound, and peak memory.

    .venv/bin/python benchmarks/mastering.py [VOICE [MINUTES…]]

All sentences are narrated before the clock starts. `cold` masters, mixes, measures and tags an episode of each length;
`one changed` does it again after one word has changed, that sentence narrated as well. `bare` is the decoded episode
through lameenc, alone, in the same run: the ratios are of user and system seconds of whole processes. Both are taken of
the longest episode up to an hour; those of four hours repeat the sentences of one. It takes some seven minutes, ends
with a verdict on each figure, and with exit code 1 if one is missed.
"""

import sys
import tempfile
from pathlib import Path

from memory import SCRIPT, SENTENCE, SHOW, run

BARE = """
import resource, sys
import lameenc, numpy as np, soundfile
pcm, rate = soundfile.read(sys.argv[1], dtype="int16")
encoder = lameenc.Encoder()
encoder.set_channels(2); encoder.set_in_sample_rate(rate); encoder.set_bit_rate(128); encoder.set_quality(3)
encoder.silence()
data = pcm.tobytes()
before = resource.getrusage(resource.RUSAGE_SELF)
encoder.encode(data); encoder.flush()
after = resource.getrusage(resource.RUSAGE_SELF)
open(sys.argv[2], "w").write(str(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
"""


def write(show: Path, minutes: int, paragraphs: int) -> Path:
    """Write a script; after an hour of sentences it begins again."""
    path = show / "scripts" / f"of-{minutes}.md"
    guid = f"3bf623e1-fd31-5b8d-be89-e5840df4{minutes:04d}"
    head = SCRIPT.format(minutes=minutes).replace("3bf623e1-fd31-5b8d-be89-e5840df4cec5", guid)
    head = head.replace("T06:00", f"T{minutes // 60:02d}:{minutes % 60:02d}")  # no two episodes have a date in common
    lines = [SENTENCE.format(number=number % 600) for number in range(paragraphs)]
    path.write_text(head + "\n" + "\n\n".join(lines) + "\n")
    return path


def forget_mastered(show: Path) -> None:
    """Remove everything but what the voice has said."""
    for path in (show / "audio" / "clips").rglob("*.frames"):
        path.unlink()


COLD, ONE, MB, SPREAD_MB = 2.1, 0.12, 200, 15
"""At most: cold and one changed over bare; the peak, and how far it may differ between lengths."""


def cold(podcast: str, show: Path, minutes: int) -> tuple[float, float]:
    """Make an episode of which all is narrated and nothing mastered; return what it took."""
    forget_mastered(show)
    (show / "audio" / f"of-{minutes}.json").unlink(missing_ok=True)
    return run(podcast, "make", "-q", f"of-{minutes}", folder=show)


def main(voice: str, lengths: list[int]) -> int:
    """Print the figures and the verdicts; return 1 if one is missed."""
    podcast = str(Path(sys.executable).with_name("podcast"))
    hour = max(length for length in lengths if length <= 60)
    with tempfile.TemporaryDirectory() as name:
        show = Path(name)
        (show / "show.toml").write_text(SHOW.replace("tone/low", voice))
        (show / "scripts").mkdir()
        scripts = {minutes: write(show, minutes, minutes * 10) for minutes in lengths}
        run(podcast, "make", "-q", f"of-{hour}", folder=show)
        took = {minutes: cold(podcast, show, minutes) for minutes in lengths}
        sound, seconds = show / "audio" / f"of-{hour}.mp3", show / "bare.txt"
        run(sys.executable, "-c", BARE, str(sound), str(seconds), folder=show)
        bare = float(seconds.read_text())
        scripts[hour].write_text(scripts[hour].read_text().replace("number 30 ", "number thirty "))
        one, _ = run(podcast, "make", "-q", f"of-{hour}", folder=show)
        played = {minutes: (show / "audio" / f"of-{minutes}.mp3").stat().st_size / 16_000 / 60 for minutes in lengths}
    peaks = [peak for _, peak in took.values()]
    print(f"{voice}, CPU seconds   bare LAME {bare:.1f} for {played[hour]:.1f} min   one changed {one:.1f}")
    for minutes, (spent, peak) in took.items():
        print(f"  cold {played[minutes]:6.1f} min   {spent:6.1f} s   peak {peak:.0f} MB")
    verdicts = (
        ("cold over bare", took[hour][0] / bare, COLD),
        ("one changed over bare", one / bare, ONE),
        ("peak MB", max(peaks), MB),
        ("peak MB, longest less shortest", took[max(lengths)][1] - took[min(lengths)][1], SPREAD_MB),
    )
    for what, value, most in verdicts:
        print(f"{'met   ' if value <= most else 'MISSED'}  {what}: {value:.3g}, at most {most:g}")
    return int(any(value > most for _, value, most in verdicts))


if __name__ == "__main__":
    given = [int(minutes) for minutes in sys.argv[2:]]
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "espeak/en", given or [6, 60, 240]))
