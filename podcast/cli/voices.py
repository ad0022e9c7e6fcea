# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands voices, say and music."""

import sys
from typing import TYPE_CHECKING, Any

import click

from podcast.cli.common import PathOf, example, open_show, place_of, print_json, table, tell
from podcast.errors import PodcastError

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=click.Command, **example("podcast voices --language fr"))
@click.option("--language", "-l", default="", help="Only voices for this language.")
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@click.pass_obj
def voices(folder: "Path", language: str, *, as_json: bool) -> None:
    """List the voices, and whether each is ready to use."""
    from podcast.produce.commands.say import listing

    place = place_of(folder)
    rows = listing(language, open_show(folder)[1].settings if place.show.exists() else {})
    if as_json:
        print_json(rows)
        return
    heads = ("voice", "language", "quality", "where", "state")
    missing = {str(row["voice"]).partition("/")[0]: str(row["state"]) for row in rows if row["state"] != "installed"}
    if sys.stdout.isatty():  # in a narrow table, the reason why an engine is not available is printed once, below
        rows = [row if row["state"] == "installed" else {**row, "state": "not available"} for row in rows]
    table(heads, [[str(row[head]) for head in heads] for row in rows])
    for engine, fix in missing.items() if sys.stdout.isatty() else ():
        tell(f"{engine} is not available: {fix}")
    if not rows:
        raise PodcastError(f"no voice for language {language!r}", hint="list all voices with: podcast voices")


@click.command(
    cls=click.Command,
    **example('podcast say "Bonjour à tous" -l fr\npodcast say -v hibari/heart -o hello.flac "Hello there"'),
)
@click.argument("text")
@click.option("--voice", "-v", default="", help="Voice; default: the one for the language.")
@click.option("--language", "-l", default="", help="Language of the text; default: detected.")
@click.option("--output", "-o", type=PathOf(dir_okay=False), help="Write to this WAV, FLAC, OGG or MP3 file.")
@click.option("--speed", type=click.FloatRange(0.5, 2.0), default=1.0, help="1.2 is 20 % faster.")
@click.option("--pitch", type=click.FloatRange(0.5, 2.0), default=1.0, help="1.2 is 20 % higher; some engines only.")
@click.option("--show-text", is_flag=True, help="Print the spoken text instead of playing it.")
@click.option("--ipa", is_flag=True, help="Print the phonemes that the voice is given instead of playing them.")
@click.pass_obj
def say(folder: "Path", /, text: str, **options: Any) -> None:
    """Speak a text, to try a voice or hear how a word is pronounced.

    TEXT may be - for standard input. Without --output it is played, or written to say.wav if this machine has no audio
    player.
    """
    from podcast.produce.commands import say as voicing

    place = place_of(folder)
    show = open_show(folder)[1] if place.show.exists() else None
    text = _given() if text == "-" else text
    for flag, form in (("show_text", voicing.speakable_form), ("ipa", voicing.phonemic_form)):
        if options[flag]:
            click.echo(form(text, show, voice=options["voice"], language=options["language"]))
            return
    given = {name: options[name] for name in ("voice", "language", "speed", "pitch", "output")}
    path = voicing.say(text, show, **given, tell=tell)
    if path is not None:
        click.echo(str(path))


def _given() -> str:
    """Return the text on standard input, without the byte order mark that Windows shells may add."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PodcastError(
            "standard input: not valid UTF-8", hint="give the text as an argument instead of -"
        ) from error


@click.command(
    cls=click.Command,
    **example("podcast music                      # list the styles\npodcast music calm jingles/ --format mp3"),
)
@click.argument("style", default="")
@click.argument("directory", type=PathOf(file_okay=False), default=".")
@click.option(
    "--format", "-f", "ending", type=click.Choice(["flac", "wav", "mp3"]), default="flac", help="Format of the files."
)
def music(style: str, directory: "Path", ending: str) -> None:
    """Write the built-in music to files, to hear or edit it.

    STYLE is one of those listed by `podcast music`, or `all`. In show.toml a style can be used in place of a file:
    [music] intro = "calm".
    """
    from podcast.sound.music.tracks import styles, write_jingles

    if not style:
        table(("style", "description"), list(styles().items()))
        return
    for path in write_jingles(directory, style, ending):
        click.echo(str(path))
