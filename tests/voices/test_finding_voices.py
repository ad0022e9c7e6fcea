# SPDX-License-Identifier: GPL-3.0-or-later
"""How voices and engines are found, and what the writer of an engine is given. Contract: contract/test_engine.py."""

import re
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from helpers import ROOT

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, NarrationError, UnknownVoice


@pytest.mark.parametrize(
    ("ref", "language", "found"),
    [
        ("kokoro/ff_siwis", "", "kokoro/ff_siwis"),
        ("ff_siwis", "", "kokoro/ff_siwis"),
        ("kokoro/fr", "", "kokoro/ff_siwis"),
        ("kokoro/fr-CA", "", "kokoro/ff_siwis"),
        ("kokoro/es", "", "kokoro/ef_dora"),
        ("kokoro/pt", "", "kokoro/pf_dora"),
        ("kokoro/en-GB", "", "kokoro/bf_emma"),
        ("kokoro", "it", "kokoro/if_sara"),
        ("espeak", "de-AT", "espeak/de"),
        ("espeak/fr", "", "espeak/fr"),
        ("espeak/fr-ch", "", "espeak/fr-CH"),
        ("espeak/fr-BE-x-liege", "", "espeak/fr-BE"),
        ("espeak/en", "", "espeak/en-US"),
        ("espeak/no", "", "espeak/nb"),
        ("espeak/cmn", "", "espeak/zh"),
        ("espeak/zh-Hant-TW", "", "espeak/zh"),
        ("gtts/zh-Hant-TW", "", "gtts/zh"),
        ("gtts/zh-tw", "", "gtts/zh-TW"),
        ("pico/en", "", "pico/en-US"),
        ("heart", "", "hibari/heart"),
        ("low", "fr", "tone/low"),
    ],
)
def test_a_voice_is_found_by_what_people_write(ref, language, found):
    """Engine and name, a name that one engine has, or engine and language."""
    assert voices.find(ref, language).ref == found


@pytest.mark.parametrize(
    ("ref", "language", "message", "hint"),
    [
        ("ff_siwi", "", "unknown voice 'ff_siwi'", "did you mean"),
        ("kokoro/ff_siwi", "", "unknown voice 'kokoro/ff_siwi'", "kokoro/ff_siwis"),
        ("kokoro/de", "", "unknown voice 'kokoro/de'", ""),
        ("kokoro", "ja", "unknown voice 'kokoro/ja'", ""),
        ("kokoro", "", "unknown voice 'kokoro'", ""),
        ("zzzzzz", "", "unknown voice 'zzzzzz'", "podcast voices"),
        ("kokro/ff_siwis", "", "unknown voice engine 'kokro'", "kokoro"),
        ("fr", "", "several engines have a voice 'fr'", "pico/fr"),
    ],
)
def test_an_unknown_voice_is_named_with_near_ones(ref, language, message, hint):
    """Nobody has to guess."""
    with pytest.raises(UnknownVoice) as caught:
        voices.find(ref, language)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.hint


@pytest.mark.parametrize(
    ("language", "full", "preview"),
    [
        ("fr", "kokoro/ff_siwis", "pico/fr"),
        ("fr-CA", "kokoro/ff_siwis", "pico/fr"),
        ("FR", "kokoro/ff_siwis", "pico/fr"),
        ("en", "hibari/heart", "pico/en-US"),
        ("en-GB", "hibari/heart", "pico/en-GB"),
        ("es-MX", "kokoro/ef_dora", "pico/es"),
        ("it", "kokoro/if_sara", "pico/it"),
        ("pt", "kokoro/pf_dora", "espeak/pt"),
        ("pt-BR", "kokoro/pf_dora", "espeak/pt-BR"),
        ("de", "espeak/de", "pico/de"),
        ("zh-CN", "espeak/zh", "espeak/zh"),
        ("no", "espeak/nb", "espeak/nb"),
        ("ar", "espeak/ar", "espeak/ar"),
    ],
)
def test_each_language_has_a_voice_of_its_own(language, full, preview):
    """The best that is embedded; for previews the quickest."""
    assert voices.default(language).ref == full
    assert voices.default(language, preview=True).ref == preview


def test_a_language_that_nobody_speaks_is_said_to_be():
    """No other language is spoken in its place."""
    with pytest.raises(UnknownVoice, match="no voice for language 'tpi'"):
        voices.default("tpi")


