# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and validate show.toml.

Every error is reported with file, line and key; for an unknown key, the hint suggests the most similar one.
The file belongs to the producer: the pipeline writes to it only once, to store the show's guid.
"""

import re
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_origin
from urllib.parse import SplitResult, urlsplit

import msgspec

from podcast import pronunciation
from podcast.config.settings import (
    PLACES,
    Listening,
    Music,
    MusicKind,
    Output,
    Pauses,
    Publishing,
    Section,
    Show,
    Track,
)
from podcast.config.toml import TomlFile
from podcast.errors import ConfigError, did_you_mean, reason_of
from podcast.model import Speaker
from podcast.packages.plugins import worded
from podcast.text import LANGUAGE, web

GUID_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Namespace UUID of podcast:guid (podcast namespace, docs/tags/guid.md)."""

SECTIONS = {
    "show": {f.name for f in fields(Show)}.difference(
        ("voices", "fallbacks", "lexicon", "music", "pauses", "settings"),
        ("hooks", "listening", "publishing", "targets", "output", "sections"),
    ),
    "voices": None,  # any language
    "fallbacks": None,  # any voice, any engine
    "lexicon": None,  # any language, any word
    "sections": None,  # any heading
    "music": {f.name for f in fields(Music)},
    "hooks": {"music"},
    "sound": {f.name for f in fields(Output)},
    "pauses": {f.name for f in fields(Pauses)},
    "engine": None,  # depends on the engine
    "listen": {f.name for f in fields(Listening)},
    "publish": {f.name for f in fields(Publishing)},
    "target": None,  # depends on the kind of target
}

BYTES = "give a number of bytes, such as 1000000; 0 means no limit"
MILLISECONDS = "give a number of milliseconds, such as 1500"
SECRET_NAME = re.compile(r"(?i)(pass|secret|token|credential|access_?key|account_?key|key_?id|sas)(?!.*_env$)")
"""Names of settings that contain a secret, unless they end with `_env` and so name an environment variable."""
SECRET_VALUE = re.compile(r"://[^/@\s]*:[^/@\s]+@|-----BEGIN|[?&](sig|X-Amz-\w+)=|(?i:pass(word)?|secret\w*|token)\s*=")
"""Matches passwords in URLs, private keys, signed URLs, and rclone connection strings with a password."""


URL_OF_FILE = re.compile(r"(?i)[^/]/[^/]+\.(xml|rss|html?)/$")
"""Matches the end of the URL of a file, with the slash that `_address` adds to all URLs."""


