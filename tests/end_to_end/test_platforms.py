# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows and macOS have otherwise than Linux, played here: open files, names, times, paths, shells, crashes."""

import ast
import codecs
import datetime as dt
import errno
import io
import os
import subprocess
import sys
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shows
from helpers import ROOT

from podcast import __main__ as beginning
from podcast import serve, workspace
from podcast.cli import common as command
from podcast.cli import main as cli
from podcast.errors import WorkspaceError
from podcast.packages import distribution
from podcast.produce import program, records
from podcast.produce import watch as watching
from podcast.produce.commands import doctor, say
from podcast.produce.intake import scripts
from podcast.produce.intake.catalog import ScriptCatalog
from podcast.produce.migrate import import_episode
from podcast.produce.release import manifest
from podcast.produce.release.upload import _send as send
from podcast.progress import Quiet
from podcast.publish import rclone
from podcast.publish.listing import Entry
from podcast.read import Source, is_address, names, normalize
from podcast.read.feed import podcast_feed
from podcast.read.feed import reader as feed
from podcast.sound import encode
from podcast.voices import isolated
from podcast.voices.engines import espeak
from podcast.voices.engines.espeak_process import native

MODULES = sorted((ROOT / "podcast").rglob("*.py"))


# --- files that another program has open ------------------------------------------------------------------------


@pytest.fixture
def busy(monkeypatch):
    """Have Path.replace and Path.unlink refuse the next so many calls for a name, as Windows does for an open file."""
    monkeypatch.setattr(workspace, "BUSY_S", (0.0, 0.0))
    left: dict[str, int] = {}

    def refusing(real):
        def act(path: Path, *arguments: Path, **named: bool) -> object:
            name = Path(arguments[0]).name if arguments else path.name
            if left.get(name, 0) > 0:
                left[name] -= 1
                raise PermissionError(errno.EACCES, "The process cannot access the file", str(path))
            return real(path, *arguments, **named)

        return act

    monkeypatch.setattr(Path, "replace", refusing(Path.replace))
    monkeypatch.setattr(Path, "unlink", refusing(Path.unlink))
    return left


def test_a_file_that_is_open_for_a_moment_is_replaced(tmp_path, busy):
    """A virus scanner or an indexer looks at every new file; two refusals are not the end."""
    path = tmp_path / "feed.xml"
    workspace.write(path, "old")
    busy["feed.xml"] = 2

    assert workspace.write(path, "new")
    assert path.read_text(encoding="utf-8") == "new"


def test_a_file_that_stays_open_is_reported(tmp_path, busy):
    """The old file stays whole, nothing is left beside it, and the hint says what may be the cause."""
    path = tmp_path / "feed.xml"
    workspace.write(path, "old")
    busy["feed.xml"] = 100

    with pytest.raises(WorkspaceError, match=r"feed\.xml") as caught:
        workspace.write(path, "new")
    assert "another program has the file open" in caught.value.hint
    assert [one.name for one in tmp_path.iterdir()] == ["feed.xml"]
    assert path.read_text(encoding="utf-8") == "old"


def test_the_lock_is_free_after_a_run_whatever_looks_at_its_files(workspace, busy):
    """A program that has audio/.working open keeps nobody from the next run."""
    with workspace.lock():
        busy[".working"] = 100
    busy.clear()

    with workspace.lock():
        assert (workspace.audio / ".working").exists()


def test_what_is_being_played_is_removed_later(tmp_path, busy):
    """A file of feed/ that no feed names any more stays in the list of what is to go, until it can."""
    place = shows.finished(tmp_path / "show")
    old = manifest.load(place)
    (place.feed / "media" / "gone.mp3").write_bytes(b"sound")
    before = manifest.Manifest(files=old.files, retired=("media/gone.mp3",))

    busy["gone.mp3"] = 100
    manifest.keep(place, before, old)
    assert manifest.load(place).retired == ("media/gone.mp3",)

    busy.clear()
    manifest.keep(place, manifest.load(place), old)
    assert not (place.feed / "media" / "gone.mp3").exists()
    assert manifest.load(place).retired == ()


