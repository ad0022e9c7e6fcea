# SPDX-License-Identifier: GPL-3.0-or-later
"""The notation of pronunciations in spoken text."""

from podcast.pronunciation import annotate
from podcast.pronunciation.notation import annotated, plain


def test_a_word_and_its_ipa_are_written_as_a_link_and_removed_again() -> None:
    """`plain` is the inverse of `annotated`, and leaves links and brackets of a text alone."""
    assert annotated("Kerguen", "kɛʁɡɛn") == "[Kerguen](/kɛʁɡɛn/)"
    assert plain(f"À {annotated('Kerguen', 'kɛʁɡɛn')}, hier.") == "À Kerguen, hier."
    assert plain("[sic] (/etc/passwd)") == "[sic] (/etc/passwd)"


def test_a_language_without_data_is_not_annotated() -> None:
    """A text in a language without an annotator is returned unchanged."""
    assert annotate("Det var en gång", "sv") == "Det var en gång"