def load(path: Path) -> Show:
    """Read show.toml and return the show.

    Raises ConfigError with the file, the line and the key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            "no show in this folder", file=path, hint="create one with podcast init, or change to the folder of a show"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError("not valid UTF-8", file=path, line=line, hint="save the file as UTF-8") from error
    except OSError as error:
        raise ConfigError(reason_of(error), file=path, hint="check that you have permission to read it") from error
    return read(text, path)


def read(text: str, path: Path) -> Show:
    """Parse the text of the file `path`. Raises as `load` does."""
    source = TomlFile(path, text)
    return _show(source, source.tables())


def _check_keys(source: TomlFile, tables: Mapping[str, Any]) -> None:
    for name, table in tables.items():
        if name not in SECTIONS:
            raise source.wrong(name, "unknown section", _hint_section(name) or did_you_mean(name, SECTIONS))
        if not isinstance(table, dict):
            raise source.wrong(name, "must be a section", f"write [{name}] on a line of its own")
        known = SECTIONS[name] or table  # None allows any key
        for key in table:
            if key not in known:
                raise source.wrong(f"{name}.{key}", "unknown key", _hint_section(key) or did_you_mean(key, known))


def _show(source: TomlFile, tables: Mapping[str, Any]) -> Show:
    _check_keys(source, tables)
    values = dict(tables.get("show", {}))
    for key in ("title", "language", "url"):
        if not str(values.get(key, "")).strip():
            raise source.wrong(f"show.{key}", "is missing", f'add a line below [show]: {key} = "…"')
    values["voices"] = {
        language: _value(source, f"voices.{language}", {"voice": who} if isinstance(who, str) else who, Speaker)
        for language, who in tables.get("voices", {}).items()
    }
    values["fallbacks"] = {voice: _fallbacks(source, voice, who) for voice, who in tables.get("fallbacks", {}).items()}
    values["lexicon"] = {
        language: {
            word: _spoken(source, f"lexicon.{language}.{word}", word, said)
            for word, said in _value(source, f"lexicon.{language}", words, dict[str, Any]).items()
        }
        for language, words in tables.get("lexicon", {}).items()
    }
    values["settings"] = {
        engine: _with_paths(source.path.parent, _value(source, f"engine.{engine}", settings, dict[str, Any]))
        for engine, settings in tables.get("engine", {}).items()
    }
    values["sections"] = {name: _section(source, name, table) for name, table in tables.get("sections", {}).items()}
    values["listening"] = _listening(source, tables.get("listen", {}))
    values["publishing"] = _publishing(source, tables.get("publish", {}))
    values["targets"] = {name: _target(source, name, table) for name, table in tables.get("target", {}).items()}
    values["hooks"] = {name: _value(source, f"hooks.{name}", it, str) for name, it in tables.get("hooks", {}).items()}
    values["music"] = _music(source, tables.get("music", {}))
    values["output"] = _value(source, "sound", tables.get("sound", {}), Output)
    values["pauses"] = _value(source, "pauses", tables.get("pauses", {}), Pauses)
    values["url"] = _address(source, "show.url", values["url"])
    values["guid"] = _guid(source, values)
    show: Show = _value(source, "show", values, Show)
    _check(source, show)
    return show


def _spoken(source: TomlFile, key: str, word: str, said: object) -> str:
    """Return an entry of the lexicon: a respelling, or IPA between slashes."""
    text: str = _value(source, key, said, str)
    try:
        pronunciation.written(word, text)
    except ValueError as error:
        raise source.wrong(key, str(error), 'write IPA as in "/kɛʁɡɛn/", or a respelling without slashes') from None
    return text


def _fallbacks(source: TomlFile, voice: str, who: object) -> tuple[str, ...]:
    """Return the fallback voices of a voice: the value is a name, or several in order."""
    key = f"fallbacks.{voice}"
    named: tuple[str, ...] = _value(source, key, [who] if isinstance(who, str) else who, tuple[str, ...])
    if not all(named) or not named or voice in named:
        raise source.wrong(key, "must name another voice", 'write "openai/alloy" = "kokoro/ff_siwis", for example')
    return named


def _section(source: TomlFile, name: str, table: object) -> Section:
    key = f"sections.{name}"
    if isinstance(table, dict) and "voice" in table:
        who = table["voice"]
        said = _value(source, f"{key}.voice", {"voice": who} if isinstance(who, str) else who, Speaker)
        table = {**table, "voice": asdict(said)}
    if isinstance(table, dict) and "bed" in table:
        table = {**table, "bed": _track(source, f"{key}.bed", table["bed"], replace(Music().bed, play_ms=0))}
    section: Section = _value(source, key, table, Section)
    if section.voice and (wrong := section.voice.fault()):
        raise source.wrong(f"{key}.voice", wrong, "use a number from 0.5 (half) to 2.0 (double)")
    return section


def _listening(source: TomlFile, table: Mapping[str, Any]) -> Listening:
    """Return the settings of `[listen]`; the model's folder may be relative to the show folder."""
    listening: Listening = _value(source, "listen", table, Listening)
    model = Path(listening.model).expanduser()
    return Listening(str(source.path.parent / model)) if listening.model else listening


def _publishing(source: TomlFile, table: Mapping[str, Any]) -> Publishing:
    publishing: Publishing = _value(source, "publish", table, Publishing)
    if publishing.hub:
        _web(source, "publish.hub", publishing.hub)
    if not 0 <= publishing.grace_days <= 3650:
        raise source.wrong("publish.grace_days", "must be from 0 to 3650", "give a number of days, such as 30")
    for key in ("feed_bytes", "page_bytes"):
        if not (getattr(publishing, key) == 0 or 50_000 <= getattr(publishing, key) <= 1_000_000_000):
            raise source.wrong(f"publish.{key}", "must be 0, or from 50000 to 1000000000", BYTES)
    if not 1 <= publishing.parallel <= 32:
        raise source.wrong("publish.parallel", "must be from 1 to 32", "give the number of parallel uploads, such as 4")
    return publishing


