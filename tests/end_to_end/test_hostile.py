# SPDX-License-Identifier: GPL-3.0-or-later
"""Malicious files: nothing outside the show is read or written, no server is contacted, no markup is live.

Those that are texts lie in data/hostile; the others are made here. What each comes to, an episode or a clear error, is
left to the program: never a trace, a hang, or more memory than it takes.
"""

import io
import re
import resource
import shutil
import socket
import time
import zipfile
from pathlib import Path

import pytest
from epubs import epub, page
from helpers import DATA, SHOW_TOML
from lxml import etree, html

from podcast.cli.main import main

SECRET = "le-mot-de-passe-de-la-cave"
PORT = 9
CORPUS = sorted(path for path in (DATA / "hostile").iterdir() if path.name not in {"README.md", "markup.txt"})
WORDS = "La lampe tourne au-dessus des rochers, et la mer répond chaque nuit. "
SECONDS = 20
MEGABYTES = 500
OURS = re.compile(r"assets/player-[0-9a-f]{10}\.js$")
LIVE = {"script", "iframe", "object", "embed", "form", "base", "svg", "math", "frame", "applet"}


@pytest.fixture
def show(tmp_path, monkeypatch):
    """Give a show folder, with a secret beside it, on a machine without any network."""
    root = tmp_path / "show"
    root.mkdir()
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n" * 50, encoding="utf-8")
    (root / "show.toml").write_text(SHOW_TOML + '[music]\nintro = ""\noutro = ""\n', encoding="utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def asked(monkeypatch):
    """Give what the program tried to reach; it reaches nothing."""
    addresses = []

    def refused(_self: socket.socket, address: object) -> None:
        addresses.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refused)
    return addresses


