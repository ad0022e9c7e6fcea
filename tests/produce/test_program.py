# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes an episode, a page or the feed out of date is found in the imports, for every module there is."""

from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from podcast.produce import program

PRODUCTS = [program.AUDIO, program.NEEDS, program.COVER, program.FEED, program.CHECK]
PACKAGE = Path(program.__file__).parent.parent
LICENCES = {"cover-OFL.txt", "NOTICE", "LICENSE", "SHA256SUMS", "py.typed"}
"""Data files that say something of others."""


@pytest.fixture(scope="module")
def graph():
    """Give the import graph of the package as another program reads it."""
    return grimp.build_graph("podcast", cache_dir=None)


def modules():
    """Return the name of every module of the package."""
    found = (path.relative_to(PACKAGE.parent).with_suffix("").parts for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in found)


@pytest.fixture
def fresh():
    """Forget what was computed, before and after."""
    forget()
    yield
    forget()


def forget():
    """Forget what was computed of the program."""
    for one in (program.digest, program.source, program._tree, program._version):
        one.cache_clear()


def test_imports_are_those_that_another_reader_of_code_finds(graph):
    """Of each module, at its top or within a function; a script that runs in a process of its own counts, too."""
    for module in modules():
        ours = program.source(module).modules
        theirs = graph.find_modules_directly_imported_by(module)
        scripts = {one for one in ours - theirs if f"{one.rpartition('.')[2]}.py" in program.source(module).quoted}

        assert ours - scripts - {module} == theirs - {module}, module


def test_libraries_are_those_that_are_installed():
    """Each library that shapes a product is found by the name of its distribution, but for those of extras."""
    known = packages_distributions()
    for product in PRODUCTS:
        for library in program.shapers(product).libraries:
            distributions = {name.lower() for name in known.get(library, ())}
            name = program.DISTRIBUTIONS.get(library, library).replace("_", "-").lower()

            assert not distributions or name in distributions, library


def test_the_data_of_the_package_has_a_reader():
    """Every data file is named by the module that reads it, so that a change of it is noticed."""
    named = {name for product in modules() for name in program.shapers(product).data}
    there = {
        name for name, _, _ in program._tree()[1] if Path(name).name not in LICENCES and Path(name).suffix != ".LICENSE"
    }

    assert {name for name in there - named if not name.startswith(("docs/", "voices/data/kokoro/"))} == set()


@pytest.mark.parametrize(
    ("product", "module"),
    [
        (program.AUDIO, "podcast.speakable"),
        (program.AUDIO, "podcast.langtag"),
        (program.AUDIO, "podcast.config.settings"),
        (program.AUDIO, "podcast.sound.loudness"),
        (program.AUDIO, "podcast.metadata.id3"),
        (program.NEEDS, "podcast.script.body"),
        (program.FEED, "podcast.langtag"),
        (program.FEED, "podcast.config.settings"),
        (program.FEED, "podcast.site"),
        (program.FEED, "podcast.metadata.transcript"),
        (program.COVER, "podcast.text"),
        (program.CHECK, "podcast.check.item"),
    ],
)
def test_a_changed_module_is_another_digest(product, module, monkeypatch, fresh):
    """A module that shapes a product counts whoever imports it."""
    before = program.digest(product)
    path = Path(program._modules()[module])
    read = Path.read_bytes
    forget()
    monkeypatch.setattr(Path, "read_bytes", lambda self: read(self) + b"# changed\n" * (self == path))

    assert program.digest(product) != before


@pytest.mark.parametrize(
    ("product", "library"),
    [(program.AUDIO, "babel"), (program.AUDIO, "anyascii"), (program.FEED, "lxml"), (program.COVER, "PIL")],
)
def test_another_version_of_a_library_is_another_digest(product, library, monkeypatch, fresh):
    """An upgrade of a library that shapes a product is noticed."""
    before = program.digest(product)
    name = program.DISTRIBUTIONS.get(library, library)
    forget()
    found = program.distribution

    class Newer:
        def read_text(self, _name):
            return "Name: x\nVersion: 999\n"

    monkeypatch.setattr(program, "distribution", lambda one: Newer() if one == name else found(one))

    assert program.digest(product) != before


def test_messages_and_progress_are_no_dependency():
    """Progress on the terminal, the log and the words of errors make nothing out of date."""
    for product in PRODUCTS:
        found = program.shapers(product)

        assert found.modules & program.OUTSIDE == set()
        assert set(modules()) >= program.OUTSIDE
        assert not {"click", "filelock", "distributed"} & found.libraries
