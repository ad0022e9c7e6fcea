# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as a person meets it: help, exit codes, errors with hints, nothing half-written."""

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import shows
from commands import files, run
from fakes.website import Page, Website
from helpers import ROOT, TESTS, edit

from podcast.cli.main import cli

ARTICLES = TESTS / "data" / "articles"

NOTE = """\
Camille Verdier
Article en référence: https://phare.example/carte.jpeg
Le phare domine la pointe. Son feu porte à 23 milles.
Si vous n'êtes pas redirigé automatiquement, cliquez ici"""


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_every_command_has_help_with_an_example(capsys, name):
    """--help says what it does and shows how it is used."""
    code, out, _ = run(capsys, *([name] if name else []), "--help")

    assert code == 0
    assert "Usage: podcast" in out
    assert "podcast " in out.split("Options:")[-1] if name else "podcast init" in out


@pytest.mark.parametrize(
    "needed", ["cli.main", "produce.commands.status", "produce.flow, podcast.produce.release.publication"]
)
def test_help_and_a_look_are_quick_and_light(needed):
    """Asking for help, for the state, or for what is there already loads no voice, sound, page maker or web client."""
    code = (
        f"import sys, podcast.{needed}\n"
        "heavy = {'numpy', 'onnxruntime', 'trafilatura', 'feedgen', 'PIL', 'jinja2', 'pydub', 'urllib3', 'stamina'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)))"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stderr.strip() == ""
    )


def test_python_m_podcast_is_podcast():
    """Where the script is not on PATH, Python finds the program all the same, exit codes included."""
    command = [sys.executable, "-m", "podcast"]

    assert subprocess.run([*command, "--version"], check=True, capture_output=True, text=True).stdout.startswith(
        "podcast"
    )
    assert subprocess.run([*command, "mak"], check=False, capture_output=True).returncode == 2


