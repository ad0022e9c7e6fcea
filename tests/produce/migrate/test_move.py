# SPDX-License-Identifier: GPL-3.0-or-later
"""Moving a show: the feed says where it is, the old server leads there, and show.toml stays its producer's."""

import urllib.error
import urllib.request

import pytest
import shows
from fakes import hosts
from lxml import etree

from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import ConfigError
from podcast.produce import program
from podcast.produce.migrate.move import Move, rules
from podcast.voices.engines.tone import Tone

OLD, NEW = "https://old.example/podcast/", "https://new.example/shows/phare/"
TARGET = '[target.web]\nkind = "folder"\npath = "../site"\n'
NEW_FEED = "{http://www.itunes.com/dtds/podcast-1.0.dtd}new-feed-url"


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_the_feed_says_where_it_is_and_nothing_else_changes(tmp_path, capsys):
    """The guid of the show and of each episode, dates and sound files stay; comments in show.toml too."""
    place = shows.finished(tmp_path / "show", url=OLD, more="# a remark of its producer\n")
    run(capsys, "--show", place.root, "feed")
    before = etree.parse(place.feed / "feed.xml")
    guid = load(place.show).guid
    text = place.show.read_text(encoding="utf-8")

    code, out, err = run(capsys, "--show", place.root, "move", NEW)

    after, show = etree.parse(place.feed / "feed.xml"), load(place.show)
    assert code == 0, err
    assert (show.url, show.guid, show.moved_to) == (NEW, guid, f"{NEW}feed.xml")
    assert after.findtext(f"channel/{NEW_FEED}") == f"{NEW}feed.xml"
    assert [one.text for one in after.iter("guid")] == [one.text for one in before.iter("guid")]
    assert [one.text for one in after.iter("pubDate")] == [one.text for one in before.iter("pubDate")]
    moved = [one.get("url").replace(NEW, OLD) for one in after.iter("enclosure")]
    assert moved == [one.get("url") for one in before.iter("enclosure")]
    kept = place.show.read_text(encoding="utf-8")
    assert kept.replace(NEW, OLD).startswith(text.partition("[music]")[0].rstrip())
    assert "# a remark of its producer" in kept
    assert "at least 4" in err
    assert all(f"# {server}" in out for server in ("nginx", "apache", "caddy", "netlify"))
    assert run(capsys, "--show", place.root, "feed")[0] == 0
    assert run(capsys, "--show", place.root, "move", NEW)[0] == 1  # it is there already


def test_a_move_that_is_refused_leaves_the_show_where_it_is(tmp_path, capsys):
    """What the hint says then works, and so does the move."""
    place = shows.finished(tmp_path / "show", url=OLD)
    run(capsys, "--show", place.root, "feed")
    before = place.show.read_text(encoding="utf-8")
    place.show.write_text(before.replace('email = "bonjour', 'email = "bon jour'), encoding="utf-8")
    wrong = place.show.read_text(encoding="utf-8")

    code, _, err = run(capsys, "--show", place.root, "move", NEW)

    assert code == 1
    assert "show.email" in err
    assert place.show.read_text(encoding="utf-8") == wrong
    place.show.write_text(before, encoding="utf-8")
    assert run(capsys, "--show", place.root, "move", NEW)[0] == 0


def test_a_show_that_has_moved_goes_on_with_the_sound_that_apps_have(tmp_path, capsys):
    """The next `make` finds the episodes up to date: their tags say the old address, which leads to the new one."""
    place = shows.finished(tmp_path / "show", url="https://old.example.org/podcast/", more=TARGET)
    assert run(capsys, "--show", place.root, "make", "-q")[0] == 0
    assert run(capsys, "--show", place.root, "publish", "--no-verify")[0] == 0
    before = {path: path.read_bytes() for path in place.audio.glob("*.mp3")}

    assert run(capsys, "--show", place.root, "move", "https://new.example.org/shows/phare/")[0] == 0
    _, stands, _ = run(capsys, "--show", place.root, "status")
    code, out, err = run(capsys, "--show", place.root, "make", "-q")

    assert code == 0, err
    assert out.count("up to date") == stands.count("up to date") == len(before) == 2
    assert {path: path.read_bytes() for path in place.audio.glob("*.mp3")} == before


