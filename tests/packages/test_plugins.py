# SPDX-License-Identifier: GPL-3.0-or-later
"""Plug-ins: an exception in one is an error that names its package, and the next item is done."""

import subprocess
import sys
from pathlib import Path

import pytest
import strangers
from helpers import edit

from podcast import voices
from podcast.cli.main import main
from podcast.errors import NarrationError, PublishError, ReadError, SynthesisError
from podcast.model import Voice
from podcast.publish import Served, open_target
from podcast.read import articles, names
from podcast.read.source import Source

TEXT = "La mer est calme. Le vent tombe.\n"


def reader(tmp_path: Path, code: str) -> Path:
    """Install a reader `notebook`, whose module ends with `code`."""
    begin = "from podcast.read import Reader\nfrom podcast.errors import ReadError\n"
    groups = {"podcast.readers": {"notebook": "podcast_notebook:NOTEBOOK"}}
    strangers.install(tmp_path / "packages", "podcast-notebook", "podcast_notebook", begin + code, groups)
    return tmp_path / "packages"


def run(capsys, *arguments: object) -> tuple[int, str]:
    """Run the command line; return its exit code and what it told."""
    with pytest.raises(SystemExit) as done:
        main([str(one) for one in arguments])
    return int(done.value.code or 0), capsys.readouterr().err


FAILING = 'def read(source): return [{}["cells"]]\nNOTEBOOK = Reader(read=read, suffixes=(".ipynb",))'


def test_a_reader_that_fails_stops_no_other_source(folder, tmp_path, capsys):
    """The message names reader, package and reason; the traceback is in the log."""
    (folder / "a.ipynb").write_text("{}", encoding="utf-8")
    (folder / "b.md").write_text(f"# Le phare\n\n{TEXT}", encoding="utf-8")

    with strangers.found(reader(tmp_path, FAILING)):
        code, err = run(capsys, "--log", tmp_path / "log", "script", "a.ipynb", "b.md")

    assert code == 1
    assert "error: a.ipynb: the reader notebook of the package podcast-notebook failed: KeyError: 'cells'" in err
    assert "hint: report this to the authors of podcast-notebook; with --log FILE" in err
    assert "Traceback" not in err
    assert [path.name for path in (folder / "scripts").glob("*.md")] == ["le-phare.md"]
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "in read\n" in log


