# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run would take, said before it: sentences, characters, time and money."""

import pytest
from fakes.openai_tts import OpenAITTS
from helpers import edit

from podcast.cli.main import main
from podcast.config.load import load as show_of
from podcast.produce.intake.scripts import load
from podcast.produce.render.context import RenderContext
from podcast.produce.render.plan import plan, total
from podcast.progress import Quiet
from podcast.workspace import Workspace

ARTICLE = "# Le phare\n\nLa mer est calme. Le vent tombe.\n"
OTHER = "# Le port\n\nLa mer est calme. Les bateaux rentrent.\n"


def run(capsys, *arguments: str) -> str:
    """Run the command line and return what it printed."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    assert ended.value.code == 0, printed.err
    return printed.out


@pytest.fixture
def two(folder, capsys) -> Workspace:
    """Give a show with two scripts that share a sentence."""
    for name, text in (("a.md", ARTICLE), ("b.md", OTHER)):
        (folder / name).write_text(text, encoding="utf-8")
    run(capsys, "script", "a.md", "b.md")
    return Workspace(folder)


def plans(place: Workspace, jobs: int = 1):
    """Return the plan of each script."""
    context = RenderContext(place, show_of(place.show), Quiet(), jobs)
    return plan(context, [load(place, path.stem) for path in place.script_files()])


def test_what_is_planned_is_what_is_asked_for(two, capsys):
    """Characters and requests of the plan are those that the service then gets; afterwards nothing is left to do."""
    edit(two.show, 'fr = "tone/low"', 'fr = "openai/ff_siwis"')
    with OpenAITTS() as service:
        with two.show.open("a", encoding="utf-8") as file:
            file.write(f'\n[engine.openai]\nurl = "{service.url}"\nvoices = ["ff_siwis"]\nmodel = "kokoro"\n')
            file.write("price_per_million_characters = 15\n")
        before = plans(two)
        together = total(before)
        run(capsys, "make")
        asked = [one.text for one in service.asked]
        after = plans(two)

    assert together.new == len(asked) == len(set(asked))
    assert together.characters == sum(map(len, asked))
    assert together.price == pytest.approx(15 * together.characters / 1e6)
    assert before[1].new < before[1].clips  # the shared sentences are counted with the first
    assert [(one.new, one.characters, one.price, one.speech_s) for one in after] == [(0, 0, 0, 0)] * 2


def test_a_price_that_nobody_has_said_is_not_taken_for_nothing(two, capsys, monkeypatch):
    """Unknown is said to be; what costs nothing is not spoken of."""
    assert "price" not in run(capsys, "make", "--dry-run")

    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    edit(two.show, 'fr = "tone/low"', 'fr = "openai/alloy"')
    assert "price unknown" in run(capsys, "make", "--dry-run")
    edit(two.show, 'fr = "openai/alloy"', 'fr = "gtts/fr"')
    assert "price" not in run(capsys, "make", "--dry-run")


def test_several_scripts_are_summed_up(two, capsys):
    """A line a script, and one for all; nothing is written."""
    before = sorted(two.root.rglob("*"))

    lines = run(capsys, "make", "--dry-run").splitlines()

    assert [line.split(":")[0] for line in lines] == ["le-phare", "le-port", "total"]
    assert "sentences to narrate" in lines[-1]
    assert len(run(capsys, "make", "--dry-run", "le-port").splitlines()) == 1
    assert [path for path in sorted(two.root.rglob("*")) if path not in before] == []


def test_slow_voices_take_time_and_cores_share_it(two):
    """Kokoro takes most of a second a second; two cores half of it; a service that takes calls in turn all of it."""
    edit(two.show, 'fr = "tone/low"', 'fr = "kokoro/ff_siwis"')
    one, half = total(plans(two)), total(plans(two, jobs=2))
    assert one.work_s == pytest.approx(one.speech_s * 0.63)
    assert half.work_s == pytest.approx(one.work_s / 2)

    edit(two.show, 'fr = "kokoro/ff_siwis"', 'fr = {voice = "gtts/fr", speed = 2.0}')
    slow = total(plans(two, jobs=8))
    assert slow.speech_s == pytest.approx(one.speech_s / 2, rel=0.2)
    assert slow.work_s > slow.speech_s * 0.3
