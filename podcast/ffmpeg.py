# SPDX-License-Identifier: GPL-3.0-or-later
"""ffmpeg: for what the libraries of this program cannot do, which is AAC and rare formats of music.

It is the one on PATH, else the one that comes with the package imageio-ffmpeg. Nothing else needs it.
"""

import shutil

from podcast.errors import AudioError
from podcast.packages.distribution import install

HOW = "install ffmpeg (apt install ffmpeg, brew install ffmpeg, winget install ffmpeg), or run: " + install("aac")


def path() -> str | None:
    """Return where ffmpeg is, or None if it is not here."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):  # not there, or without a program for this machine
        return None


def needed(what: str) -> str:
    """Return where ffmpeg is.

    Raises AudioError, saying that `what` needs it and how to get it.
    """
    found = path()
    if found is None:
        raise AudioError(f"{what} needs ffmpeg, which is not installed", hint=HOW)
    return found
