# SPDX-License-Identifier: GPL-3.0-or-later
"""Where `podcast` and `python -m podcast` begin: Ctrl-C is understood while the program is still being loaded."""

import sys


def main() -> None:
    """Load the command line and run it."""
    try:
        from podcast.cli import main as run
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing has been done yet\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
