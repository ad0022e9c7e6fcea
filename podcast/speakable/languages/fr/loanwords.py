# SPDX-License-Identifier: GPL-3.0-or-later
"""Respell French words that engines mistake for English ones.

espeak-ng, which is also the phonemizer of Kokoro and Piper, switches to English in many words with `th` and in most
names that end in a consonant and `y`: it pronounces `rythme` like `rhythm`, `Sarthe` with an English th, and `Bercy`
with an English accent. Written with `t` and `i` they are French to every engine. Word parts that identify a French word
are in languages/fr/speaking.toml; single words are in languages/fr/lexicon.tsv.
"""

import re
from collections.abc import Mapping
from typing import Any

from podcast.speakable.engine import EDGE, END, Rule, any_of, rule

_TH = re.compile(r"(?i)(?<=t)h(?!i[aeou])")
"""A silent h; `tia` would be pronounced as in `initial`."""


def word_rules(tables: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules. They run last, as rules for numbers look at the nouns after them."""
    stems = any_of(tables["greek"].split())
    return (
        rule(
            rf"{EDGE}(?i:[^\W\d_]*(?:{stems})[^\W\d_]*){END}",
            lambda match: _TH.sub("", match[0]),
            needs="hH",
            starts=r"(?<![^\W_])[^\W\d_]*[tT][hH]",
        ),
        rule(
            rf"{EDGE}(?=[A-ZÀ-Þ])(?P<name>(?i:[^\W\d_]*(?:[éèêëôç][^\W\d_]*[bcdfgjklmnprstvz]"
            rf"|{any_of(tables['endings_y'].split())})))y{END}",
            lambda match: f"{match['name']}i",
            needs="y",
            starts=r"[A-ZÀ-Þ][^\W\d_]+y(?![^\W_])",
        ),
    )
