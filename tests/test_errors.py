# SPDX-License-Identifier: GPL-3.0-or-later
"""An error knows what is wrong and where as fields; its message is made of them."""

import inspect
import pickle
from pathlib import Path

import pytest

from podcast import errors
from podcast.config.toml import TomlFile, located, named_by
from podcast.errors import ConfigError, FeedError, PodcastError, SynthesisError

SHOW = '[show]\ntitle = "x"\n\n[voices]\nfr = "tone/low"\n\n[engine.tone]\ncost_ms = 3\n'
KINDS = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, PodcastError)]


@pytest.fixture
def path(tmp_path):
    """Give a show.toml."""
    path = tmp_path / "show.toml"
    path.write_text(SHOW, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "is wrong"),
        ({"file": "a.md"}, "a.md: is wrong"),
        ({"file": Path("a.md"), "line": 3}, "a.md:3: is wrong"),
        ({"key": "show.url"}, "show.url: is wrong"),
        ({"file": "show.toml", "line": 2, "key": "show.url"}, "show.toml:2: show.url: is wrong"),
        ({"file": "show.toml", "key": "show.url"}, "show.toml: show.url: is wrong"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_the_message_begins_with_the_location(kind, fields, message):
    """Every kind of error takes a file, a line and a key."""
    error = kind("is wrong", **fields)

    assert error.message == message
    assert str(error) == message


def test_an_error_of_many_problems_lists_them():
    """Each with its location and its fix."""
    error = FeedError(
        "the feed cannot be published:",
        problems=[FeedError("missing", hint="add it", file="show.toml", key="show.title"), FeedError("no episode")],
    )

    assert error.message == "the feed cannot be published:\n  - show.toml: show.title: missing; add it\n  - no episode"


def test_what_refers_to_a_wrong_file_is_named_first():
    """The file itself stays in the message, and the first message is kept to tell the same error once."""
    error = FeedError("is not an image", file="cover.png")
    error.locate("show.toml", 4, "show.cover")

    assert error.message == "show.toml:4: show.cover: cover.png: is not an image"
    assert (error.file, error.line, error.key) == ("show.toml", 4, "show.cover")
    assert error.cause == "cover.png: is not an image"


def test_a_key_gets_its_line(path):
    """An error that only knows the key is completed, and so are its problems."""
    problem = FeedError("unknown voice", file="show.toml", key="voices.fr")
    with pytest.raises(FeedError) as caught, located(path):
        raise FeedError("two problems:", problems=[problem, FeedError("of no key")])

    assert caught.value.message == f"two problems:\n  - {path}:5: voices.fr: unknown voice\n  - of no key"


def test_a_location_stays_as_it_is(path):
    """An error about a script does not get a line of show.toml."""
    error = ConfigError("appears twice", file="scripts/a.md", line=3, key="title")
    TomlFile.of(path).locate(error)

    assert error.message == "scripts/a.md:3: title: appears twice"


def test_a_file_that_is_named_gets_the_line_that_names_it(path):
    """The key of show.toml stands before what is wrong with the file."""
    with pytest.raises(ConfigError) as caught, named_by(path, "engine.tone.cost_ms"):
        raise ConfigError("file not found", file="x.onnx")

    assert caught.value.message == f"{path}:8: engine.tone.cost_ms: x.onnx: file not found"


def test_an_error_survives_a_worker_process():
    """With its fields, and those of its kind."""
    error = SynthesisError("busy", hint="wait", file="a.md", line=3, transient=True, retry_after_s=2.5)
    error.locate("b.md", 7)
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here

    assert vars(back) == vars(error)
    assert back.message == "b.md:7: a.md:3: busy"
