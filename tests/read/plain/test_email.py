# SPDX-License-Identifier: GPL-3.0-or-later
"""E-mails: header and signature are not read."""

import pytest
from texts import cases


@pytest.mark.parametrize("case", cases("plain/email"), ids=str)
def test_an_email_is_read_as_its_case_says(case):
    """See tests/data/plain/email; each case states what it guarantees."""
    assert case.read() == case.expected
