# SPDX-License-Identifier: GPL-3.0-or-later
"""Feed nonsense to everything that reads: python tests/fuzz.py MINUTES [SEED].

Each reader, the script parser, show.toml, records, feeds that are taken over and transcripts get what is in tests/data,
cut, joined, with bits turned and with the words that trip parsers, until the CPU minutes are spent. They may refuse it
in words (a PodcastError); anything else, more than ten seconds of CPU, or 500 MB of memory is a finding: its bytes are
written to tests/data/fuzz/, where test_fuzz.py tries them in every run of the tests.
"""

import hashlib
import io
import random
import resource
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

import docx
from epubs import epub, page

from podcast import script
from podcast.config.load import load
from podcast.errors import PodcastError
from podcast.model import Episode
from podcast.produce.checksummed import encode_checksummed
from podcast.produce.records import Damaged, _decoded
from podcast.produce.release.manifest import Manifest
from podcast.publish import listing
from podcast.read import articles, subtitles
from podcast.read.feed import podcast_feed
from podcast.read.source import Source

DATA = Path(__file__).parent / "data"
FOUND = DATA / "fuzz"
SECONDS = 10
MEGABYTES = 500
TRIPS = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<![CDATA[", b"]]>", b"---\n"),
    *(b"```", b"[", b"](", b"> " * 50, b"<div>" * 200, b"\r", b"\xe2\x80\xae", b"99999999999999999999", b"-1", b"NaN"),
    *(
        b"{{",
        b"${",
        b"\\u0000",
        b"\xed\xa0\x80",
        b"[pause 1e999s]",
        b"**:**",
        b"![](",
        b"a" * 5000,
        b"\xc3",
        b"%PDF-",
        b"PK",
    ),
)
"""Words that trip parsers."""


SCRIPT = """\
---
title: T
guid: g
episode: 1
date: 2026-01-01T00:00:00+01:00
language: fr
speakers: {anna: {voice: tone/low, speed: 0.9}}
---
## A

B. [pause 1.5s] [D](say:d)

> C

**anna:** E

![](audio/x.flac)

***
"""


class TooLong(BaseException):
    """Something took more than SECONDS."""


def targets() -> dict[str, Callable[[bytes], object]]:
    """Return what reads, by the suffix of the files that it reads."""
    place = Path("/nonexistent")

    def reader(suffix: str) -> Callable[[bytes], object]:
        return lambda data: articles(Source(f"x{suffix}", Path(f"x{suffix}"), data, language="fr", title="T"))

    def toml(data: bytes) -> object:
        path = Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp") / f"fuzz-{time.time_ns()}.toml"  # noqa: S108
        path.write_bytes(data)
        try:
            return load(path)
        finally:
            path.unlink()

    def record(data: bytes) -> object:
        try:
            return _decoded(place, data, Episode)
        except Damaged:
            return _decoded(place, data, Manifest)

    kinds = (".md", ".rst", ".adoc", ".html", ".txt", ".xml", ".epub", ".pdf", ".docx")
    return {
        **{suffix: reader(suffix) for suffix in kinds},
        ".script": lambda data: script.parse(data.decode("utf-8", "replace"), "x", Path("x.md")),
        ".toml": toml,
        ".json": record,
        ".listing": lambda data: listing.decode(data, "x"),
        ".rss": lambda data: podcast_feed.read(data, name="x.xml", url="https://a.example/feed.xml"),
        ".vtt": lambda data: subtitles.cues(data, "vtt", "x"),
        ".srt": lambda data: subtitles.cues(data, "srt", "x"),
        ".cues": lambda data: (subtitles.cues(data, "json", "x"), subtitles.chapters(data, "x")),
    }


