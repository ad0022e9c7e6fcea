# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: one module per group of commands; `main` combines them."""
