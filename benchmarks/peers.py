# SPDX-License-Identifier: GPL-3.0-or-later
"""This program beside others on one article and one local voice: python benchmarks/peers.py [FOLDER].

Each peer is installed from PyPI into an environment of its own, below FOLDER (a temporary one by default). All speak
with the espeak-ng voice that we speak with: a server on loopback answers the peer that asks one, and the modules in
benchmarks/standins, which ask the same server, take the place of the libraries through which the others ask an online
voice (edge_tts) or weights from a hub (kokoro, torch). The voice's CPU time counts for all, its memory for us alone.
Peers that cannot run here are named with the reason; no figure is guessed.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lameenc
import mutagen
import numpy as np
import soxr
from lxml import etree

from podcast.voices import engine, find

VOICE = "espeak/en"
WORDS = (
    "The lamp turns above the rocks, and the sea answers every night. Nobody has climbed these stairs since spring. "
    "In 1936 the keeper counted 240 ships, 3.5 a day, and wrote each of them down. "
)
NOT_RUN = {"epub_to_audiobook": "not on PyPI"}
STANDINS = Path(__file__).parent / "standins"
REED_NEEDS = ("beautifulsoup4", "click", "ebooklib", "flask", "markdown-it-py", "markdownify", "numpy", "soundfile")
"""What reed-cli asks for, without its voice: torch 2.11, kokoro and misaki, which pip cannot bring together."""
PIP = ("venv/bin/pip", "install", "-q")
Row = dict[str, str]


def article(extra: str = "") -> str:
    """Return about four minutes of English."""
    parts = [f"## Part {number}\n\n{WORDS * 2}\n\n{WORDS}" for number in range(1, 7)]
    return "# The lighthouse\n\n" + "\n\n".join(parts) + f"\n\n{extra}\n"


class VoiceServer(BaseHTTPRequestHandler):
    """The protocol of a Piper server: JSON with a text in, MP3 out; or 32-bit floats, at a rate that is asked for."""

    def do_POST(self) -> None:
        """Speak."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sentences = [one for one in re.split(r"(?<=[.!?])\s+", asked["text"]) if one.strip()]
        speech = [engine("espeak", {}).speak(one, find(VOICE)) for one in sentences]
        samples, rate_hz = np.concatenate([one.samples for one in speech]), speech[0].rate_hz
        if wanted_hz := asked.get("pcm_hz"):
            body = soxr.resample(samples, rate_hz, wanted_hz).astype("<f4").tobytes()
        else:
            encoder = lameenc.Encoder()
            encoder.set_bit_rate(128)
            encoder.set_in_sample_rate(rate_hz)
            encoder.set_channels(1)
            body = bytes(encoder.encode((samples * 32767).astype("<i2").tobytes())) + bytes(encoder.flush())
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def voice_server() -> Iterator[str]:
    """Run a voice on loopback, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), VoiceServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def run(command: list[str], folder: Path, **environment: str) -> tuple[float, float]:
    """Run a command; return its CPU seconds with those of the voice server, and its memory at most, in MB."""
    before, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    done = subprocess.run(
        ["/usr/bin/env", sys.executable, "-c", MEASURE, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1][:160])
    peak_mb = int(done.stderr.rpartition("peak_kb=")[2]) / 1024
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + time.process_time() - own
    return cpu_s, peak_mb


MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
sys.stderr.write(f"peak_kb={resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
sys.exit(code)
"""


