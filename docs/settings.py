# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/settings.md: every key of show.toml, from the types that read it. `make docs` writes the file."""

import ast
import inspect
import textwrap
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from podcast import publish, voices
from podcast.config import settings
from podcast.config.load import SECTIONS
from podcast.model import Speaker

HEAD = """\
# Settings

Every key of show.toml, by section. `podcast init` writes a show.toml that works; add only what you want to change. An
unknown key is an error, with the nearest known key as a hint. Paths are relative to show.toml. After a change, the next
`podcast make` rebuilds only what depends on it.

<!-- generated from podcast/config/settings.py by `make docs` -->
"""

ABOUT = {
    "show": "The show, as podcast apps and directories see it. `title`, `language` and `url` are required.",
    "voices": "Which voice speaks which language. The key is a language code, the value is `engine/name` or a table of "
    "the keys below. `podcast voices` lists the voices; [Voices](voices.md) explains more. `fr` is also used for "
    "`fr-CA`, unless that has its own line.",
    "fallbacks": "Fallback voices, used when a voice fails. The key is a voice or a whole engine, the value is one "
    "voice or a list in order. Without a line here, no other voice is ever used. See "
    "[fallback voices](voices.md#fallback-voices).",
    "lexicon": "How words are pronounced, by language. The key is the word as written, the value is how to say it: in "
    "ordinary spelling, or in IPA between slashes. Kokoro, hibari, espeak-ng and Piper speak the IPA; for other "
    "voices it is respelt as well as it can be, which is reported. `podcast say --show-text` and `podcast say --ipa` "
    "show the effect.",
    "sections": "Settings for a recurring part of episodes. A part is recognised by its heading; put the heading in "
    "quotes.",
    "music": "The music of every episode. `intro`, `bed`, `sting` and `outro` are each a file, one of the built-in "
    "styles (`default`, `calm`, `news`, `playful`), or a table of its own, as below. [Music](music.md) explains more.",
    "music.intro": "Music before the first word, as a table.",
    "music.bed": "Background music under the opening, as a table.",
    "music.sting": "Music between chapters, as a table.",
    "music.outro": "Music after the last word, as a table.",
    "hooks": "Your own Python code. `music` is `module:function`; the module is a file in the show folder or anything "
    "that can be imported. See [your own code](music.md#your-own-code).",
    "sound": "The format of finished episodes.",
    "pauses": "Silence after each kind of sentence, in milliseconds.",
    "engine": "Settings of a voice engine: `[engine.NAME]`. Engines without a table here have no settings.",
    "engine.gtts": "Google's online voices, through gTTS.",
    "engine.kokoro": "Kokoro, a local engine.",
    "engine.openai": "OpenAI, or any service with the same API. See "
    "[OpenAI and compatible services](voices.md#openai-and-compatible-services).",
    "engine.piper": "Piper voices, from files. See [Piper](voices.md#piper).",
    "engine.tone": "Test tones instead of speech, for benchmarks.",
    "listen": "Speech recognition for `podcast check --listen`. See [Listening check](listening-check.md).",
    "publish": "How the feed is uploaded, announced and kept small.",
    "target": "Where `podcast publish` uploads: `[target.NAME]`, where you choose the name. `kind` selects one of the "
    "tables below. Never put a password here: a key that ends with `_env` names the environment variable that holds "
    "it. See [Publishing](publishing.md).",
    "target.folder": 'A folder on this machine. `kind = "folder"`.',
    "target.rclone": 'Anything that rclone can reach. `kind = "rclone"`.',
    "target.s3": 'Amazon S3 and compatible services, Google Cloud Storage, Azure Blob Storage. `kind = "s3"`.',
    "target.sftp": 'A server over SSH. `kind = "sftp"`.',
}
"""Section -> what it is for."""

EXAMPLES = {
    "show": """
[show]
title = "High Water"
language = "en"
url = "https://tides.example.org/"
description = "The sea, explained."
author = "Ann Lee"
email = "ann@example.org"
category = "Science"
subcategory = "Nature"
license = "cc-by-4.0"
frequency = "weekly"
opening = "{show}, {date}. {title}, by {author}."
""",
    "voices": """
[voices]
fr = "kokoro/ff_siwis"
en = {voice = "hibari/heart", speed = 1.05}
""",
    "fallbacks": """
[fallbacks]
"openai/alloy" = "kokoro/ff_siwis"
gtts = ["kokoro", "pico"]
""",
    "lexicon": """
[lexicon.en]
nginx = "engine X"

[lexicon.fr]
"OpenAI" = "opeune a i"
"Kerguen" = "/kɛʁɡɛn/"
""",
    "sections": """
[sections."For the sceptics"]
titles = ["Objections"]
voice = "kokoro/af_heart"
sting = "audio/music/doubt.flac"
bed = "calm"
""",
    "music": """
[music]
intro = "calm"
outro = "audio/music/outro.flac"
sting = ""
gain_db = -3.0
""",
    "music.intro": """
[music.intro]
file = "audio/music/intro.flac"
start_ms = 1200
fade_out_ms = 2500
""",
    "music.bed": """
[music.bed]
file = "calm"
duck_db = -18.0
play_ms = 15000
""",
    "music.sting": """
[music.sting]
file = "news"
play_ms = 3000
""",
    "music.outro": """
[music.outro]
file = "default"
play_ms = 12000
""",
    "hooks": """
[hooks]
music = "mine:shape"
""",
    "sound": """
[sound]
channels = 1
also = ["opus"]
""",
    "pauses": """
[pauses]
sentence_ms = 350
paragraph_ms = 800
""",
    "engine.gtts": """
[engine.gtts]
throttle_s = 1.0
""",
    "engine.kokoro": """
[engine.kokoro]
model = "../models/kokoro.onnx"
""",
    "engine.openai": """
[engine.openai]
url = "http://localhost:8880/v1"
model = "kokoro"
voices = ["ff_siwis", "af_heart"]
key_from = "SPEECH_KEY"
""",
    "engine.piper": """
[engine.piper]
voices = ["voices/de_DE-thorsten-medium.onnx"]
noise_scale = 0.667
noise_w = 0.8
""",
    "engine.tone": """
[engine.tone]
cost_ms = 20
""",
    "listen": """
[listen]
model = "../models/faster-whisper-small"
""",
    "publish": """
[publish]
target = "web"
hub = "https://pubsubhubbub.appspot.com/"
allow = ["audio"]
""",
    "target.folder": """
[target.disk]
kind = "folder"
path = "/srv/www/podcast"
""",
    "target.rclone": """
[target.cloud]
kind = "rclone"
remote = "cloud:podcast"
""",
    "target.s3": """
[target.bucket]
kind = "s3"
url = "s3://my-bucket/podcast"
region = "eu-west-3"
""",
    "target.sftp": """
[target.web]
kind = "sftp"
host = "podcast.example.org"
user = "deploy"
path = "/var/www/podcast"
""",
}
"""Section -> an example; a test loads each."""


