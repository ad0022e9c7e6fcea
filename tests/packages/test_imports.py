# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that cannot be loaded: the error names the package and the command that installs it."""

import pytest

from podcast.errors import EngineMissing, ReadError
from podcast.packages import imports
from podcast.packages.distribution import install


@pytest.mark.parametrize(("module", "extra"), imports.EXTRAS.items())
def test_a_package_of_an_extra_is_installed_with_it(module, extra):
    """The hint is the extra, not the one package of it that was missed first."""
    error = imports.unloadable(ModuleNotFoundError(f"No module named '{module}'", name=f"{module}.core"), "this")

    assert error.hint == install(extra)


def test_a_package_has_the_name_under_which_it_is_installed():
    """`pip install yaml` would not help."""
    error = imports.unloadable(ModuleNotFoundError("No module named 'yaml'", name="yaml"), "this", ReadError)

    assert isinstance(error, ReadError)
    assert error.hint == "pip install --force-reinstall pyyaml"
    assert "complete Python" in imports.fix("_lzma")


def test_what_windows_lacks_is_named():
    """Installing the package again would not help."""
    words = "DLL load failed while importing onnxruntime_pybind11_state: a routine failed"
    error = imports.unloadable(ImportError(words, name="onnxruntime.capi.onnxruntime_pybind11_state"), "this")

    assert "needs the package onnxruntime" in error.message
    assert "Microsoft Visual C++ Redistributable" in error.hint


def test_an_import_of_our_own_that_fails_is_a_bug():
    """It stays a traceback: nothing that the person installs would help."""
    with pytest.raises(ImportError, match="cannot import name"), imports.needed("this"):
        from podcast.errors import NothingOfThatName  # noqa: F401


def test_an_error_without_a_name_comes_from_where_it_arose(tmp_path, monkeypatch):
    """Libraries raise ImportError in their own words, as lxml does for what it no longer brings."""
    (tmp_path / "odd_library.py").write_text("raise ImportError('build me with --odd')")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(EngineMissing) as caught, imports.needed("the voice odd/one", EngineMissing):
        import odd_library  # noqa: F401

    said = "the voice odd/one needs the package odd_library, which cannot be loaded: build me with --odd"
    assert caught.value.message == said
