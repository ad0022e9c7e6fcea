# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the voice server of benchmarks/peers.py. Standard library alone: it runs in the peers' environments."""

import json
import os
import urllib.request


def asked(text: str, pcm_hz: int = 0) -> bytes:
    """Return a text as spoken: MP3, or samples of 32-bit floats at a rate."""
    body = json.dumps({"text": text, "pcm_hz": pcm_hz}).encode()
    with urllib.request.urlopen(os.environ["STANDIN_VOICE"], data=body) as reply:  # noqa: S310 # loopback
        return bytes(reply.read())