def test_sound_is_copied_where_a_disk_has_no_links(tmp_path, monkeypatch):
    """On exFAT; the feed is the same."""
    place = shows.finished(tmp_path / "show")
    name = next(one for one in manifest.load(place).files if one.startswith("media/"))
    sound = (place.feed / name).read_bytes()
    (place.feed / name).unlink()

    def refused(*_arguments: object, **_named: object):
        raise OSError(errno.EPERM, "Incorrect function")

    monkeypatch.setattr(os, "link", refused)
    assert cli_code("--show", str(place.root), "feed") == 0
    assert (place.feed / name).read_bytes() == sound
    assert (place.feed / name).stat().st_nlink == 1


def test_a_record_that_is_written_again_is_another_one(tmp_path, monkeypatch):
    """A listing of a folder tells no numbers of files on Windows, and two writes may share a tick of its clock."""
    place = shows.finished(tmp_path / "show")
    real = os.scandir

    def scandir(folder):
        with real(folder) as entries:
            found = list(entries)
        seen = io.BytesIO()  # anything that `with` takes
        return Listing(seen, map(windows_entry, found))

    monkeypatch.setattr(os, "scandir", scandir)
    path = place.record("le-sel")
    (before,) = (head for head, _ in records.summaries(place) if head.slug == "le-sel")
    known = path.stat()
    episode = records.load(place, "le-sel")
    assert episode is not None
    records.keep(place, replace(episode, guid=episode.guid[::-1]))
    os.utime(path, ns=(known.st_mtime_ns, known.st_mtime_ns))
    (after,) = (head for head, _ in records.summaries(place) if head.slug == "le-sel")

    assert path.stat().st_size == known.st_size
    assert after.guid == before.guid[::-1]


class Listing:
    """What os.scandir gives."""

    def __init__(self, held, entries) -> None:
        self.held, self.entries = held, entries

    def __enter__(self) -> object:
        return self.entries

    def __exit__(self, *_error: object) -> None:
        self.held.close()


def windows_entry(entry):
    """Return an entry of a folder as Windows gives it: its stat has no number of the file."""

    def stat(**_named: object):
        known = entry.stat()
        told = list(known[:10])
        told[1] = 0
        return os.stat_result(told, {"st_mtime_ns": known.st_mtime_ns})

    return SimpleNamespace(name=entry.name, path=entry.path, inode=entry.inode, stat=stat)


def cli_code(*arguments: str) -> int:
    """Run the command line; return its exit code."""
    try:
        cli.main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


# --- names of files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["con", "prn", "aux", "nul", "com1", "lpt9", "readme"])
def test_no_new_file_has_a_name_that_some_system_refuses(workspace, title):
    """`con.md` cannot be written on Windows; scripts/README.md would be overwritten where case does not count."""
    assert ScriptCatalog(workspace).free(title) == f"{title}-2"


def test_a_script_that_has_such_a_name_keeps_it(workspace, tmp_path, capsys):
    """Of a show that was made before: its article is known, and no second episode comes of a new version."""
    article = tmp_path / "con.md"
    article.write_text("# Con\n\nUn mot court.\n", encoding="utf-8")
    assert cli_code("script", str(article)) == 0
    draft, script = workspace.draft("con-2"), workspace.script("con-2")
    draft.rename(workspace.draft("con"))
    script.rename(workspace.script("con"))

    article.write_text("# Con\n\nUn mot court, et un autre.\n", encoding="utf-8")
    assert cli_code("script", str(article)) == 0
    assert [path.stem for path in workspace.script_files()] == ["con"]
    assert "un autre" in workspace.script("con").read_text(encoding="utf-8")


