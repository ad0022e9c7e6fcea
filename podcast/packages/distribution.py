# SPDX-License-Identifier: GPL-3.0-or-later
"""The name under which this program is installed, and its extras; hints and pages that say how to install use both."""

import sys

NAME = "articlecast"
"""Name of the distribution on the package index. The command and the Python package are called `podcast`."""

EXTRAS = {
    "sftp": "upload by SFTP",
    "s3": "upload to Amazon S3, Google Cloud Storage, Azure or a compatible service",
    "cluster": "narrate on several machines with Dask",
    "aac": "AAC audio and unusual music formats, with a bundled ffmpeg",
    "listen": "verify episodes by speech recognition (430 MB)",
    "all": "all of the above",
}
"""Extra -> what it adds. The same names stand in pyproject.toml."""

MARKS = {"pipx_metadata.json": "pipx", "uv-receipt.toml": "uv"}
"""A file that an installer leaves in the environment of a program -> that installer. Others are pip's."""


def install(extra: str) -> str:
    """Return the command that adds an extra, one of EXTRAS, to this installation, quoted for any system's shell."""
    wanted = f'"{NAME}[{extra}]"'
    commands = {"pipx": f"pipx install --force {wanted}", "uv": f"uv tool install --force {wanted}"}
    return commands.get(installer(), f"pip install {wanted}")


def repair(*packages: str) -> str:
    """Return the command that installs packages again that came with the program."""
    commands = {"pipx": f"pipx reinstall {NAME}", "uv": f"uv tool upgrade --reinstall {NAME}"}
    return commands.get(installer(), f"pip install --force-reinstall {' '.join(packages)}")


def add(package: str) -> str:
    """Return the command that adds a package which the program can use, such as one with a voice."""
    commands = {"pipx": f"pipx inject {NAME} {package}", "uv": f"uv tool install --with {package} {NAME}"}
    return commands.get(installer(), f"pip install {package}")


def installer() -> str:
    """Return what installed the program: pip, pipx or uv."""
    from pathlib import Path

    return next((name for mark, name in MARKS.items() if (Path(sys.prefix) / mark).is_file()), "pip")