def heard(sound: Path) -> Row:
    """Return what ffmpeg and mutagen find in a file."""
    meter = subprocess.run(
        ["ffmpeg", "-nostats", "-i", str(sound), "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    summary = meter[meter.rindex("Summary:") :]
    tags = mutagen.File(sound).tags or {}
    return {
        "LUFS": re.search(r"I:\s+(\S+) LUFS", summary)[1],
        "dBTP": re.search(r"Peak:\s+(\S+) dBFS", summary)[1],
        "ID3 frames": str(len({key[:4] for key in tags})),
        "chapters": str(sum(key.startswith("CHAP") for key in tags)),
    }


PODCASTING_2 = "https://podcastindex.org/namespace/1.0"


def listed(feed: Path) -> Row:
    """Return how many kinds of tags a feed has."""
    tree = etree.parse(feed)
    names = {one.tag for one in tree.iter(etree.Element)}
    return {"feed tags": str(len(names)), "podcast: tags": str(sum(PODCASTING_2 in name for name in names))}


def ours(folder: Path) -> Row:
    """Measure this program."""
    (folder / "show.toml").write_text(
        '[show]\ntitle = "T"\nlanguage = "en"\nurl = "https://www.example.org/p/"\ndescription = "D"\nauthor = "A"\n'
        f'email = "a@example.org"\ncategory = "Science"\n[voices]\nen = "{VOICE}"\n', encoding="utf-8",
    )  # fmt: skip
    (folder / "article.md").write_text(article(), encoding="utf-8")
    podcast = [str(Path(sys.executable).with_name("podcast"))]
    cpu_s, peak_mb = run([*podcast, "make", "-q", "article.md"], folder)
    found = heard(next(folder.glob("audio/*.mp3"))) | listed(folder / "feed" / "feed.xml")
    script = next(folder.glob("scripts/*.md"))
    script.write_text(script.read_text("utf-8").replace("240 ships", "241 ships", 1), encoding="utf-8")
    again_s, _ = run([*podcast, "make", "-q"], folder)
    return {
        "who": "podcast",
        "CPU s": f"{cpu_s:.1f}",
        "MB": f"{peak_mb:.0f}",
        **found,
        "after an edit": f"{again_s:.1f} s, changed",
    }


def rss2podcast(folder: Path, python: str) -> Row:
    """Measure rss2podcast 0.19, which reads feeds and asks a Piper server."""
    subprocess.run([python, "-m", "venv", "venv"], cwd=folder, check=True)
    # lxml_html_clean: what it needs moved there, and it does not start without
    install = [*PIP, "rss2podcast==0.19.0", "lxml_html_clean"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)
    feed, state = folder / "in.xml", folder / "out"

    def write(text: str) -> None:
        body = "".join(f"&lt;p&gt;{part}&lt;/p&gt;" for part in text.split("\n\n"))
        feed.write_text(
            '<rss version="2.0"><channel><title>T</title><link>https://www.example.org/</link>'
            "<description>D</description><item><title>The lighthouse</title><guid>g1</guid><link>https://www.example.org/a</link>"
            f"<pubDate>Mon, 02 Jun 2025 08:00:00 +0000</pubDate><description>{body}</description></item>"
            "</channel></rss>",
            encoding="utf-8",
        )

    with voice_server() as address:
        command = [
            str(folder / "venv/bin/rss2podcast"), "--feed-url", str(feed), "--feed-name", "f", "--output-dir",
            str(state), "--url-root", "https://www.example.org/", "--tts-endpoint", address,
            "--voice", "en", "--no-fetch", "--description", "D", "--author", "A",
        ]  # fmt: skip
        write(article())
        cpu_s, peak_mb = run(command, folder)
        sound = next(state.rglob("*.mp3"))
        found, before = heard(sound) | listed(next(state.rglob("*.xml"))), sound.read_bytes()
        write(article().replace("240 ships", "241 ships", 1))
        again_s, _ = run(command, folder)
        changed = any(path.read_bytes() != before for path in state.rglob("*.mp3"))
    told = f"{again_s:.1f} s, {'changed' if changed else 'the edit is not noticed'}"
    return {
        "who": "rss2podcast 0.19.0",
        "CPU s": f"{cpu_s:.1f}",
        "MB": f"{peak_mb:.0f}",
        **found,
        "after an edit": told,
    }


def aloud(folder: Path) -> Row:
    """Measure aloud 0.1, which speaks with edge_tts and keeps its feed in a git repository."""
    subprocess.run([sys.executable, "-m", "venv", "venv"], cwd=folder, check=True)
    subprocess.run([*PIP, "--no-deps", "aloud==0.1.1"], cwd=folder, check=True, capture_output=True)
    show, settings = folder / "show", folder / "aloud" / "config.json"
    git = ["git", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", "--bare", "remote"], cwd=folder, check=True)
    subprocess.run([*git, "clone", "-q", "remote", "show"], cwd=folder, check=True, capture_output=True)
    subprocess.run(["git", "config", "push.autoSetupRemote", "true"], cwd=show, check=True)
    settings.parent.mkdir()
    told = {"feed_dir": str(show), "feed_url": "https://www.example.org", "speed": "+0%", "voice": "en"}
    settings.write_text(json.dumps(told), encoding="utf-8")
    names = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = [str(folder / "venv/bin/aloud"), "--output", "lighthouse.md"]
    with voice_server() as address:
        names |= {"PYTHONPATH": str(STANDINS), "STANDIN_VOICE": address, "XDG_CONFIG_HOME": str(folder)}
        return narrated("aloud 0.1.1", folder, lambda: run(command, folder, **names))


def reed(folder: Path, python: str) -> Row:
    """Measure reed-cli 0.4, which speaks with Kokoro and makes audiobooks, without a feed."""
    subprocess.run([python, "-m", "venv", "venv"], cwd=folder, check=True)
    subprocess.run([*PIP, "--no-deps", "reed-cli==0.4.0"], cwd=folder, check=True, capture_output=True)
    subprocess.run([*PIP, *REED_NEEDS], cwd=folder, check=True, capture_output=True)
    command = [str(folder / "venv/bin/reed"), "audiobook", "-i", "lighthouse.md", "--format", "mp3"]
    with voice_server() as address:
        names = {"PYTHONPATH": str(STANDINS), "STANDIN_VOICE": address}
        return narrated("reed-cli 0.4.0", folder, lambda: run(command, folder, **names))


def narrated(who: str, folder: Path, make: Callable[[], tuple[float, float]]) -> Row:
    """Measure a peer that makes one MP3 of lighthouse.md, and makes it again after an edit."""
    text = folder / "lighthouse.md"
    text.write_text(article(), encoding="utf-8")
    cpu_s, peak_mb = make()
    found = heard(next(path for path in folder.rglob("*.mp3") if "venv" not in path.parts))
    feed = next(folder.glob("show/feed.xml"), None)
    text.write_text(article().replace("240 ships", "241 ships", 1), encoding="utf-8")
    again_s, _ = make()
    return {
        "who": who,
        "CPU s": f"{cpu_s:.1f}",
        "MB": f"{peak_mb:.0f}",
        **found,
        **(listed(feed) if feed else {"feed tags": "no feed", "podcast: tags": ""}),
        "after an edit": f"{again_s:.1f} s, all of it again",
    }


def python_of(version: str) -> str:
    """Return a Python of a version; raises RuntimeError if there is none."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    done = subprocess.run(
        [f"python{version}", "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=False
    )
    if not found and done.returncode:
        raise RuntimeError(f"needs Python {version}, which is not here")
    return str(found[0]) if found else done.stdout.strip()


def main(folder: Path) -> None:
    """Measure, and print a table and what could not be run."""
    rows, missing = [], dict(NOT_RUN)
    for name, measure in {
        "podcast": ours,
        "rss2podcast 0.19.0": lambda place: rss2podcast(place, python_of("3.12")),
        "aloud 0.1.1": aloud,
        "reed-cli 0.4.0": lambda place: reed(place, python_of("3.13")),
    }.items():
        place = folder / name.partition(" ")[0]
        place.mkdir()
        try:
            rows.append(measure(place))
        except (RuntimeError, OSError, StopIteration, subprocess.CalledProcessError) as error:
            missing[name] = str(error) or type(error).__name__
    heads = list(rows[0])
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(row.get(head, '') for head in heads)} |" for row in rows]
    print("\n".join(lines))
    for name, why in missing.items():
        print(f"\nNot run: {name}: {why}.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
