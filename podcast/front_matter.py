# SPDX-License-Identifier: GPL-3.0-or-later
"""Front matter: split it from the body of a Markdown file, and load its YAML.

YAML is loaded as by PyYAML's BaseLoader: scalars stay text (`no`, `12:30`), and tags create no objects.
"""

import re
from typing import Any, NamedTuple

SCRIPT = re.compile(r"---[ \t]*\n(?P<front>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
"""Front matter of a script: YAML between `---` lines; it may be empty."""
ARTICLE = re.compile(r"\A(?P<mark>---|\+\+\+)[ \t]*\n(?P<front>.*?)\n(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
"""Front matter of an article: YAML between `---` (or ended by `...`), or TOML between `+++` (Hugo)."""


class Parts(NamedTuple):
    """A text split at the end of its front matter."""

    front: str
    """Without the lines that delimit it."""
    body: str
    body_line: int
    """The line of the file that the body starts on."""
    is_toml: bool = False


class FrontMatterError(ValueError):
    """The YAML of a front matter is not valid."""

    def __init__(self, problem: str, line: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        """Line of the file; None if the text contains a character that YAML forbids."""


class Loaded(NamedTuple):
    """The YAML document of a front matter."""

    value: Any
    """A mapping, in valid front matter; None if the document is empty."""
    keys: list[tuple[str, int]]
    """The top-level keys in order, repeated ones too, with their lines in the file."""


def split(text: str, pattern: re.Pattern[str] = SCRIPT) -> Parts | None:
    r"""Return front matter and body, or None if there is no front matter; lines must end with `\n`."""
    found = pattern.match(text)
    if found is None:
        return None
    end = found.end()
    is_toml = found.groupdict().get("mark") == "+++"
    return Parts(found["front"], text[end:], text.count("\n", 0, end) + 1, is_toml)


def load(front: str, *, fast: bool = False) -> Loaded:
    """Return the values of YAML front matter and the lines of its keys; line 1 of the file is the opening `---`.

    The `fast` loader (libyaml) is about ten times as fast, but its error messages differ from those of the other.
    Raises FrontMatterError.
    """
    import yaml

    base = (fast and getattr(yaml, "CBaseLoader", None)) or yaml.BaseLoader
    try:
        loader = base(front)
        node = loader.get_single_node()
        value = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise FrontMatterError(str(error.problem or error), line) from error
    except yaml.YAMLError as error:
        raise FrontMatterError(str(error), None) from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return Loaded(value, [(key.value, key.start_mark.line + 2) for key, _ in pairs])