def test_a_newer_program_narrates_nothing_anew_that_listeners_have(tmp_path, capsys, monkeypatch):
    """Status says that it is newer, --allow-audio makes them with it; what is not published needs no asking."""
    place = shows.finished(tmp_path / "show", url="https://phare.org/podcast/", more=TARGET)
    assert run(capsys, "--show", place.root, "make", "-q")[0] == 0
    assert run(capsys, "--show", place.root, "publish", "--no-verify")[0] == 0
    (place.root / "large.md").write_text("# Le large\n\nLes nuages vont vite.\n", encoding="utf-8")
    assert run(capsys, "--show", place.root, "script", place.root / "large.md")[0] == 0
    monkeypatch.setattr(program, "digest", lambda _root: "newer")
    monkeypatch.setattr(Tone, "revision", lambda *_voice: "newer")

    _, stands, _ = run(capsys, "--show", place.root, "status")
    assert stands.count("up to date (published audio kept, though voice engine and program version changed)") == 2
    _, out, _ = run(capsys, "--show", place.root, "make", "-q")
    assert (out.count("up to date"), out.count("rendered")) == (2, 1)
    _, out, _ = run(capsys, "--show", place.root, "make", "-q", "--allow-audio")
    assert (out.count("up to date"), out.count("rendered")) == (1, 2)


def test_a_show_that_goes_elsewhere_says_so_from_here(tmp_path, capsys):
    """--away: its own address stays, so that the feed can be published once more where it was."""
    place = shows.finished(tmp_path / "show", url=OLD)
    feed = "https://host.example/shows/42.xml"
    code, out, _ = run(capsys, "--show", place.root, "move", feed, "--away", "--server", "nginx")

    assert code == 0
    assert load(place.show).url == OLD
    assert etree.parse(place.feed / "feed.xml").findtext(f"channel/{NEW_FEED}") == feed
    assert out == f"location = /podcast/feed.xml {{ return 301 {feed}; }}\n"


@pytest.mark.parametrize("address", ["new.example", "ftp://new.example/", "https://new.example/?a=1", f"{NEW}feed.xml"])
def test_what_is_no_address_of_a_folder_is_refused(tmp_path, capsys, address):
    """And show.toml is what it was."""
    place = shows.finished(tmp_path / "show", url=OLD)
    text = place.show.read_bytes()
    code, _, err = run(capsys, "--show", place.root, "move", address)

    assert code == 1
    assert "hint: " in err
    assert place.show.read_bytes() == text


@pytest.mark.parametrize(
    ("old", "new", "asked", "led"),
    [
        (OLD, NEW, "/podcast/feed.xml", f"{NEW}feed.xml"),
        (OLD, NEW, "/podcast/media/a-0123456789.mp3", f"{NEW}media/a-0123456789.mp3"),
        (OLD, NEW, "/elsewhere", ""),
        ("https://old.example/", NEW, "/episodes/la%20nuit.html", f"{NEW}episodes/la%20nuit.html"),
        (OLD, "https://old.example/podcast/2/", "/podcast/feed.xml", "https://old.example/podcast/2/feed.xml"),
        (OLD, "https://old.example/podcast/2/", "/podcast/2/feed.xml", ""),
    ],
)
def test_nginx_leads_everything_to_its_new_place(tmp_path, old, new, asked, led):
    """A real nginx with the rules that are printed: 301, and nothing turns in circles."""
    lines = rules(Move(f"{old}feed.xml", f"{new}feed.xml", old, new))["nginx"]

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: object) -> None:
            """Do not go there."""

    site = f"server {{ listen 127.0.0.1:PORT; root {tmp_path}; {lines} }}"
    with hosts.nginx(tmp_path / "nginx", site) as port, pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{port}{asked}")
    answer.value.close()
    assert (answer.value.code, answer.value.headers.get("Location", "")) == ((301, led) if led else (404, ""))


def test_the_rules_of_the_others():
    """Word for word, as their manuals have it."""
    said = rules(Move(f"{OLD}feed.xml", f"{NEW}feed.xml", OLD, NEW))
    assert said["apache"] == f"RedirectMatch 301 ^/podcast/(.*)$ {NEW}$1"
    assert said["netlify"] == f"/podcast/* {NEW}:splat 301!"
    assert said["caddy"] == "handle_path /podcast/* {\n\tredir * https://new.example/shows/phare{uri} permanent\n}"
    whole = rules(Move("https://old.example/feed.xml", f"{NEW}feed.xml", "https://old.example/", NEW))
    assert whole["netlify"] == f"/* {NEW}:splat 301!"
    assert whole["caddy"] == "handle_path /* {\n\tredir * https://new.example/shows/phare{uri} permanent\n}"


def test_a_value_that_a_show_cannot_have_leaves_the_file_alone(tmp_path):
    """A mistake is named, and nothing is written."""
    from podcast.config.edit import revise

    place = shows.finished(tmp_path / "show", url=OLD)
    text = place.show.read_bytes()
    with pytest.raises(ConfigError):
        revise(place, {"language": "français !"})
    assert place.show.read_bytes() == text