def test_ctrl_c_while_the_program_is_loaded_is_no_crash(tmp_path):
    """One line and 130, whatever is being imported just then; the installed command begins at the same place."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt", encoding="ascii")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH", str(ROOT)))))
    done = subprocess.run(
        [sys.executable, "-m", "podcast", "status"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
    )

    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.splitlines() == ["stopped before anything was done"]
    assert 'podcast = "podcast.__main__:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_wrong_usage_is_2(capsys):
    """As every command line has it."""
    assert run(capsys, "mak")[0] == 2
    assert run(capsys, "script")[0] == 2
    assert run(capsys, "make", "--jobs", "0")[0] == 2
    assert run(capsys, "script", "x.md", "--date", "hier")[0] == 2
    assert run(capsys, "script", "x.md", "--language", "french")[0] == 2
    assert run(capsys, "check", "--episode", "x")[0] == 2


def test_a_command_that_there_is_not_names_the_nearest(capsys):
    """A slip of the fingers."""
    assert "did you mean publish?" in run(capsys, "pubish")[2]


def test_help_is_a_command_too(capsys):
    """Of a command, it shows what --help shows; alone, it says where both kinds of help are."""
    assert "podcast COMMAND --help" in run(capsys, "help")[1]
    assert run(capsys, "help", "make") == run(capsys, "make", "--help")
    assert run(capsys, "help", "mkae")[0] == 2
    assert "did you mean make?" in run(capsys, "help", "mkae")[2]


def test_an_option_of_all_commands_after_one_of_them_is_told_its_place(capsys):
    """The folder is named before the command."""
    code, _, err = run(capsys, "make", "--show", "x")

    assert code == 2
    assert "goes before the command: podcast --show … make" in err
    assert "No such option" in run(capsys, "make", "--shwo", "x")[2]


def test_an_option_of_one_command_before_it_is_told_its_place(capsys):
    """For an option that several commands have, no command is named."""
    assert (
        "--encoding goes after the command: podcast COMMAND … --encoding" in run(capsys, "--encoding", "x", "make")[2]
    )
    assert "--preview goes after the command: podcast make … --preview" in run(capsys, "--preview", "make", "a.md")[2]
    assert "No such option: --shwo" in run(capsys, "--shwo", "x", "make")[2]


def test_an_article_in_the_place_of_a_command_is_told_how_to_make_an_episode(capsys):
    """The command can be pasted."""
    assert "unknown command 'my article.md'; try: podcast make 'my article.md'" in run(capsys, "my article.md")[2]


BAD = [
    ("empty.txt", b"", "is empty"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0", "PNG image"),
    ("latin.txt", "été".encode("latin-1"), "latin.txt:1: not valid UTF-8"),
    ("a.odt", b"PK\x03\x04", "and save it as .docx"),
    ("a.pages", b"PK\x03\x04", "and save it as .docx"),
    ("a.pptx", b"PK\x03\x04", "and save it as PDF"),
    ("a.xlsx", b"PK\x03\x04", "save the text to narrate as .txt"),
    ("a.txt", rb"{\rtf1 Mots.}", "an RTF document"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_a_bad_source_is_one_error_with_a_hint_and_leaves_nothing(capsys, folder, name, data, message):
    """Exit 1, one error, one hint, no file."""
    source = folder.parent / name
    source.write_bytes(data)
    before = files(folder)

    code, out, err = run(capsys, "make", source)

    assert code == 1
    assert not out
    assert message in err
    assert [line.split(":")[0] for line in err.splitlines()] == ["error", "hint"]
    assert files(folder) - before <= {"audio/.lock"}


def test_a_missing_voice_is_reported_with_those_that_exist(capsys, folder):
    """Before anything is narrated."""
    show = folder / "show.toml"
    show.write_text(show.read_text(encoding="utf-8").replace("tone/low", "tone/lou"), encoding="utf-8")
    note = folder.parent / "note.txt"
    note.write_text(NOTE, encoding="utf-8")

    code, _, err = run(capsys, "make", note)

    assert code == 1
    assert "tone/lou" in err
    assert "tone/low" in err
    assert not list(folder.glob("audio/*.mp3"))


def test_a_broken_show_is_reported_by_line(capsys, folder):
    """For every command that needs it."""
    (folder / "show.toml").write_text("[show]\ntitle = \n", encoding="utf-8")

    for command in ("make", "feed", "status"):
        code, _, err = run(capsys, command)
        assert code == 1
        assert "show.toml:2: not valid TOML" in err
        assert "hint: " in err


def test_a_mistake_in_a_script_is_reported_by_line_and_nothing_is_made(capsys, folder):
    """Even if other scripts are right: nothing is half-made."""
    note = folder.parent / "note.txt"
    note.write_text(NOTE, encoding="utf-8")
    _, out, _ = run(capsys, "script", note)
    script = Path(out.strip())
    good = script.read_text(encoding="utf-8")
    lines = good.split("\n")
    lines += [""] * (16 - len(lines)) + ["Un [mot](say:oups.", ""]
    script.write_text("\n".join(lines), encoding="utf-8")

    code, _, err = run(capsys, "make")

    assert code == 1
    assert f"{lines.index('Un [mot](say:oups.') + 1}: " in err
    assert "not closed" in err
    assert not list(folder.glob("audio/*.mp3"))


def test_what_no_directory_takes_is_reported_before_anything_is_narrated(capsys, folder):
    """A value that podcast directories reject is reported at once, not after an hour of narration."""
    edit(folder / "show.toml", '"Science"', '"Sciences"')
    (folder.parent / "note.txt").write_text(NOTE, encoding="utf-8")

    code, _, err = run(capsys, "make", folder.parent / "note.txt")

    assert code == 1
    assert "did you mean 'Science'?" in err
    assert re.search(r"- \S*show\.toml:\d+: show\.category: 'Sciences'", err)
    assert not list(folder.glob("audio/*.mp3"))


def test_a_mistake_in_the_section_of_an_engine_is_reported_by_line(capsys, folder):
    """Only the engine knows its keys, but the message has the line of show.toml."""
    show = folder / "show.toml"
    lines = show.read_text(encoding="utf-8").splitlines()
    show.write_text("\n".join([*lines, "", "[engine.espeak]", 'pitch = "high"', ""]), encoding="utf-8")

    assert (
        f"show.toml:{len(lines) + 3}: engine.espeak.pitch: unknown key"
        in run(capsys, "say", "--voice", "espeak/en", "hello")[2]
    )


def test_scripts_of_the_show_are_no_articles(capsys, tmp_path):
    """Handed in by path or as their folder they are made, never drafted into episodes of episodes."""
    place = shows.finished(tmp_path / "show")
    before = files(place.scripts)

    code, out, err = run(capsys, "--show", place.root, "make", "-q", place.scripts)
    assert (code, out.count("up to date")) == (0, 2), err
    code, _, err = run(capsys, "--show", place.root, "script", place.script("le-sel"))
    assert code == 1
    assert "run: podcast make le-sel" in err
    assert files(place.scripts) == before


def test_a_misspelt_name_of_a_script_names_the_nearest(capsys, tmp_path):
    """What is neither file nor script may be misspelt; so may a URL without https://; an empty name is an error."""
    place = shows.finished(tmp_path / "show")
    (place.scripts / "mer-et-marees.md").write_text("", encoding="utf-8")

    for wrong, hint in (
        ("mer-et", "did you mean mer-et-marees?"),
        ("mer", "did you mean mer-et-marees?"),
        ("le", "give a DOCX, EPUB"),
        ("le-cel", "did you mean le-sel?"),
        ("LE-SEL", "did you mean le-sel?"),
        ("www.phare.example/sel", "to read a web page, start its URL with https://"),
        ("phare.example/sel", "to read a web page, start its URL with https://"),
        ("", "check for an empty variable in your shell script"),
        ("article.md", "give a DOCX, EPUB"),
    ):
        code, _, err = run(capsys, "--show", place.root, "make", "-q", wrong)
        assert (code, hint in err) == (1, True), err


