# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/licences.md: every package that a full install brings, with the licence that its metadata names.

    python docs/licences.py > docs/licences.md      or: make licences

The packages are those of requirements.txt that are needed on Linux. A licence that is only told by a file in the
package is given by the first line of that file.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

LINUX = {
    **default_environment(),
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "python_version": "3.11",
}
LONGEST = 60
ROOT = Path(__file__).parent.parent


def needed() -> list[str]:
    """Return the names of what requirements.txt installs here."""
    lines = re.findall(r"^([\w.-]+==[^\\\n]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = [Requirement(line.strip()) for line in lines]
    return sorted({one.name for one in wanted if one.marker is None or one.marker.evaluate(LINUX)}, key=str.lower)


def licence(package: Distribution) -> str:
    """Return the licence that a package's metadata names: as SPDX, by classifier, or in words."""
    about = package.metadata
    if said := about.get("License-Expression"):
        return said
    classed = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License :: ")]
    named = [one for one in classed if one != "OSI Approved"]
    if named:
        return ", ".join(dict.fromkeys(named))
    words = next((line.strip() for line in (about.get("License") or "").splitlines() if line.strip()), "")
    return words if words and len(words) <= LONGEST else _from_file(package)


def _from_file(package: Distribution) -> str:
    for file in package.files or ():
        if re.match(r"(licen[cs]e|copying)", file.name, re.IGNORECASE) and "dist-info" in str(file):
            text = file.locate().read_text(encoding="utf-8", errors="replace")
            return next((line.strip("# \t") for line in text.splitlines() if line.strip("# \t")), "")[:LONGEST]
    return "not named"


def table() -> str:
    """Return the page."""
    rows = []
    for name in needed():
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # for another version of Python
        rows.append(f"| {name} | {licence(package)} |")
    head = (
        "# Licences\n\nWhat `pip install` brings on Linux, and the licence that each package's own metadata names. "
        "Made by `make licences`.\nThe program is GPL-3.0-or-later.\n\n| package | licence |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
