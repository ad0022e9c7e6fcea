# SPDX-License-Identifier: GPL-3.0-or-later
"""What fuzz.py has found stays fixed: data/fuzz/ has the bytes, their suffix says what reads them."""

import pytest
from fuzz import FOUND, fault, targets

READERS = targets()


@pytest.mark.parametrize("path", sorted(FOUND.iterdir()), ids=lambda path: path.name)
def test_nonsense_is_read_or_refused_in_words(path):
    """No trace, in seconds."""
    assert fault(READERS[path.suffix], path.read_bytes()) == ""
