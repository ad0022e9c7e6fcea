# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the model of English homographs, and write podcast/languages/en/homograph_weights.tsv.

    python benchmarks/train_homographs.py CORPUS

CORPUS is a checkout of google-research-datasets/WikipediaHomographData; only data/train is used, so that data/eval can
measure the result, which is printed. Logistic regression by AdaGrad: the same corpus gives the same bytes.
"""

import csv
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from podcast import languages
from podcast.pronunciation.english import WEIGHTS, candidates, features, keys

ROUNDS, RATE, DECAY = 15, 0.05, 0.01
RARE = 2
"""Features that occur in fewer examples are left out."""
SMALL = 0.15
"""Weights below it are left out."""

HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# English: weights of the model of homographs (pronunciation/english.py), made by benchmarks/train_homographs.py.
# Derived from WikipediaHomographData, copyright Google LLC, Apache License 2.0: see homograph_weights.LICENSE.
"""

Example = tuple[int, Sequence[Sequence[str]]]
"""Index of the right reading, and the names of the weights of each reading."""


def main(corpus: Path) -> None:
    """Train, write the weights, and print the accuracy."""
    examples = list(_examples(corpus / "data" / "train"))
    known = Counter(key for _, names in examples for key in {key for one in names for key in one})
    frequent = {key for key, count in known.items() if count >= RARE}
    weights = _trained(
        [(right, [[key for key in one if key in frequent] for one in names]) for right, names in examples]
    )
    kept = {key: round(weight, 2) for key, weight in weights.items() if abs(weight) >= SMALL}
    rows = "".join(f"{key}\t{weight:g}\n" for key, weight in sorted(kept.items()))
    (languages.ROOT / "en" / WEIGHTS).write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    print(f"{len(kept)} weights, accuracy {_accuracy(list(_examples(corpus / 'data' / 'eval')), kept):.1%}")


def _examples(folder: Path) -> Iterator[Example]:
    """Yield the examples of all files, in order."""
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                sentence, start, end = row["sentence"].encode(), int(row["start"]), int(row["end"])
                before, word, after = (
                    part.decode() for part in (sentence[:start], sentence[start:end], sentence[end:])
                )
                readings = candidates()[row["homograph"].lower()]
                shared, own = features(before, word, after)
                right = [reading.name for reading in readings].index(row["wordid"])
                yield right, [list(keys(reading, shared, own)) for reading in readings]


def _trained(examples: list[Example]) -> Mapping[str, float]:
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(float)
    shuffled = random.Random(1)  # noqa: S311 - for the order of examples
    for _ in range(ROUNDS):
        shuffled.shuffle(examples)
        for right, names in examples:
            scores = [sum(weights[key] for key in one) for one in names]
            powers = [math.exp(score - max(scores)) for score in scores]
            for place, one in enumerate(names):
                error = powers[place] / sum(powers) - (place == right)
                for key in one if abs(error) >= 1e-3 else ():
                    step = error + DECAY * weights[key]
                    squares[key] += step * step
                    weights[key] -= RATE * step / math.sqrt(squares[key] + 1e-8)
    return weights


def _accuracy(examples: Sequence[Example], weights: Mapping[str, float]) -> float:
    """Return the part of the examples whose reading is right."""
    scores = [[sum(weights.get(key, 0.0) for key in one) for one in names] for _, names in examples]
    return sum(right == line.index(max(line)) for (right, _), line in zip(examples, scores, strict=True)) / len(
        examples
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
