# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published stays what apps know: guid, date and sound of each episode, guid and address of the show."""

import json
import re
import shutil

import feedparser
import pytest
import shows
from helpers import edit

from podcast import produce
from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import ConfigError, FeedError, ScriptError
from podcast.produce import published_state, records
from podcast.produce.commands.status import states
from podcast.produce.release.upload import UploadOptions, upload
from podcast.progress import Quiet
from podcast.workspace import Workspace

URL = "https://phare.example.org/"
TARGET = '[target.web]\nkind = "folder"\npath = "../site"\n'

SEL, VENT = "le-sel", "le-vent"


@pytest.fixture
def local(tmp_path):
    """Give a show with two episodes, a real address and a target, that was never published."""
    return shows.finished(tmp_path / "show", url=URL, more=TARGET)


@pytest.fixture
def place(local):
    """Give that show, published."""
    make(local)
    publish(local)
    return local


def make(place: Workspace, *allowed: str) -> list[produce.RenderedEpisode]:
    """Run what `podcast make` runs; what it would report as an error is raised."""
    show = load(place.show)
    with place.lock():
        meant = produce.stale(place, show, allowed=allowed)
        made, failures = produce.make(
            place, show, meant.scripts, progress=Quiet(), current=meant.current, allowed=allowed
        )
    for failure in [*meant.failures, *failures]:
        raise failure
    return made


def publish(place: Workspace, *allowed: str) -> None:
    """Run what `podcast publish` runs, without its look at the public."""
    show = load(place.show)
    with place.lock():
        produce.publish(place, show, allowed=allowed)
        upload(place, show, UploadOptions(), progress=Quiet())


def noticed(place: Workspace) -> list[tuple[str, str]]:
    """Return what listeners would notice, as kind and slug."""
    return [(change.what, change.slug) for change in produce.diff(place, load(place.show))]


def run(*arguments: str) -> int:
    """Run the command line; return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def reword(place: Workspace, slug: str = VENT) -> None:
    """Mend a word of a script, as producers do after an episode is out."""
    edit(place.script(slug), "pousse", "poussait")


def test_what_was_never_published_may_change(local):
    """Before a show is published, everything may change as often as one likes, and nobody asks."""
    make(local)
    reword(local)
    edit(local.script(SEL), "guid: ", "guid: 00000000-0000-4000-8000-000000000001 #")
    edit(local.script(SEL), "date: ", "date: 2020-01-01T00:00:00+00:00 #")

    make(local)

    assert {what for what, _slug in noticed(local)} == {"new"}
    assert not (local.scripts / published_state.FILE).exists()


def test_new_sound_is_asked_for_once(place, calls):
    """A fixed word in a published episode needs a yes before it is narrated; then it goes through all that follows."""
    before = (place.feed / "feed.xml").read_bytes()
    reword(place)
    with pytest.raises(FeedError, match=rf"would be replaced:\n  - {VENT}: script changed") as refused:
        make(place)
    assert refused.value.hint.endswith(f"podcast make --allow-audio {VENT}")
    assert (place.feed / "feed.xml").read_bytes() == before
    assert calls == []
    assert [one.changed for one in make(place, "audio")] == [False, True]
    assert ("audio", VENT) in noticed(place)

    edit(place.script(SEL), "summary: ", "summary: Un autre résumé. ")
    make(place, "audio")  # the tag has the summary, so the file is another one
    edit(place.show, "Des articles courts", "De courts articles")
    make(place)  # nothing new: what was allowed is known

    publish(place)
    assert noticed(place) == []
    publish(place)


@pytest.mark.parametrize("key", ["title", "author", "category"])
def test_what_is_in_the_tags_alone_makes_no_new_sound(place, key):
    """A show's new name or category is news for its feed; published episodes keep their files until it is allowed."""
    new = {"title": "La Vigie", "author": "Une autre", "category": "History"}[key]
    text = place.show.read_text(encoding="utf-8")
    place.show.write_text(re.sub(rf'(?m)^{key} = ".*"', f'{key} = "{new}"', text), encoding="utf-8")

    assert [one.changed for one in make(place)] == [False, False]
    assert new in (place.feed / "feed.xml").read_text(encoding="utf-8")
    assert [one.changed for one in make(place, "audio")] == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "what", "flag", "fix"),
    [
        ("guid: ", "guid: 00000000-0000-4000-8000-000000000001 #", "guid", "guid", "write guid: "),
        ("date: ", "date: 2020-01-01T00:00:00+00:00 #", "date", "date", "write date: "),
    ],
)
def test_identity_needs_a_yes(place, old, new, what, flag, fix):
    """Another guid or date of a published episode is refused; the error says what happens and the way back."""
    edit(place.script(VENT), old, new)

    with pytest.raises(FeedError) as refused:
        make(place, "audio")

    assert f"{VENT}: {what}: " in refused.value.message
    assert fix in refused.value.message
    assert refused.value.hint.endswith(f"--allow-{flag}")
    make(place, "audio", flag)
    publish(place)
    assert noticed(place) == []