def _target(source: TomlFile, name: str, table: object) -> dict[str, object]:
    """Return the settings of a target. Raises ConfigError if they contain a secret."""
    key = f"target.{name}"
    settings: dict[str, object] = _value(source, key, table, dict[str, Any])
    if not isinstance(settings.get("kind"), str):
        raise source.wrong(f"{key}.kind", "is missing", f'add a line below [{key}], such as kind = "sftp"')
    for setting, value in settings.items():
        if SECRET_NAME.search(setting) or SECRET_VALUE.search(str(value)):
            raise source.wrong(
                f"{key}.{setting}",
                "show.toml must not contain a secret",
                f"put it in an environment variable and name that variable: {setting.removesuffix('_env')}_env = …; "
                "if the file was ever shared, change the secret",
            )
    return settings


def _music(source: TomlFile, table: Mapping[str, Any]) -> Music:
    """Return the settings of `[music]`; each piece of music is a table, or only the name of its file."""
    values = dict(table)
    for kind in get_args(MusicKind):
        if kind not in table:
            continue
        values[kind] = _track(source, f"music.{kind}", table[kind], getattr(Music(), kind))
    music: Music = _value(source, "music", values, Music)
    return music


def _track(source: TomlFile, key: str, table: object, default: Track) -> Track:
    """Return the settings of a piece of music: the value is a table, or only the name of its file."""
    said = {"file": table} if isinstance(table, str) else table
    if not isinstance(said, dict):
        raise source.wrong(key, f"must be music, not {said!r}", f"name a file in quotes, or write a section [{key}]")
    track: Track = _value(source, key, {**asdict(default), **said}, Track)
    _check_track(source, key, track, whole=default.play_ms == 0)
    return track


def _check_track(source: TomlFile, key: str, track: Track, *, whole: bool) -> None:
    _check_gains(source, key, track)
    if not 0 <= track.start_ms <= 3_600_000:
        raise source.wrong(f"{key}.start_ms", "must be from 0 to 3600000", MILLISECONDS)
    if not (whole and track.play_ms == 0) and not 100 <= track.play_ms <= (3_600_000 if whole else 120_000):
        allowed = "must be 0, or from 100 to 3600000" if whole else "must be from 100 to 120000"
        raise source.wrong(f"{key}.play_ms", allowed, MILLISECONDS + ("; 0 means the whole section" if whole else ""))
    for name in ("fade_in_ms", "fade_out_ms"):
        if not 0 <= getattr(track, name) <= 30_000:
            raise source.wrong(f"{key}.{name}", "must be from 0 to 30000", MILLISECONDS)


def _value(source: TomlFile, key: str, value: object, kind: Any) -> Any:
    """Convert a value to `kind`; errors of msgspec become errors with file, line and key."""
    if kind is Speaker and not isinstance(value, dict):
        raise source.wrong(key, f"must be a voice, not {value!r}", 'name one in quotes, such as "kokoro/ff_siwis"')
    if not isinstance(value, dict) and (is_dataclass(kind) or get_origin(kind) is dict):
        raise source.wrong(key, f"must be a section, not {value!r}", f"write it below [{key}]")
    if isinstance(value, dict) and is_dataclass(kind):
        known = {f.name for f in fields(kind)}
        for name in value:
            if name not in known:
                raise source.wrong(f"{key}.{name}", "unknown key", did_you_mean(name, known))
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        place, message = worded(error, kind, value)
        raise source.wrong(key + place, message, "correct the value") from error


