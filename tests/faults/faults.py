# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults, one function a kind: each disturbs copies of the show, one fault at a time, and yields how it went.

A function is given the bench and whether only a few are wanted. It yields a Result each, or raises Unavailable where
this machine cannot play the fault: such a row says so, and counts as nothing.
"""

import os
import random
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import COMMANDS, NOW, Bench, Result, Trial, outcome
from fakes.website import Page, Website
from killed import CRASHED, kill

SEED = 20
STALL_S = 10.0

Fault = Callable[..., Iterator[Result]]


class Unavailable(Exception):
    """This machine cannot play a fault, and why."""


def killed(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Kill -9 at random points."""
    kills = 2 if quick else 50
    done, shows, again = kill(bench.untouched, bench.length_s, kills, SEED, COMMANDS, inside="show")
    for number in range(done):
        yield Result("kill -9", f"at point {number + 1}", "", 0)
    for folder in shows:
        trial = Trial(bench, folder)
        result = trial.judge("kill -9", f"the show of {folder.name}")
        if again:
            result = Result("kill -9", "narrated twice", ", ".join(again[:3]), 0)
        if result.wrong:
            yield result
        trial.throw_away()


# --- disks --------------------------------------------------------------------------------------------------------


@contextmanager
def disk(place: Path, kib: int, *options: str) -> Iterator[None]:
    """Put a folder on a small disk of its own in memory, with what is in it."""
    kept = place.with_name(place.name + "-kept")
    place.rename(kept)
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", ",".join([f"size={max(kib, 64)}k", *options]), "faults", str(place)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        raise Unavailable(f"no disk can be mounted here: {done.stderr.decode().strip()}")
    try:
        shutil.copytree(kept, place, dirs_exist_ok=True)
        shutil.rmtree(kept)
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def remounted(place: Path, options: str) -> None:
    """Change a mounted disk: its size, or whether it can be written."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def full(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Fill the disk of the show, or of the target, at several points of the run; then make room."""
    need = sum(size for name, (_, size) in bench.outcome.items() if name.startswith("show/")) // 1024
    parts = (0.5,) if quick else [part / 16 for part in range(1, 16)]
    for where, share in [
        *(("show", part) for part in parts),
        *(("site", part) for part in parts[:: 1 if quick else 3]),
    ]:
        trial = bench.trial()
        place = trial.folder / where
        place.mkdir(exist_ok=True)
        with disk(place, round(need * share * (1.0 if where == "show" else 0.6))):
            code = trial.run()
            note = "" if code else "was not full"
            remounted(place, "size=200m")
            yield trial.judge("full disk", f"{where}, {share:.0%} of what it takes", code=code, note=note)
        trial.throw_away()


