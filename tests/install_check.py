# SPDX-License-Identifier: GPL-3.0-or-later
"""Install what is published, as people do: python tests/install_check.py [--quick], or: make install-check.

The sdist and the wheel are built, and each is installed without the lock, with the oldest pip that is met in the wild
and with the newest, on every Python from 3.11 that is here. In each environment every reader reads a small file,
every local voice says a sentence, and the program examines itself; then it is uninstalled, and nothing may be left.
`--quick` does the wheel with the old pip on the running Python.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

import docx
from epubs import epub, page
from reportlab.pdfgen import canvas

ROOT = Path(__file__).parent.parent
OLD_PIP = "23.2.1"
"""The one that comes with Python 3.11.4 to 3.11.7 and 3.12.0 to 3.12.1."""
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
VOICES = ("kokoro/ff_siwis", "hibari/heart", "pico/fr", "espeak/de", "tone/low")
ABSENT = {"darwin": ("pico/fr",)}
"""System -> voices that there are none of."""
TEXT = "The tide rises twice a day, and the harbour lives by it. Boats leave at dawn and come back at noon. " * 12


class Failed(Exception):
    """A step did not do what it should."""


def told(kind: str) -> str:
    """Return the words of a small file; other ones for each, for the same article twice is one."""
    return f"{kind} is what this is. {TEXT}"


def sources(folder: Path) -> None:
    """Make a small file for each reader."""
    folder.mkdir()
    texts = {
        "text.txt": told("text"),
        "markdown.md": f"# Tides in Markdown\n\n{told('Markdown')}\n",
        "html.html": f"<html><body><article><h1>Tides in HTML</h1><p>{told('HTML')}</p></article></body></html>",
        "feed.xml": "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Sea</title>"
        "<language>en</language><item><title>Tides in a feed</title><guid isPermaLink='false'>1</guid>"
        f"<content:encoded>{told('feed')}</content:encoded></item></channel></rss>",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    book = {"a.xhtml": page(f"<h1>Tides in EPUB</h1><p>{told('EPUB')}</p>")}
    (folder / "epub.epub").write_bytes(epub(book, title="Tides in EPUB", language="en"))
    sheet = canvas.Canvas(str(folder / "pdf.pdf"))
    for i, sentence in enumerate(told("PDF").split(". ")):
        sheet.drawString(72, 720 - 14 * i, f"{sentence}.")
    sheet.save()
    word = docx.Document()
    word.add_heading("Tides in DOCX")
    word.add_paragraph(told("DOCX"))
    word.save(str(folder / "docx.docx"))


class Environment:
    """A fresh virtual environment, and what is done in it."""

    def __init__(self, folder: Path, python: str, pip: str) -> None:
        self.folder = folder
        bins = "Scripts" if os.name == "nt" else "bin"
        self.bin = folder / bins
        _run([python, "-m", "venv", str(folder)], folder.parent)
        newest = ["--upgrade", "pip"] if pip == "newest" else [f"pip=={pip}"]
        self.python("-m", "pip", "install", *newest)
        self.pip = self.python("-m", "pip", "--version").split()[1]

    def python(self, *arguments: str) -> str:
        """Run Python in it, and return what it prints."""
        return _run([str(self.bin / "python"), *arguments], self.folder)

    def podcast(self, *arguments: str) -> str:
        """Run the program in it, and return what it prints."""
        return _run([str(self.bin / "podcast"), *arguments], self.folder)

    def listed(self) -> set[str]:
        """Return what is installed in it, as files and folders of site-packages and programs."""
        code = "import sysconfig; print(sysconfig.get_path('purelib'))"
        site = Path(self.python("-c", code).strip())
        return {str(path.relative_to(self.folder)) for path in (*site.iterdir(), *self.bin.iterdir())}


def _run(command: Sequence[str], folder: Path) -> str:
    """Return what a command prints. Raises Failed with its last words; a traceback or a warning is a failure too."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PIP_CONSTRAINT"}}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, encoding="utf-8")
    name = " ".join([Path(command[0]).name, *command[1:]])
    if done.returncode or re.search(r"Traceback|\w+Warning:", done.stderr):
        raise Failed(f"{name}: exit code {done.returncode}: {done.stderr.strip()[-600:] or done.stdout.strip()[-600:]}")
    return done.stdout


def build(folder: Path) -> dict[str, Path]:
    """Build the sdist, and the wheel from it, as an index would get them."""
    for kind in ("sdist", "wheel"):
        code = f"import hatchling.build as b; b.build_{kind}({str(folder)!r})"
        unpacked = folder / "unpacked"
        if kind == "wheel":
            shutil.unpack_archive(next(folder.glob("*.tar.gz")), unpacked, **_safely())
        _run([sys.executable, "-c", code], next(unpacked.iterdir()) if kind == "wheel" else ROOT)
    return {"wheel": next(folder.glob("*.whl")), "sdist": next(folder.glob("*.tar.gz"))}