def _with_paths(folder: Path, value: Any) -> Any:
    """Return the settings of an engine, with files of the show folder as paths relative to the current folder."""
    if isinstance(value, dict):
        return {key: _with_paths(folder, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_paths(folder, one) for one in value]
    is_file = isinstance(value, str) and Path(value).suffix and (folder / value).is_file()
    return str(folder / value) if is_file else value


def _hint_section(word: str) -> str:
    """Return the hint for a key that belongs into another section, or is one; empty if it is unknown."""
    if word in SECTIONS:
        return f"write it as a section: [{word}]"
    homes = [f"[{name}]" for name, known in SECTIONS.items() if known and word in known]
    return f"move it below {' or '.join(homes)}" if homes else ""


def _language(source: TomlFile, key: str, code: str) -> None:
    if not LANGUAGE.fullmatch(code):
        tag = code.replace("_", "-")
        hint = (
            f'write "{tag}"'
            if LANGUAGE.fullmatch(tag)
            else _hint_section(code) or 'use a code such as "fr", "en" or "pt-BR"'
        )
        raise source.wrong(key, f"{code!r} is not a valid language code", hint)


def _web(source: TomlFile, key: str, value: object) -> SplitResult:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:  # an invalid IPv6 address in brackets
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise source.wrong(
            key, f"{value!r} is not a valid URL", 'write a URL such as "https://www.example.org/podcast/"'
        )
    return parts


def _address(source: TomlFile, key: str, value: object) -> str:
    """Validate the URL of a folder; return it with a final slash."""
    parts = _web(source, key, value)
    if parts.query or parts.fragment:
        hint = "give the URL of the folder that will contain feed.xml, without ? and #"
        raise source.wrong(key, f"{value!r} is not the URL of a folder", hint)
    return str(value).rstrip("/") + "/"


def _guid(source: TomlFile, values: Mapping[str, Any]) -> str:
    given = values.get("guid")
    if given is None:
        return guid_for(values["url"] + "feed.xml")
    try:
        return str(uuid.UUID(str(given)))
    except ValueError:
        raise source.wrong(
            "show.guid",
            f"{given!r} is not a valid UUID",
            "restore it, or delete the line if the show was never published",
        ) from None


def _check(source: TomlFile, show: Show) -> None:
    _language(source, "show.language", show.language)
    _check_addresses(source, show)
    _check_frame(source, show)
    for language in show.lexicon:
        _language(source, f"lexicon.{language}", language)
    for language, speaker in show.voices.items():
        _language(source, f"voices.{language}", language)
        if wrong := speaker.fault():
            raise source.wrong(f"voices.{language}", wrong, "use a number from 0.5 (half) to 2.0 (double)")
    for name in (f.name for f in fields(Pauses)):
        if not 0 <= getattr(show.pauses, name) <= 10_000:
            raise source.wrong(f"pauses.{name}", "must be from 0 to 10000", MILLISECONDS)
    _check_gains(source, "music", show.music)
    for name in ("lead_ms", "tail_ms"):
        if not 0 <= getattr(show.music, name) <= 60_000:
            raise source.wrong(f"music.{name}", "must be from 0 to 60000", MILLISECONDS)


def _check_frame(source: TomlFile, show: Show) -> None:
    for key in ("opening", "closing"):
        for name in re.findall(r"\{(\w*)\}", getattr(show, key) or ""):
            if name not in PLACES:
                raise source.wrong(f"show.{key}", f"unknown placeholder {{{name}}}", did_you_mean(name, PLACES))


def _check_gains(source: TomlFile, key: str, of: Music | Track) -> None:
    for name, least, most in (("gain_db", -40, 6), ("duck_db", -60, 0)):
        if not least <= (getattr(of, name) or 0) <= most:
            raise source.wrong(
                f"{key}.{name}", f"must be from {least} to {most}", "give a number of decibels, such as -3.0"
            )


def _check_addresses(source: TomlFile, show: Show) -> None:
    if URL_OF_FILE.search(show.url):
        folder = show.url.rstrip("/").rpartition("/")[0] + "/"
        raise source.wrong(
            "show.url", f"{show.url.rstrip('/')} is the URL of a file", f'give the URL of its folder: "{folder}"'
        )
    for key in ("funding", "moved_to", "license_url"):
        if (given := getattr(show, key)) and not web(given):
            raise source.wrong(
                f"show.{key}", f"{given!r} is not a valid URL", 'write a URL such as "https://www.example.org/x"'
            )
    if show.link:
        _web(source, "show.link", show.link)


def guid_for(feed_url: str) -> str:
    """Return podcast:guid for a feed URL: the UUIDv5 of the URL without scheme and trailing slashes."""
    return str(uuid.uuid5(GUID_NAMESPACE, re.sub(r"^[a-z]+://", "", feed_url).rstrip("/")))


def is_placeholder(show: Show) -> bool:
    """Return True if listeners cannot reach the show's URL, such as `*.example` or localhost."""
    host = urlsplit(show.url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host.endswith((".example", ".test", ".invalid"))


def with_guid(text: str, show: Show) -> str:
    """Return the text of show.toml with the guid added, if it has none yet and the URL is not a placeholder."""
    if is_placeholder(show) or "guid" in tomllib.loads(text).get("show", {}):
        return text
    line = f'guid = "{show.guid}"  # created from the URL; never change it, even if the URL changes\n'
    return re.sub(
        r"^(\s*url\s*=.*\n?)", lambda found: found[1].rstrip("\n") + "\n" + line, text, count=1, flags=re.MULTILINE
    )
