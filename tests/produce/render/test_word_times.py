# SPDX-License-Identifier: GPL-3.0-or-later
"""The times of words on their whole way: from the voice through clips and mastering into records and transcripts."""

import io
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from helpers import edit

from podcast import alignment, produce
from podcast.config.load import load
from podcast.model import Cue
from podcast.produce import records
from podcast.progress import Quiet
from podcast.workspace import Workspace

TEXT = "# Le sel\n\nLe sel coûte 3,5 M€ en mer.\n\nLa pluie creuse la roche.\n"


def make(place: Workspace, name: str = "sel.md") -> tuple[Cue, ...]:
    """Make the episode of the text, and return its cues."""
    (place.root / name).write_text(TEXT, encoding="utf-8")
    show = load(place.show)
    with place.lock():
        meant = produce.scripts_of(place, show, [name], produce.Intake())
        _, failures = produce.make(place, show, meant.scripts, progress=Quiet())
    assert [*meant.failures, *failures] == []
    episode = records.load(place, "le-sel")
    assert episode is not None
    return episode.cues


@pytest.fixture
def cues(workspace) -> tuple[Cue, ...]:
    """Give the cues of an episode without music."""
    edit(workspace.show, "[voices]", '[music]\nintro = ""\noutro = ""\n\n[voices]')
    return make(workspace)


def segments(place: Workspace) -> list[dict[str, object]]:
    """Return what the newest JSON transcript of the one episode says."""
    path = max(place.feed.glob("transcripts/*.json"), key=lambda path: path.stat().st_mtime_ns)
    found: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["segments"]
    return found


def test_each_word_is_in_the_transcript_at_its_time(workspace, cues):
    """Segments of the JSON are words; a number that was rewritten is one; together they are the text, in order."""
    words = [word for cue in cues for word in alignment.unpack(cue)]

    assert "3,5 M€" in [word.text for word in words]
    assert " ".join(word.text for word in words) == " ".join(cue.text for cue in cues)
    assert segments(workspace) == [
        {"startTime": word.start_ms / 1000, "endTime": word.end_ms / 1000, "body": word.text} for word in words
    ]
    for cue in cues:
        times = [ms for word in alignment.unpack(cue) for ms in (word.start_ms, word.end_ms)]
        assert cue.start_ms <= times[0]
        assert times == sorted(times)
        assert times[-1] <= cue.end_ms


def test_words_are_heard_in_the_finished_file_at_their_times(workspace, cues):
    """In the decoded MP3 each word of tones is heard at its time, and between words there is silence."""
    pcm, rate = soundfile.read(workspace.sound("le-sel"))
    level = np.abs(pcm).max(axis=1)

    def loudest(start_ms: int, end_ms: int) -> float:
        return float(level[start_ms * rate // 1000 : end_ms * rate // 1000].max() / level.max())

    words = [word for cue in cues for word in alignment.unpack(cue)]
    silences = [(a.end_ms, b.start_ms) for a, b in pairwise(words) if b.start_ms > a.end_ms + 10]

    assert len(silences) > 3
    for word in words:
        assert loudest(word.start_ms + 5, word.start_ms + 60) > 0.2, word
        assert loudest(word.end_ms - 60, word.end_ms - 5) > 0.2, word
    for start_ms, end_ms in silences:
        assert loudest(start_ms + 4, end_ms - 4) < 0.05, (start_ms, end_ms)


def test_clips_from_before_words_had_times_are_used_as_they_are(workspace, cues):
    """Nothing is narrated again for their sake: sentences have times, words have none."""
    assert any(cue.words for cue in cues)
    for path in workspace.clips.rglob("*.flac"):
        pcm, rate = soundfile.read(path, dtype="int16")
        file = io.BytesIO()
        soundfile.write(file, pcm, rate, format="FLAC", subtype="PCM_16")
        path.write_bytes(file.getvalue())
    kept = {path: path.read_bytes() for path in workspace.clips.rglob("*.flac")}
    for path in [*workspace.clips.rglob("*.frames"), workspace.record("le-sel")]:
        path.unlink()
    again = make(workspace)

    assert {path: path.read_bytes() for path in workspace.clips.rglob("*.flac")} == kept
    assert [cue.words for cue in again] == [""] * len(again)
    assert [(cue.text, cue.start_ms, cue.end_ms) for cue in again] == [(c.text, c.start_ms, c.end_ms) for c in cues]
    assert [segment["body"] for segment in segments(workspace)] == [cue.text for cue in again]


def test_the_same_sentence_shown_otherwise_has_words_of_its_own(workspace):
    """Two sentences that are said alike share a clip, not their wording."""
    Path("sel.md").write_text("# Le sel\n\nIl y en a 3.\n\nIl y en a trois.\n", encoding="utf-8")
    show = load(workspace.show)
    with workspace.lock():
        meant = produce.scripts_of(workspace, show, ["sel.md"], produce.Intake())
        produce.make(workspace, show, meant.scripts, progress=Quiet())
    cues = records.load(workspace, "le-sel").cues
    told = [" ".join(word.text for word in alignment.unpack(cue)) for cue in cues]

    assert {"Il y en a 3.", "Il y en a trois."} <= set(told)
