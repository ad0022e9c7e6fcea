# SPDX-License-Identifier: GPL-3.0-or-later
"""Values -> JSON that a person can read and that says if it was damaged: its last key is the digest of all before.

A bit that turned in a record would otherwise be published as a title, or send a run looking for what never was.
"""

import hashlib
import re
from typing import TypeVar

import msgspec

T = TypeVar("T")

SEAL = b',\n "digest": "%s"\n}\n'
LIKE_A_SEAL = re.compile(rb'"digest"|[0-9a-f]{64}"\n\}\n\Z')
"""What is left of a seal in which one bit has turned."""


def encode_checksummed(value: object) -> bytes:
    """Return a dataclass or mapping as sealed JSON."""
    body = msgspec.json.format(msgspec.json.encode(value), indent=1).removesuffix(b"\n}")
    return body + SEAL % _digest(body)


def decode_checksummed(data: bytes, kind: type[T]) -> T:
    """Return the value that was sealed; what was written before there were seals is taken as it is.

    Raises msgspec.DecodeError if it is damaged.
    """
    try:
        return _unsealed(data, kind)
    except UnicodeDecodeError as error:  # msgspec lets it through
        raise msgspec.DecodeError(str(error)) from error


def _unsealed(data: bytes, kind: type[T]) -> T:
    length = len(SEAL % _digest(b""))
    body, end = data[:-length], data[-length:]
    if end == SEAL % _digest(body):
        return msgspec.json.decode(body + b"\n}", type=kind)
    if LIKE_A_SEAL.search(end):
        raise msgspec.DecodeError("its checksum does not match its content")
    return msgspec.json.decode(data, type=kind)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
