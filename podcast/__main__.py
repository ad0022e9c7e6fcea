# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry point of `podcast` and `python -m podcast`; handles Ctrl-C and missing packages during the imports, too."""

import os
import sys

STOPPED = 130
"""Exit code after Ctrl-C."""

NO_CURRENT_FOLDER = "NoDefaultCurrentDirectoryInExePath"
"""Without this variable, Windows searches the current folder first for programs such as ffmpeg."""


def main() -> None:
    """Import the command line and run it."""
    os.environ.setdefault(NO_CURRENT_FOLDER, "1")
    try:
        from podcast.cli.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("stopped before anything was done\n")
        sys.exit(STOPPED)
    except ImportError as error:
        from podcast.packages.imports import unloadable

        lost = unloadable(error, "podcast")
        sys.stderr.write(f"error: {lost.message}\nhint: {lost.hint}\n")
        sys.exit(1)
    try:
        run()
    except SystemExit as ended:
        if ended.code == STOPPED:
            _exit_now()
        raise


def _exit_now() -> None:
    """Exit without waiting for threads that are still running, such as an upload."""
    import threading

    if all(one.daemon or one is threading.main_thread() for one in threading.enumerate()):
        return
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(STOPPED)


if __name__ == "__main__":
    main()