def test_an_episode_that_is_not_due_is_reported(capsys, tmp_path):
    """Made, and not in the feed: `make` and `status` say since when it will be."""
    place = shows.finished(tmp_path / "show")
    edit(place.script("le-sel"), "date: ", "date: 2090-05-05T06:00:00+00:00 #")
    edit(place.script("le-vent"), "title: ", "publish: false\ntitle: ")
    add = place.root / "nuit.md"
    add.write_text(shows.TEXTS["nuit"], encoding="utf-8")
    (place.audio / ".feed.json").unlink()

    code, _, err = run(capsys, "--show", place.root, "make", "-q", add, "le-sel", "le-vent", "--allow-date")
    _, out, _ = run(capsys, "--show", place.root, "status")

    assert code == 0, err
    assert "note: le-sel is not in the feed: due on 2090-05-05T06:00:00+00:00" in err
    assert "note: le-vent is not in the feed: publish: false in its script" in err
    states = {line.split("\t")[2]: line.rsplit("\t", 1)[1] for line in out.splitlines()}
    assert states["la-nuit"] == "up to date"
    assert states["le-sel"] == "due on 2090-05-05"
    assert states["le-vent"] == "not published: publish: false in its script"


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", ">/dev/full"])
def test_streams_that_are_closed_or_full_are_no_crash(tmp_path, closed):
    """Whoever starts a run may have closed what it reads or prints to."""
    place = shows.finished(tmp_path / "show")
    code = "import sys; from podcast.cli.main import main; main(sys.argv[1:])"
    for command in (["status"], ["script", "-"], ["make", "-q"]):
        line = shlex.join([sys.executable, "-c", code, "--show", str(place.root), *command])
        done = subprocess.run(["sh", "-c", f"{line} {closed}"], capture_output=True, input="", text=True, check=False)
        assert "Traceback" not in done.stderr
        assert done.returncode == (1 if command[0] == "script" or "full" in closed else 0), done.stderr
        assert "full" not in closed or command[0] == "script" or "standard output: No space left" in done.stderr


def test_many_that_are_up_to_date_are_one_line(capsys, tmp_path, monkeypatch):
    """What was made is never lost among them."""
    place = shows.finished(tmp_path / "show")
    script = place.script_files()[0]
    monkeypatch.setattr("podcast.cli.report.FEW", 0)

    _, none, _ = run(capsys, "--show", place.root, "make")
    edit(script, "title: ", "title: Or, ")
    _, one, _ = run(capsys, "--show", place.root, "make")

    assert none.splitlines() == ["2 episodes up to date", f"{place.feed / 'feed.xml'}"]
    made, more, _feed = one.splitlines()
    assert made.startswith(f"{place.sound(script.stem)}  ")
    assert made.endswith("  rendered")
    assert more == "1 more episode up to date"


def test_nothing_to_make_is_an_error(capsys, folder):
    """Exit 0 with nothing made is the worst fault of all."""
    code, _, err = run(capsys, "make")

    assert code == 1
    assert "no scripts yet" in err


def test_a_folder_without_show_points_to_init(capsys, tmp_path, monkeypatch):
    """The first thing a newcomer does wrong."""
    monkeypatch.chdir(tmp_path)

    code, _, err = run(capsys, "make", "x.txt")

    assert code == 1
    assert "podcast init" in err


def test_a_show_nearby_is_named(capsys, folder, monkeypatch):
    """One folder too deep, or one too high."""
    (folder / "scripts").mkdir(exist_ok=True)
    monkeypatch.chdir(folder / "scripts")
    assert f"there is one in {folder}: " in run(capsys, "status")[2]
    monkeypatch.chdir(folder.parent)
    assert f"podcast --show '{folder.name}' …" in run(capsys, "status")[2]


