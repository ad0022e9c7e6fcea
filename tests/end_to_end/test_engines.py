# SPDX-License-Identifier: GPL-3.0-or-later
"""Episodes with the voice of a service and with one of the show's own: from show.toml to the files."""

import pytest
from fakes.openai_tts import OpenAITTS
from helpers import edit

from podcast import voices
from podcast.cli.main import main
from podcast.config import load as show
from podcast.narrate import synthesis
from podcast.voices.engines.piper import Piper
from tests.voices.engines.test_openai import KEY
from tests.voices.engines.test_piper import JOE, copy


def test_an_episode_is_made_and_holds_no_key(folder, monkeypatch, capsys):
    """From show.toml to the feed: a service of one's own speaks, and the key is in no file and no word that is said."""
    monkeypatch.setenv("SPEECH_KEY", KEY)
    (folder / "article.md").write_text("# Le phare\n\nLa mer est calme. Le vent tombe.\n", encoding="utf-8")
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "openai/ff_siwis"')
    with OpenAITTS(["429 0", "reset", "html"], key=KEY) as service, (folder / "show.toml").open("a") as file:
        file.write(f'\n[engine.openai]\nurl = "{service.url}"\nmodel = "kokoro"\nvoices = ["ff_siwis"]\n')
        file.write('key_from = "SPEECH_KEY"\nbackoff_s = 0.0\n')
        file.flush()
        with pytest.raises(SystemExit) as ended:
            main(["make", "article.md"])

    printed = capsys.readouterr()
    assert (ended.value.code, "error" in printed.err) == (0, False), printed.err
    assert "La mer est calme." in {asked.text for asked in service.asked}
    assert KEY not in printed.out + printed.err
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".mp3" for path in files)
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


def test_a_dead_service_ends_a_run_soon_and_says_where(folder, capsys):
    """Whatever the number of episodes and sentences: a handful of requests, and the line of the script."""
    for number in range(6):
        text = "".join(f"Phrase {number} {line}.\n\n" for line in range(20))
        (folder / f"article{number}.md").write_text(f"# Le phare {number}\n\n{text}", encoding="utf-8")
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "openai/alloy"')
    with OpenAITTS(["503"] * 999) as service:
        with (folder / "show.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[engine.openai]\nurl = "{service.url}"\nbackoff_s = 0.0\n')
        with pytest.raises(SystemExit) as ended:
            main(["make", "--language", "fr", *(f"article{number}.md" for number in range(6))])

    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert 10 <= len(service.asked) < 10 + synthesis.workers()  # those under way when it was given up on
    assert "scripts/le-phare-0.md" in told
    assert "the service failed (503)" in told
    assert "the service is unavailable" in told


def test_show_toml_names_voices_relative_to_itself(folder, monkeypatch, tmp_path, capsys):
    """A voice in the show folder is found from any other folder, comes before the packages', and speaks."""
    copy(folder / "voices", "fr_FR-anna-low", language={"code": "fr_FR"}, espeak={"voice": "fr"})
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "piper/fr_FR-anna-low"')
    with (folder / "show.toml").open("a", encoding="utf-8") as file:
        file.write('\n[engine.piper]\nvoices = ["voices/fr_FR-anna-low.onnx"]\n')
    (folder / "article.md").write_text("# Le phare\n\nLa mer est calme.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    told = show.load(folder / "show.toml").settings
    with pytest.raises(SystemExit) as ended:
        main(["--show", str(folder), "make", str(folder / "article.md")])

    assert ended.value.code == 0, capsys.readouterr().err
    assert [voice.ref for voice in Piper(told["piper"]).voices()][:2] == ["piper/fr_FR-anna-low", JOE.ref]
    assert voices.find("piper", "fr", told).language == "fr-FR"
    assert list((folder / "audio").glob("*.mp3"))
    assert str(tmp_path) not in (folder / "audio" / "le-phare.json").read_text(encoding="utf-8")
