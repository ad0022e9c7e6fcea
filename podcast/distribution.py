# SPDX-License-Identifier: GPL-3.0-or-later
"""The name under which this program is installed, and its extras; hints and pages that say how to install use both."""

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


def install(extra: str) -> str:
    """Return the command that adds an extra, one of EXTRAS, quoted for the shells of every system."""
    return f'pip install "{NAME}[{extra}]"'
