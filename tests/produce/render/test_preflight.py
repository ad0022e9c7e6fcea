# SPDX-License-Identifier: GPL-3.0-or-later
"""Before anything is narrated: what would be refused afterwards is refused now, once, also by a dry run."""

import re
import subprocess
import sys

import pytest
import shows
from helpers import edit

from podcast.cli.main import main
from podcast.voices.engines.tone import Tone
from podcast.workspace import Workspace

ARTICLE = "# Le phare\n\nLe vent tombe ce soir.\n"


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Run the command line, and return exit code, output and remarks."""
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    printed = capsys.readouterr()
    return ended.value.code, printed.out, printed.err


@pytest.fixture
def two(folder) -> Workspace:
    """Give a show with two articles."""
    for name in ("phare", "port"):
        (folder / f"{name}.md").write_text(ARTICLE.replace("phare", name), encoding="utf-8")
    return Workspace(folder)


# what is put in the place of what in show.toml -> the error
REFUSED = {
    "e-mail": ('email = "bonjour@phare.example"', 'email = "bonjour"', r"show\.toml:7: show\.email: 'bonjour'"),
    "category": ('category = "Science"', 'category = "Sciences"', r"show\.toml:8: show\.category: 'Sciences'"),
    "description": (
        'description = "Des articles courts, lus à voix haute."\n',
        "",
        r"show\.description: missing or empty",
    ),
    "cover": ("[voices]", 'cover = "art.png"\n[voices]', r"show\.toml:10: show\.cover: art\.png"),
    "intro": ("[voices]", '[music]\nintro = "a.flac"\n[voices]', r"show\.toml:11: music\.intro: a\.flac"),
    "style": (
        "[voices]",
        '[music]\nintro = "clam"\n[voices]',
        r"show\.toml:11: music\.intro: unknown music style 'clam'",
    ),
    "style of a section": (
        "[voices]",
        '[sections."X"]\nsting = "clam"\n[voices]',
        r"show\.toml:1[01]: sections\.X: unknown music style 'clam'\nhint: did you mean calm\?",
    ),
    "sting": ("[voices]", '[sections."X"]\nsting = "a.flac"\n[voices]', r"show\.toml:1[01]: sections\.X: a\.flac"),
    "bed": ("[voices]", '[sections."X"]\nbed = "bad.flac"\n[voices]', r"show\.toml:1[01]: sections\.X: bad\.flac"),
    "hook": ("[voices]", '[hooks]\nmusic = "none:shape"\n[voices]', r"hooks\.music"),
    "voice": ('fr = "tone/low"', 'fr = "tone/lower"', r"show\.toml:11: voices\.fr: unknown voice 'tone/lower'"),
    "key": (
        'fr = "tone/low"',
        'fr = "openai/alloy"',
        r"show\.toml:11: voices\.fr: voice openai/alloy is not available",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("dry", [True, False], ids=["dry-run", "make"])
def test_what_would_be_refused_after_narration_is_refused_before(two, capsys, monkeypatch, calls, what, dry):
    """One error, though two episodes need it; nothing is narrated, exit code 1; a dry run says the same."""
    old, new, error = REFUSED[what]
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (two.root / "bad.flac").write_bytes(b"this is no music")
    edit(two.show, old, new)
    for article in two.root.glob("p*.md"):
        article.write_text(article.read_text(encoding="utf-8") + "\n## X\n\nLa mer.\n", encoding="utf-8")

    run(capsys, "script", "phare.md", "port.md")
    code, _, err = run(capsys, "make", *(["--dry-run"] if dry else []))

    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert (code, len(errors)) == (1, 1), err
    assert re.search(error, err), err
    assert calls == []
    assert not list(two.audio.glob("*.mp3"))


def test_music_that_no_episode_has_refuses_none(two, capsys):
    """A section that no script has, or music between chapters where there are none, is not opened."""
    (two.root / "bad.flac").write_bytes(b"this is no music")
    edit(two.show, "[voices]", '[sections."X"]\nsting = "none.flac"\nbed = "bad.flac"\n[voices]')
    edit(two.show, "[voices]", '[music]\nsting = "bad.flac"\nintro = ""\noutro = ""\n[voices]')
    code, _, err = run(capsys, "make", "phare.md")
    assert code == 0, err


def test_the_music_of_a_new_section_is_checked_though_other_episodes_are_rendered(two, capsys, calls):
    """An episode with the music of before vouches for nothing that only another one has."""
    assert run(capsys, "make", "phare.md")[0] == 0
    del calls[:]
    (two.root / "bad.flac").write_bytes(b"this is no music")
    edit(two.show, "[voices]", '[sections."X"]\nbed = "bad.flac"\n[voices]')
    (two.root / "port.md").write_text(ARTICLE.replace("phare", "port") + "\n## X\n\nLa mer.\n", encoding="utf-8")
    code, _, err = run(capsys, "make", "port.md", "phare")
    assert (code, calls) == (1, []), err
    assert "sections.X: bad.flac" in err


def test_every_error_is_reported_at_once(two, capsys):
    """No error hides another until the next run."""
    edit(two.show, 'email = "bonjour@phare.example"', 'email = "bonjour"\ncover = "art.png"')
    edit(two.show, 'fr = "tone/low"', 'fr = "tone/lower"')
    (two.show).write_text(two.show.read_text(encoding="utf-8") + '\n[music]\nintro = "a.flac"\n', encoding="utf-8")

    _, _, err = run(capsys, "make", "phare.md")

    for key in ("show.email", "show.cover", "music.intro", "voices.fr"):
        assert key in err


def test_an_error_in_one_script_leaves_the_others(two, capsys, calls):
    """It is named with its line, the other episode is rendered, and the exit code is 1."""
    run(capsys, "script", "phare.md", "port.md")
    with two.script("le-phare").open("a", encoding="utf-8") as file:
        file.write("\n![](audio/none.flac)\n")

    code, out, err = run(capsys, "make")

    assert code == 1
    assert re.search(r"error: \S*scripts/le-phare\.md:\d+: audio/none\.flac", err)
    assert "le-port.mp3" in out
    assert two.sound("le-port").exists()


def test_an_image_that_cannot_be_used_is_refused_before_it_narrates(two, capsys, calls):
    """The episode is left out; the error is given once."""
    from PIL import Image

    Image.new("RGB", (300, 300)).save(two.root / "small.png")
    run(capsys, "script", "phare.md", "port.md")
    edit(next(path for path in two.script_files() if "phare" in path.stem), "title:", "image: small.png\ntitle:")
    code, out, err = run(capsys, "make")
    assert (code, err.count("error: ")) == (1, 1), err
    assert "small.png" in err
    assert all("phare" not in line for line in out.splitlines() if line.startswith("audio/"))
    assert not any("phare" in call for call in calls)


def test_a_serial_show_wants_numbers_before_it_narrates(two, capsys, calls):
    """Directories refuse an episode without a number there."""
    run(capsys, "script", "phare.md")
    edit(two.show, 'category = "Science"', 'category = "Science"\ntype = "serial"')
    edit(two.script("le-phare"), "episode: 1\n", "")

    code, _, err = run(capsys, "make")

    assert (code, calls) == (1, [])
    assert "le-phare.md: a serial show needs a number" in err


def test_another_url_of_a_published_show_is_refused_before_it_narrates(tmp_path, capsys, monkeypatch):
    """Apps ask at the old one: --allow-address says that it is meant."""
    place = shows.finished(tmp_path / "show", url="https://phare.example.org/")
    run(capsys, "--show", place.root, "make")
    edit(place.show, "https://phare.example.org/", "https://elsewhere.example.org/")
    edit(place.script("le-sel"), "Elle creuse", "Elle use")
    monkeypatch.setattr(Tone, "speak", lambda *_arguments: pytest.fail("narrated"))

    code, _, err = run(capsys, "--show", place.root, "make")

    assert code == 1
    assert "--allow-address" in err


def test_what_is_narrated_needs_no_key(two, capsys, monkeypatch):
    """A machine without the key of a voice puts episodes together from sentences that are there."""
    from fakes.openai_tts import OpenAITTS

    with OpenAITTS(key="sk-test") as service:
        edit(two.show, 'fr = "tone/low"', 'fr = "openai/alloy"')
        with two.show.open("a", encoding="utf-8") as file:
            file.write(f'\n[engine.openai]\nurl = "{service.url}"\nkey_from = "SPEECH_KEY"\n')
        monkeypatch.setenv("SPEECH_KEY", "sk-test")
        code, _, err = run(capsys, "make", "phare.md")
        assert code == 0, err
        monkeypatch.delenv("SPEECH_KEY")
        edit(two.script("le-phare"), "title: ", "title: Oh, ")
        edit(two.show, "[voices]", "[pauses]\nsentence_ms = 300\n\n[voices]")
        assert run(capsys, "make")[0] == 0
        edit(two.script("le-phare"), "ce soir", "ce matin")
        code, _, err = run(capsys, "make")

    assert code == 1
    assert "SPEECH_KEY" in err


def test_another_voice_for_published_episodes_is_refused_before_it_narrates(tmp_path, capsys, monkeypatch):
    """One error for all of them; an episode that is not published yet is rendered all the same."""
    target = '[target.web]\nkind = "folder"\npath = "../web"\n'
    place = shows.finished(tmp_path / "show", url="https://phare.example.org/", more=target)
    run(capsys, "--show", place.root, "make", "-q")
    assert run(capsys, "--show", place.root, "publish", "--no-verify")[0] == 0
    article = place.root / "nuit.md"
    article.write_text(shows.TEXTS["nuit"], encoding="utf-8")
    run(capsys, "--show", place.root, "script", article)
    edit(place.show, 'fr = "tone/low"', 'fr = "tone/high"')
    before = {path: path.read_bytes() for path in place.audio.glob("*.mp3")}

    code, out, err = run(capsys, "--show", place.root, "make")

    assert code == 1
    assert "  - le-sel: voices changed\n  - le-vent: voices changed\n" in err
    assert err.count("error: ") == 1
    assert "la-nuit.mp3" in out
    assert {path: path.read_bytes() for path in before} == before


def test_with_nothing_to_render_no_sound_is_loaded(tmp_path):
    """What takes a tenth of a second to load is loaded where it is needed: `make` is often run for nothing."""
    place = shows.finished(tmp_path / "show")
    code = "import sys\nfrom podcast.cli.main import main\ntry: main(['make'])\nfinally: print('numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=place.root, check=True, capture_output=True, text=True)
    assert ended.stdout.splitlines()[-1] == "False", ended.stdout


def test_a_copied_script_is_refused_before_it_narrates(two, capsys, calls):
    """Apps know an episode by its guid; the one that was rendered before keeps it, and the hint gives another."""
    run(capsys, "make", "phare.md")
    calls.clear()
    text = two.script("le-phare").read_text(encoding="utf-8")
    two.script("copie").write_text(text, encoding="utf-8")

    code, _, err = run(capsys, "make")

    assert (code, calls) == (1, [])
    assert re.search(r"error: \S*copie\.md: has the same guid as scripts/le-phare\.md\nhint: .* guid: \S{36}\n", err)
    old, new = re.findall(r"guid: (\S{36})", text + err)
    two.script("copie").write_text(text.replace(old, new).replace("date: ", "date: 2026-01-01T00:00:00Z #"), "utf-8")
    assert run(capsys, "make")[0] == 0
