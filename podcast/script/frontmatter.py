# SPDX-License-Identifier: GPL-3.0-or-later
"""Render and parse the front matter of a script: YAML between `---` lines <-> the fields of Script.

Values are loaded as text (podcast.front_matter) and converted to their types here.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, get_args

import msgspec
import yaml

from podcast import front_matter
from podcast.errors import ScriptError, did_you_mean
from podcast.model import EpisodeKind, Link, Origin, Script, Speaker
from podcast.packages.plugins import either, worded
from podcast.text import LANGUAGE

KEYS = (
    "title", "guid", "episode", "season", "date", "language",
    "kind", "publish", "author", "source", "image", "summary", "links", "speakers", "origin",
)  # fmt: skip
REQUIRED = ("title", "guid", "date", "language")
FORMS = {
    "links": "for example: links: [{url: https://example.org/, text: Example}]",
    "speakers": "for example: speakers: {host: kokoro/ff_siwis, anna: {voice: pico/fr, speed: 0.95}}",
    "origin": "restore the original lines: a later version of the article is recognised by them",
}
"""Key with a structured value -> the hint with an example."""


def render(script: Script) -> str:
    """Return the front matter without its `---` lines: known keys in a fixed order, empty ones left out."""
    values: dict[str, Any] = {
        "title": script.title,
        "guid": script.guid,
        "episode": script.episode,
        "season": script.season,
        "date": Unquoted(script.date.isoformat()),
        "language": script.language,
        "kind": "" if script.kind == "full" else script.kind,
        "publish": None if script.publish else Unquoted("false"),
        "author": script.author,
        "source": script.source,
        "image": script.image,
        "summary": script.summary,
        "links": [{"url": link.url, "text": link.text} if link.text else {"url": link.url} for link in script.links],
        "speakers": {
            name: who.voice if who == Speaker(who.voice) else _without_defaults(who)
            for name, who in script.speakers.items()
        },
        "origin": {k: v for k, v in msgspec.to_builtins(script.origin).items() if v or k != "part"}
        if script.origin
        else None,
    }
    kept = {key: value for key, value in values.items() if value not in (None, "", [], {})}
    return yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _without_defaults(who: Speaker) -> dict[str, Any]:
    """Return the fields of a speaker that differ from their defaults, and the voice."""
    default = Speaker(who.voice)
    return {name: value for name, value in asdict(who).items() if name == "voice" or value != getattr(default, name)}


class Unquoted(str):
    """A date or boolean as text, which YAML would otherwise put in quotes."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    pass


def _represent_unquoted(dumper: yaml.SafeDumper, value: Unquoted) -> yaml.ScalarNode:
    kind = "bool" if value in {"true", "false"} else "timestamp"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(value))


_Dumper.add_representer(Unquoted, _represent_unquoted)


def parse(text: str, slug: str, path: Path) -> Script:
    """Return a script without segments.

    Raises ScriptError with the line of the error; line 1 of the file is the opening `---`.
    """
    try:
        loaded = front_matter.load(text)
    except front_matter.FrontMatterError as error:
        raise ScriptError(
            f"front matter is not valid YAML: {error.problem}",
            file=path,
            line=error.line or 1,
            hint='put the value in "quotes"' if error.line else "remove the invalid character",
        ) from error
    if not isinstance(loaded.value, dict):
        raise ScriptError(
            "front matter must be `key: value` lines", file=path, line=1, hint=f"required keys: {', '.join(REQUIRED)}"
        )
    lines: dict[str, int] = {}
    for key, line in loaded.keys:
        if key in lines:
            raise ScriptError("appears twice", file=path, line=line, key=key, hint="remove one of the two lines")
        lines[key] = line
    return _script(_Values(loaded.value, lines, path), slug)


