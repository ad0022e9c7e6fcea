# SPDX-License-Identifier: GPL-3.0-or-later
"""Intros, outros, stings and beds: files of one's own, the built-in jingles, a producer's code."""
