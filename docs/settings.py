# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/settings.md: every key of show.toml, from the types that read it. `make docs` writes the file."""

import ast
import inspect
import textwrap
import types
import typing
from typing import Any, Literal

import msgspec

from podcast import publish, settings, voices
from podcast.model import Speaker
from podcast.show import SECTIONS

HEAD = """\
# What show.toml says

Written from the types that read it by `make docs`; change it there. `podcast init` writes a show.toml that works;
everything below may be added. A key that is not known here is refused, with the nearest that is. Paths are relative to
the file. Changing a key makes again only what depends on it.
"""

OWN = {
    "voices": "Language -> the voice that speaks it: `engine/name`, or a table of these keys. `podcast voices` "
    "lists them; [voices.md](voices.md) tells more. `fr` serves `fr-CA` too, unless that has a line of its own.",
    "fallbacks": "A voice, or an engine -> the voice, or list of voices, that may stand in for it when it fails: "
    '`"openai/alloy" = "kokoro/ff_siwis"`. Nothing stands in that is not named here.',
    "lexicon": "`[lexicon.fr]`: a word as it is written -> as it is said, for that language. "
    "`podcast say --show-text` shows the effect.",
    "sections": '`[sections."Name"]`: what is particular to a part of episodes that recurs, known by its heading.',
    "music": "[music.md](music.md) tells more. `intro`, `bed`, `sting` and `outro` are pieces of music: the name of a "
    "file or of a jingle of ours, or a table of the keys below.",
    "hooks": '`music = "module:function"`: your own code for music, see [music.md](music.md#code-of-your-own).',
    "target": "`[target.NAME]`: where `podcast publish` uploads; [publishing.md](publishing.md) tells more. "
    "Passwords never stand here: a key that ends with `_env` names the variable of the environment that holds one.",
    "engine": "`[engine.NAME]`: what an engine is told.",
}


def page() -> str:
    """Return the page."""
    parts = [HEAD, _part("[show]", "The show, as its feed says it.", settings.Show, only=SECTIONS["show"])]
    parts += [_part("[voices]", OWN["voices"], Speaker)]
    parts += [_part(f"[{name}]", OWN[name]) for name in ("fallbacks", "lexicon")]
    parts += [_part("[sections]", OWN["sections"], settings.Section)]
    parts += [_part("[music]", OWN["music"], settings.Music), _table(settings.Track, title="of a piece of music")]
    parts += [_part("[hooks]", OWN["hooks"])]
    for name, kind in (("sound", settings.Output), ("pauses", settings.Pauses)):
        parts += [_part(f"[{name}]", _about(kind), kind)]
    parts += [_part("[engine]", OWN["engine"])]
    parts += [_table(kind, title=f"of `[engine.{name}]`") for name, kind in _told(voices.engines())]
    for name, kind in (("listen", settings.Listening), ("publish", settings.Publishing)):
        parts += [_part(f"[{name}]", _about(kind), kind)]
    parts += [_part("[target]", OWN["target"])]
    parts += [_table(kind, title=f'of a target with `kind = "{name}"`') for name, kind in _told(publish.kinds())]
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


def _told(plugins: Any) -> list[tuple[str, type]]:
    """Return the settings of each plugin that has some."""
    modules: dict[str, Any] = {name: inspect.getmodule(kind) for name, kind in sorted(plugins.items())}
    ours = {name: module for name, module in modules.items() if module.__name__.startswith("podcast.")}
    return [(name, module.Settings) for name, module in ours.items() if hasattr(module, "Settings")]


def _about(kind: type) -> str:
    words = inspect.getdoc(kind) or ""
    return words[words.index(":") + 2 :].capitalize() if ":" in words else ""


def _part(title: str, about: str, kind: type | None = None, only: Any = None) -> str:
    return f"## {title}\n\n{about}\n" + (f"\n{_table(kind, only=only)}" if kind else "")


def _table(kind: type, *, title: str = "", only: Any = None) -> str:
    hints = typing.get_type_hints(kind, include_extras=False)
    rows = [
        f"| `{name}` | {_values(hints[name])} | {_written(name, default)} | {' '.join(said.split())} |"
        for name, (default, said) in fields(kind).items()
        if only is None or name in only
    ]
    head = f"### Keys {title}\n\n" if title else ""
    return head + "\n".join(["| key | value | default | what it says |", "|---|---|---|---|", *rows, ""])


def _values(hint: Any) -> str:
    """Return in words what a key takes."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return ", ".join(f"`{msgspec.json.encode(value).decode()}`" for value in inner if value != "")
    if origin in {types.UnionType, typing.Union}:
        return _values(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return f"list of {_values(inner[0])}"
    names = {str: "text", int: "whole number", float: "number", bool: "`true`, `false`"}
    return names.get(hint, {"Track": "music", "Speaker": "voice"}.get(getattr(hint, "__name__", ""), "table"))


def _written(name: str, default: Any) -> str:
    if default is ...:
        return "made for you" if name == "guid" else "must be there"
    if default is None or default in ("", ()):
        return ""
    if isinstance(default, settings.Track):
        return f"`{default.file}`" if default.file else ""
    return f"`{msgspec.json.encode(default).decode()}`"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - it goes to the file