def test_an_episode_cannot_come_back_under_another_guid(place):
    """A script that was renamed and lost its guid is recognised by title, date or sound; a withdrawn one too."""
    edit(place.script(VENT), "title: ", "publish: false\ntitle: ")
    make(place, "audio")
    assert noticed(place) == [("removed", VENT)]
    publish(place)
    assert feedparser.parse((place.feed / "feed.xml").read_bytes()).entries[0].title == "Le sel"

    script = place.script(VENT).read_text(encoding="utf-8")
    place.script("brise").write_text(
        script.replace("publish: false\n", "").replace("guid: ", "guid: 00000000-0000-4000-8000-000000000001 #"),
        encoding="utf-8",
    )
    place.script(VENT).unlink()
    with pytest.raises(FeedError, match="brise: guid: "):
        make(place)


def test_a_script_that_was_copied_with_its_guid_is_called_a_copy(place):
    """Not a change of the episode that it was copied from, with a permission to let it take that one's place."""
    script = place.scripts / f"{SEL}.md"
    copy = place.scripts / "copie.md"
    copy.write_text(script.read_text(encoding="utf-8").replace("title: Le sel", "title: Autre"), encoding="utf-8")
    edit(copy, f"date: {published_state.published(place).episodes[0].date.isoformat()[:4]}", "date: 2025")

    with pytest.raises(ScriptError, match=r"copie\.md: has the same guid as scripts/le-sel\.md") as caught:
        make(place)

    assert "--allow" not in caught.value.hint


def test_a_script_may_be_renamed(local):
    """It stays the same episode: the one under the old name leaves the feed, and status names the new name."""
    make(local)
    guids = {fact.guid for fact in published_state.now(load(local.show), records.finished(local)).episodes}
    local.script(VENT).rename(local.script("la-brise"))
    make(local)

    entries = feedparser.parse((local.feed / "feed.xml").read_bytes()).entries
    assert {entry.id for entry in entries} == guids
    assert {entry.link.rpartition("/")[2] for entry in entries} == {"la-brise.html", "le-sel.html"}
    rows = {row.slug: (row.words, row.in_feed) for row in states(local, load(local.show))}
    assert rows == {
        "la-brise": ("up to date", True),
        "le-sel": ("up to date", True),
        VENT: ("renamed: its script is now la-brise", False),
    }


def test_a_renamed_script_of_a_published_episode_is_another_sound_file(place):
    """Its name is in the address, so it has to be allowed; the guid stays."""
    place.script(VENT).rename(place.script("la-brise"))
    with pytest.raises(FeedError, match="la-brise: audio: media/le-vent") as caught:
        make(place)
    assert "--allow-audio" in caught.value.hint

    make(place, "audio")
    publish(place)
    assert [fact.slug for fact in published_state.published(place).episodes] == ["le-sel", "la-brise"]


def test_a_withdrawn_episode_may_come_back(place):
    """Under its own guid an episode may leave the feed and return; nothing has to be allowed."""
    edit(place.script(VENT), "title: ", "publish: false\ntitle: ")
    make(place, "audio")
    publish(place)
    edit(place.script(VENT), "publish: false\n", "")
    make(place, "audio")
    publish(place)
    assert len(feedparser.parse((place.feed / "feed.xml").read_bytes()).entries) == 2


def test_the_show_itself(place):
    """Another address or podcast:guid of a published show is refused, each by its name."""
    guid = load(place.show).guid
    edit(place.show, URL, "https://elsewhere.example.org/")
    with pytest.raises(FeedError, match=r"show\.toml: feed URL: https://phare") as refused:
        make(place, "audio")
    assert "moved_to" in refused.value.message
    edit(place.show, guid, "00000000-0000-4000-8000-000000000001")
    with pytest.raises(FeedError, match=rf"show\.toml: podcast:guid: {guid} -> 0000"):
        make(place, "audio", "address")
    make(place, "audio", "address", "guid")


