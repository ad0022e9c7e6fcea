# SPDX-License-Identifier: GPL-3.0-or-later
"""Printed pages: headers, footers and page numbers are not read."""

import pytest
from texts import cases


@pytest.mark.parametrize("case", cases("plain/pagination"), ids=str)
def test_pages_are_read_as_their_case_says(case):
    """See tests/data/plain/pagination; each case states what it guarantees."""
    assert case.read() == case.expected
