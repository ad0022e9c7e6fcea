# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that cannot be imported: an error with the name of the package and the command that fixes it.

Packages are imported lazily. `needed` wraps work in which a failed import must not stop the rest: each source, each
episode, each round of watching, and finally the whole command.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from podcast.errors import PodcastError
from podcast.packages.distribution import install, repair

OURS = "podcast"

EXTRAS = {
    "asyncssh": "sftp",
    "obstore": "s3",
    "distributed": "cluster",
    "dask": "cluster",
    "imageio_ffmpeg": "aac",
    "faster_whisper": "listen",
    "ctranslate2": "listen",
    "huggingface_hub": "listen",
    "rapidfuzz": "listen",
}
"""Imported package -> the extra that contains it."""

DISTRIBUTIONS = {
    "PIL": "pillow",
    "audioop": "audioop-lts",
    "dateutil": "python-dateutil",
    "hibari": "hibari-tts",
    "markdown_it": "markdown-it-py",
    "pdfminer": "pdfminer.six",
    "pyaudioop": "audioop-lts",
    "webvtt": "webvtt-py",
    "yaml": "pyyaml",
}
"""Imported package -> its distribution, where the names differ by more than - and _."""


RUNTIME = "install the Microsoft Visual C++ Redistributable: winget install Microsoft.VCRedist.2015+.x64"
"""Hint for a system library on Windows that compiled packages need."""


@contextmanager
def needed(who: str, kind: type[PodcastError] = PodcastError) -> Iterator[None]:
    """Raise `kind` for a package that cannot be imported inside; `who` needs it, such as `page.html: the html reader`.

    A failed import of this program's own modules is a bug, and is raised unchanged.
    """
    try:
        yield
    except ImportError as error:
        raise unloadable(error, who, kind) from error


def unloadable(error: ImportError, who: str, kind: type[PodcastError] = PodcastError) -> PodcastError:
    """Return the error for a package that cannot be imported. Raises `error` itself if it is a bug of this program."""
    module = culprit(error)
    if module in {"", OURS}:
        raise error
    reason = " ".join(str(error).split()) or type(error).__name__
    return kind(lost(who, module, reason), hint=RUNTIME if "DLL load failed" in reason else fix(module))


def lost(who: str, module: str, reason: str) -> str:
    """Return the message for a module whose package cannot be imported."""
    return f"{who} needs the package {DISTRIBUTIONS.get(module, module)}, which cannot be loaded: {reason}"


def fix(module: str) -> str:
    """Return the hint that says how to install the package of a module."""
    if module in EXTRAS:
        return install(EXTRAS[module])
    if module in sys.stdlib_module_names and module not in DISTRIBUTIONS:
        return "it is part of Python: install a complete Python, then install the program again"
    return repair(DISTRIBUTIONS.get(module, module))


def culprit(error: ImportError) -> str:
    """Return the top-level name of the module that could not be imported; empty if not known.

    For an error without a name, the name is taken from its cause, or else from the module that raised it.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ImportError) and cause.name:
            return cause.name.partition(".")[0]
        cause = cause.__cause__ or cause.__context__
    trace, name = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        trace = trace.tb_next
    return str(name).partition(".")[0]


def in_words(line: str) -> ImportError | None:
    """Parse the last line of another process's traceback; return the ImportError, or None if it is another error."""
    found = re.match(r"(?:ModuleNotFoundError|ImportError): (.+)", line)
    if found is None:
        return None
    name = re.search(r"(?:No module named|import of|from) '?([\w.]+)", found[1])
    return ImportError(found[1], name=name[1] if name else None)
