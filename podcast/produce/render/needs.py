# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script asks for: its text, voices, sounds and images, by which changes are found without parsing it again."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from podcast.config.settings import Show, is_jingle, lexicon
from podcast.model import Script, Voice
from podcast.produce import cover, records


@dataclass(frozen=True, slots=True)
class ScriptInputs:
    """What a script asks for."""

    script: str
    """sha256 of all that it says."""
    language: str
    cast: tuple[Voice, ...]
    sounds: tuple[str, ...]
    """Files of the show folder that are heard in it."""
    music: str = ""
    """How music before and under its sections is played."""
    picture: str = ""
    """File of the show folder that is its picture, if it has one of its own."""
    pictures: tuple[str, ...] = ()
    """Those of its chapters."""
    lexicon: str = ""
    """Digest of the entries of the show's lexicon that its words contain."""


def script_inputs(made_of: Script, show: Show) -> ScriptInputs:
    """Return what a script asks for.

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
        cover.own(made_of.image),
        tuple(files["picture"]),
        lexicon_digest(speakable.used(words, lexicon(show, made_of.language))),
    )


def lexicon_digest(entries: Mapping[str, str]) -> str:
    """Return the digest of entries of a lexicon."""
    return records.digest(msgspec.json.encode(entries, order="sorted"))
