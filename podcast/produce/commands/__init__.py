# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that are not part of the pipeline: init, status, doctor, say."""
