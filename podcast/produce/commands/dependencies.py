# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that each part of the program imports, and whether they can be imported here: for `podcast doctor`.

Packages are imported lazily, so that a reader or an engine that loads may still fail when it is used.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec

from podcast.errors import PodcastError
from podcast.packages.imports import EXTRAS, fix, lost, unloadable

READERS: Mapping[str, str] = {
    "text": "ftfy py3langid dateparser trafilatura.utils webvtt",
    "markdown": "markdown_it mdit_py_plugins.footnote yaml",
    "html": "lxml.html trafilatura trafilatura.metadata",
    "feed": "feedparser lxml.etree",
    "epub": "lxml.html",
    "pdf": "pdfminer.pdfpage pdfminer.converter pdfminer.pdfinterp",
    "docx": "mammoth lxml.html",
}
"""Entry point -> modules that it imports."""

VOICES: Mapping[str, str] = {
    "kokoro": "numpy onnxruntime espeakng_loader",
    "hibari": "numpy onnxruntime hibari.g2p",
    "pico": "numpy py_nanotts",
    "espeak": "numpy espeakng_loader",
    "gtts": "gtts gtts.lang urllib3 certifi stamina soundfile",
    "openai": "urllib3 certifi stamina soundfile",
    "piper": "numpy onnxruntime espeakng_loader",
    "tone": "numpy",
}

TARGETS: Mapping[str, str] = {"folder": "", "rclone": "", "sftp": "asyncssh", "s3": "obstore obstore.store"}

PARTS: Mapping[str, str] = {
    "scripts": "babel.dates unicode_rbnf anyascii sentencex merge3 tomlkit nh3 msgspec filelock dateutil.rrule",
    "audio": "soundfile soxr lameenc pydub mutagen.id3",
    "feed and pages": "feedgen.feed feedgen.entry lxml.etree PIL.Image PIL.ImageFont jinja2 markupsafe",
    "web": "urllib3 certifi stamina",
    "podcast serve": "starlette.applications starlette.staticfiles uvicorn segno",
    "podcast watch": "watchfiles",
    "terminal": "click rich.console rich.progress",
}
"""Other parts of the program -> modules that they import."""

OPTIONAL: Mapping[str, str] = {
    "cluster": "distributed",
    "listen": "faster_whisper rapidfuzz.distance",
    "aac": "imageio_ffmpeg",
}
"""Extra -> its modules that the program imports; an extra may be absent."""


def installed(modules: str) -> bool:
    """Return True unless one of the modules belongs to an extra that is not installed."""
    tops = {module.partition(".")[0] for module in modules.split()}
    return all(find_spec(top) is not None for top in tops if top in EXTRAS)


def broken(who: str, modules: str) -> Iterator[PodcastError]:
    """Yield an error for each package that cannot be imported, among the modules that `who` imports."""
    found = set()
    for module in modules.split():
        try:
            _load(module, who)
        except PodcastError as error:
            if error.message not in found:
                found.add(error.message)
                yield error


def _load(module: str, who: str) -> None:
    try:
        import_module(module)
    except ImportError as error:
        raise unloadable(error, who) from error
    except (
        Exception
    ) as error:  # a package may raise anything while it is imported, such as for a missing system library
        top = module.partition(".")[0]
        raise PodcastError(lost(who, top, str(error)), hint=fix(top)) from error
