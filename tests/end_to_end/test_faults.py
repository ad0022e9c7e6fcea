# SPDX-License-Identifier: GPL-3.0-or-later
"""A few of the faults of faults/ are played in each run of the tests; `python tests/faults/run.py` plays all."""

import json
import subprocess
import sys

import msgspec
import pytest
from helpers import TESTS
from hypothesis import given
from hypothesis import strategies as st

from podcast.produce.checksummed import decode_checksummed, encode_checksummed

RUN = TESTS / "faults" / "run.py"


def test_runs_that_were_disturbed_leave_what_undisturbed_ones_leave():
    """Killed, without room, unable to write, or with files damaged: the next run makes the same bytes, none is lost."""
    done = subprocess.run([sys.executable, str(RUN), "--quick", "--json"], check=False, capture_output=True, text=True)
    seen = json.loads(done.stdout)

    assert [one for one in seen["results"] if one["wrong"] or one["lost"]] == []
    assert len({one["fault"] for one in seen["results"]}) >= 9
    assert done.returncode == 0


@given(st.dictionaries(st.text(), st.text() | st.integers(0, 1 << 40), min_size=1), st.integers(0), st.integers(0, 7))
def test_one_bit_that_turns_in_a_record_is_noticed(value, place, bit):
    """A sealed record comes back as it was, or not at all."""
    data = bytearray(encode_checksummed(value))
    assert decode_checksummed(bytes(data), dict) == value
    data[place % len(data)] ^= 1 << bit

    with pytest.raises(msgspec.DecodeError):
        decode_checksummed(bytes(data), dict)


@given(st.dictionaries(st.text(), st.text(), min_size=1), st.integers(0))
def test_a_record_that_was_cut_is_noticed(value, place):
    """Wherever it was."""
    data = encode_checksummed(value)

    with pytest.raises(msgspec.DecodeError):
        decode_checksummed(data[: place % len(data)].rstrip(), dict)


def test_a_record_without_a_seal_is_read():
    """Those of earlier versions have none."""
    assert decode_checksummed(b'{"a": 1}\n', dict) == {"a": 1}
