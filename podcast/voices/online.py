# SPDX-License-Identifier: GPL-3.0-or-later
"""The former name of `podcast.voices.http_service`, for engines of other packages."""

from podcast.voices.http_service import (
    CHECK_PORT as LOCAL,
)
from podcast.voices.http_service import (
    LONGEST_WAIT_S,
    MOST_FAILURES,
    REST_S,
    Answer,
    Patience,
    Service,
    T,
    address,
    wrap,
)
from podcast.voices.http_service import (
    LOOPBACK as HERE,
)
from podcast.voices.http_service import (
    MAX_BYTES as LARGEST,
)

__all__ = [
    "HERE",
    "LARGEST",
    "LOCAL",
    "LONGEST_WAIT_S",
    "MOST_FAILURES",
    "REST_S",
    "Answer",
    "Patience",
    "Service",
    "T",
    "address",
    "wrap",
]
