# SPDX-License-Identifier: GPL-3.0-or-later
"""RFCs: boilerplate sections are not read."""

import pytest
from texts import cases


@pytest.mark.parametrize("case", cases("plain/rfc"), ids=str)
def test_an_rfc_is_read_as_its_case_says(case):
    """See tests/data/plain/rfc; each case states what it guarantees."""
    assert case.read() == case.expected
