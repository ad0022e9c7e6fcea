# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast voices` and `podcast say`."""

import json
import re
from pathlib import Path

import pytest
from commands import at_terminal, run

from podcast.cli.main import main


def test_an_engine_that_cannot_says_so(folder, capsys):
    """Before anything is narrated, with the engines that can."""
    with pytest.raises(SystemExit) as ended:
        main(["say", "-v", "kokoro/ff_siwis", "--pitch", "1.2", "-o", "a.wav", "Oui."])
    said = capsys.readouterr().err

    assert ended.value.code == 1
    assert "kokoro/ff_siwis cannot change its pitch" in said
    assert "espeak, hibari, pico, tone" in said


def test_voices_at_a_terminal_fit_into_it(tmp_path, monkeypatch):
    """Names are whole, each voice is a line, and how to get those of an engine stands once below."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    code, said = at_terminal(tmp_path, ["voices"], "")
    assert code == 0, said
    lines = [re.sub(r"\x1b\[\d*m", "", line).rstrip() for line in said.splitlines()]
    wide = [line for line in lines if len(line) > 80 and " is not available: " not in line]
    assert wide == []
    assert any(line.startswith("openai/alloy ") and line.endswith("not available") for line in lines)
    assert said.count("OPENAI_API_KEY") == 1
    assert "…" not in said


def test_voices_can_be_listed_by_language_and_for_programs(capsys, folder):
    """French voices are found, with engine and state."""
    code, out, _ = run(capsys, "voices", "--language", "fr")
    rows = json.loads(run(capsys, "voices", "--json")[1])

    assert code == 0
    assert out.splitlines()[0].startswith("kokoro/ff_siwis\tfr")
    assert {"kokoro", "hibari", "pico", "espeak", "gtts", "tone"} <= {row["voice"].split("/")[0] for row in rows}
    assert run(capsys, "voices", "--language", "xx")[0] == 1


def test_say_writes_a_file_or_shows_the_speakable_form(capsys, folder):
    """What a voice would be given can be seen, and heard."""
    code, out, _ = run(capsys, "say", "Il a 21 ans.", "--language", "fr", "--show-text")
    assert (code, out) == (0, "Il a vingt et un ans.\n")

    code, out, _ = run(capsys, "say", "Bonjour.", "--voice", "tone/high", "-o", "a.wav")
    assert code == 0
    assert (folder / "a.wav").read_bytes()[:4] == b"RIFF"
    assert run(capsys, "say", "Bonjour.", "--voice", "tone/high", "-o", "a.xyz")[0] == 1
    assert run(capsys, "say", "...")[0] == 1


def add(path: Path, lines: str) -> None:
    """Append to a file."""
    path.write_text(path.read_text(encoding="utf-8") + "\n" + lines, encoding="utf-8")


def test_say_shows_the_phonemes_or_the_text_that_a_voice_is_given(capsys, folder):
    """Phonemes for a voice that speaks them, with the lexicon of the show; text for others."""
    add(folder / "show.toml", '[lexicon.fr]\n"Kerguen" = "/kɛʁɡɛn/"\n')

    assert run(capsys, "say", "Le port de Kerguen.", "-v", "espeak/fr", "--ipa")[1] == "lə- pˈɔʁ də- kɛʁɡˈɛn.\n"
    assert run(capsys, "say", "Le port de Kerguen.", "-v", "tone/low", "-l", "fr", "--ipa")[1] == (
        "Le port de kèrguenne.\n"
    )
    assert run(capsys, "say", "Kerguen.", "-v", "espeak/fr", "--show-text")[1] == "Kerguen.\n"
    _, _, told = run(capsys, "say", "Kerguen.", "-v", "tone/low", "-l", "fr", "-o", "a.wav")
    assert "tone/low cannot read IPA: 'Kerguen' is spoken as 'kèrguenne'" in told


def test_ipa_that_is_none_is_an_error_with_its_line(capsys, folder):
    """File, line, key and the character."""
    add(folder / "show.toml", '[lexicon.fr]\n"Kerguen" = "/kɛ9n/"\n')
    code, _, told = run(capsys, "status")

    assert code == 1
    assert "show.toml:" in told
    assert "'9' is not a letter of the IPA" in told