def test_a_missing_engine_is_not_replaced_by_another(monkeypatch):
    """The voice stays the chosen one, and the hint says what to install."""
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)

    with pytest.raises(EngineMissing) as caught:
        voices.default("de")
    assert "pip install --force-reinstall espeakng-loader" in caught.value.hint
    with pytest.raises(EngineMissing):
        voices.find("espeak/de")
    assert voices.default("fr").ref == "kokoro/ff_siwis"
    assert "espeakng-loader" in voices.engine("kokoro", {}).missing()


# --- engines of strangers ---------------------------------------------------------------------------------------


def install(folder, monkeypatch, code: str) -> None:
    """Install a package with a voice engine, as pip would."""
    (folder / "parrot.py").write_text(code)
    info = folder / "parrot_voice-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-voice\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[podcast.voices]\nparrot = parrot:Parrot\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "parrot", raising=False)
    voices.engine_classes.cache_clear()
    voices._shared.clear()


@pytest.fixture
def _only_ours_afterwards() -> Iterator[None]:
    yield
    voices.engine_classes.cache_clear()


@pytest.mark.usefixtures("_only_ours_afterwards")
def test_an_engine_of_another_package_is_found_in_the_same_way(tmp_path, monkeypatch):
    """A package with an entry point is all it takes."""
    code = """if True:
        import msgspec
        from podcast.model import Voice
        from podcast.voices import settings_of

        class Settings(msgspec.Struct):
            loud: bool = False

        class Parrot:
            name, runs_in, max_chars, min_chars = "parrot", "threads", 100, 1
            def __init__(self, settings): self.loud = settings_of("parrot", settings, Settings).loud
            def voices(self): return [Voice("parrot", "polly", "pap")]
    """
    install(tmp_path, monkeypatch, code)

    assert voices.find("polly").ref == "parrot/polly"
    assert voices.engine("parrot", {"loud": True}).loud is True
    with pytest.raises(ConfigError, match=r"engine\.parrot\.loud: must be true or false, not 'yes'"):
        voices.engine("parrot", {"loud": "yes"})


@pytest.mark.usefixtures("_only_ours_afterwards")
@pytest.mark.parametrize("code", ["import not_there", "Other = 1", "1/0", "def ("])
def test_a_broken_engine_is_named_with_its_package(tmp_path, monkeypatch, code):
    """The person learns what to update or remove."""
    install(tmp_path, monkeypatch, code)

    with pytest.raises(NarrationError, match="voice engine parrot of parrot-voice cannot be loaded") as caught:
        voices.find("parrot/polly")
    assert "parrot-voice" in caught.value.hint


def test_one_instance_serves_the_same_settings():
    """A model is loaded once, and other settings get an engine of their own."""
    with ThreadPoolExecutor(8) as pool:
        instances = set(pool.map(lambda _: id(voices.engine("tone", {"cost_ms": 3})), range(64)))

    assert len(instances) == 1
    assert voices.engine("tone", {"cost_ms": 3}) is not voices.engine("tone", {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("🎉 Vive\u00a0l’été 👩‍👩‍👧 !", "Vive l’été !"),
        ("e\u0301te\u0301\tou\r\nhiver", "été ou hiver"),
        ("dé\u00adcou\u200bpé\u2060", "découpé"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("20 °C, 50 %, n° 3 — « oui »", "20 °C, 50 %, n° 3 — « oui »"),
        ("☀️ soleil ✓", "soleil"),
        ("²⁶Al, H₂O ou ③", "26Al, H2O ou 3"),
    ],
)
def test_words_stay_as_they_are_spelt(text, said):
    """Only what has no sound goes; signs that are read, and joiners that are spelling, stay."""
    assert voices.clean(text, voices.find("tone/low")) == said


def test_what_the_page_of_voices_shows_is_understood():
    """Every setting in docs/voices.md is one that its engine knows."""
    text = (ROOT / "docs" / "voices.md").read_text(encoding="utf-8")
    told = [tomllib.loads(block) for block in re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]
    settings = [(name, table) for one in told for name, table in one.get("engine", {}).items()]

    assert {name for name, _ in settings} == {"piper", "openai"}
    for name, table in settings:
        voices.engine_classes()[name](table)