def read_only(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Take away the right to write, before anything and after all was made; then give it back."""
    places = ("show",) if quick else ("show", "show/audio", "show/scripts", "show/feed", "site")
    for where in places:
        for finished in (False, True):
            if finished and quick:
                continue
            trial = bench.trial(finished=finished)
            place = trial.folder / where
            place.mkdir(parents=True, exist_ok=True)
            if finished and where != "show":
                (trial.show / "feed" / "feed.xml").unlink(missing_ok=True)
            with disk(place, 100_000):
                remounted(place, "ro")
                code = trial.run()
                remounted(place, "rw")
                yield trial.judge("read-only", f"{where}, {'finished' if finished else 'new'} show", code=code)
            trial.throw_away()


# --- damage -------------------------------------------------------------------------------------------------------


def truncated(path: Path, chance: random.Random) -> None:
    """Cut a file short anywhere."""
    data = path.read_bytes()
    rewrite(path, data[: chance.randrange(len(data))])


def flipped(path: Path, chance: random.Random) -> None:
    """Turn one bit of a file."""
    data = bytearray(path.read_bytes())
    place = chance.randrange(len(data))
    data[place] ^= 1 << chance.randrange(8)
    rewrite(path, bytes(data))


def emptied(path: Path, _chance: random.Random) -> None:
    """Leave nothing of a file but its name, as a power cut may."""
    rewrite(path, b"")


def zeroed(path: Path, _chance: random.Random) -> None:
    """Leave zeros of a file's length, as a power cut may."""
    rewrite(path, bytes(path.stat().st_size))


def removed(path: Path, _chance: random.Random) -> None:
    """Remove a file."""
    path.unlink()


def rewrite(path: Path, data: bytes) -> None:
    """Write in place, as damage does: other names of the file see it too."""
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(data)


WAYS = (truncated, flipped, emptied, zeroed, removed)


def damaged(
    bench: Bench, fault: str, names: Sequence[str], times: int, before: Callable[[Trial], None] = lambda _trial: None
) -> Iterator[Result]:
    """Damage files of a finished show, each in each way; bits are turned and ends cut at several places."""
    chance = random.Random(f"{SEED} {fault}")  # noqa: S311 - repeatable on purpose
    for name in names:
        for way in WAYS if times else (flipped,):
            for _ in range(max(times, 1) if way in {truncated, flipped} else 1):
                trial = bench.trial(finished=True)
                before(trial)
                way(trial.folder / name, chance)
                yield trial.judge(fault, f"{way.__name__}: {name}")
                trial.throw_away()


def _chosen(bench: Bench, pattern: str, count: int) -> list[str]:
    """Return some of the files whose names match, always the same."""
    names = sorted(name for name in bench.outcome if re.search(pattern, name))
    return random.Random(SEED).sample(names, min(count, len(names)))  # noqa: S311 - likewise


def clips(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Damage what voices said, with all that was made of it gone, so that it is needed."""

    def forget(trial: Trial) -> None:
        for path in [*trial.show.glob("audio/clips/*/*.frames"), *trial.show.glob("audio/*.mp3")]:
            path.unlink()

    yield from damaged(bench, "clips", _chosen(bench, r"\.flac$", 1 if quick else 5), 0 if quick else 2, forget)


def mastered(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Damage mastered clips, mixed spans and covers, with the episodes gone, so that they are needed."""

    def forget(trial: Trial) -> None:
        for path in [*trial.show.glob("audio/*.mp3"), *trial.show.glob("audio/*-*.json")]:
            path.unlink()

    def forget_pictures(trial: Trial) -> None:
        forget(trial)
        for path in trial.show.glob("feed/art/*"):
            path.unlink()

    yield from damaged(bench, "mastered", _chosen(bench, r"\.frames$", 1 if quick else 4), 0 if quick else 2, forget)
    pictures = _chosen(bench, r"clips/.*\.(used|jpg)$", 0 if quick else 4)
    yield from damaged(bench, "pictures", pictures, 2, forget_pictures)


def sounds(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Damage finished episodes."""
    yield from damaged(bench, "episodes", _chosen(bench, r"audio/[^/]*\.mp3$", 1 if quick else 2), 0 if quick else 3)


def records(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Damage what the program knows: records of episodes, of the feed, of the target; caches."""
    names = _chosen(bench, r"audio/[^/]*\.json$", 9)
    names = names[:1] if quick else [*names, "show/audio/.scripts.json"]
    yield from damaged(bench, "records", names, 0 if quick else 4)


def feeds(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Damage what is to be published."""
    names = ["show/feed/feed.xml"] if quick else sorted(name for name in bench.outcome if name.startswith("show/feed/"))
    yield from damaged(bench, "feed", names, 0 if quick else 1)


def targets(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Lose or cut what was published; the next run sends it again."""
    names = [name for name in bench.outcome if name.startswith("site/") and name not in {"site/.podcast.json", FEED}]
    for name in names[:1] if quick else names:
        for way in (truncated,) if quick else (truncated, emptied, removed):
            trial = bench.trial(finished=True)
            way(trial.folder / name, random.Random(SEED))  # noqa: S311 - likewise
            yield trial.judge("target", f"{way.__name__}: {name}")
            trial.throw_away()


FEED = "site/feed.xml"
AGAIN = (("make", "-q"), ("publish", "--no-verify"))
"""Without the articles: a script that has lost its origin would be written a second time."""

OWNED = (
    "show/show.toml",
    "show/scripts/les-vagues-d-ete.md",
    "show/scripts/.published.json",
    "show/scripts/.drafts/the-tide.md",
    FEED,
    "site/.podcast.json",
)
"""What people write, or what nobody could make again: the program may refuse it, but never change it."""

RETIRED = ("show/audio/.feed.json", "site/.podcast.json", "show/audio/clips")


def owned(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Damage what the program must not repair by itself; then put it back, as from a checkout.

    A script that was cut is a script like another: what it says is made. With the old one back, all is as it was; what
    the feed had in between stays beside it for its time.
    """
    chance = random.Random(SEED)  # noqa: S311 - likewise
    for name in OWNED[1:2] if quick else OWNED:
        for way in WAYS[1:2] if quick else WAYS[:4] * 3:
            trial = bench.trial(finished=True)
            path = trial.folder / name
            good = path.read_bytes()
            way(path, chance)
            hurt = path.read_bytes()
            code = trial.run(AGAIN)
            changed = path.read_bytes() != hurt
            rewrite(path, good)
            if code == 0:  # it was read as another wish: undo that too, as a person would
                trial.run((("make", "-q", "--allow-audio"), ("publish", "--no-verify", "--allow-audio")))
            found = outcome(trial.folder)
            extra = [one for one in found if one not in bench.outcome or one.startswith(RETIRED)]
            result = trial.judge("owned", f"{way.__name__}: {name}", code=code, but=[*extra, *RETIRED])
            if changed and code:
                result = Result("owned", result.what, "was changed although it was refused", len(good))
            yield result
            trial.throw_away()


# --- surroundings -------------------------------------------------------------------------------------------------


def clock(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Set the clock back between the runs, and during one (libfaketime)."""
    if quick:
        return
    library = next((str(path) for path in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), "")
    if not library:
        raise Unavailable("libfaketime is not installed: apt-get install faketime")
    date = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(NOW + 30 * 86400))

    def at(moment: str) -> dict[str, str]:
        return {"LD_PRELOAD": library, "FAKETIME": moment, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}

    trial = _quickened(bench)
    code = trial.fresh(**at(f"@{date}")) or trial.fresh(**at("-400d"))
    yield trial.judge("clock", "a month after the articles, then 400 days back", code=code)
    trial = _quickened(bench)
    later = trial.fresh(COMMANDS[:1], **at("+400d")) or trial.fresh(COMMANDS[1:2])
    yield trial.judge("clock", "made 400 days ahead, published today", code=later)
    for step_s in (3600, 86400 * 400):
        trial = _quickened(bench)
        moment = trial.folder / "moment"
        moment.write_text("+0")
        stop = threading.Event()

        def wind(moment: Path = moment, stop: threading.Event = stop, step_s: int = step_s) -> None:
            back = 0
            while not stop.wait(0.4):
                back += step_s
                moment.write_text(f"-{min(back, 86400 * 500)}")

        winding = threading.Thread(target=wind)
        winding.start()
        environment = {**at(""), "FAKETIME_TIMESTAMP_FILE": str(moment), "FAKETIME_NO_CACHE": "1"}
        del environment["FAKETIME"]
        code = trial.fresh(**environment)
        stop.set()
        winding.join()
        yield trial.judge("clock", f"goes back {step_s // 3600} h every 0.4 s of the run", code=code)


def _quickened(bench: Bench) -> Trial:
    """Return a copy in which nothing sleeps: libfaketime 0.9.10 breaks time.sleep."""
    trial = bench.trial()
    trial.customise("import time; time.sleep = lambda _s: None")
    return trial


def locales(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Run in other locales, which libraries in C are told of too."""
    told = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower().split()
    wanted = [] if quick else ["C", "POSIX", "tr_TR.UTF-8", "de_DE.ISO-8859-1"]
    for name in wanted:
        trial = bench.trial()
        if name.lower().replace("-", "") not in {one.replace("-", "") for one in told}:
            built = trial.folder / "locales"
            built.mkdir()
            language, _, letters = name.partition(".")
            made = subprocess.run(
                ["localedef", "-i", language, "-f", letters, str(built / name)], capture_output=True, check=False
            )
            if made.returncode > 1:
                yield Result("locale", name, "", 0, "not run: apt-get install locales")
                continue
            environment = {"LOCPATH": str(built)}
        else:
            environment = {}
        trial.customise("import locale; locale.setlocale(locale.LC_ALL, '')")
        environment |= {
            "LC_ALL": name,
            "LANG": name,
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        }
        yield trial.judge("locale", name, code=trial.fresh(**environment))


def umask(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Run with masks that keep everyone else out, or nobody."""
    for mask in (0o077,) if quick else (0o077, 0o007, 0o000):
        trial = bench.trial()
        old = os.umask(mask)
        try:
            code = trial.run()
        finally:
            os.umask(old)
        yield trial.judge("umask", f"{mask:03o}", code=code)


NAMES = (
    *("two words", "it's", 'say "so"', "new\nline", "tab\there", "été 東京 🌊", "-dash", "100%", "$HOME `ls` ;"),
    *("#1 [a] {b}", "back\\slash", "x" * 200, "\u202egpj.exe", os.fsdecode(b"not-utf-8-\xff")),
)


def paths(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Have the show in folders with names that trip shells, lists and parsers."""
    for name in () if quick else NAMES:
        trial = bench.trial()
        place = trial.folder.with_name(f"{trial.folder.name} {name}") / name
        place.parent.mkdir()
        trial.folder.rename(place)
        moved = Trial(bench, place)
        yield moved.judge("path", ascii(name[:20]), code=moved.fresh())


# --- the network --------------------------------------------------------------------------------------------------


def stalls(bench: Bench, *, quick: bool) -> Iterator[Result]:
    """Let a web server be silent for ten seconds: before it answers, and in the middle of an article."""
    if quick:
        return
    pause_s = STALL_S
    html = "<!doctype html><html lang=fr><title>Le phare</title><article><h1>Le phare</h1>{}</article></html>".format(
        "".join(
            f"<p>Le gardien monte l’escalier {number} fois, et la lampe tourne dans la nuit claire.</p>"
            for number in range(9)
        )
    ).encode()

    def halting(write: Callable[[bytes], object]) -> None:
        write(html[: len(html) // 2])
        time.sleep(pause_s)
        write(html[len(html) // 2 :])

    def late(write: Callable[[bytes], object]) -> None:
        time.sleep(pause_s)
        write(html)

    with Website() as site:
        site.pages = {"/calm": Page(html), "/halting": Page(stream=halting), "/late": Page(stream=late)}
        calm = bench.trial()
        code = calm.run(_from(site, "calm"))
        if code:
            raise RuntimeError(calm.told)
        for name in ("late", "halting"):
            trial = bench.trial()
            code = trial.run(_from(site, name))
            result = trial.judge("network", f"article: {name}, {pause_s:.0f} s", code=code)
            if not result.wrong and _words(trial, name) != _words(calm, "calm"):
                result = Result("network", result.what, "the script is another one", 0)
            yield Result(*_without_own(bench, trial, result))
        yield from _stalled_looks(bench, pause_s)


def _from(site: Website, name: str) -> Sequence[Sequence[str]]:
    date = "2025-06-01"
    return (("make", "-q", "--allow-private", "--date", date, site.url(f"/{name}")),)


def _words(trial: Trial, name: str) -> str:
    path = next(trial.show.glob("scripts/*phare*.md"))
    return path.read_text("utf-8").replace(f"/{name}", "/").partition("\n---\n")[2]


def _without_own(bench: Bench, trial: Trial, result: Result) -> tuple[str, str, str, int]:
    """Return a result that looks at the episode of the web page only: the bench has none."""
    made = list(trial.show.glob("audio/*phare*.mp3"))
    crashed = result.wrong.startswith(("crashed", "the next run"))
    return result.fault, result.what, result.wrong if crashed else "" if made else "not made", 0


def _stalled_looks(bench: Bench, pause_s: float) -> Iterator[Result]:
    """Publish, and look at the public feed through a server that accepts and is silent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        stop = threading.Timer(pause_s, silent.close)
        trial = bench.trial()
        text = (trial.show / "show.toml").read_text("utf-8")
        (trial.show / "show.toml").write_text(
            text.replace("https://phare.example.org/podcast/", f"http://127.0.0.1:{port}/"), encoding="utf-8"
        )
        stop.start()
        code = trial.run((COMMANDS[0], ("publish",)))
        stop.cancel()
        sent = (trial.site / "feed.xml").exists()
        wrong = "crashed" if code == CRASHED else "the silent server was not told" if code == 0 else ""
        yield Result(
            "network",
            f"the host is silent for {pause_s:.0f} s after all is sent",
            wrong or ("" if sent else "not sent"),
            0,
        )


ALL: tuple[Fault, ...] = (
    killed, full, read_only, clips, mastered, sounds, records, feeds, targets, owned,
    clock, locales, umask, paths, stalls,
)  # fmt: skip
