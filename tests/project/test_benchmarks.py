# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks of spoken text run on corpora laid out as they say."""

import subprocess
import sys

import pytest
from helpers import ROOT

NEMO = "NeMo-text-processing/tests/nemo_text_processing/en/data_text_normalization/test_cases_cardinal.txt"
CORPORA = {
    "rows/en.tsv": "There are 3 cats.\tThere are three cats.\tnumbers\nIt has 4 legs.\tIt has five legs.\tnumbers\n",
    NEMO: "12~twelve\n7~seven hundred\n8~ate\n",
    "odd/en.tsv": "cardinal\t8\tate\tmisspelt\n",
    "google/en.tsv": "PLAIN\tIt weighs\t<self>\nMEASURE\t5 kg\tfive kilograms\nPUNCT\t.\tsil\n<eos>\t<eos>\t\n",
    "WikipediaHomographData/data/wordids.tsv": '"homograph"\t"wordid"\t"label"\t"pronunciation"\n'
    '"bow"\t"bow_ship"\t"noun"\t"\'baʊ"\n"bow"\t"bow_arrow"\t"noun"\t"\'boʊ"\n',
    "WikipediaHomographData/data/eval/bow.tsv": '"homograph"\t"wordid"\t"sentence"\t"start"\t"end"\n'
    '"bow"\t"bow_arrow"\t"She drew the bow and shot an arrow."\t"13"\t"16"\n',
    "phonemes/fr.tsv": "homographs\tIl est là.\tilɛla\nhomographs\tIl est là.\tilɛstla\n",
    "UD_English-EWT/en_ewt-ud-test.conllu": "# newdoc\n# text = The lamp turns.\n\n# text = The sea answers.\n\n",
    "pySBD/tests/lang/test_english.py": 'RULES = [("He is. It is.", ["He is.", "It is."]), ("He. It", ["He. It"])]\n',
    "sentencex/tests/en.txt": "# comment\nHe left. She came.\n---\nHe left.\nShe came.\n",
    "blocks/en.txt": "It weighs 5 kg.\n" * 300,
}
"""File -> its text: of each corpus a right case, and a wrong one."""
TABLE = """
rows en 1 of 2 0.500
NeMo, all en 1 of 3 0.333
NeMo, judged en 1 of 2 0.500
Google, MEASURE en 1 of 1 1.000
phonemes, homographs fr 1 of 2 0.500
sentences, F1 UD_English-EWT 1 of 1 1.000
whole sentences, F1 UD_English-EWT 1 of 1 1.000
golden rules en 2 of 3 0.667
"""


@pytest.fixture
def folder(tmp_path):
    """Write a few cases of every corpus."""
    for name, text in CORPORA.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def ran(*options: object) -> list[str]:
    """Return the benchmark's output, spaces collapsed."""
    command = [sys.executable, ROOT / "benchmarks" / "speech_text.py", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_speech_text_scores_every_corpus(folder):
    """The shares are what the cases give."""
    table = ran(folder, "rows", "nemo", "google", "phonemes", "treebanks", "golden")
    assert [line for line in table if not line.startswith("golden rules,")] == TABLE.strip().splitlines()


def test_speech_text_lists_what_is_wrong(folder):
    """With the text, what was wanted and what came."""
    assert ran(folder, "rows", "--wrong")[1:] == [
        "numbers: It has 4 legs.",
        "wanted It has five legs.",
        "got It has four legs.",
    ]


def test_speech_text_compares_homographs_and_cpu(folder):
    """A homograph has one of its pronunciations; a checkout takes about as long as itself."""
    homographs, cpu = ran(folder, "homographs", "--against", ROOT)
    assert homographs.startswith("homographs en ")
    assert " of 1 " in homographs
    assert cpu.startswith("CPU, s en ")
    assert 0.2 < float(cpu.split()[-1]) < 5


def test_speech_text_leaves_out_what_is_missing(tmp_path):
    """An empty folder gives an empty table."""
    assert ran(tmp_path) == []
