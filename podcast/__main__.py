# SPDX-License-Identifier: GPL-3.0-or-later
"""Where `podcast` and `python -m podcast` begin: Ctrl-C is understood while the program is still being loaded."""

import os
import sys

STOPPED = 130
"""Exit code after Ctrl-C."""

HERE_IS_NO_PATH = "NoDefaultCurrentDirectoryInExePath"
"""Windows looks for programs such as ffmpeg in the current folder first, unless this variable is there."""


def main() -> None:
    """Load the command line and run it."""
    os.environ.setdefault(HERE_IS_NO_PATH, "1")
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
            _end_now()
        raise


def _end_now() -> None:
    """End without those threads for which Python would wait, such as an upload; whatever they do is cut off."""
    import threading

    if all(one.daemon or one is threading.main_thread() for one in threading.enumerate()):
        return
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(STOPPED)


if __name__ == "__main__":
    main()