def seeds() -> dict[str, list[bytes]]:
    """Return whole files to begin from, by suffix."""
    found: dict[str, list[bytes]] = {suffix: [] for suffix in targets()}
    for path in sorted(DATA.rglob("*")):
        if path.is_file() and path.suffix in found and path.stat().st_size < 200_000:
            found[path.suffix].append(path.read_bytes())
    found[".epub"].append(epub({"a.xhtml": page("<h1>Un</h1><p>La mer répond.</p>")}, [("a.xhtml", "Un")]))
    document = docx.Document()
    document.add_heading("Un", 1)
    document.add_paragraph("La mer répond.")
    file = io.BytesIO()
    document.save(file)
    found[".docx"].append(file.getvalue())
    found[".rst"].append(
        b"La mer\n======\n\n:Author: A. B.\n\n.. note:: Une *note* [#f]_.\n\n* un\n* deux\n\n.. [#f] Fin.\n"
    )
    found[".adoc"].append(
        b"= La mer\nA. B.\n:toc:\n\n== Un\n\n[NOTE]\n====\nUne *note* footnote:[fin].\n====\n\n. un\n.. deux\n"
    )
    found[".script"].append(SCRIPT.encode())
    found[".toml"].append(
        (Path(__file__).parent / "support" / "helpers.py").read_bytes().partition(b'"""\\\n')[2].partition(b'"""')[0]
    )
    found[".json"] += [encode_checksummed(Manifest()), b'{"slug": "a"}']
    found[".listing"] += [listing.Listing("g", {"a": listing.Entry(1, "b", "2026-01-01")}).encode()]
    found[".rss"] += found[".xml"]
    found[".vtt"].append(b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000 align:start\n<v Anna>La mer\n\nNOTE x\n")
    found[".srt"].append(b"1\n00:00:01,000 --> 00:00:02,000\nLa mer\n\n2\n00:00:03,000 --> 00:00:04,000\nmonte\n")
    found[".cues"].append(b'{"version":"1.0.0","segments":[{"speaker":"a","startTime":1.5,"endTime":2,"body":"b"}]}')
    return {suffix: files or [b""] for suffix, files in found.items()}


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return what a bad copy, a bad editor or a bad person would make of a file."""
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.7:
        return _rezipped(data, others, chance)
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, end = sorted(chance.randrange(len(made) + 1) for _ in range(2))
        match chance.randrange(7):
            case 0 if made:
                made[at % len(made)] ^= 1 << chance.randrange(8)
            case 1:
                del made[at : min(end, at + 200)]
            case 2:
                made[at:at] = chance.choice(TRIPS)
            case 3:
                made[at:at] = made[at : min(end, at + 400)] * chance.choice((1, 2, 50))
            case 4:
                made = made[:at]
            case 5:
                other = chance.choice(others)
                made[at:end] = other[: len(other) // chance.randrange(1, 8)]
            case _:
                made[at:at] = bytes(chance.randrange(256) for _ in range(8))
    return bytes(made[:300_000])


def _rezipped(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a ZIP archive with one of its files changed: damage outside would be found by its checksum."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for item in old.infolist():
            body = old.read(item)
            new.writestr(item.filename, mutated(body, others, chance) if item.filename == chosen else body)
    return made.getvalue()


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TooLong if the block takes more CPU time: a machine that is busy elsewhere is no finding."""

    def ring(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def fault(read: Callable[[bytes], object], data: bytes) -> str:
    """Return what is wrong with how something is read; empty if it is read, or refused in words."""
    try:
        with within(SECONDS):
            read(data)
    except PodcastError as error:  # a reader that failed is worded too (podcast.packages.plugins), but remembers how
        return error.traceback.strip().rpartition("\n")[2][:200]
    except TooLong:
        return f"more than {SECONDS} s"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return f"{type(error).__name__}: {error}"[:200]
    return ""


def main(minutes: float, seed: int) -> int:
    """Search until the CPU minutes are spent; return how many findings there are."""
    chance, begun = random.Random(seed), time.process_time()  # noqa: S311 - repeatable on purpose
    readers, corpus = targets(), seeds()
    tries: Counter[str] = Counter()
    seen: set[str] = set()
    while time.process_time() - begun < minutes * 60:
        suffix = chance.choice([one for one in readers if one != ".pdf" or chance.random() < 0.05])
        data = mutated(chance.choice(corpus[suffix]), corpus[suffix], chance)
        tries[suffix] += 1
        if wrong := fault(readers[suffix], data):
            kind = f"{suffix} {wrong[:40]}"
            if kind not in seen:
                seen.add(kind)
                FOUND.mkdir(exist_ok=True)
                (FOUND / f"{hashlib.sha256(data).hexdigest()[:12]}{suffix}").write_bytes(data)
                sys.stderr.write(f"{suffix}: {wrong}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = ", ".join(f"{suffix} {count}" for suffix, count in sorted(tries.items()))
    sys.stdout.write(
        f"{minutes:g} CPU minutes, {sum(tries.values())} tries ({told}); peak {peak} MB; findings {len(seen)}\n"
    )
    return len(seen) + (peak > MEGABYTES)


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
