# SPDX-License-Identifier: GPL-3.0-or-later
"""How text is spoken, by test cases that others wrote: python benchmarks/speech_text.py FOLDER [MEASURE ...].

    --wrong             also print what is wrong
    --against CHECKOUT  also print the CPU time of `said` over that of another checkout of this program

FOLDER holds the corpora, which whoever runs this downloads; a measure whose corpus is missing is left out:

    rows/<language>.tsv         own cases: text, spoken text, class
    NeMo-text-processing/       NVIDIA's repository, for its test cases; and odd/<language>.tsv, the rows of it that are
                                judged equally right or odd: class, written, spoken, reason
    google/<language>.tsv       Google's text normalization data set: class, written, spoken; `<eos>` ends a sentence
    WikipediaHomographData/     Google's repository of English homographs
    phonemes/<language>.tsv     own cases: kind, sentence, regular expression that the phonemes must contain
    UD_<Language>-<Treebank>/   repositories of Universal Dependencies
    pySBD/, sentencex/          repositories of two sentence splitters, for their golden rules; scored if installed
    blocks/<language>.txt       text to measure CPU time with, a paragraph a line

Spoken text is compared without case, punctuation, "and" and the way in which letters and zero are said. Sentences of
treebanks are scored as in the CoNLL 2018 shared task: F1 of sentences found with the same beginning and end.
"""

import argparse
import ast
import csv
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from podcast import languages, voices
from podcast.pronunciation import annotate
from podcast.pronunciation.ipa import VOWELS
from podcast.speakable import said, sentences, speak

VOICES = {"fr": "espeak/fr", "en": "hibari/heart"}  # whose phonemes are judged
WHOLE = re.compile(r"""["«“('-]*\s*[^\W_a-z].*[.!?…]["»”')\]]*""")  # neither a heading nor a part of a sentence
TAGS = {
    "Arabic": "ar", "Armenian": "hy", "Danish": "da", "Dutch": "nl", "English": "en", "French": "fr", "German": "de",
    "Greek": "el", "Italian": "it", "Polish": "pl", "Portuguese": "pt", "Russian": "ru", "Spanish": "es",
}  # fmt: skip
PDF = re.compile("PDF|TESTS_WO_CLEAN")  # golden rules for text copied from a PDF file, and rows that are in two lists
SAME = {"en": {"eigh": "a", "oh": "zero", "o": "zero", "and": ""}, "fr": {"vin": "vingt"}}
"""Language -> spoken words, as they are respelled for voices, that count as another, or as none."""
COMPOUNDS = {"de", "it"}  # languages in which numbers are written as one word or several
SOUNDS = str.maketrans(dict.fromkeys("ˈˌː -‿ʔ") | {"ɔ": "o", "ɛ": "e", "œ": "ø", "ɥ": "y"})
NASAL = re.compile("[ɔɛœ]\u0303")
CPU = """
import json, sys, time
from podcast.speakable import said
for line in sys.stdin:
    language, texts = json.loads(line)
    start = time.process_time()
    _ = [said(text, language) for text in texts]
    print(time.process_time() - start, flush=True)
"""


class Row(NamedTuple):
    """What was asked, what was wanted, what came, and the class of the case."""

    text: str
    wanted: str
    got: str
    kind: str
    right: bool


class Score(NamedTuple):
    """A line of the table."""

    measure: str
    corpus: str
    right: float
    total: float
    rows: Sequence[Row] = ()


def fold(text: str, language: str) -> str:
    """Return what is compared of a spoken text: its words, spelled letters as one word."""
    text = unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("_letter", "")
    same = SAME.get(language, {})
    words = (same.get(word, word) for word in re.findall(r"(?:[^\W_]|')+", text))
    return re.sub(r"(?<=\b\w) (?=\w\b)", "", ("" if language in COMPOUNDS else " ").join(filter(None, words)))


