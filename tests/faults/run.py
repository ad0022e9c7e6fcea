# SPDX-License-Identifier: GPL-3.0-or-later
"""Disturb whole runs of make + publish, one fault at a time, and see what is left: python tests/faults/run.py.

    --quick           a few of each kind, in seconds
    --only clips      one kind or several, by the names of the functions in faults.py
    --json            for programs

After each fault the run is repeated in peace, and every byte of show and target compared with a run that never was
disturbed. Prints a row for what was not survived, and a table: faults injected, survived, bytes lost. Exit code 1 if
any was not. Mounting small disks takes root; what a machine cannot play is told, not counted.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(folder) for folder in (TESTS / "faults", TESTS, TESTS / "support")]

import faults  # noqa: E402 - it lies beside this file
from bench import Bench, Result  # noqa: E402


def run(*, quick: bool, only: list[str]) -> tuple[list[Result], list[str]]:
    """Return how each fault went, and which kinds could not be played."""
    results: list[Result] = []
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        bench = Bench(Path(folder))
        for fault in faults.ALL:
            if only and fault.__name__ not in only:
                continue
            try:
                for result in fault(bench, quick=quick):
                    if result.note.startswith("not run"):
                        missing.append(f"{result.fault} {result.what}: {result.note}")
                        continue
                    results.append(result)
                    if result.wrong:
                        sys.stderr.write(f"{result.fault:10} {result.what}: {result.wrong}\n")
            except faults.Unavailable as why:
                missing.append(f"{fault.__name__}: {why}")
    return results, missing


def table(results: list[Result]) -> str:
    """Return how many faults of each kind were injected and survived, and how many bytes were lost."""
    kinds = list(dict.fromkeys(result.fault for result in results))
    lines = [f"{'fault':12}{'injected':>10}{'survived':>10}{'bytes lost':>12}"]
    for kind in [*kinds, "all"]:
        those = [result for result in results if kind in {result.fault, "all"}]
        survived = sum(not result.wrong for result in those)
        lines.append(f"{kind:12}{len(those):>10}{survived:>10}{sum(result.lost for result in those):>12}")
    return "\n".join(lines)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="*", default=[], choices=[fault.__name__ for fault in faults.ALL])
    given = parser.parse_args()
    results, missing = run(quick=given.quick, only=given.only)
    for line in missing:
        sys.stderr.write(f"not played: {line}\n")
    if given.json:
        sys.stdout.write(json.dumps({"results": [asdict(result) for result in results], "missing": missing}))
    else:
        sys.stdout.write(table(results) + "\n")
    sys.exit(any(result.wrong for result in results))


if __name__ == "__main__":
    main()