def test_names_that_differ_in_case_alone_are_one(workspace):
    """On most disks of Windows and macOS the second script would take the place of the first."""
    workspace.scripts.mkdir()
    (workspace.scripts / "Sel.md").write_text("---\ntitle: Sel\n---\n", encoding="utf-8")

    assert ScriptCatalog(workspace).free("sel") == "sel-2"


def test_a_file_is_the_same_whichever_system_wrote_its_name(workspace, tmp_path):
    """In a name, macOS may write é as two letters; a new version of the article is no new episode on another system."""
    apple, other = (tmp_path / form / unicodedata.normalize(form, "été.md") for form in ("NFD", "NFC"))
    for path, more in ((apple, ""), (other, " Il finit tard.")):
        path.parent.mkdir()
        path.write_text(f"# L'été\n\nL'été commence en juin.{more}\n", encoding="utf-8")
        assert cli_code("script", str(path)) == 0

    (script,) = workspace.script_files()
    text = script.read_text(encoding="utf-8")
    assert "file: été.md" in text
    assert "Il finit tard." in text


def test_a_title_from_a_file_of_macos_is_written_as_elsewhere():
    """A letter and its accent are one character, and words are not divided at accents."""
    path = Path(unicodedata.normalize("NFD", "l_été_à_la_mer.txt"))

    assert normalize.title_from([], path)[0] == "L été à la mer"


def test_a_folder_has_one_order(tmp_path, monkeypatch):
    """Episodes are numbered by it; paths of Windows sort without regard to case."""
    monkeypatch.setattr(Path, "__lt__", lambda one, other: str(one).lower() < str(other).lower())
    for name in ("a.md", "B.md"):
        (tmp_path / name).write_text("words", encoding="utf-8")
    watch = watching.Watch([str(tmp_path)])
    place = workspace.Workspace(tmp_path / "show")

    assert [Path(one).name for one in names(str(tmp_path))] == ["B.md", "a.md"]
    assert [Path(one).name for one in watching._items(watch, watching._ItemLog(place, watch))] == ["B.md", "a.md"]


def test_the_program_has_one_digest(monkeypatch):
    """Its files are digested in one order, so that a show is not made again on another system."""
    before = program.digest(program.AUDIO)
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda top: ((folder, [], names[::-1]) for folder, _, names in list(walk(top))))
    for one in (program.digest, program.source, program._tree):
        one.cache_clear()

    assert program.digest(program.AUDIO) == before


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "..\\x", "a\\..\\..\\x", "C:/x", "C:x", "\\x", "//server/share/x", "a\0"]
)
def test_a_manifest_names_nothing_outside_of_feed(name):
    """Whichever system it was made for; what it names may be removed."""
    assert not manifest._is_inside(name)
    assert manifest._is_inside("media/le-sel-0123456789.mp3")


@pytest.mark.parametrize("name", ["C://texts/a.md", "C:/texts/a.md", "C:\\texts\\a.md", "d://a"])
def test_a_disk_is_no_address(name):
    """A letter and a colon begin a path of Windows."""
    assert not is_address(name)
    assert is_address("https://example.org/a.md")
    assert is_address("file:///C:/texts/a.md")


def test_what_is_hidden_is_not_served(tmp_path):
    """Neither below a folder whose name the server divides by backslashes."""
    (tmp_path / "media").mkdir()
    hidden = tmp_path / "media\\.secret"
    hidden.write_text("secret", encoding="utf-8")
    app = serve.application(tmp_path, "https://a.example/", "http://127.0.0.1/")
    files = app.routes[-1].app

    assert files.lookup_path("media\\.secret") == ("", None)
    assert files.lookup_path(".")[1] is not None


