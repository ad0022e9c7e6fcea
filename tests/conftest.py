# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test has: a show folder of its own, small sound, and no network but loopback."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

import hypothesis
import npm
import pytest
import strangers as strangers_
from fakes import hosts
from helpers import SHOW_TOML

from podcast.config.settings import Show
from podcast.model import Speech, Voice
from podcast.voices.engines.tone import Tone
from podcast.workspace import Workspace

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", max_examples=3_000, deadline=None)
hypothesis.settings.load_profile("same")
"""The suite tries the same examples each time; `make search` looks for new ones, at length."""

os.environ["SOURCE_DATE_EPOCH"] = "2500000000"
"""Long after the dates of all articles here: what a feed lists depends on the time alone where a test says so."""


def two_cores() -> None:
    """Leave this worker of pytest-xdist two cores: pools of threads and processes start one for each core they see."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        first = 2 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        os.sched_setaffinity(0, {cores[first % len(cores)], cores[(first + 1) % len(cores)]})


two_cores()


def pytest_report_header() -> str:
    """Name the versions on which results depend."""
    names = (
        "click",
        "numpy",
        "scipy",
        "onnxruntime",
        "lameenc",
        "soundfile",
        "soxr",
        "mutagen",
        "feedgen",
        "trafilatura",
    )
    return "with " + ", ".join(f"{name} {version(name)}" for name in names)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note in the coverage data, if `make coverage` records it, which test runs which line."""
    note(item.nodeid)
    shared = [name for name, (fixture, *_) in item._fixtureinfo.name2fixturedefs.items() if fixture.scope != "function"]
    item.user_properties += [("shared", name) for name in shared]
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Generator[None, object, object]:
    """Note what a fixture that several tests share runs under the fixture's name: all these tests depend on it."""
    if fixturedef.scope == "function":
        return (yield)
    before = note(fixturedef.argname)
    try:
        return (yield)
    finally:
        note(before)


def note(name: str, noted: list[str] = [""]) -> str:  # noqa: B006  # one list for all calls
    """Name the lines that run from here on in the coverage data; return their name until now."""
    coverage = sys.modules.get("coverage")
    if coverage and (measured := coverage.Coverage.current()):
        measured.switch_context(name)
    before, noted[0] = noted[0], name
    return before


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that tries to reach another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in {"127.0.0.1", "::1", "localhost", "unix"}:
            pytest.fail(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a show folder that speaks in tones; it is the current folder."""
    root = tmp_path / "le phare"  # a space and, below, an accent: nothing may mind
    root.mkdir()
    (root / "show.toml").write_text(SHOW_TOML, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def workspace(folder: Path) -> Workspace:
    """Give the workspace of the show folder."""
    return Workspace(folder)


@pytest.fixture
def show(workspace: Workspace) -> Show:
    """Give the show of the show folder."""
    from podcast.config.load import load

    return load(workspace.show)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what the tone engine is asked to say."""
    heard: list[str] = []
    speak = Tone.speak

    def counted(self: Tone, text: str, voice: Voice) -> Speech:
        heard.append(text)
        return speak(self, text, voice)

    monkeypatch.setattr(Tone, "speak", counted)
    return heard


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which the third-party sample packages are installed."""
    folder = tmp_path_factory.mktemp("strangers")
    strangers_.install_samples(folder)
    return folder


@pytest.fixture(scope="module")
def strangers(installed: Path) -> Iterator[Path]:
    """Make the entry points of the sample packages visible, beside those of this program."""
    with strangers_.found(installed):
        yield installed


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], dict[str, object]]]:
    """Give the settings of each server's target; a server starts when it is first asked for."""
    with ExitStack() as stack:
        started: dict[str, dict[str, object]] = {}

        def settings(name: str) -> dict[str, object]:
            folder = tmp_path_factory.getbasetemp() / f"server-{name}"
            if name in {"folder", "sqlite"}:
                folder.mkdir(exist_ok=True)
                key = "path" if name == "folder" else "file"
                return {"kind": name, key: str(folder / "site")}
            if name not in started:
                started[name] = stack.enter_context(hosts.HOSTS[name](folder))
            return dict(started[name])

        yield settings


@pytest.fixture(scope="session")
def node() -> Callable[[str, bytes], dict[str, Any]]:
    """Give what has the readers of tests/node read a feed."""
    here = Path(__file__).parent / "node"
    folder = npm.installed(here)

    def read(name: str, feed: bytes) -> dict[str, Any]:
        command = ["node", here / "read.mjs", folder, name]
        run = subprocess.run(command, input=feed, capture_output=True, check=True, timeout=60)
        return json.loads(run.stdout)

    return read