def _safely() -> Mapping[str, str]:
    """Return the filter for unpacking that Python 3.12 and later ask for."""
    return {"filter": "data"} if sys.version_info >= (3, 12) else {}


def examine(place: Environment, package: Path, articles: Path) -> str:
    """Install a package and use it; return how big that was."""
    place.python("-m", "pip", "install", str(package))
    place.python("-m", "pip", "check")
    version = place.podcast("--version")
    if package.name.split("-")[1].removesuffix(".tar.gz") not in version:
        raise Failed(f"podcast --version says {version!r}")
    place.podcast("doctor")
    _read(place, articles)
    for voice in VOICES:
        if voice in ABSENT.get(sys.platform, ()):
            continue
        file = place.folder / f"{voice.replace('/', '-')}.wav"
        place.podcast("say", "Twice a day.", "--voice", voice, "-o", str(file))
        if file.stat().st_size < 10_000:
            raise Failed(f"{voice} gave {file.stat().st_size} bytes")
    size = sum(path.stat().st_size for path in place.folder.rglob("*") if path.is_file())
    return f"{size / 1e6:.0f} MB"


def _read(place: Environment, articles: Path) -> None:
    """Turn the small files into scripts, all in one run."""
    show = place.folder / "show"
    options = ("--title", "Sea", "--language", "en", "--url", "https://sea.example.org/")
    place.podcast("init", str(show), *options)
    names = sorted(str(path) for path in articles.iterdir())
    place.podcast("--show", str(show), "script", *names)
    scripts = list((show / "scripts").glob("*.md"))
    said = [path for path in scripts if "harbour lives by it" in " ".join(path.read_text(encoding="utf-8").split())]
    if len(said) < len(names):
        raise Failed(f"{len(names)} sources gave {len(said)} scripts with their words")


def uninstalled(place: Environment) -> None:
    """Remove the program, and whatever came with it. Raises Failed if anything is left."""
    place.python("-m", "pip", "uninstall", "-y", "articlecast")
    site = {Path(name).name for name in place.listed()}
    if left := {name for name in site if re.match(r"podcast(\.exe)?$|articlecast", name)}:
        raise Failed(f"uninstalling leaves {', '.join(sorted(left))}")


def pythons() -> dict[str, str]:
    """Return the interpreters that are here, by version: those on PATH, then those of pyenv."""
    found: dict[str, str] = {}
    places = [shutil.which(f"python{version}") for version in VERSIONS]
    places += sorted(str(path) for path in Path.home().glob(".pyenv/versions/*/bin/python"))
    for place in (sys.executable, *places):
        code = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
        try:
            version = _run([str(place), "-c", code], Path.cwd()).strip() if place else ""
        except Failed:
            continue  # pyenv has a name for it, and nothing behind it
        if version.rpartition(".")[0] in VERSIONS:
            found.setdefault(version.rpartition(".")[0], str(place))
    return found


def base(python: str) -> str:
    """Return the interpreter that a virtual environment was made from."""
    return _run([python, "-c", "import sys; print(sys._base_executable)"], Path.cwd()).strip()


def one(folder: Path, python: str, pip: str, package: Path, articles: Path) -> tuple[str, str, bool]:
    """Return pip's version, the result in words, and whether it is good."""
    began = time.monotonic()
    try:
        place = Environment(folder, python, pip)
        size = examine(place, package, articles)
        uninstalled(place)
    except Failed as error:
        return pip, f"FAILED: {error}", False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return place.pip, f"ok, {size}, {time.monotonic() - began:.0f} s", True


def main() -> int:
    """Print a row for each environment; exit code 1 if one fails."""
    quick = "--quick" in sys.argv[1:]
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = {here: sys.executable} if quick else dict(sorted(pythons().items()))
    good = True
    with tempfile.TemporaryDirectory(prefix="install-check-") as name:
        room = Path(name)
        sources(room / "articles")
        packages = build(room)
        print(f"{'Python':8}{'pip':10}{'from':8}result", flush=True)
        for version, python in found.items():
            for pip in (OLD_PIP,) if quick else (OLD_PIP, "newest"):
                for kind in ("wheel",) if quick else packages:
                    ours = one(room / "env", base(python), pip, packages[kind], room / "articles")
                    print(f"{version:8}{ours[0]:10}{kind:8}{ours[1]}", flush=True)
                    good = good and ours[2]
    for version in VERSIONS if not quick else ():
        if version not in found:
            print(f"{version:8}{'':18}not on this machine", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
