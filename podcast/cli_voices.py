# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands to hear something: voices, say, music."""

import sys
from typing import TYPE_CHECKING, Any

import click

from podcast.command import PathOf, example, open_show, place_of, print_json, table
from podcast.errors import PodcastError

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=click.Command, **example("podcast voices --language fr"))
@click.option("--language", "-l", default="", help="Only voices of this language.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def voices(folder: "Path", language: str, *, as_json: bool) -> None:
    """List the voices: what each speaks, and whether it is here."""
    from podcast.produce.voicing import listing

    place = place_of(folder)
    rows = listing(language, open_show(folder)[1].settings if place.show.exists() else {})
    if as_json:
        print_json(rows)
        return
    heads = ("voice", "language", "quality", "where", "state")
    table(heads, [[str(row[head]) for head in heads] for row in rows])
    if not rows:
        raise PodcastError(f"no voice speaks {language!r}", hint="podcast voices lists all of them")


@click.command(
    cls=click.Command,
    **example("podcast say 'Bonjour à tous' -l fr\npodcast say -v hibari/heart -o hello.flac 'Hello there'"),
)
@click.argument("text")
@click.option("--voice", "-v", default="", help="The voice; the language's own by default.")
@click.option("--language", "-l", default="", help="Language of the text; found from the words by default.")
@click.option("--output", "-o", type=PathOf(dir_okay=False), help="WAV, FLAC, OGG or MP3 file.")
@click.option("--speed", type=click.FloatRange(0.5, 2.0), default=1.0, help="1.2 is 20 % quicker.")
@click.option("--pitch", type=click.FloatRange(0.5, 2.0), default=1.0, help="1.2 is 20 % higher; not of every engine.")
@click.option("--show-text", is_flag=True, help="Print the speakable form and say nothing.")
@click.pass_obj
def say(folder: "Path", /, text: str, **options: Any) -> None:
    """Say a text, to hear a voice or how a word is said.

    - reads it from standard input. Without --output it is played, or left in say.wav if this machine has no player.
    """
    from podcast.produce import voicing

    place = place_of(folder)
    show = open_show(folder)[1] if place.show.exists() else None
    text = _given() if text == "-" else text
    if options["show_text"]:
        click.echo(voicing.speakable_form(text, show, voice=options["voice"], language=options["language"]))
        return
    path = voicing.say(
        text, show, **{name: options[name] for name in ("voice", "language", "speed", "pitch", "output")}
    )
    if path is not None:
        click.echo(str(path))


def _given() -> str:
    """Return the text on standard input; shells of Windows may put a byte order mark before it."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PodcastError("standard input: not UTF-8", hint="give the text as an argument instead of -") from error


@click.command(
    cls=click.Command,
    **example("podcast music                      # what styles there are\npodcast music calm jingles/ --format mp3"),
)
@click.argument("style", default="")
@click.argument("directory", type=PathOf(file_okay=False), default=".")
@click.option(
    "--format", "-f", "ending", type=click.Choice(["flac", "wav", "mp3"]), default="flac", help="Of the files."
)
def music(style: str, directory: "Path", ending: str) -> None:
    """Write our own music to files, to hear it or to take it apart.

    STYLE is one of the names that are listed without it, or `all`. In show.toml a style stands where a file may:
    [music] intro = "calm".
    """
    from podcast.sound.music import styles, write_jingles

    if not style:
        table(("style", "what it is"), list(styles().items()))
        return
    for path in write_jingles(directory, style, ending):
        click.echo(str(path))
