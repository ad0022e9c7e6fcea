# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs of a script: its text, voices, audio files and images; cached, so that changes are found without parsing."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from podcast.config.settings import Show, is_jingle, lexicon
from podcast.model import Script, Voice
from podcast.produce import cover, records


@dataclass(frozen=True, slots=True)
class ScriptInputs:
    """Everything in a script that shapes its episode."""

    script: str
    """SHA-256 of its content."""
    language: str
    cast: tuple[Voice, ...]
    sounds: tuple[str, ...]
    """Audio files of the show folder that it includes."""
    music: str = ""
    """Settings of the music before and under its sections."""
    picture: str = ""
    """Its own image, a file of the show folder; may be empty."""
    pictures: tuple[str, ...] = ()
    """Images of its chapters."""
    lexicon: str = ""
    """Digest of the entries of the show's lexicon that occur in it."""


def script_inputs(made_of: Script, show: Show) -> ScriptInputs:
    """Return the inputs of a script.

    Raises UnknownVoice for a voice that no engine has.
    """
    from podcast import script, speakable
    from podcast.narrate import utterances

    files = {kind: [one.file for one in made_of.segments if one.kind == kind] for kind in ("sound", "picture")}
    tracks = utterances.section_music(made_of, show)
    spoken = (one.text for one in made_of.segments if one.kind not in utterances.UNSPOKEN)
    words = (run for text in spoken for run in script.runs(text) if isinstance(run, str))
    return ScriptInputs(
        records.digest(script.render(made_of)),
        made_of.language,
        utterances.cast(made_of, show),
        (*files["sound"], *(track.file for track in tracks if not is_jingle(track.file))),
        repr(tracks) if tracks else "",
        cover.own_image(made_of.image),
        tuple(files["picture"]),
        lexicon_digest(speakable.used(words, lexicon(show, made_of.language))),
    )


def lexicon_digest(entries: Mapping[str, str]) -> str:
    """Return the digest of entries of a lexicon."""
    return records.digest(msgspec.json.encode(entries, order="sorted"))