def test_the_facts_survive(place):
    """The facts lie with the scripts: without feed/ and all that audio/ remembers, they hold."""
    shutil.rmtree(place.feed)
    (place.audio / ".feed.json").unlink()
    (place.audio / ".targets.json").unlink()
    make(place)
    assert noticed(place) == []
    reword(place)
    with pytest.raises(FeedError, match="audio"):
        make(place)


def test_the_file_is_for_people(place):
    """An episode a line, by date; the same facts give the same bytes; a damaged file is an error that says so."""
    path = place.scripts / published_state.FILE
    text = path.read_text(encoding="utf-8")
    head, *lines, end = text.splitlines()
    assert json.loads(text)["feed"] == URL + "feed.xml"
    assert head.endswith('"episodes":[')
    assert end == "]}"
    assert sorted(json.loads(line.rstrip(","))["title"] for line in lines) == ["Le sel", "Le vent"]
    published_state.keep(place, published_state.published(place))
    assert path.read_text(encoding="utf-8") == text

    edit(place.show, "Des articles courts", "De courts articles")
    for damaged in ("<<<<<<< HEAD\n" + text, text.replace('"date":"20', '"date":"'), text[:-4], ""):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(FeedError, match=r"\.published\.json: the file is damaged"):
            make(place)


def test_by_hand(tmp_path, capsys):
    """A show that is uploaded by hand is protected too: guid and date stay as written; a new audio file is reported."""
    place = shows.finished(tmp_path / "show", url=URL)
    make(place)
    reword(place)
    assert run("--show", str(place.root), "make") == 0
    assert f"note: the feed has new audio for {VENT}; apps that" in capsys.readouterr().err
    assert run("--show", str(place.root), "make") == 0
    assert "new audio" not in capsys.readouterr().err
    edit(place.script(VENT), "date: ", "date: 2020-01-01T00:00:00+00:00 #")
    with pytest.raises(FeedError, match=f"{VENT}: date: "):
        make(place)


def test_a_trial_is_no_publication(tmp_path):
    """What is put on this machine, under an address of it, is not published: nothing is asked for."""
    place = shows.finished(tmp_path / "show", more=TARGET)
    make(place)
    publish(place)
    reword(place)
    edit(place.script(SEL), "date: ", "date: 2020-01-01T00:00:00+00:00 #")
    make(place)
    publish(place)

    assert not (place.scripts / ".published.json").exists()


def test_a_standing_yes(place):
    """`allow` in show.toml is a yes for good; a word that is none is an error with the line."""
    edit(place.show, "[target.web]", '[publish]\nallow = ["audio"]\n\n[target.web]')
    reword(place)
    make(place)
    publish(place)
    edit(place.show, '["audio"]', '["everything"]')
    with pytest.raises(ConfigError, match=r"publish\.allow"):
        load(place.show)


def test_the_commands(place, capsys):
    """`feed --diff` tells people and programs, and writes nothing; `make` and `publish` take permissions."""
    at = ("--show", str(place.root))
    assert run(*at, "feed", "--diff") == 0
    assert capsys.readouterr() == ("", "no changes that listeners would notice\n")
    reword(place)
    edit(place.script(SEL), "title: Le sel", "title: Le sel gris")
    assert run(*at, "make", "--quiet") == 1
    err = capsys.readouterr().err
    assert f"  - {SEL}: script changed\n  - {VENT}: script changed\n" in err
    assert err.endswith("allow it: podcast make --allow-audio\n")
    assert run(*at, "make", "--quiet", "--allow-audio", "--allow-date") == 0
    before = {path: path.stat().st_mtime_ns for path in place.root.rglob("*") if path.is_file()}

    assert run(*at, "feed", "--diff") == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{SEL}: title: Le sel -> Le sel gris" in lines
    assert run(*at, "feed", "--diff", "--json") == 0
    told = {(one["slug"], one["change"]): one for one in json.loads(capsys.readouterr().out)}
    assert told[VENT, "audio"]["permission"] == "audio"
    assert told[SEL, "title"]["permission"] == ""
    assert before == {path: path.stat().st_mtime_ns for path in place.root.rglob("*") if path.is_file()}

    assert run(*at, "publish", "--no-verify", "--dry-run") == 0
    assert ("audio", VENT) in noticed(place), "nothing was sent"
    assert run(*at, "publish", "--no-verify") == 0
    assert noticed(place) == []
    assert run(*at, "feed", "--json") == 2
