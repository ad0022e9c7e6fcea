# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast init`: a show that can be made at once, or nothing."""

import re

import shows
from commands import at_terminal, files, run
from helpers import edit

from podcast.config.load import load
from tests.cli.test_main import NOTE


def test_a_new_show_can_make_an_episode_at_once(capsys, tmp_path, monkeypatch):
    """init, then make: nothing has to be filled in before the first listening."""
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "init", "ma radio", "--title", 'Ma "Radio"', "--language", "fr")
    assert code == 0
    assert "ma radio/show.toml" in out
    show = tmp_path / "ma radio" / "show.toml"
    show.write_text(show.read_text(encoding="utf-8").replace("[voices]", '[voices]\nfr = "tone/low"'), encoding="utf-8")
    monkeypatch.chdir(show.parent)
    note = tmp_path / "note.txt"
    note.write_text(NOTE, encoding="utf-8")

    code, out, err = run(capsys, "make", note)

    assert code == 0, err
    assert "LUFS" in out
    assert (show.parent / "feed" / "feed.xml").exists()
    assert "placeholder" in err


def test_init_does_not_overwrite_a_show(capsys, folder):
    """A second init is refused, and the show stays."""
    before = (folder / "show.toml").read_bytes()

    code, _, err = run(capsys, "init")

    assert code == 1
    assert "show.toml exists already" in err
    assert (folder / "show.toml").read_bytes() == before


def test_a_private_show_has_an_address_that_nobody_guesses(capsys, tmp_path):
    """Another one each time; feed and pages ask not to be listed."""
    for name in ("a", "b"):
        run(capsys, "init", tmp_path / name, "--private", "--url", "https://phare.example/x/", "--title", "X")
    first, second = (load(tmp_path / name / "show.toml") for name in ("a", "b"))

    assert re.fullmatch(r"https://phare\.example/x/[0-9a-f]{32}/", first.url)
    assert first.url != second.url
    assert first.block

    place = shows.finished(tmp_path / "show")
    edit(place.show, 'title = "Le Phare"', 'title = "Le Phare"\nblock = true')
    run(capsys, "--show", place.root, "feed")
    pages = [path.read_text(encoding="utf-8") for path in place.feed.rglob("*.html") if "transcripts" not in path.parts]
    assert len(pages) == 3
    assert all('name="robots" content="noindex, nofollow"' in page and "no-referrer" in page for page in pages)
    assert "<itunes:block>Yes</itunes:block>" in (place.feed / "feed.xml").read_text(encoding="utf-8")


def test_init_makes_the_show_that_is_meant(capsys, tmp_path, monkeypatch):
    """--show names a folder for every command; what to type next can be pasted into a shell."""
    monkeypatch.chdir(tmp_path)
    _, _, err = run(capsys, "--show", "l'été en mer", "init", "--title", "X")
    assert "cd 'l'\"'\"'été en mer' && podcast make" in err
    assert load(tmp_path / "l'été en mer" / "show.toml").title == "X"
    assert files(tmp_path) == {"l'été en mer/show.toml", "l'été en mer/.gitignore"}


def test_init_asks_again_for_an_answer_that_will_not_do(tmp_path):
    """On a terminal, right answers are not lost for a wrong one; an e-mail and a category are checked too."""
    code, said = at_terminal(
        tmp_path,
        ["init", "show"],
        "Été\nfr_FR\nfr\nZoé\nzoé\n\nSciences\nScience\nphare.example.org\nhttps://phare.example.org/\n",
    )
    assert code == 0, said
    assert 'write "fr-FR"' in said
    assert "email: 'zoé' is not a valid e-mail address; correct it or leave it empty" in said
    assert "category: 'Sciences' is not in Apple's list of categories; did you mean 'Science'?" in said
    assert "'phare.example.org' is not a valid URL" in said
    show = load(tmp_path / "show" / "show.toml")
    assert (show.title, show.language, show.author, show.url) == ("Été", "fr", "Zoé", "https://phare.example.org/")
    assert (show.email, show.category) == ("", "Science")


def test_init_with_an_option_asks_nothing(tmp_path):
    """Commands that are pasted together, as from the tutorial, are not taken as answers."""
    code, said = at_terminal(tmp_path, ["init", "tides", "--title", "High Water"], "podcast status\n")
    assert code == 0, said
    assert "Apple category" not in said
    assert load(tmp_path / "tides" / "show.toml").title == "High Water"


def test_init_that_is_stopped_creates_nothing(tmp_path):
    """The end of the answers is an end, and the message is true."""
    code, said = at_terminal(tmp_path, ["init", "tides"], "High Water\n\x04")
    assert (code, said.splitlines()[-1]) == (130, "stopped; no show was created")
    assert not (tmp_path / "tides").exists()


def test_init_with_a_wrong_value_leaves_nothing(capsys, tmp_path):
    """An invalid URL is reported, and no folder is left behind."""
    code, _, err = run(capsys, "init", tmp_path / "x", "--title", "X", "--language", "fr", "--url", "phare")

    assert code == 1
    assert err.startswith("error: url: 'phare' is not a valid URL\n")
    assert not (tmp_path / "x").exists()
