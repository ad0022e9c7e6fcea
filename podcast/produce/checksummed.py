# SPDX-License-Identifier: GPL-3.0-or-later
"""Readable JSON with a checksum, to detect bit rot: its last key, `digest`, is the SHA-256 of everything before it.

Without it, a flipped bit in a record would be published, for instance in a title.
"""

import hashlib
import re
from typing import TypeVar

import msgspec

T = TypeVar("T")

CHECKSUM = b',\n "digest": "%s"\n}\n'
DAMAGED_CHECKSUM = re.compile(rb'"digest"|[0-9a-f]{64}"\n\}\n\Z')
"""Matches a checksum in which one bit has flipped."""


def encode_checksummed(value: object) -> bytes:
    """Return a dataclass or mapping as JSON with a checksum."""
    body = msgspec.json.format(msgspec.json.encode(value), indent=1).removesuffix(b"\n}")
    return body + CHECKSUM % _digest(body)


def decode_checksummed(data: bytes, kind: type[T]) -> T:
    """Verify the checksum and return the value as `kind`. JSON without a checksum, from old versions, is accepted.

    Raises msgspec.DecodeError if the data is damaged.
    """
    try:
        return _verified(data, kind)
    except UnicodeDecodeError as error:  # msgspec lets it through
        raise msgspec.DecodeError(str(error)) from error


def _verified(data: bytes, kind: type[T]) -> T:
    length = len(CHECKSUM % _digest(b""))
    body, end = data[:-length], data[-length:]
    if end == CHECKSUM % _digest(body):
        return msgspec.json.decode(body + b"\n}", type=kind)
    if DAMAGED_CHECKSUM.search(end):
        raise msgspec.DecodeError("its checksum does not match its content")
    return msgspec.json.decode(data, type=kind)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
