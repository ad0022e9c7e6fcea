# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of the distribution, its extras, and the commands to install them, for hints and documentation."""

import sys

NAME = "articlecast"
"""Name of the distribution on the package index; the command and the Python package are called `podcast`."""

EXTRAS = {
    "sftp": "upload by SFTP",
    "s3": "upload to Amazon S3, Google Cloud Storage, Azure or a compatible service",
    "cluster": "narrate on several machines with Dask",
    "aac": "AAC audio and unusual music formats, with a bundled ffmpeg",
    "listen": "verify episodes by speech recognition (430 MB)",
    "all": "all of the above",
}
"""Extra -> what it adds. Names as in pyproject.toml."""

MARKER_FILES = {"pipx_metadata.json": "pipx", "uv-receipt.toml": "uv"}
"""File in the environment -> installer that creates it; without such a file, pip."""


def install(extra: str) -> str:
    """Return the command that adds an extra, one of EXTRAS, to this installation, quoted for all shells."""
    wanted = f'"{NAME}[{extra}]"'
    commands = {"pipx": f"pipx install --force {wanted}", "uv": f"uv tool install --force {wanted}"}
    return commands.get(installer(), f"pip install {wanted}")


def repair(*packages: str) -> str:
    """Return the command that reinstalls dependencies of the program."""
    commands = {"pipx": f"pipx reinstall {NAME}", "uv": f"uv tool upgrade --reinstall {NAME}"}
    return commands.get(installer(), f"pip install --force-reinstall {' '.join(packages)}")


def add(package: str) -> str:
    """Return the command that adds an optional package, such as one with a voice."""
    commands = {"pipx": f"pipx inject {NAME} {package}", "uv": f"uv tool install --with {package} {NAME}"}
    return commands.get(installer(), f"pip install {package}")


def installer() -> str:
    """Return the installer of the program: pip, pipx or uv."""
    from pathlib import Path

    return next((name for marker, name in MARKER_FILES.items() if (Path(sys.prefix) / marker).is_file()), "pip")
