# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast init`: create a show folder with a commented show.toml."""

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podcast import languages, workspace
from podcast.config.load import read
from podcast.errors import ConfigError, WorkspaceError
from podcast.feed.validate import of_channel
from podcast.langtag import primary
from podcast.script import slugify
from podcast.workspace import Workspace

TEMPLATE = """\
# Settings of this podcast. scripts/ has the scripts, audio/ the finished episodes, feed/ what you upload.
# Paths are relative to this file. Next: podcast make ARTICLE. All settings: podcast help settings

[show]
title = {title}
language = {language}  # default language; each article may have its own
description = {description}
author = {author}
email = {email}  # podcast directories write to it
url = {url}  # public URL of the feed folder{placeholder}
category = {category}  # one of Apple's: Arts, Business, Education, News, Science, Technology …
explicit = false
{private}# license = "cc-by-4.0"  # SPDX identifier, or a name with license_url
# funding = "https://…"  # where listeners can support the show; funding_text is the label
# frequency = "weekly"  # daily, weekly, biweekly, monthly
# cover = "cover.jpg"  # square, 1400 to 3000 pixels; without it, one is drawn from the title
# opening = "{opening}"  # spoken at the beginning of new episodes; "" for nothing
# closing = ""  # spoken at the end of new episodes

[voices]  # voice for each language; list them with: podcast voices
# fr = "kokoro/ff_siwis"
# en = {{ voice = "hibari/heart", speed = 1.05 }}

[music]
intro = "default"  # built in: default, calm, news, playful; or a file such as "audio/music/intro.flac"; or ""
outro = "default"

# [sections."{section}"]  # a recurring part of episodes, found by its heading
# voice = "{voice}"
# sting = "audio/music/sting.flac"

[pauses]  # silence in milliseconds after a …
# sentence_ms = 280
# paragraph_ms = 620

[lexicon.{base}]  # pronunciation of words, respelt or in IPA ("/…/"); try it with: podcast say --show-text "…"
# {word}

# [target.web]  # where podcast publish uploads; kinds: folder, sftp, s3, rclone. Never write passwords here
# kind = "sftp"
# host = "www.example.org"
# path = "/var/www/podcast"
"""

WORDS = "init.toml"
PRIVATE_BYTES = 16
"""Random bytes in the URL of a private show: as many as in a UUID."""

IGNORED = """\
# podcast make recreates these from scripts/ and show.toml
/audio/clips/
/audio/*.mp3
/audio/*.opus
/audio/*.m4a
/audio/*.json
/audio/.lock
/feed/
"""


def fault(name: str, answer: str) -> str:
    """Return the error for a value that is meant for `start`, with its fix; empty if it is valid."""
    others = {"title": "x", "language": "en"}
    try:
        _check(_text(others | {name: answer}, private=False))
    except ConfigError as error:
        return f"{error.message}; {error.hint}"
    return ""


def start(folder: Path, given: Mapping[str, str], *, private: bool = False) -> list[Path]:
    """Create a show folder and return the paths that were created.

    `given` has title and language, and may have url, author, email, category and description. A private show gets an
    unguessable URL, and asks directories not to list it.

    Raises WorkspaceError if there is a show already, ConfigError for an invalid value; then nothing is written.
    """
    place = Workspace(folder)
    if place.show.exists():
        raise WorkspaceError(f"{place.show} exists already", hint="edit it, or choose another folder")
    text = _text(given, private=private)
    _check(text)
    workspace.write(place.show, text)
    for path in (place.scripts, place.music, place.feed):
        path.mkdir(parents=True, exist_ok=True)
    if not (folder / ".gitignore").exists():
        workspace.write(folder / ".gitignore", IGNORED)
    return [place.show, place.scripts, place.music, place.feed]


def _check(text: str) -> None:
    """Raise ConfigError for an invalid value, with the key but no file, which does not exist yet."""
    try:
        show = read(text, Path("show.toml"))
    except ConfigError as error:
        raise ConfigError(f"{error.key.removeprefix('show.')}: {error.text}", hint=error.hint) from error
    for problem in of_channel(show):  # values that directories refuse
        hint = problem.hint.replace("remove the line", "leave it empty")
        raise ConfigError(f"{problem.key.removeprefix('show.')}: {problem.text}", hint=hint)


def _words(language: str, key: str) -> Any:
    """Return a text for a new show.toml in a language; in English if there is no translation."""
    return languages.table(language, WORDS).get(key) or languages.table("en", WORDS)[key]


def _text(given: Mapping[str, str], *, private: bool) -> str:
    """Return the content of a new show.toml."""
    base = primary(given["language"])
    filled = {
        "title": given["title"],
        "language": given["language"],
        "author": given.get("author") or given["title"],
        "email": given.get("email", ""),
        "category": given.get("category") or "Technology",
        "description": given.get("description") or _words(base, "description"),
    }
    url = given.get("url") or f"https://{slugify(given['title'])}.example/"
    if private:
        url = f"{url.rstrip('/')}/{secrets.token_hex(PRIVATE_BYTES)}/"
    return TEMPLATE.format(
        **_words(base, "examples"),
        private="block = true  # asks directories not to list the show: only those who know its URL find it\n"
        if private
        else "",
        placeholder="" if given.get("url") else "; set it before you publish",
        base=re.sub(r"[^a-z].*", "", base) or "en",
        **{name: json.dumps(value, ensure_ascii=False) for name, value in {**filled, "url": url}.items()},
    )
