# SPDX-License-Identifier: GPL-3.0-or-later
"""White space, control characters and letters that were decoded wrongly."""

import pytest

from podcast.read.normalize import fold


def test_white_space_and_control_characters_are_folded():
    """No-break spaces stay, for French needs them; control characters go."""
    assert fold("a\u00a0b \t\n c\x00\x1b d\ufeff") == "a\u00a0b c d"


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("Lâ€™Ã©tÃ©, le ciel est clair", "L’été, le ciel est clair"),
        ("On les compte Ã\u00a0 voix basse", "On les compte à voix basse"),
        ("â€œWell,â€\x9d she said", "“Well,” she said"),
        ("São Paulo, Übung, naïf, âne", "São Paulo, Übung, naïf, âne"),
        ("L’é se lit « Ã© » quand tout va mal", "L’é se lit « Ã© » quand tout va mal"),
    ],
)
def test_mojibake_is_repaired(garbled, meant):
    """UTF-8 that was read as Latin-1 is read again; letters that only look like it stay."""
    assert fold(garbled) == meant
