# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m podcast` is `podcast`, for whom PATH does not lead to it."""

from podcast.cli import main

if __name__ == "__main__":
    main()