def lines(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a file with tabs."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if "\t" in line and not line.startswith("#"):
            yield line.split("\t")


def scored(measure: str, corpus: str, rows: Sequence[Row]) -> Score:
    """Count the rows that are right."""
    return Score(measure, corpus, sum(row.right for row in rows), len(rows), rows)


def own_rows(folder: Path) -> Iterator[Score]:
    """Score the own cases of each language."""
    for path in sorted(folder.glob("rows/*.tsv")):
        rows = []
        for text, wanted, *more in lines(path):
            got = said(text, path.stem)
            rows.append(Row(text, wanted, got, (more or [""])[0], fold(got, path.stem) == fold(wanted, path.stem)))
        yield scored("rows", path.stem, rows)


def nemo(folder: Path) -> Iterator[Score]:
    """Score NeMo's test cases; a written form may have several spoken forms."""
    for tests in sorted(folder.glob("NeMo-text-processing/tests/nemo_text_processing/*/data_text_normalization")):
        language = tests.parent.name
        if language in languages.known("speaking.toml"):
            odd = {tuple(row[:3]) for path in folder.glob(f"odd/{language}.tsv") for row in lines(path)}
            cases = list(nemo_cases(tests, language))
            rows = [nemo_row(case, cases, language) for case in cases]
            yield scored("NeMo, all", language, rows)
            judged = [row for row in rows if row.right or (row.kind, row.text, row.wanted) not in odd]
            yield from [scored("NeMo, judged", language, judged)] if odd else []


def nemo_cases(tests: Path, language: str) -> Iterator[tuple[str, str, str]]:
    """Yield class, written and spoken form of NeMo's test cases of a language."""
    for path in sorted(tests.glob("test_cases_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.count("~") == 1:
                written, spoken = map(str.strip, line.split("~")[:: -1 if language == "de" else 1])  # reversed there
                yield path.stem.removeprefix("test_cases_"), written, spoken


def nemo_row(case: tuple[str, str, str], cases: list[tuple[str, str, str]], language: str) -> Row:
    """Speak a written form; it is right if it is one of those wanted."""
    kind, written, spoken = case
    got = said(written, language)
    wanted = {fold(other, language) for _, form, other in cases if form == written}
    return Row(written, spoken, got, kind, fold(got, language) in wanted)


def google(folder: Path) -> Iterator[Score]:
    """Score the tokens of Google's data set in their sentences, by class."""
    for path in sorted(folder.glob("google/*.tsv")):
        rows: list[Row] = []
        sentence: list[list[str]] = []
        for row in lines(path):
            if row[0] == "<eos>":
                rows += google_rows(sentence, path.stem)
                sentence = []
            else:
                sentence.append(row)
        for kind in sorted({row.kind for row in rows}):
            yield scored(f"Google, {kind}", path.stem, [row for row in rows if row.kind == kind])


def google_rows(sentence: list[list[str]], language: str) -> Iterator[Row]:
    """Speak a sentence; a token is right if the parts that contain it are spoken with the words wanted."""
    places, text = [], ""
    for _, written, _ in sentence:
        start = len(text) + (1 if text and written not in {".", ",", ";", ":", "?", "!", "''", ")"} else 0)
        text = text.ljust(start) + written
        places.append((start, len(text)))
    parts, place = [], 0
    for part in speak(text, language):
        parts.append((place, place + len(part.shown), part.said))
        place += len(part.shown)
    for (kind, written, wanted), (start, end) in zip(sentence, places, strict=True):
        if wanted not in {"<self>", "sil"}:
            got = "".join(spoken for first, last, spoken in parts if first < end and last > start)
            is_right = f" {fold(wanted, language)} " in f" {fold(got, language)} "
            yield Row(written, wanted, got, kind, is_right)


def phonemizer(language: str) -> Callable[[str], str]:
    """Return a function from annotated text to the phonemes that the voice of a language is given."""
    voice = voices.find(VOICES[language])
    engine = voices.engine(voice.engine, {})
    return lambda text: voices.phonemes(engine, text, voice)


def homographs(folder: Path) -> Iterator[Score]:
    """Score English homographs: the pronunciation that is most like what is spoken must be the one wanted."""
    home = folder / "WikipediaHomographData" / "data"
    if not home.exists():
        return
    phonemes, known, rows = phonemizer("en"), pronunciations(home / "wordids.tsv"), list[Row]()
    for path in sorted(home.glob("eval/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [homograph(row, known[row["homograph"]], phonemes) for row in csv.DictReader(file, delimiter="\t")]
    yield scored("homographs", "en", rows)


def pronunciations(path: Path) -> dict[str, dict[str, str]]:
    """Return of each homograph the IPA of its words."""
    known: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            ipa = row["pronunciation"].split(",")[0].strip().replace("'", "ˈ")
            ipa = re.sub(f"([ˈˌ])([^{VOWELS}ˈˌ]*)", r"\2\1", re.sub("[ /()0-9]", "", ipa))  # stress before the vowel
            known.setdefault(row["homograph"], {})[row["wordid"]] = ipa
    return known


def homograph(row: dict[str, str], known: dict[str, str], phonemes: Callable[[str], str]) -> Row:
    """Compare the phonemes of a sentence with those that each pronunciation of the word gives."""
    sentence, start, end = row["sentence"].encode(), int(row["start"]), int(row["end"])
    before, word, after = (part.decode() for part in (sentence[:start], sentence[start:end], sentence[end:]))
    got = phonemes(annotate(said(before + word + after, "en"), "en"))
    likeness = {
        name: alike(got, phonemes(annotate(f"{said(before, 'en')} [{word}](/{ipa}/) {said(after, 'en')}", "en")))
        for name, ipa in known.items()
    }
    best = max(likeness, key=likeness.__getitem__)
    return Row(row["sentence"], row["wordid"], best, row["homograph"], best == row["wordid"])


def alike(one: str, other: str) -> float:
    """Return how alike two strings are."""
    one, other = ("".join(re.findall(r"\w", text)) for text in (one, other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def patterns(folder: Path) -> Iterator[Score]:
    """Score sentences whose phonemes must match a regular expression, by kind."""
    for path in sorted(folder.glob("phonemes/*.tsv")):
        phonemes, rows = phonemizer(path.stem), []
        for kind, sentence, wanted in lines(path):
            got = phonemes(annotate(said(sentence, path.stem), path.stem))
            rows.append(Row(sentence, wanted, got, kind, bool(re.search(sounds(wanted), sounds(got)))))
        for kind in sorted({row.kind for row in rows}):
            yield scored(f"phonemes, {kind}", path.stem, [row for row in rows if row.kind == kind])


def sounds(ipa: str) -> str:
    """Return IPA without stress, length and spaces, with open and close vowels as one; nasal vowels are kept."""
    kept = NASAL.sub(lambda match: {"ɔ": "Ɔ", "ɛ": "Ɛ", "œ": "Ɛ"}[match[0][0]], unicodedata.normalize("NFD", ipa))
    return kept.translate(SOUNDS)


def treebanks(folder: Path) -> Iterator[Score]:
    """Score the sentences found in the test part of treebanks, and in their whole sentences alone; a share is F1."""
    for path in sorted(folder.glob("UD_*-*/*-ud-test.conllu")):
        language = TAGS.get(path.parent.name.removeprefix("UD_").split("-")[0])
        if language:
            found = paragraphs(path)
            yield Score("sentences, F1", path.parent.name, f1(found, language), 1)
            ended = [sentence for paragraph in found for sentence in paragraph if WHOLE.fullmatch(sentence)]
            yield Score("whole sentences, F1", path.parent.name, f1([ended], language), 1)


def paragraphs(path: Path) -> list[list[str]]:
    """Return the sentences of a treebank by paragraph."""
    found: list[list[str]] = [[]]
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        if re.search(r"^# new(?:doc|par)", block, re.MULTILINE):
            found.append([])
        if text := re.search(r"^# text = (.*)", block, re.MULTILINE):
            found[-1].append(text[1].strip())
    return [one for one in found if one]


def f1(texts: list[list[str]], language: str) -> float:
    """Return F1 of the sentences of paragraphs, by begin and end in characters without white space."""
    right = given = wanted = 0
    for paragraph in texts:
        gold, own = spans(paragraph), spans(sentences(" ".join(paragraph), language))
        right, given, wanted = right + len(gold & own), given + len(own), wanted + len(gold)
    return 2 * right / (given + wanted) if right else 0.0


def spans(parts: Iterable[str]) -> set[tuple[int, int]]:
    """Return begin and end of each part, white space not counted."""
    ends = [0]
    for part in parts:
        if part.strip():
            ends.append(ends[-1] + len("".join(part.split())))
    return set(pairwise(ends))


def golden(folder: Path) -> Iterator[Score]:
    """Score the golden rules of two sentence splitters by language: all parts of a row must be right."""
    rules: dict[str, list[tuple[str, list[str]]]] = {}
    for name, language in {**TAGS, "English_clean": "en", "Deutsch": "de"}.items():
        path = folder / "pySBD" / "tests" / "lang" / f"test_{name.lower()}.py"
        rules.setdefault(language, []).extend(pysbd_rules(path) if path.exists() else ())
    for path in folder.glob("sentencex/tests/*.txt"):
        if path.stem in rules:
            rules[path.stem].extend(sentencex_rules(path))
    for name, split in splitters().items():
        for language, cases in sorted(rules.items()):
            rows = []
            for text, parts in cases:
                wanted, got = (whole(found) for found in (parts, split(text, language)))
                rows.append(Row(text, wanted, got, language, got == wanted))
            yield from [scored(f"golden rules{name}", language, rows)] if rows else []


def whole(parts: Iterable[str]) -> str:
    """Return sentences in one line, white space collapsed."""
    return " | ".join(" ".join(part.split()) for part in parts if part.strip())


def splitters() -> dict[str, Callable[[str, str], Iterable[str]]]:
    """Return our own splitter of sentences, and the other two if they are installed."""
    found: dict[str, Callable[[str, str], Iterable[str]]] = {"": sentences}
    with suppress(ImportError):
        sentencex = import_module("sentencex")
        found[", sentencex"] = lambda text, language: sentencex.segment(language, text)
    with suppress(ImportError):
        languages_of = import_module("pysbd.languages").LANGUAGE_CODES
        pysbd = import_module("pysbd").Segmenter
        found[", pysbd"] = lambda text, tag: pysbd(tag).segment(text) if tag in languages_of else [text]
    return found


def pysbd_rules(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield text and sentences of the lists in a test of pySBD."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.List)
            and not PDF.search(ast.unparse(node.targets[0]))
        ):
            for row in node.value.elts:
                cells = row.elts if isinstance(row, ast.Tuple) else row.args  # type: ignore[attr-defined]
                yield ast.literal_eval(cells[0]), ast.literal_eval(cells[1])


def sentencex_rules(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield text and sentences of a test file of sentencex."""
    for case in path.read_text(encoding="utf-8").split("\n===\n"):
        body = "\n".join(line for line in case.split("\n") if not line.startswith("#")).strip()
        text, _, parts = body.partition("\n---\n")
        if parts:
            yield text.strip(), [part.replace("\\n", "\n") for part in parts.split("\n")]


def cpu(folder: Path, checkout: Path) -> Iterator[Score]:
    """Compare the CPU time of `said` with that of another checkout, chunk by chunk in turn; the share is the ratio."""
    for path in sorted(folder.glob("blocks/*.txt")):
        blocks = path.read_text(encoding="utf-8").splitlines()
        ours, theirs = (speaker(home) for home in (Path(__file__).parent.parent, checkout))
        spent: Counter[str] = Counter()
        for start in range(0, len(blocks), 250):
            chunk = json.dumps([path.stem, blocks[start : start + 250]])
            for name, process in (("ours", ours), ("theirs", theirs)):
                assert process.stdin and process.stdout  # noqa: PT018
                process.stdin.write(f"{chunk}\n")
                spent[name] += float(process.stdout.readline()) * (start > 0)  # the first chunk loads the rules
        _ = [process.communicate() for process in (ours, theirs)]
        yield Score("CPU, s", path.stem, spent["ours"], spent["theirs"])


def speaker(home: Path) -> "subprocess.Popen[str]":
    """Start a process that speaks with a checkout."""
    told = {**os.environ, "PYTHONPATH": str(home.resolve())}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", CPU], text=True, bufsize=1, env=told, cwd="/", **pipes)


MEASURES: dict[str, Callable[[Path], Iterator[Score]]] = {
    "rows": own_rows, "nemo": nemo, "google": google, "homographs": homographs, "phonemes": patterns,
    "treebanks": treebanks, "golden": golden,
}  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("measures", nargs="*", choices=[*MEASURES, []], default=[])
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--against", type=Path)
    asked = parser.parse_args()
    for name in asked.measures or MEASURES:
        for score in MEASURES[name](asked.folder):
            show(score, wrong=asked.wrong)
    for score in cpu(asked.folder, asked.against) if asked.against else ():
        show(score)


def show(score: Score, *, wrong: bool = False) -> None:
    """Print a line of the table, and the rows that are wrong."""
    share = score.right / score.total if score.total else 0
    print(f"{score.measure:<26.26} {score.corpus:<22} {score.right:8.4g} of {score.total:<8.4g} {share:7.3f}")
    for row in score.rows:
        if wrong and not row.right:
            print(f"    {row.kind}: {row.text}\n        wanted {row.wanted}\n        got    {row.got}")


if __name__ == "__main__":
    main()
