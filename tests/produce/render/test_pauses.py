# SPDX-License-Identifier: GPL-3.0-or-later
"""The silences of a finished file are those that show.toml and the script ask for; speakers have their voices."""

from itertools import pairwise

import numpy as np
import soundfile
from helpers import edit

from podcast import produce
from podcast.config.load import load
from podcast.produce import records
from podcast.progress import Quiet

PAUSES = """\
[pauses]
sentence_ms = 300
paragraph_ms = 700
item_ms = 500
quote_ms = 900
heading_ms = 1100
before_heading_ms = 1500
long_ms = 2100

[music]
intro = ""
outro = ""

[voices]"""

SCRIPT = """\
---
title: Le sel
guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5
date: 2026-11-23T06:00:00+01:00
language: fr
speakers: {quote: tone/high, anna: {voice: tone/high, speed: 1.2}}
---

La mer est grande. Elle est calme.

Le vent tombe ici.

- Le sel reste.

> La pluie revient.

**Anna:** Bonne nuit.

***

La lune monte. [pause 1.7s] Elle brille.

## La nuit

Le phare tourne.
"""

EXPECTED = [300, 700, 700, 500, 900, 2100, 1700, 1500, 1100]
"""After each sentence of the script but the last, in milliseconds."""


def test_pauses_are_heard_as_they_were_asked_for(workspace):
    """Between two sentences the file is silent for that long, to a frame and what is kept of a voice's own silence."""
    edit(workspace.show, "[voices]", PAUSES)
    workspace.scripts.mkdir()
    workspace.script("le-sel").write_text(SCRIPT, encoding="utf-8")
    show = load(workspace.show)
    with workspace.lock():
        meant = produce.scripts_of(workspace, show, ["le-sel"], produce.Intake())
        _, failures = produce.make(workspace, show, meant.scripts, progress=Quiet())
    assert failures == []
    episode = records.load(workspace, "le-sel")
    pcm, rate = soundfile.read(workspace.sound("le-sel"))
    level = np.abs(pcm).max(axis=1)

    gaps = [after.start_ms - cue.end_ms for cue, after in pairwise(episode.cues)]
    assert [round(gap / 50) * 50 for gap in gaps] == EXPECTED
    for (cue, after), wanted_ms in zip(pairwise(episode.cues), EXPECTED, strict=True):
        between = level[(cue.end_ms - 200) * rate // 1000 : (after.start_ms + 200) * rate // 1000]
        loud = np.flatnonzero(between > 0.01)
        silent_ms = float(np.diff(loud).max()) * 1000 / rate
        assert wanted_ms - 30 < silent_ms < wanted_ms + 110
    assert episode.voices == ("tone/low", "tone/high")
    assert {cue.text: cue.speaker for cue in episode.cues if cue.speaker} == {"Bonne nuit.": "Anna"}