def test_a_type_of_sound_is_not_what_this_machine_calls_it(monkeypatch):
    """Windows takes types from its registry, where a program may have put others."""
    import mimetypes

    monkeypatch.setattr(mimetypes, "guess_type", lambda *_arguments: ("audio/x-player", None))
    taking = import_episode.EpisodeImport(None, None, "", lambda _what, _title: None)
    item = SimpleNamespace(type="", url="https://a.example/one.m4a?x=1", title="One")

    assert taking._type(item) != "audio/x-player"


# --- times ------------------------------------------------------------------------------------------------------


class WindowsDateTime(dt.datetime):
    """datetime as it is on Windows."""

    @classmethod
    def fromtimestamp(cls, timestamp: float, tz: dt.tzinfo | None = None) -> dt.datetime:
        """Refuse what lies before 1970."""
        if timestamp < 0:
            raise OSError(errno.EINVAL, "Invalid argument")
        return super().fromtimestamp(timestamp, tz)


@pytest.mark.parametrize("module", [feed, podcast_feed])
def test_what_was_published_before_1970_has_a_date(module, monkeypatch):
    """Letters and diaries have feeds too."""
    windows = SimpleNamespace(**{name: getattr(dt, name) for name in ("UTC", "timedelta")}, datetime=WindowsDateTime)
    monkeypatch.setattr(module, "dt", windows)
    moment = (1912, 4, 14, 23, 40, 0, 6, 105, 0)

    found = feed._date({"published_parsed": moment}) if module is feed else podcast_feed.instant("1912-04-14T23:40:00Z")
    assert found == dt.datetime(1912, 4, 14, 23, 40, tzinfo=dt.UTC)


def test_a_file_from_before_1970_has_a_date(tmp_path, monkeypatch):
    """Some archives give files no time at all, and zones make that less than nothing."""
    article = tmp_path / "a.md"
    article.write_text("words", encoding="utf-8")
    os.utime(article, (-3600, -3600))
    monkeypatch.setattr(scripts.dt, "datetime", WindowsDateTime)

    assert scripts._last_change(Source("a.md", article, b"words")) == dt.datetime(1969, 12, 31, 23, tzinfo=dt.UTC)


# --- programs ---------------------------------------------------------------------------------------------------


def test_rclone_is_found_beside_python_by_its_name_on_any_system(tmp_path, monkeypatch):
    """It is rclone.exe in Scripts; only `which` knows how programs are called."""

    def which(name: str, path: str | None = None) -> str | None:
        return str(Path(path) / f"{name}.exe") if path == str(Path(sys.executable).parent) else None

    monkeypatch.setattr(rclone.shutil, "which", which)

    assert rclone.Rclone({"remote": "a:b"}, tmp_path).program == str(Path(sys.executable).parent / "rclone.exe")


def test_a_machine_without_audio_output_is_reported(folder, monkeypatch, capsys):
    """Without an audio device ffplay ends with exit code 0, as if it had played."""
    code = "import sys; sys.stderr.write('No more combinations to try, audio open failed')"
    monkeypatch.setattr(say, "player", lambda: (sys.executable, "-c", code))

    assert cli_code("say", "-v", "tone/low", "Bonjour.") == 1
    assert (
        "could not play: this machine has no audio output\nhint: write a file instead: -o say.wav"
        in capsys.readouterr().err
    )
    assert not (folder / "say.wav").exists()