def page() -> str:
    """Return the page."""
    music = settings.Music()
    parts = [HEAD, _part("show", _table(settings.Show, only=SECTIONS["show"])), _part("voices", _table(Speaker))]
    parts += [_part("fallbacks"), _part("lexicon"), _part("sections", _table(settings.Section))]
    parts += [_part("music", _table(settings.Music))]
    for kind in ("intro", "bed", "sting", "outro"):
        parts += [_part(f"music.{kind}", _table(settings.Track, holds=asdict(getattr(music, kind))))]
    parts += [_part("hooks"), _part("sound", _table(settings.Output)), _part("pauses", _table(settings.Pauses))]
    parts += [_part("engine")]
    parts += [_part(f"engine.{name}", _table(kind)) for name, kind in _settings_of(voices.engine_classes())]
    parts += [_part("listen", _table(settings.Listening)), _part("publish", _table(settings.Publishing))]
    parts += [_part("target")]
    parts += [_part(f"target.{name}", _table(kind)) for name, kind in _settings_of(publish.kinds())]
    return "\n".join(parts)


def fields(kind: type) -> dict[str, tuple[Any, str]]:
    """Return name -> (default, what it says of itself) for each key that a type reads, inherited ones first."""
    found: dict[str, tuple[Any, str]] = {}
    for part in reversed(kind.__mro__):
        if part.__module__.partition(".")[0] == "podcast":
            for name, said in _said(part):
                found[name] = (_default(kind, name), said or found.get(name, (..., ""))[1])
    return found


def _said(kind: type) -> list[tuple[str, str]]:
    """Return name and docstring of each field that a class itself has."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0].body  # type: ignore[attr-defined]
    found = []
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            is_said = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            found.append((node.target.id, inspect.cleandoc(after.value.value) if is_said else ""))  # type: ignore[union-attr,attr-defined]
    return found


def _default(kind: type, name: str) -> object:
    """Return what holds without a key; `...` if there is nothing."""
    default = inspect.signature(kind).parameters[name].default
    return ... if default is inspect.Parameter.empty else default


def _settings_of(plugins: Any) -> list[tuple[str, type]]:
    """Return the settings of each of our own plugins that has some."""
    modules: dict[str, Any] = {name: inspect.getmodule(kind) for name, kind in sorted(plugins.items())}
    ours = {name: module for name, module in modules.items() if module.__name__.startswith("podcast.")}
    return [(name, module.Settings) for name, module in ours.items() if hasattr(module, "Settings")]


def _part(name: str, table: str = "") -> str:
    """Return a section of the page: heading, explanation, example, keys."""
    heading = f"{'###' if '.' in name else '##'} [{name}]"
    example = f"```toml{EXAMPLES[name]}```\n" if name in EXAMPLES else ""
    return "\n".join(part for part in (f"{heading}\n", f"{ABOUT[name]}\n", example, table) if part)


def _table(kind: type, *, only: Any = None, holds: Mapping[str, object] = MappingProxyType({})) -> str:
    """Return the keys of a type; `holds` has defaults that are not the type's own."""
    hints = typing.get_type_hints(kind, include_extras=False)
    rows = [
        f"| `{name}` | {_values(hints[name])} | {_written(name, holds.get(name, default))} | {' '.join(said.split())} |"
        for name, (default, said) in fields(kind).items()
        if only is None or name in only
    ]
    return "\n".join(["| Key | Type | Default | Description |", "|---|---|---|---|", *rows, ""])


def _values(hint: Any) -> str:
    """Return in words what a key takes."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return ", ".join(f"`{msgspec.json.encode(value).decode()}`" for value in inner if value != "")
    if origin in {types.UnionType, typing.Union}:
        return _values(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return "list of strings" if inner[0] is str else f"list of {_values(inner[0])}"
    names = {str: "string", int: "integer", float: "number", bool: "boolean"}
    return names.get(hint, {"Track": "string or table", "Speaker": "voice"}.get(getattr(hint, "__name__", ""), "table"))


def _written(name: str, default: Any) -> str:
    if default is ...:
        return "generated" if name == "guid" else "required"
    if default is None or default in ("", ()):
        return ""
    if isinstance(default, settings.Track):
        return f'`"{default.file}"`' if default.file else ""
    return f"`{msgspec.json.encode(default).decode().replace(',', ', ')}`"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - it goes to the file
