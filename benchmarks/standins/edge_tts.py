# SPDX-License-Identifier: GPL-3.0-or-later
"""In place of edge-tts, whose voices are online: as much of it as aloud calls."""

from pathlib import Path

from asked import asked


class Communicate:
    """A text to be spoken."""

    def __init__(self, text: str, **_settings: str) -> None:
        """Keep the text; voice and rate are those of the server."""
        self.text = text

    async def save(self, path: str) -> None:
        """Write it as MP3."""
        Path(path).write_bytes(asked(self.text))  # noqa: ASYNC240 # nothing else waits
