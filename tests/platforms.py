# SPDX-License-Identifier: GPL-3.0-or-later
"""For which systems every package that is needed has a wheel: python tests/platforms.py, or: make platforms.

uv resolves pyproject.toml, and the lock, for each system and version of Python, with wheels alone; feedgen, which is
pure Python and has no wheel, may be built. Exit code 1 if a system that README promises does not resolve.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
UV = str(Path(sys.executable).with_name("uv"))
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
LATEST_OF_INTEL = "3.13"
"""The last Python for which onnxruntime has a wheel for Intel Macs."""

SYSTEMS = {
    "Linux x86-64 (glibc 2.28)": ("x86_64-manylinux_2_28", ""),
    "Linux ARM64 (glibc 2.28)": ("aarch64-manylinux_2_28", ""),
    "macOS 14 Apple silicon": ("aarch64-apple-darwin", "14.0"),
    "macOS 13 Apple silicon": ("aarch64-apple-darwin", "13.0"),
    "macOS 13 Intel": ("x86_64-apple-darwin", "13.0"),
    "Windows x64": ("x86_64-pc-windows-msvc", ""),
    "Windows ARM64": ("aarch64-pc-windows-msvc", ""),
    "Alpine x86-64 (musl)": ("x86_64-unknown-linux-musl", ""),
    "Alpine ARM64 (musl)": ("aarch64-unknown-linux-musl", ""),
}
"""System -> what uv calls it, and the version of macOS."""

PROMISED = {
    "Linux x86-64 (glibc 2.28)": VERSIONS,
    "Linux ARM64 (glibc 2.28)": VERSIONS,
    "macOS 14 Apple silicon": VERSIONS,
    "macOS 13 Intel": VERSIONS[: VERSIONS.index(LATEST_OF_INTEL) + 1],
    "Windows x64": VERSIONS,
}


WHEELS = ("--only-binary", ":all:", "--no-binary", "feedgen")


def lost(name: str, version: str, file: str) -> str:
    """Return what is in the way of an installation on a system without a compiler; nothing if nothing is."""
    wheels, text = resolved(name, version, file, *WHEELS)
    if text:
        found = re.findall(r"(?<![\w.,<>=!])([A-Za-z][\w.-]*)(?:[<>=!]\S*)? ha(?:s|ve) no (?:usable )?wheels", text)
        return f"no wheel of {', '.join(dict.fromkeys(found))}" if found else text[:200]
    newest, _ = resolved(name, version, file)  # which pip takes, be it a wheel or not
    return f"pip would compile {', '.join(sorted(newest - wheels))}" if newest - wheels else ""


def resolved(name: str, version: str, file: str, *options: str) -> tuple[set[str], str]:
    """Return the packages that uv chooses, or in its words why it cannot."""
    platform, macos = SYSTEMS[name]
    command = [UV, "pip", "compile", file, "--quiet", "--no-header", "--no-annotate", "--python-version", version]
    command += ["--python-platform", platform, *options]
    environment = os.environ | ({"MACOSX_DEPLOYMENT_TARGET": macos} if macos else {})
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, encoding="utf-8")
    if done.returncode:
        return set(), " ".join(re.sub(r"\x1b\[[0-9;]*m|\{[^}]*\}", "", done.stderr).split())
    return {line.strip() for line in done.stdout.splitlines() if "==" in line}, ""


def main() -> int:
    """Print the table."""
    good = True
    for file in ("pyproject.toml", "requirements.txt"):
        print(f"\n{file}")
        for name in SYSTEMS:
            cells = []
            for version in VERSIONS:
                missing = lost(name, version, file)
                promised = version in PROMISED.get(name, ())
                good = good and not (missing and promised)
                cells.append(f"{version} {missing or 'ok'}{'' if promised else ' *'}")
            print(f"{name:28}{'; '.join(cells)}", flush=True)
    print("\n* not promised")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