def test_windows_plays_with_what_python_has(folder, tmp_path, monkeypatch, capfd):
    """`podcast say` needs no player there; a module in place of winsound says what it is given."""
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "winsound.py").write_text(
        "SND_FILENAME = 1\ndef PlaySound(name, flag):\n    import pathlib\n"
        f"    pathlib.Path({str(tmp_path / 'played')!r}).write_bytes(pathlib.Path(name).read_bytes()[:4])\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.syspath_prepend(modules)
    monkeypatch.setattr(say.shutil, "which", lambda _name: None)

    assert cli_code("say", "-v", "tone/low", "Bonjour.") == 0
    assert (tmp_path / "played").read_bytes() == b"RIFF"
    assert not (folder / "say.wav").exists()
    found = [one.message for one in doctor.examine(workspace.Workspace(folder))]
    assert not [message for message in found if "no audio player" in message]


def test_a_program_in_the_current_folder_is_not_run(monkeypatch):
    """Windows looks there first, also for ffmpeg: a show that came from elsewhere must not bring its own."""
    monkeypatch.setenv(beginning.NO_CURRENT_FOLDER, "")
    monkeypatch.delenv(beginning.NO_CURRENT_FOLDER)
    monkeypatch.setattr(cli, "main", lambda: None)
    beginning.main()

    assert os.environ[beginning.NO_CURRENT_FOLDER]


def test_a_voice_that_crashed_on_windows_is_reported():
    """There a crash is an exit code, not a signal."""
    done = subprocess.CompletedProcess([], 0xC000_0005, b"", b"")

    assert isolated._reason(done) == "it crashed (0xC0000005)"


def test_an_encoder_that_has_ended_is_reported_in_its_own_words(tmp_path, monkeypatch):
    """On Windows a pipe that nobody reads is an invalid argument."""

    class Process:
        """ffmpeg that ends at once."""

        returncode = None
        killed = False

        def __init__(self, _command, *, stdin, stderr) -> None:
            assert stdin == subprocess.PIPE
            self.stdin = self
            stderr.write(b"no such encoder\n")

        def __enter__(self) -> object:
            return self

        def __exit__(self, *_error: object) -> None:
            pass

        def write(self, _data) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

        def wait(self) -> None:
            self.returncode = 1

    monkeypatch.setattr(encode.subprocess, "Popen", Process)
    monkeypatch.setattr(encode.ffmpeg, "needed", lambda _what: "ffmpeg")

    with pytest.raises(encode.AudioError, match="ffmpeg failed: no such encoder"):
        encode.write("aac", tmp_path / "a.m4a", lambda _ceiling: [np.zeros((480, 2), np.float32)], 2)


def test_the_library_of_a_voice_is_given_paths_in_its_encoding(monkeypatch):
    """A C library opens files by the system's own encoding on Windows: a home folder called José is found."""
    monkeypatch.setattr(sys, "platform", "win32")
    codecs.register(search := lambda name: codecs.lookup("cp1252") if name == "mbcs" else None)
    try:
        assert native("C:\\Users\\José") == b"C:\\Users\\Jos\xe9"
    finally:
        codecs.unregister(search)
    monkeypatch.setattr(sys, "platform", "linux")
    assert native("/home/josé") == "/home/josé".encode()
    assert espeak.native is native


# --- the terminal -----------------------------------------------------------------------------------------------


@pytest.fixture
def windows(monkeypatch):
    """Have modules that ask for the system hear of Windows."""
    monkeypatch.setattr(command.os, "name", "nt")


def test_patterns_are_files_on_windows(tmp_path, monkeypatch, windows):
    """Its shells leave *.md to the program; what matches nothing stays as it was given."""
    monkeypatch.chdir(tmp_path)
    for name in ("b.md", "a.md"):
        open(name, "w", encoding="utf-8").close()  # noqa: PTH123 - no Path can be made here
    given = ["make", "*.md", "--title", "Why?", "https://a.example/*"]

    assert command.expanded(given) == ["make", "a.md", "b.md", "--title", "Why?", "https://a.example/*"]


def test_patterns_are_left_to_the_shell_elsewhere(tmp_path, monkeypatch):
    """What it has not expanded was meant as it is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").touch()
    monkeypatch.setattr(command.os, "name", "posix")

    assert command.expanded(["*.md"]) == ["*.md"]


def test_a_hint_can_be_copied_into_any_shell(windows, monkeypatch):
    """Single quotes are letters to cmd.exe."""
    monkeypatch.setattr(distribution, "installer", lambda: "pip")  # it looks at paths, which are not Windows' here
    assert command.quoted("C:\\my show") == '"C:\\my show"'
    assert command.quoted("C:\\show") == "C:\\show"
    assert command.after_each_other("cd show", "podcast make a.md") == "cd show\n      podcast make a.md"
    assert distribution.install("sftp") == 'pip install "articlecast[sftp]"'


def test_a_hint_is_quoted_for_the_shell_of_this_system(monkeypatch):
    """As before."""
    monkeypatch.setattr(command.os, "name", "posix")
    assert command.quoted("my $how") == "'my $how'"


def test_output_that_nobody_reads_ends_the_run(windows):
    """`podcast status | more`, and q: on Windows that is an invalid argument, of no file."""
    assert command.is_closed_pipe(OSError(errno.EINVAL, "Invalid argument"))
    assert command.is_closed_pipe(BrokenPipeError())
    assert not command.is_closed_pipe(OSError(errno.EINVAL, "Invalid argument", "a?.md"))
    assert not command.is_closed_pipe(OSError(errno.ENOSPC, "full"))


@pytest.mark.parametrize(("given", "code"), [("\ufeffBonjour.".encode(), 0), (b"\x82t\x82", 1)])
def test_what_a_shell_pipes_is_understood_or_refused(folder, monkeypatch, capsys, given, code):
    """PowerShell puts a mark before it; cmd.exe has an encoding of its own."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given)))

    assert cli_code("say", "-v", "tone/low", "--show-text", "-") == code
    told = capsys.readouterr()
    assert told.out == ("" if code else "Bonjour.\n")
    assert ("error: standard input: not valid UTF-8" in told.err) is bool(code)


# --- Ctrl-C, of which Windows tells only between waits -----------------------------------------------------------


def test_watching_heeds_ctrl_c_within_a_second(workspace, monkeypatch):
    """Also when there are only feeds, and the next round is far."""
    waited = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)
            self.set()
            return True

    monkeypatch.setattr(watching, "one_round", lambda _place, _watch: watching.WatchState())
    assert len(list(watching.rounds(workspace, watching.Watch(["https://a.example/feed"]), 900.0, Stop()))) == 1
    assert waited
    assert max(waited) <= 1


