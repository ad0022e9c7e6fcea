# SPDX-License-Identifier: GPL-3.0-or-later
"""Voices that stand in for others: named in show.toml, for whole episodes, told everywhere; nothing is paid unasked."""

import json
import re
from pathlib import Path

import pytest
from fakes.openai_tts import OpenAITTS
from helpers import edit

from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import ConfigError, EngineMissing, ServiceDown, SynthesisError
from podcast.model import Episode
from podcast.produce import records
from podcast.produce.render import fallbacks
from podcast.workspace import Workspace

SENTENCES = ["La mer est calme.", "Le vent tombe ce soir.", "Le phare tourne.", "La nuit vient.", "Le port dort."]
TEXT = "# Le phare\n\n" + "\n\n".join(SENTENCES) + "\n"


@pytest.fixture
def speaking(folder) -> Path:
    """Give a show whose French voice is a service's, for which tones may stand in."""
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "openai/alloy"\n\n[fallbacks]\nopenai = ["tone/low"]')
    edit(folder / "show.toml", "[voices]", '[music]\nintro = ""\noutro = ""\n\n[voices]')
    (folder / "article.md").write_text(TEXT, encoding="utf-8")
    return folder


def serve(folder: Path, url: str, more: str = "") -> None:
    """Say where the service is; other settings make the program forget that it was down."""
    text = (folder / "show.toml").read_text(encoding="utf-8").partition("\n[engine.openai]")[0]
    settings = f'url = "{url}"\nbackoff_s = 0.0\nprice_per_million_characters = 1000\n{more}\n'
    (folder / "show.toml").write_text(f"{text}\n[engine.openai]\n{settings}", encoding="utf-8")


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run a command; return its exit code and what it said."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def record(folder: Path) -> Episode:
    """Return what is known of the one episode."""
    found = records.load(Workspace(folder), "le-phare")
    assert found is not None
    return found


def clips(folder: Path) -> set[str]:
    """Return the names of what was narrated."""
    return {path.name for path in folder.rglob("*.flac")}


def test_a_service_that_goes_down_is_replaced_in_the_whole_episode(speaking, capsys):
    """Terminal, status and record say so; what was narrated until then is kept; nothing is narrated again later."""
    with OpenAITTS(["", "", "", *["503"] * 999]) as service:
        serve(speaking, service.url)
        code, _, err = run(capsys, "make", "article.md", "--language", "fr", "--jobs", "1")
        asked = len(service.asked)
    done = record(speaking)

    assert code == 0, err
    assert 13 <= asked <= 18  # three good answers, and ten failures in a row before it is taken to be down
    assert "it failed 10 times in a row: the service failed (503)" in err
    assert "starting the episode again with tone/low in place of openai/alloy" in err
    assert "note: le-phare uses a fallback voice: tone/low in place of openai/alloy;" in err
    assert re.search(r"podcast make --no-fallback le-phare \(\d of \d+ sentences to narrate, .* price 0\.\d\d", err)
    assert done.voices == ("tone/low",)
    assert done.stand_ins == {"openai/alloy": "tone/low"}
    assert {cue.voice for cue in done.cues} == {"tone/low"}
    spoken = len(done.cues) + 1  # and the sentence by which the voice is levelled
    assert len(clips(speaking)) == spoken + 3
    code, out, _ = run(capsys, "status", "--json")
    (row,) = json.loads(out)
    assert (row["state"], row["detail"]) == ("up to date", "fallback voice tone/low in place of openai/alloy")
    code, _, err = run(capsys, "clips", "--prune")
    assert (code, len(clips(speaking))) == (0, spoken + 3)


def test_when_the_first_voice_is_back_the_producer_decides(speaking, capsys):
    """Neither a plain run nor an edited sentence asks the service; --no-fallback asks for what it has not said yet."""
    with OpenAITTS(["", "", *["503"] * 999]) as service:
        serve(speaking, service.url)
        run(capsys, "make", "article.md", "--language", "fr", "--jobs", "1")
    with OpenAITTS() as service:
        serve(speaking, service.url, "attempts = 4")
        edit(speaking / "scripts" / "le-phare.md", "Le port dort.", "Le port veille.")
        before = clips(speaking)
        code, _, err = run(capsys, "make")
        assert (code, service.asked) == (0, [])
        assert len(clips(speaking) - before) == 1
        assert "le-phare uses a fallback voice: tone/low in place of openai/alloy" in err
        code, _, err = run(capsys, "make")
        assert (code, service.asked) == (0, [])
        assert "to use its own voice: podcast make --no-fallback " in err
        code, out, _ = run(capsys, "make", "--dry-run", "--no-fallback")
        assert (code, service.asked) == (0, [])
        assert " 0 of " not in out

        code, _, err = run(capsys, "make", "--no-fallback")
        done = record(speaking)
        assert code == 0, err
        assert "in place of" not in err
        assert (done.voices, done.stand_ins) == (("openai/alloy",), {})
        assert {cue.voice for cue in done.cues} == {""}
        texts = [asked.text for asked in service.asked]
        assert len(texts) == len(set(texts)) == len(done.cues) + 1
        code, _, _ = run(capsys, "make", "--no-fallback")
        assert (code, len(service.asked)) == (0, len(texts))


