# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast voices` and `podcast say`: list the voices, and speak a text."""

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from podcast import voices, workspace
from podcast.config.settings import Show
from podcast.errors import AudioError, PodcastError, ReadError
from podcast.langtag import primary
from podcast.model import Script, Segment, Speaker, Speech, Utterance
from podcast.narrate import synthesis, utterances
from podcast.produce.render.context import RenderContext
from podcast.progress import Quiet
from podcast.read.detect_language import HOME, language_of
from podcast.script.inline import escape
from podcast.workspace import Workspace

PLAYERS = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("afplay",),
    ("aplay", "-q"),
    ("paplay",),
    ("play", "-q"),
)
"""Commands that play a WAV file and exit, the most common first."""

NO_DEVICE = "audio open failed"
"""Message of ffplay without an audio device, such as on a server; its exit code is 0 nevertheless."""

WINDOWS_PLAYER = "import sys, winsound; winsound.PlaySound(sys.argv[1], winsound.SND_FILENAME)"
"""Python code that plays a WAV file on Windows."""


def player() -> Sequence[str] | None:
    """Return the command to which a WAV file is appended to play it, or None if this machine has none."""
    if found := next((player for player in PLAYERS if shutil.which(player[0])), None):
        return found
    return (sys.executable, "-c", WINDOWS_PLAYER) if find_spec("winsound") else None


def listing(
    language: str = "", settings: Mapping[str, Mapping[str, object]] = voices.NO_SETTINGS
) -> list[dict[str, Any]]:
    """Return a row for each voice, or those of one language (`fr` includes fr-CA); `settings` are by engine."""
    rows = []
    for name in voices.engine_classes():
        engine = voices.engine(name, settings.get(name, {}))
        missing = engine.missing()
        for voice in engine.voices():
            if language and not voices.speaks(voice, language):
                continue
            rows.append(
                {
                    "voice": voice.ref,
                    "language": voice.language,
                    "quality": voice.quality,
                    "where": "online" if voice.online else "local",
                    "state": missing or "installed",
                }
            )
    order = {"natural": 0, "clear": 1, "robotic": 2, "test": 3}
    return sorted(rows, key=lambda row: (primary(row["language"]), order[row["quality"]], row["where"], row["voice"]))


def _pieces(text: str, show: Show | None, who: Speaker, language: str) -> Sequence[Utterance]:
    """Return the utterances of a text; a speaker without a voice gets the voice of the language."""
    settings = show.settings if show else voices.NO_SETTINGS
    own = voices.find(who.voice, settings=settings).language if who.voice and not language and "/" in who.voice else ""
    home = (show.language, *show.voices) if show else HOME
    language, _ = language_of(text, given=language or own.removeprefix("mul"), home=home)
    show = show or Show("", language, "http://localhost/", "")
    never = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    script = Script("say", "", "", never, language, (Segment("paragraph", escape(text)),))
    if who.voice:
        script = replace(script, speakers={"host": who})
    found = [piece for piece in utterances.pieces(script, show) if isinstance(piece, Utterance)]
    if who.voice or who == Speaker(""):
        return found
    return _pieces(text, show, replace(who, voice=found[0].voice.ref), language)


def speakable_form(text: str, show: Show | None, *, voice: str, language: str) -> str:
    """Return the spoken text that the voice would get, one sentence per line."""
    return "\n".join(piece.said for piece in _pieces(text, show, Speaker(voice), language))


def phonemic_form(text: str, show: Show | None, *, voice: str, language: str) -> str:
    """Return what the voice is given, one sentence per line: phonemes, or the text if the engine reads letters."""
    context = _context(show, language)
    lines = []
    for piece in _pieces(text, show, Speaker(voice), language):
        engine = context.engine(piece.voice)
        lines.append(voices.phonemes(engine, synthesis.given(piece), piece.voice))
    return "\n".join(lines)


def say(
    text: str,
    show: Show | None,
    *,
    voice: str,
    language: str,
    speed: float,
    pitch: float,
    output: Path | None,
    tell: Callable[[str], object],
) -> Path | None:
    """Speak a text to a file, or with the machine's audio player. Return the file, if one was written.

    `tell` is called with notes for the user.

    Raises ReadError if there is no text to speak, AudioError if the audio can be neither written nor played.
    """
    if not any(c.isalnum() for c in text):
        raise ReadError("no text to speak", hint='give some words, for example: podcast say "Hello there"')
    spoken = _pieces(text, show, Speaker(voice, speed, pitch), language)
    for note in utterances.respelt(spoken):
        tell(note)
    context = _context(show, language)
    speeches = [context.engine(one.voice).speak(synthesis.given(one), one.voice) for one in spoken]
    joined = _join(speeches, [one.pause_ms for one in spoken])
    if output is not None:
        _write(joined, output)
        return output
    command = player()
    if command is None:
        _write(joined, Path("say.wav"))
        return Path("say.wav")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "say.wav"
        _write(joined, file)
        played = subprocess.run([*command, str(file)], check=False, capture_output=True, text=True, errors="replace")
    silent = NO_DEVICE in played.stderr
    if played.returncode or silent:
        why = "this machine has no audio output" if silent else played.stderr.strip()[-200:]
        raise AudioError(f"{Path(command[0]).name} could not play: {why}", hint="write a file instead: -o say.wav")
    return None


def _context(show: Show | None, language: str) -> RenderContext:
    return RenderContext(Workspace(Path()), show or Show("", language, "http://localhost/", ""), Quiet(), 1)


def _join(speeches: Sequence[Speech], pauses_ms: Sequence[int]) -> Speech:
    import numpy as np

    rate = speeches[0].rate_hz
    parts = []
    for speech, pause_ms in zip(speeches, pauses_ms, strict=True):
        parts += [speech.samples, np.zeros(rate * pause_ms // 1000, np.float32)]
    return Speech(np.concatenate(parts[:-1]), rate)


def _write(speech: Speech, path: Path) -> None:
    import soundfile

    kind = path.suffix.lstrip(".").upper()
    if kind not in soundfile.available_formats():
        what = f"cannot write {kind} files" if kind else "the file name has no extension"
        raise AudioError(what, file=path, hint="use the extension .wav, .flac, .ogg or .mp3")
    try:
        with workspace.replacing(path) as temporary:
            soundfile.write(temporary, speech.samples, speech.rate_hz, format=kind)
    except soundfile.SoundFileError as error:
        raise PodcastError(error, file=path, hint="use the extension .wav or .flac") from error
