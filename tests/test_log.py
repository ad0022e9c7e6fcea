# SPDX-License-Identifier: GPL-3.0-or-later
"""--log FILE: what happened, with times, for every command, and no secret in it."""

import re

import pytest
import shows

from podcast.cli.main import main
from podcast.log import hide


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_what_happens_is_written_with_its_time(tmp_path, capsys):
    """The command, files written, messages and exit code; a second run is appended."""
    place, log = shows.finished(tmp_path / "show"), tmp_path / "logs" / "podcast.log"
    place.feed.joinpath("feed.xml").unlink(missing_ok=True)
    run(capsys, "--show", place.root, "--log", log, "feed")
    code, _, err = run(capsys, "--show", place.root, "--log", log, "make", "no-such-thing.md")
    lines = log.read_text(encoding="utf-8").splitlines()

    started = [line for line in lines if not line.startswith("  ")]
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 (DEBUG|INFO|WARNING) [a-z_.0-9]+: .*"
    assert [line for line in started if not re.fullmatch(pattern, line)] == []
    text = "\n".join(lines)
    assert f"--show {place.root} --log {log} feed" in text
    assert re.search(r"wrote .*feed\.xml, \d+ bytes", text)
    assert re.findall(r"exit code (\d+)", text) == ["0", str(code)] == ["0", "1"]
    assert err.splitlines()[0] in text
    assert "  Traceback" in text  # where it went wrong, for a report; not on the terminal
    assert "Traceback" not in err


def test_no_secret_is_written(tmp_path, capsys, monkeypatch):
    """Variables by their names, those that a setting names, and what stands in addresses."""
    log = tmp_path / "log"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "correct-horse")
    hide("battery-staple")
    address = "https://user:sesame42@127.0.0.1:1/a?sig=abcdef&x=1&X-Amz-Signature=012345&token=tok-tok"
    run(capsys, "--log", log, "import", f"{address}&a=correct-horse&b=battery-staple", tmp_path / "show")
    text = log.read_text(encoding="utf-8")

    assert "&x=1&" in text
    assert [
        one for one in ("correct-horse", "battery-staple", "sesame42", "abcdef", "012345", "tok-tok") if one in text
    ] == []


def test_a_log_that_cannot_be_written_is_reported(tmp_path, capsys):
    """Before anything is done."""
    (tmp_path / "file").write_text("")
    code, _, err = run(capsys, "--log", tmp_path / "file" / "log", "music")

    assert code == 1
    assert "error: " in err
    assert "--log" in err


def test_nothing_is_left_behind(tmp_path, capsys):
    """A run without --log after one with it writes nothing to it."""
    log = tmp_path / "log"
    run(capsys, "--log", log, "music")
    before = log.read_text(encoding="utf-8")
    run(capsys, "music", "no-such-style")

    assert log.read_text(encoding="utf-8") == before
