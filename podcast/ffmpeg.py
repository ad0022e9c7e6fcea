# SPDX-License-Identifier: GPL-3.0-or-later
"""Locate ffmpeg, which is only needed to encode AAC and to read unusual music formats.

The ffmpeg on PATH is used, else the one in the package imageio-ffmpeg.
"""

import shutil

from podcast.errors import AudioError
from podcast.packages.distribution import install

HOW = "install ffmpeg (apt install ffmpeg, brew install ffmpeg, winget install ffmpeg), or run: " + install("aac")


def path() -> str | None:
    """Return the path of ffmpeg, or None if it is not installed."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):  # not installed, or without a binary for this platform
        return None


def needed(what: str) -> str:
    """Return the path of ffmpeg.

    Raises AudioError, which says that `what` needs it and how to install it.
    """
    found = path()
    if found is None:
        raise AudioError(f"{what} needs ffmpeg, which is not installed", hint=HOW)
    return found