def run(capsys, *arguments: object) -> tuple[int, str]:
    """Run a command; return its exit code and all that it said."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    said = "".join(capsys.readouterr())
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert time.monotonic() - start < SECONDS
    assert grown < MEGABYTES
    assert ended.value.code in {0, 1}
    assert ended.value.code == 0 or "error: " in said
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", said), "control characters reach the terminal"
    return int(ended.value.code), said


def assert_harmless(show: Path, asked: list[object], said: str, *given: str) -> None:
    """Look at all that came of it; `given` are the names beside the show that were there before."""
    assert asked == []
    assert SECRET not in said
    assert {path.name for path in show.parent.iterdir()} == {"show", "secret.txt", *given}
    assert not (show / "evil").exists()
    for path in show.rglob("*"):
        assert path.resolve().is_relative_to(show) or path.is_symlink()
        if path.is_file() and not path.is_symlink():
            assert SECRET.encode() not in path.read_bytes(), path
    for path in show.glob("feed/**/*.html"):
        assert_dead(html.parse(path).getroot(), path)
    if (feed := show / "feed" / "feed.xml").exists():
        tree = etree.parse(feed)
        for notes in tree.iter("description", "{http://purl.org/rss/1.0/modules/content/}encoded"):
            if (notes.text or "").strip():
                assert_dead(html.fromstring(f"<div>{notes.text}</div>"), feed)
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", feed.read_text("utf-8"))


def assert_dead(tree: etree._Element, path: Path) -> None:
    """Nothing on a page runs, but our own player, and nothing leads to anything but the web and this show."""
    for one in tree.iter(etree.Element):
        own = one.tag == "script" and (OURS.search(one.get("src", "")) or one.get("type") == "application/ld+json")
        drawn = one.tag == "svg" and not one.xpath(".//script")
        assert one.tag not in LIVE or own or drawn, (path, etree.tostring(one)[:200])
        assert not [name for name in one.attrib if name.lower().startswith("on")], (path, dict(one.attrib))
        for name in ("href", "src", "action", "formaction", "data"):
            scheme = re.match(r"\s*([a-z+.-]+):", one.get(name, "").lower())
            assert scheme is None or scheme[1] in {"http", "https", "mailto"}, (path, one.get(name))


@pytest.mark.parametrize("name", [path.name for path in CORPUS])
def test_a_hostile_file_does_no_harm(show, asked, capsys, name):
    """It becomes an episode as far as it has words, or is refused."""
    text = (DATA / "hostile" / name).read_bytes()
    text = text.replace(b"SECRET", str(show.parent / "secret.txt").encode()).replace(b"PORT", str(PORT).encode())
    inbox = show.parent / "inbox"
    inbox.mkdir()
    (inbox / name).write_bytes(text)

    _, said = run(capsys, "make", "-q", inbox / name)

    assert_harmless(show, asked, said, "inbox")


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(b"0" * 400_000_000, id="bomb"),
        pytest.param(page(f"<p>{WORDS}</p>").encode(), id="plain"),
    ],
)
def test_a_book_that_is_a_bomb_does_no_harm(show, asked, capsys, entry):
    """Also one whose parts have names that lead out of it."""
    data = io.BytesIO(epub({"ch1.xhtml": page(f"<h1>Un</h1><p>{WORDS * 3}</p>")}, [("ch1.xhtml", "Un")]))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as book:
        for name in ("../../evil.xhtml", "/etc/evil", "OEBPS/../../../evil"):
            book.writestr(name, entry if name.startswith("..") else b"x")
    path = show / "livre.epub"
    path.write_bytes(data.getvalue())

    _, said = run(capsys, "make", "-q", path)

    assert_harmless(show, asked, said)


@pytest.mark.parametrize("unit", ["mot "])
@pytest.mark.parametrize("suffix", [".md"])
def test_a_line_of_megabytes_is_read_or_refused(show, asked, capsys, unit, suffix):
    """In bounds of time and memory."""
    path = show / f"long{suffix}"
    path.write_text(unit * (10_000_000 // len(unit)), encoding="utf-8")

    _, said = run(capsys, "script", path, "--language", "fr", "--title", "Long")

    assert_harmless(show, asked, said)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_long_runs_of_a_sign_are_read_in_the_time_of_words(show, asked, capsys, suffix):
    """Whatever the sign: no pattern tries each beginning of a run against each end."""
    signs = (
        " ",
        "\t",
        "\u00a0",
        "\u200b",
        ".",
        "…",
        "-",
        "—",
        "_",
        "*",
        "(",
        "[",
        "« ",
        "1",
        "1. ",
        "a,",
        "| ",
        "> ",
        "!",
        "# ",
    )
    path = show / f"runs{suffix}"
    path.write_text("\n\n".join(f"Le vent {sign * 20_000} se lève." for sign in signs), encoding="utf-8")

    _, said = run(capsys, "script", path, "--language", "fr", "--title", "Long")

    assert_harmless(show, asked, said)


def test_links_do_not_lead_out_of_the_show(show, asked, capsys):
    """A script, sound or picture that is a link to a file elsewhere is refused; so is one in a folder of articles."""
    secret = show.parent / "secret.txt"
    inbox = show.parent / "inbox"
    inbox.mkdir()
    (inbox / "vol.md").symlink_to(secret)
    (show / "scripts").mkdir()
    (show / "scripts" / "vol.md").symlink_to(secret)
    (show / "cover.jpg").symlink_to(secret)

    for arguments in (("make", "-q"), ("make", "-q", "vol"), ("script", inbox), ("status",)):
        code, said = run(capsys, *arguments)
        assert code == 1 or arguments == ("status",)
        assert SECRET not in said
    with (show / "show.toml").open("a", encoding="utf-8") as file:
        file.write("")
    toml = (show / "show.toml").read_text("utf-8").replace("[voices]", 'cover = "cover.jpg"\n[voices]')
    (show / "show.toml").write_text(toml, encoding="utf-8")
    (show / "scripts" / "vol.md").unlink()
    (show / "a.md").write_text(f"# A\n\n{WORDS}", encoding="utf-8")
    code, said = run(capsys, "make", "-q", show / "a.md")
    assert (code, "outside the show folder" in said) == (1, True)
    shutil.rmtree(inbox)
    assert_harmless(show, asked, said)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "gopher://x/",
    ],
)
def test_addresses_of_this_machine_are_not_asked(show, asked, capsys, address):
    """By make, script or import."""
    for command in ("make", "import"):
        code, said = run(capsys, command, address)
        assert code == 1
    assert_harmless(show, asked, said)
