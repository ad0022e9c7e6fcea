# SPDX-License-Identifier: GPL-3.0-or-later
"""Chats, subtitles and interviews: one paragraph for each turn of a speaker."""

import pytest
from texts import cases


@pytest.mark.parametrize("case", cases("plain/chat"), ids=str)
def test_a_conversation_is_read_as_its_case_says(case):
    """See tests/data/plain/chat; each case states what it guarantees."""
    assert case.read() == case.expected
