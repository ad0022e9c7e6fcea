# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of others that come by npm: readers of feeds, and a server of blobs."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

CACHE = Path(__file__).parent.parent.parent / ".pytest_cache" / "d"


def installed(recipe: Path) -> Path:
    """Install what the lock file in a folder says, once, beside pytest's cache; return where it is."""
    files = [recipe / name for name in ("package.json", "package-lock.json")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    folder = CACHE / f"{recipe.name}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        if not (folder / ".complete").exists():
            for path in files:
                shutil.copy(path, folder)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
            assert run.returncode == 0, f"npm could not install {recipe.name}:\n{run.stdout}{run.stderr}"
            (folder / ".complete").touch()
    return folder
