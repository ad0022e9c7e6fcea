# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation as a site, in build/site: `make site`.

The pages are docs/*.md and docs/explanation/*.md, CHANGELOG.md and ARCHITECTURE.md, whose diagram is shown as
docs/explanation/architecture.svg. docs/README.md becomes the front page, and its tables the menu. Every link and anchor
is checked: a broken one ends the build. The site needs no server and no other site.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SOURCE = ROOT / "build" / "site-source"
SITE = ROOT / "build" / "site"

PART = re.compile(r"^## (.+)\n\n(?:[^|#\n].*\n\n)?(?:\|.*\n)+", re.MULTILINE)
PAGE = re.compile(r"^\| \[([^\]]+)\]\(([\w/-]+)\.md\)", re.MULTILINE)
DIAGRAM = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)
DRAWN = "![How an article becomes a published episode](explanation/architecture.svg)"


def stage() -> None:
    """Copy the pages, with links that a site can follow."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS / "samples", SOURCE / "samples")
    shutil.copytree(DOCS / "explanation", SOURCE / "explanation")
    shutil.copy(DOCS / "site.css", SOURCE)
    for path in DOCS.glob("*.md"):
        _write("index" if path.stem == "README" else path.stem, path.read_text(encoding="utf-8"))
    _write("changelog", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    _write("architecture", DIAGRAM.sub(DRAWN, (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))
    index = SOURCE / "index.md"
    text = index.read_text(encoding="utf-8")
    menu = [_menu(part[1], [page[2] for page in PAGE.finditer(part[0])]) for part in PART.finditer(text)]
    index.write_text(text + "\n" + "\n".join([*menu, _menu("More", ["changelog"])]), encoding="utf-8")


def _write(name: str, text: str) -> None:
    text = text.replace("](README.md", "](index.md").replace("](docs/", "](")
    for paper in ("CHANGELOG", "ARCHITECTURE"):
        text = text.replace(f"](../{paper}.md", f"]({paper.lower()}.md")
    # files of the repository are not on the site
    text = re.sub(r"\[([^\]]*)\]\((?:\.\./[^)]*|pyproject\.toml)\)", r"\1", text)
    (SOURCE / f"{name}.md").write_text(text, encoding="utf-8")


def _menu(caption: str, pages: list[str]) -> str:
    return f"```{{toctree}}\n:caption: {caption}\n:hidden:\n\n" + "\n".join(pages) + "\n```\n"


def main() -> int:
    """Build the site; return the exit code of Sphinx."""
    stage()
    shutil.rmtree(SITE, ignore_errors=True)
    strict = ["--fail-on-warning", "--keep-going", "--quiet"]
    folders = ["-c", str(DOCS), "-d", str(ROOT / "build" / "doctrees"), str(SOURCE), str(SITE)]
    return subprocess.run([sys.executable, "-m", "sphinx", *strict, *folders], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