def test_scripts_are_written_once_and_edits_are_kept(capsys, folder):
    """The same article changes nothing; a changed one updates an untouched script and never an edited one."""
    article = folder.parent / "note.txt"
    article.write_text(NOTE, encoding="utf-8")
    _, out, err = run(capsys, "script", article, "--title", "Le feu")
    script = Path(out.strip())
    first = script.read_bytes()
    assert "title" not in err

    assert run(capsys, "script", article, "--title", "Le feu")[1].strip() == str(script)
    assert script.read_bytes() == first

    article.write_text(NOTE.replace("23 milles", "24 milles"), encoding="utf-8")
    run(capsys, "script", article, "--title", "Le feu")
    updated = script.read_text(encoding="utf-8")
    assert "24 milles" in updated
    assert updated.split("\n")[1:4] == first.decode().split("\n")[1:4]

    script.write_text(updated.replace("Le phare domine", "Ce phare domine"), encoding="utf-8")
    article.write_text(NOTE.replace("23 milles", "25 milles"), encoding="utf-8")
    _, _, err = run(capsys, "script", article, "--title", "Le feu")
    assert "edited by hand" in err
    assert "Ce phare domine" in script.read_text(encoding="utf-8")
    assert files(folder / "scripts") == {script.name, f".drafts/{script.name}"}


def test_another_article_of_the_same_title_gets_a_name_of_its_own(capsys, folder):
    """Nothing is overwritten by a namesake."""
    for number in (1, 2):
        source = folder.parent / f"note{number}.txt"
        source.write_text(NOTE + f"\nEncore {number} mots.", encoding="utf-8")
        run(capsys, "script", source, "--title", "Le feu")

    assert files(folder / "scripts") == {f"{at}le-feu{n}.md" for at in ("", ".drafts/") for n in ("", "-2")}
    dates = [
        line for path in (folder / "scripts").glob("*.md") for line in path.read_text().split("\n") if "date:" in line
    ]
    assert len(set(dates)) == 2


def test_standard_input_is_a_source(capsys, folder, monkeypatch):
    """A text can be piped in."""
    monkeypatch.setattr(
        sys, "stdin", type("In", (), {"buffer": io.BytesIO(NOTE.encode()), "isatty": lambda _: False})()
    )

    code, out, _ = run(capsys, "script", "-", "--title", "Tuyau", "--date", "2026-11-23")

    assert code == 0
    assert "date: 2026-11-23T00:00:00+00:00" in Path(out.strip()).read_text(encoding="utf-8")


def test_doctor_tells_what_is_wrong_with_a_show(capsys, folder):
    """A placeholder is worth a note; a mistake is bad and exits with 1."""
    code, out, _ = run(capsys, "doctor")
    assert code == 0
    assert "placeholder" in out
    assert "voice engine kokoro" in out

    show = folder / "show.toml"
    show.write_text(show.read_text(encoding="utf-8").replace("tone/low", "tone/lou"), encoding="utf-8")
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "error" in out


def test_doctor_looks_at_the_sections_of_engines_and_targets(capsys, folder):
    """A misspelt name or key there is said by nothing else before it is used, and by nothing at all if it never is."""
    show = folder / "show.toml"
    good = '[engine.tone]\ncost_ms = 1\n[target.web]\nkind = "folder"\npath = "../site"\n'
    show.write_text(show.read_text(encoding="utf-8") + good, encoding="utf-8")
    assert run(capsys, "doctor")[0] == 0

    for old, new, said in (
        ("[engine.tone]", "[engine.tome]", "did you mean tone?"),
        ("cost_ms", "cost_msec", "did you mean cost_ms?"),
        ('"folder"', '"floder"', ": target.web.kind: unknown kind of target 'floder'"),
        ("path =", "paht =", "did you mean path?"),
        ("[engine.tone]", '[fallbacks]\ngtts = "tone/lou"\n[engine.tone]', "unknown voice 'tone/lou'"),
    ):
        text = show.read_text(encoding="utf-8")
        edit(show, old, new)
        code, out, _ = run(capsys, "doctor")
        assert (code, said in out) == (1, True), out
        show.write_text(text, encoding="utf-8")


def test_a_feed_becomes_episodes_and_a_bad_entry_is_named(capsys, folder):
    """Entries that can be read become episodes; the others are reported, and the exit code is 1."""
    text = "La marée monte deux fois par jour, et le port vit à son rythme. " * 30
    item = "<item><title>{0}</title><guid>{0}</guid><link>{1}</link><description>{2}</description></item>"
    with Website() as site:
        items = item.format("Marée", site.url("/1"), text) + item.format("Perdu", site.url("/2"), "Le début…")
        feed = f"<rss><channel><language>fr</language>{items}</channel></rss>"
        site.pages["/feed"] = Page(feed.encode(), kind="text/xml")
        refused = run(capsys, "make", site.url("/feed"))
        code, out, err = run(capsys, "make", "--allow-private", site.url("/feed"))
        again = run(capsys, "make", "--allow-private", site.url("/feed"))

    assert refused[0] == 1
    assert "--allow-private" in refused[2]
    assert code == again[0] == 1
    assert "maree.mp3" in out
    assert "error: " in err
    assert "/2: the server answered 404" in err
