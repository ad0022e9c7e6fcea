# SPDX-License-Identifier: GPL-3.0-or-later
"""Which packages each part of the program imports, and whether they can be loaded here: for `podcast doctor`.

Modules import packages where they need them, so that a reader or an engine which is found may still fail at work.
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
"""Entry point -> the modules that it imports."""

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
"""What is neither reader, voice nor target."""

OPTIONAL: Mapping[str, str] = {
    "cluster": "distributed",
    "listen": "faster_whisper rapidfuzz.distance",
    "aac": "imageio_ffmpeg",
}
"""Extra -> the modules of it that we import. One that is not installed is not missed."""


def installed(modules: str) -> bool:
    """Return True unless one of the modules is of an extra that is not installed."""
    tops = {module.partition(".")[0] for module in modules.split()}
    return all(find_spec(top) is not None for top in tops if top in EXTRAS)


def broken(who: str, modules: str) -> Iterator[PodcastError]:
    """Give an error for each package that cannot be loaded, among the modules that `who` imports."""
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
    except Exception as error:  # a package may say anything while it is imported, such as that a library is not there
        top = module.partition(".")[0]
        raise PodcastError(lost(who, top, str(error)), hint=fix(top)) from error