BROKEN = {
    "a module that cannot be imported": ("1 / 0", "cannot be loaded: division by zero"),
    "a package that it needs and is not there": ("import not_there", "cannot be loaded: No module named 'not_there'"),
    "one suffix instead of several": (
        'NOTEBOOK = Reader(read=print, suffixes=(".ipynb"))',
        r"suffixes must be a tuple such as \('\.ipynb',\)|suffixes must be a tuple such as",
    ),
    "a suffix without its dot": ('NOTEBOOK = Reader(read=print, suffixes=("ipynb",))', "suffixes must be a tuple"),
    "magic bytes without their place": ('NOTEBOOK = Reader(read=print, magic=(b"{",))', "magic must be a tuple"),
    "a thing that is no reader": ("NOTEBOOK = 3", "failed: AttributeError"),
    "a question that fails": ("NOTEBOOK = Reader(read=print, accepts=lambda s: s.nothing)", "failed: AttributeError"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_reader_that_cannot_be_used_is_named_and_the_others_read(case, tmp_path):
    """It is blamed for what no other reader takes, and for nothing else."""
    code, message = BROKEN[case]
    with strangers.found(reader(tmp_path, code)):
        (article,) = articles(Source("b.md", Path("b.md"), f"# Le phare\n\n{TEXT}".encode()))
        with pytest.raises(ReadError, match=message) as caught:
            articles(Source("a.ipynb", Path("a.ipynb"), b"{}"))

    assert article.title == "Le phare"
    assert "podcast-notebook" in caught.value.message
    assert "podcast-notebook" in caught.value.hint


@pytest.mark.parametrize("answer", ["None", "[None]", "['text']", "3"])
def test_a_reader_that_returns_no_articles_is_named(answer, tmp_path):
    """What it returns is checked where it comes in, not where it is used."""
    code = f'NOTEBOOK = Reader(read=lambda source: {answer}, suffixes=(".ipynb",))'
    with strangers.found(reader(tmp_path, code)), pytest.raises(ReadError, match=r"notebook.* failed: TypeError"):
        articles(Source("a.ipynb", Path("a.ipynb"), b"{}"))


def test_a_reader_that_declares_nothing_reads_files_by_name(tmp_path):
    """As readers were written before there was a declaration: a function, and `accepts` beside it."""
    code = """if True:
        from podcast.model import Article, Block
        def accepts(source): return source.suffix == ".ipynb"
        def NOTEBOOK(source): return [Article("Le phare", (Block("paragraph", "La mer."),), "fr")]
    """
    (tmp_path / "a.ipynb").write_text("{}", encoding="utf-8")
    with strangers.found(reader(tmp_path, code)):
        assert articles(Source("a.ipynb", Path("a.ipynb"), b"{}"))[0].title == "Le phare"
        with pytest.raises(ReadError, match="no article in this folder"):
            names(str(tmp_path))


def test_messages_list_the_formats_of_other_packages(tmp_path, folder, capsys):
    """Where a folder has nothing to read, and where a name is no source."""
    with strangers.found(reader(tmp_path, FAILING)):
        code, err = run(capsys, "script", "absent.md")
        assert (code, "HTML, Markdown, notebook, PDF or text file" in err) == (1, True), err
        (folder / "empty").mkdir()
        code, err = run(capsys, "script", "empty")
        assert (code, "a file that can be read ends in .adoc" in err, ".ipynb" in err) == (1, True, True), err


ENGINE = """
from podcast.model import Speech, Voice
class Parrot:
    name, runs_in, max_chars, min_chars = "parrot", "threads", 100, 1
    def __init__(self, settings): pass
    def voices(self): return [Voice("parrot", "polly", "mul")]
    def revision(self, voice): return "1"
    def missing(self): return ""
    def speak(self, text, voice): raise ValueError("no " + "seed")
"""
POLLY = Voice("parrot", "polly", "mul")


def engine(tmp_path: Path, old: str = "", new: str = "") -> Path:
    """Install an engine `parrot` that cannot speak, with one more fault."""
    assert old in ENGINE
    groups = {"podcast.voices": {"parrot": "parrot:Parrot"}}
    strangers.install(tmp_path / "packages", "parrot-voice", "parrot", ENGINE.replace(old, new), groups)
    return tmp_path / "packages"


@pytest.mark.parametrize("runs_in", ["threads", "one", "processes"])
def test_an_engine_that_fails_is_named(runs_in, tmp_path):
    """In whatever thread or process it is called; the traceback tells the line."""
    with strangers.found(engine(tmp_path, '"threads"', f'"{runs_in}"')):
        voices._shared.clear()
        with pytest.raises(
            SynthesisError, match="the voice engine parrot of the package parrot-voice failed"
        ) as caught:
            voices.engine("parrot", {}).speak("Bonjour.", POLLY)

    assert caught.value.message.endswith("ValueError: no seed")
    assert not caught.value.transient
    assert "in speak" in caught.value.traceback


FAULTS = {
    "construction": ("def __init__(self, settings): pass", "def __init__(self): pass", "TypeError"),
    "an attribute of another type": ("100, 1", '"100", 1', "TypeError: max_chars must not be '100'"),
    "an attribute that is not there": ("max_chars, min_chars =", "max_chars, other =", "min_chars must not be None"),
    "revision": ('return "1"', "return 1", r"revision\(\) returned 1"),
    "voices": ('[Voice("parrot", "polly", "mul")]', '["polly"]', r"voices\(\) returned \['polly'\]"),
    "missing": ('return ""', "return {}[0]", "KeyError: 0"),
    "speech": ('raise ValueError("no " + "seed")', "return Speech([0.0], 8000)", r"speak\(\) returned Speech"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_whatever_an_engine_does_wrong_is_an_error_that_names_it(case, tmp_path):
    """Wrong types too: they are found where they come in."""
    old, new, message = FAULTS[case]
    with strangers.found(engine(tmp_path, old, new)):
        voices._shared.clear()
        with pytest.raises(NarrationError, match=f"parrot of the package parrot-voice failed: .*{message}"):
            made = voices.engine("parrot", {})
            made.voices(), made.revision(POLLY), made.missing(), made.speak("Bonjour.", POLLY)


def test_an_episode_that_an_engine_fails_at_stops_no_other(folder, tmp_path, capsys):
    """The French one fails, the English one is made; the exit code tells that not all is done."""
    (folder / "a.md").write_text(f"# Le phare\n\n{TEXT}", encoding="utf-8")
    (folder / "b.md").write_text("# The lighthouse\n\nThe sea is calm. The wind has fallen.\n", encoding="utf-8")
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "parrot/polly"')

    with strangers.found(engine(tmp_path)):
        voices._shared.clear()
        code, err = run(capsys, "--log", tmp_path / "log", "make", "-q", "a.md", "b.md")

    assert code == 1
    assert "the voice engine parrot of the package parrot-voice failed: ValueError: no seed" in err
    assert "Traceback" not in err
    assert [path.stem for path in (folder / "audio").glob("*.mp3")] == ["the-lighthouse"]
    assert "in speak" in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_worker_of_a_cluster_sends_the_traceback_along(tmp_path):
    """The error goes through pickle, as between machines."""
    import pickle

    with strangers.found(engine(tmp_path)):
        voices._shared.clear()
        with pytest.raises(SynthesisError) as caught:
            voices.engine("parrot", {}).speak("Bonjour.", POLLY)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own

    assert again.message == caught.value.message
    assert "ValueError: no seed" in again.traceback


TARGET = """
class Shelf:
    where = "the shelf"
    def __init__(self, settings, root): pass
    def list(self): return {}
    def read(self, name): return None
    def put(self, name, source, served): raise KeyError("shelf")
    def delete(self, name): pass
    def close(self): pass
"""
TARGET_FAULTS = {
    "construction": ("settings, root): pass", "settings, root): 1 / 0", "ZeroDivisionError"),
    "list": ("return {}", "return 3", r"list\(\) returned 3"),
    "put": ("", "", "KeyError: 'shelf'"),
    "an attribute": ('"the shelf"', "3", "where must not be 3"),
}


@pytest.mark.parametrize("case", TARGET_FAULTS)
def test_whatever_a_target_does_wrong_is_an_error_that_names_it(case, tmp_path):
    """A PublishError, that trying again does not help."""
    old, new, message = TARGET_FAULTS[case]
    groups = {"podcast.targets": {"shelf": "shelf:Shelf"}}
    strangers.install(tmp_path / "packages", "podcast-shelf", "shelf", TARGET.replace(old, new), groups)

    with (
        strangers.found(tmp_path / "packages"),
        pytest.raises(
            PublishError, match=f"the target kind shelf of the package podcast-shelf failed: .*{message}"
        ) as caught,
        open_target("web", {"web": {"kind": "shelf"}}, tmp_path) as target,
    ):
        target.list()
        target.put("feed.xml", b"<rss/>", Served("application/rss+xml", ""))

    assert "podcast-shelf" in caught.value.hint
    assert not caught.value.transient


def test_what_is_not_its_fault_passes_as_it_is(tmp_path):
    """Ctrl-C, no memory and a full disk are not the plug-in's mistakes."""
    for code, kind in (
        ("KeyboardInterrupt", KeyboardInterrupt),
        ("MemoryError", MemoryError),
        ("OSError(28, 'full')", OSError),
    ):
        home = tmp_path / kind.__name__
        text = f'def read(source): raise {code}\nNOTEBOOK = Reader(read=read, suffixes=(".ipynb",))'
        with strangers.found(reader(home, text)), pytest.raises(kind):
            articles(Source("a.ipynb", Path("a.ipynb"), b"{}"))


def test_asking_what_can_be_read_loads_no_library():
    """`podcast --help` and `podcast status` cost no more for it, nor does a look into a folder."""
    libraries = "lxml trafilatura pdfminer mammoth feedparser markdown_it dateparser numpy"
    program = f"""if True:
        import sys
        from podcast.read import registry
        assert registry.suffixes() and registry.is_media_type("text/html")
        print(set({libraries.split()!r}) & set(sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
