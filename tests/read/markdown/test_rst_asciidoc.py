# SPDX-License-Identifier: GPL-3.0-or-later
"""reStructuredText and AsciiDoc: the text without its markup."""

import pytest
from texts import cases


@pytest.mark.parametrize("case", cases("markdown/rst_asciidoc"), ids=str)
def test_a_manual_is_read_as_its_case_says(case):
    """See tests/data/markdown/rst_asciidoc; each case states what it guarantees."""
    assert case.read() == case.expected