def test_without_its_fallback_a_dead_service_is_an_error(speaking, capsys):
    """--no-fallback, and a show that names none, end with what was wrong; nothing speaks in place of the voice."""
    with OpenAITTS(["503"] * 999) as service:
        serve(speaking, service.url)
        code, _, err = run(capsys, "make", "article.md", "--language", "fr", "--no-fallback")
        assert code == 1
        assert "the service failed (503)" in err
        assert not list(speaking.rglob("*.mp3"))


def test_what_a_service_refuses_is_an_error(speaking, capsys):
    """A wrong voice or key is no reason for another voice."""
    with OpenAITTS(key="sk-other") as service:
        serve(speaking, service.url)
        code, _, err = run(capsys, "make", "article.md", "--language", "fr")

    assert code == 1
    assert "the service does not accept the API key" in err
    assert "in place of" not in err


def test_an_engine_that_cannot_be_used_here_is_replaced(speaking, capsys, monkeypatch):
    """No key in the environment, or a package that is gone: the same, and nothing is asked."""
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with OpenAITTS() as service:
        serve(speaking, service.url, 'key_from = "NO_SUCH_KEY"')
        code, _, err = run(capsys, "make", "article.md", "--language", "fr")
        assert (code, service.asked) == (0, []), err
    assert record(speaking).stand_ins == {"openai/alloy": "tone/low"}

    edit(speaking / "show.toml", 'fr = "openai/alloy"', 'fr = "gone/voice"')
    edit(speaking / "show.toml", 'openai = ["tone/low"]', 'gone = "tone/high"')
    code, _, err = run(capsys, "make")
    assert code == 0, err
    assert record(speaking).stand_ins == {"gone/voice": "tone/high"}
    code, out, _ = run(capsys, "status")
    assert "up to date (fallback voice tone/high in place of gone/voice)" in out


def test_only_the_voice_that_fails_is_replaced(speaking, capsys):
    """Another speaker of the script keeps the voice that was asked for, and is not marked."""
    with (speaking / "article.md").open("a", encoding="utf-8") as file:
        file.write("\n> Le sel reste.\n")
    with OpenAITTS(["503"] * 999) as service:
        serve(speaking, service.url)
        run(capsys, "script", "article.md", "--language", "fr")
        edit(speaking / "scripts" / "le-phare.md", "language: fr", "language: fr\nspeakers: {quote: tone/high}")
        code, _, err = run(capsys, "make")

    assert code == 0, err
    assert {(cue.kind == "quote", cue.voice) for cue in record(speaking).cues} == {(True, ""), (False, "tone/low")}


def test_a_mistake_in_the_name_of_a_voice_is_reported(speaking, capsys):
    """A fallback of an engine does not hide it."""
    edit(speaking / "show.toml", "openai/alloy", "openai/alloi")
    code, _, err = run(capsys, "make", "article.md", "--language", "fr")

    assert code == 1
    assert "unknown voice 'openai/alloi'" in err


@pytest.mark.parametrize("line", ['"openai/alloy" = []', 'kokoro = "kokoro"', "kokoro = 3", 'kokoro = [""]'])
def test_a_wrong_fallback_is_named_with_its_line(folder, line):
    """As every other mistake in show.toml."""
    edit(folder / "show.toml", "[voices]", f"[fallbacks]\n{line}\n\n[voices]")

    with pytest.raises(ConfigError, match=r"show\.toml:\d+: fallbacks\."):
        load(folder / "show.toml")


def failing(error: SynthesisError | EngineMissing, voice: str) -> SynthesisError | EngineMissing:
    """Return an error as it comes from a sentence."""
    error.voice = voice
    return error


def test_the_next_voice_is_the_next_that_is_named(folder):
    """One after another, each for the voice that was asked for first; then it is an error."""
    named = 'openai = ["gtts/fr", "tone/low"]\n"kokoro/ff_siwis" = "tone/high"\n'
    edit(folder / "show.toml", "[voices]", f"[fallbacks]\n{named}\n[voices]")
    show = load(folder / "show.toml")
    first = fallbacks.next_choice(failing(ServiceDown("down"), "openai/nova"), show, {})
    assert first == {"openai/nova": "gtts/fr"}
    second = fallbacks.next_choice(failing(EngineMissing("not here"), "gtts/fr"), show, first)
    assert second == {"openai/nova": "tone/low"}
    assert fallbacks.next_choice(failing(SynthesisError("bad"), "tone/low"), show, second) is None
    assert fallbacks.next_choice(failing(EngineMissing("not here"), "tone/low"), show, second) is None
    assert fallbacks.next_choice(failing(SynthesisError("busy", transient=True), "openai/nova"), show, {}) == {}
    assert fallbacks.next_choice(failing(SynthesisError("no sound"), "openai/nova"), show, {}) is None
    assert fallbacks.next_choice(failing(ServiceDown("down"), "espeak/fr"), show, {}) is None
