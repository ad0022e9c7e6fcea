# SPDX-License-Identifier: GPL-3.0-or-later
"""In place of PyTorch: a machine without accelerators, which is all that reed-cli asks it about."""


class _Absent:
    @staticmethod
    def is_available() -> bool:
        """Tell that it is not here."""
        return False


class backends:  # noqa: N801 # its name there
    """Kinds of devices."""

    mps = _Absent


cuda = _Absent