class _Values:
    """The values by key, with their lines for error messages."""

    def __init__(self, values: Mapping[str, Any], lines: Mapping[str, int], path: Path) -> None:
        self.values = values
        self.lines = lines
        self.path = path

    def wrong(self, key: str, message: str, hint: str) -> ScriptError:
        return ScriptError(message, file=self.path, line=self.lines.get(key, 1), key=key, hint=hint)

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, "must be text", 'put the value in "quotes"')
        return value.strip()

    def number(self, key: str) -> int | None:
        text = self.text(key)
        if text and not (text.isascii() and text.isdigit() and int(text) > 0):
            raise self.wrong(key, f"must be a whole number of at least 1, not {text!r}", "correct or remove the line")
        return int(text) if text else None

    def choice(self, key: str, known: Sequence[str], default: str) -> Any:
        text = self.text(key) or default
        if text not in known:
            raise self.wrong(key, f"must be {either(known)}, not {text!r}", "correct or remove the line")
        return text

    def convert(self, key: str, value: Any, kind: Any) -> Any:
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            place, message = worded(error, kind, value)
            raise self.wrong(key, f"{message} ({key}{place.replace('[...]', '')})", FORMS[key]) from error


def _script(given: _Values, slug: str) -> Script:
    for key in given.values:
        if key not in KEYS:
            raise given.wrong(str(key), "unknown key", did_you_mean(str(key), KEYS))
    for key in REQUIRED:
        if not given.text(key):
            value = uuid.uuid5(uuid.NAMESPACE_OID, f"{slug} {given.values}") if key == "guid" else "…"
            raise given.wrong(key, "is missing", f"add a line `{key}: {value}` to the front matter")
    return Script(
        slug=slug,
        title=given.text("title"),
        guid=_guid(given),
        date=_date(given),
        language=_language(given),
        segments=(),
        episode=given.number("episode"),
        season=given.number("season"),
        kind=given.choice("kind", get_args(EpisodeKind), "full"),
        publish=given.choice("publish", ("true", "false"), "true") == "true",
        author=given.text("author"),
        source=given.text("source"),
        image=given.text("image"),
        summary=given.text("summary"),
        links=given.convert("links", given.values.get("links") or [], tuple[Link, ...]),
        speakers=_speakers(given),
        origin=given.convert("origin", given.values.get("origin") or None, Origin | None),
    )


def _speakers(given: _Values) -> dict[str, Speaker]:
    """Return the speakers by casefolded name; a voice alone is short for a mapping with the key `voice`."""
    plain = given.values.get("speakers") or {}
    if isinstance(plain, dict):
        plain = {str(name).casefold(): {"voice": who} if isinstance(who, str) else who for name, who in plain.items()}
        known = [field.name for field in fields(Speaker)]
        for name, who in plain.items():
            for key in who if isinstance(who, dict) else ():
                if key not in known:
                    raise given.wrong("speakers", f"{name}.{key}: unknown key", did_you_mean(str(key), known))
    speakers: dict[str, Speaker] = given.convert("speakers", plain, dict[str, Speaker])
    for name, who in speakers.items():
        if wrong := who.fault():
            raise given.wrong(
                "speakers",
                f"{name}: {wrong}",
                "1.0 is the normal speed or pitch of the voice, 0.5 is half, 2.0 is double",
            )
    return speakers


def _guid(given: _Values) -> str:
    try:
        return str(uuid.UUID(given.text("guid")))
    except ValueError:
        raise given.wrong(
            "guid", "is not a valid UUID", "restore the original line: podcast apps recognise the episode by its guid"
        ) from None


def _date(given: _Values) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(given.text("date"))
    except ValueError:
        raise given.wrong(
            "date", f"{given.text('date')!r} is not a valid date", "write it as 2026-11-23T06:00:00+01:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _language(given: _Values) -> str:
    language = given.text("language")
    if not LANGUAGE.fullmatch(language):
        raise given.wrong(
            "language", f"{language!r} is not a valid language code", "write a code such as fr, en or pt-BR"
        )
    return language
