# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast init`: a new show folder, with a show.toml that explains itself."""

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from podcast import workspace
from podcast.errors import ConfigError, WorkspaceError
from podcast.script import slugify
from podcast.show import read
from podcast.workspace import Workspace

TEMPLATE = """\
# This folder is a podcast: scripts/ is what will be said, audio/ what is heard, feed/ what is published.
# Paths are relative to this file. Commands: podcast make ARTICLE, podcast status, podcast --help

[show]
title = {title}
language = {language}  # of the show; each article may have its own
description = {description}
author = {author}
email = {email}  # where directories reach the owner of the feed
url = {url}  # address of the feed folder on the web{placeholder}
category = "Technology"  # one of Apple's: Arts, Business, Education, News, Science, Technology …
explicit = false
{private}# license = "cc-by-4.0"  # SPDX identifier; or a name, with license_url
# funding = "https://…"  # where listeners can support the show; funding_text says it in words
# frequency = "weekly"  # daily, weekly, biweekly, monthly
# cover = "cover.jpg"  # square, 1400 to 3000 pixels; one is drawn from the title without it
# opening = "{opening}"  # what is said first; "" for nothing
# closing = ""  # what is said last

[voices]  # which voice speaks which language: podcast voices lists them
# fr = "kokoro/ff_siwis"
# en = {{ voice = "hibari/heart", speed = 1.05 }}

[music]
intro = "default"  # ours: default, calm, news, playful; or a file such as "audio/music/intro.flac"; or "" for none
outro = "default"

# [sections."{section}"]  # a part that recurs, known by its heading (or one of `titles`)
# voice = "{voice}"
# sting = "audio/music/sting.flac"

[pauses]  # milliseconds of silence after a …
# sentence_ms = 280
# paragraph_ms = 620

[lexicon.{base}]  # how words are said; podcast say --show-text shows the effect
# {word}

# [target.web]  # where podcast publish uploads; kinds: folder, sftp, s3, rclone. Passwords never stand here
# kind = "sftp"
# host = "www.example.org"
# path = "/var/www/podcast"
"""

PRIVATE_BYTES = 16
"""Of chance in the address of a private show: as many as a UUID has."""

DESCRIPTIONS = {
    "fr": "Des articles lus à voix haute.",
    "en": "Articles read aloud.",
    "es": "Artículos leídos en voz alta.",
    "it": "Articoli letti ad alta voce.",
    "pt": "Artigos lidos em voz alta.",
    "de": "Vorgelesene Artikel.",
}
"""What a show is about until its producer says more; a feed must say something."""

EXAMPLES = {
    "fr": {
        "opening": "{title}, par {author}.",
        "section": "Pour les sceptiques",
        "voice": "pico/fr",
        "word": '"OpenAI" = "opeune a i"',
    },
    "en": {
        "opening": "{title}, by {author}.",
        "section": "For the sceptics",
        "voice": "pico/en-GB",
        "word": '"nginx" = "engine X"',
    },
}
"""Of what may be set, in the show's language."""

IGNORED = """\
# made from scripts/ and show.toml; podcast make makes them again
/audio/clips/
/audio/*.mp3
/audio/*.opus
/audio/*.m4a
/audio/*.json
/audio/.lock
/feed/
"""


def fault(name: str, answer: str) -> str:
    """Return what is wrong with a value that `start` would be given, and what would be right; nothing if it will do."""
    others = {"title": "x", "language": "en", "url": "", "author": "", "email": "", "description": ""}
    try:
        _check(_text(others | {name: answer}, private=False))
    except ConfigError as error:
        return f"{error.message}; {error.hint}"
    return ""


def start(folder: Path, given: Mapping[str, str], *, private: bool = False) -> list[Path]:
    """Make a show folder and return what was made; `given` has title, language, url, author, email, description.

    A private one gets an address that nobody guesses, and asks not to be listed.

    Raises WorkspaceError if there is a show already, ConfigError for a wrong value; then nothing is written.
    """
    place = Workspace(folder)
    if place.show.exists():
        raise WorkspaceError(f"{place.show}: there is a show already", hint="edit it, or name another folder")
    text = _text(given, private=private)
    _check(text)
    workspace.write(place.show, text)
    for path in (place.scripts, place.music, place.feed):
        path.mkdir(parents=True, exist_ok=True)
    if not (folder / ".gitignore").exists():
        workspace.write(folder / ".gitignore", IGNORED)
    return [place.show, place.scripts, place.music, place.feed]


def _check(text: str) -> None:
    """Raise ConfigError for a value that a show cannot have, named by its key alone: the file is not there yet."""
    try:
        read(text, Path("show.toml"))
    except ConfigError as error:
        raise ConfigError(re.sub(r"^show\.toml:\d+: (show\.)?", "", error.message), hint=error.hint) from error


def _text(given: Mapping[str, str], *, private: bool) -> str:
    """Return the first show.toml."""
    base = given["language"].split("-")[0].lower()
    filled = {
        **given,
        "author": given["author"] or given["title"],
        "description": given["description"] or DESCRIPTIONS.get(base, DESCRIPTIONS["en"]),
    }
    url = given["url"] or f"https://{slugify(given['title'])}.example/"
    if private:
        url = f"{url.rstrip('/')}/{secrets.token_hex(PRIVATE_BYTES)}/"
    return TEMPLATE.format(
        **EXAMPLES.get(base, EXAMPLES["en"]),
        private="block = true  # asks directories not to list it: its address is the only key\n" if private else "",
        placeholder="" if given["url"] else ": set it before you publish",
        base=re.sub(r"[^a-z].*", "", base) or "en",
        **{name: json.dumps(value, ensure_ascii=False) for name, value in {**filled, "url": url}.items()},
    )