def test_an_upload_heeds_ctrl_c_within_a_second(workspace, monkeypatch):
    """Also while a large file is on its way."""
    import podcast.produce.release.upload as module

    waits, real = [], module.wait

    def noted(futures, timeout=None, **named: str):
        waits.append(timeout)
        return real(futures, timeout=timeout, **named)

    monkeypatch.setattr(module, "wait", noted)
    workspace.feed.mkdir()
    (workspace.feed / "a.txt").write_bytes(b"a")
    sent = []
    target = SimpleNamespace(where="a", put=lambda name, *_rest: sent.append(name))
    entry = Entry(1, records.digest_of(workspace.feed / "a.txt"))
    send(workspace, target, [["a.txt"]], {"a.txt": entry}, parallel=2, progress=Quiet())

    assert sent == ["a.txt"]
    assert waits
    assert max(waits) <= 1


# --- bytes ------------------------------------------------------------------------------------------------------


def careless(path: Path) -> list[str]:
    """Return the calls in a module whose files would be others on another system."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        told = node.args or "encoding" in {one.arg for one in node.keywords}
        # one that has a name cannot be opened a second time on Windows
        if name in {"write_text", "NamedTemporaryFile", "mkstemp"} or (name == "read_text" and not told):
            found.append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}: {name}")
    return found


def test_text_files_are_the_same_on_all_systems():
    """Text is read as UTF-8, not as what a system prefers, and written as bytes: its line ends are line feeds."""
    assert [found for path in MODULES for found in careless(path)] == []


def test_git_leaves_every_byte_as_it_is():
    """Git for Windows would write other line ends, and fonts, voices and tests' data are files too."""
    assert (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()[-1] == "* -text"
