# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources become scripts: each article once, whatever it comes from, and no edit of a person's is ever lost."""

import os
import shutil

import pytest
from epubs import epub, page
from fakes.website import Page, Website
from helpers import edit

from podcast import script
from podcast.config.load import load
from podcast.errors import PodcastError
from podcast.model import Script
from podcast.produce.intake.catalog import ScriptCatalog
from podcast.produce.intake.scripts import Intake, write_all
from podcast.workspace import Workspace

WORDS = "La marée monte deux fois par jour, et le port vit à son rythme. " * 10
NOTE = f"Le sel\n\n{WORDS}\n\nLe vent se lève au large.\n\nLa nuit tombe enfin sur le port.\n"


class Desk:
    """A show folder at which articles arrive."""

    def __init__(self, place: Workspace) -> None:
        self.place = place
        self.told: list[str] = []

    def take(self, *names: str, **how: object) -> tuple[list[Script], list[PodcastError]]:
        """Take in sources; loopback is allowed."""
        how.setdefault("private", True)
        intake = Intake(tell=self.told.append, **how)  # type: ignore[arg-type]
        return write_all(self.place, load(self.place.show), names, intake)

    def slugs(self, *names: str, **how: object) -> list[str]:
        """Take in sources that can all be read; return their slugs."""
        found, failures = self.take(*names, **how)
        assert not failures
        return [one.slug for one in found]

    @property
    def files(self) -> dict[str, bytes]:
        """All scripts."""
        return {path.name: path.read_bytes() for path in self.place.script_files()}


@pytest.fixture
def desk(workspace):
    """Give a show folder without scripts."""
    return Desk(workspace)


def feed(*numbers: int) -> Page:
    """Return a feed of whole posts."""
    items = "".join(
        f"<item><title>Billet {n}</title><guid>g{n}</guid><link>https://blog.example/{n}</link>"
        f"<pubDate>Mon, {n:02} Nov 2026 08:00:00 GMT</pubDate><description>{n} {WORDS * 3}</description></item>"
        for n in numbers
    )
    return Page(
        f"<rss version='2.0'><channel><language>fr</language>{items}</channel></rss>".encode(),
        kind="application/rss+xml",
    )


def test_one_bad_source_does_not_stop_the_others(desk, tmp_path):
    """Each is named; those that can be read are there."""
    (tmp_path / "a.txt").write_text(NOTE, encoding="utf-8")
    (tmp_path / "empty.txt").touch()

    found, failures = desk.take(
        str(tmp_path / "none.txt"), str(tmp_path / "empty.txt"), str(tmp_path / "a.txt"), "ftp://x/y"
    )

    assert [one.slug for one in found] == ["le-sel"]
    assert [failure.message.split(": ")[1] for failure in failures] == [
        "file not found",
        "is empty",
        "is not a valid http(s) URL",
    ]


def test_a_folder_stands_for_the_files_in_it(desk, tmp_path):
    """By name; hidden files and those of other kinds are none of them."""
    for name, title in {"2.md": "Deux", "1.txt": "Un", ".3.txt": "Trois", "4.jpg": "Quatre"}.items():
        (tmp_path / name).write_text(f"{title}\n{'=' * 5}\n\n{WORDS}" if name.endswith("md") else f"{title}\n\n{WORDS}")
    (tmp_path / "livre.epub").write_bytes(epub({"a.xhtml": page(f"<h1>Le quai</h1><p>{WORDS}</p>")}))

    assert desk.slugs(str(tmp_path)) == ["un", "deux", "le-quai"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no article in this folder" in desk.take(str(empty))[1][0].message


def test_new_entries_of_a_feed_become_scripts_once(desk):
    """The oldest first; what is there already is left alone, and a feed that has not changed is not even loaded."""
    with Website() as site:
        site.pages["/feed"] = Page(**vars(feed(3, 1)) | {"headers": {"ETag": '"1"'}})
        assert desk.slugs(site.url("/feed")) == ["billet-1", "billet-3"]
        before = desk.files
        assert desk.slugs(site.url("/feed")) == ["billet-1", "billet-3"]
        assert desk.told[-1].endswith(": unchanged")

        site.pages["/feed"] = Page(**vars(feed(5, 3, 1)) | {"headers": {"ETag": '"2"'}})
        assert desk.slugs(site.url("/feed")) == ["billet-5"]

    numbers = [script.parse(text.decode(), name, desk.place.script(name)).episode for name, text in desk.files.items()]
    assert sorted(numbers) == [1, 2, 3]
    assert before.items() <= desk.files.items()


def test_of_a_feed_only_the_newest_may_be_wanted_and_the_rest_later(desk):
    """What was not wanted is not forgotten, though the feed has not changed."""
    with Website() as site:
        site.pages["/feed"] = Page(**vars(feed(5, 3, 1)) | {"headers": {"ETag": '"1"'}})
        assert desk.slugs(site.url("/feed"), options={"latest": 1}) == ["billet-5"]
        assert desk.slugs(site.url("/feed")) == ["billet-1", "billet-3"]


def test_a_feed_whose_scripts_were_removed_is_read_again(desk):
    """Its version does not count then."""
    with Website() as site:
        site.pages["/feed"] = Page(**vars(feed(3)) | {"headers": {"ETag": '"1"'}})
        desk.slugs(site.url("/feed"))
        desk.place.script("billet-3").unlink()

        assert desk.slugs(site.url("/feed")) == ["billet-3"]


def test_a_page_is_one_article_for_life(desk):
    """Changed, it updates its script: same file, guid, number and date; by feed or by address it is the same."""
    with Website() as site:
        html = "<html lang=fr><body><article><h1>{}</h1><p>{}</p></article></body></html>"
        site.pages["/p"] = [
            Page(html.format("Le port", WORDS).encode()),
            Page(html.format("Le vieux port", WORDS + " Fin.").encode()),
        ]
        assert desk.slugs(site.url("/p")) == ["le-port"]
        before = load_script(desk, "le-port")
        assert desk.slugs(site.url("/p")) == ["le-port"]
        entry = f"<title>Port</title><guid>z</guid><link>{site.url('/p')}</link><description>{WORDS * 3}</description>"
        site.pages["/feed"] = Page(f"<rss><channel><item>{entry}</item></channel></rss>".encode(), kind="text/xml")
        assert desk.slugs(site.url("/feed")) == []

    after = load_script(desk, "le-port")
    assert (after.guid, after.episode, after.date) == (before.guid, before.episode, before.date)
    assert "Fin." in desk.files["le-port.md"].decode()


def load_script(desk: Desk, slug: str) -> Script:
    """Read a script back."""
    return script.parse(desk.files[f"{slug}.md"].decode(), slug, desk.place.script(slug))


def test_a_book_is_taken_in_once(desk, tmp_path):
    """A chapter that changed updates its script; the others stay."""
    book = tmp_path / "livre.epub"
    for end in ("Fin.", "Autre fin."):
        book.write_bytes(
            epub(
                {
                    "a.xhtml": page(f"<h1>Le quai</h1><p>{WORDS}</p>"),
                    "b.xhtml": page(f"<h1>La jetée</h1><p>{WORDS} {end}</p>"),
                }
            )
        )
        assert desk.slugs(str(book)) == ["le-quai", "la-jetee"]
    assert len(desk.files) == 2
    assert b"Autre fin." in desk.files["la-jetee.md"]


def test_files_of_one_name_in_two_folders_are_two_articles(desk, tmp_path):
    """Each has its script."""
    for folder, title in (("a", "Un phare"), ("b", "Un port")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(f"{title}\n\n{WORDS}", encoding="utf-8")

    assert desk.slugs(str(tmp_path / "a" / "note.txt"), str(tmp_path / "b" / "note.txt")) == ["un-phare", "un-port"]


def changed(desk: Desk, tmp_path, old: str, new: str, **how: object) -> str:
    """Take in a note, edit its script, change the note, take it in again; return the script's body."""
    note = tmp_path / "note.txt"
    note.write_text(NOTE, encoding="utf-8")
    desk.slugs(str(note))
    edit(desk.place.script("le-sel"), "au large", "au large, ce soir")
    edit(note, old, new)
    desk.slugs(str(note), **how)
    return script.body_of(desk.files["le-sel.md"].decode())


def test_an_edited_script_is_left_as_it_is(desk, tmp_path):
    """A message says so, and how to take over the change."""
    body = changed(desk, tmp_path, "tombe enfin", "tombe déjà")

    assert "ce soir" in body
    assert "déjà" not in body
    assert "--merge" in desk.told[-1]


def test_a_remark_of_a_person_counts_as_an_edit(desk, tmp_path):
    """It would be lost otherwise."""
    note = tmp_path / "note.txt"
    note.write_text(NOTE, encoding="utf-8")
    desk.slugs(str(note))
    edit(desk.place.script("le-sel"), "Le vent", "<!-- à vérifier -->\n\nLe vent")
    before = desk.files
    edit(note, "tombe enfin", "tombe déjà")
    desk.slugs(str(note))

    assert desk.files == before


def test_merge_takes_over_what_changed_in_the_article(desk, tmp_path):
    """Both changes are there, and once more the same changes nothing."""
    body = changed(desk, tmp_path, "tombe enfin", "tombe déjà", merge=True)
    assert "ce soir" in body
    assert "tombe déjà" in body
    before = desk.files
    desk.slugs(str(tmp_path / "note.txt"), merge=True)
    assert desk.files == before

    edit(tmp_path / "note.txt", "La nuit", "La longue nuit")
    desk.slugs(str(tmp_path / "note.txt"), merge=True)
    body = script.body_of(desk.files["le-sel.md"].decode())
    assert "La longue nuit tombe déjà" in body
    assert "ce soir" in body


def test_where_both_changed_the_same_paragraph_the_persons_words_stay(desk, tmp_path):
    """And the article's are below them, as a remark that is not said."""
    body = changed(desk, tmp_path, "Le vent se lève", "Le vent tombe", merge=True)

    assert "Le vent se lève au large, ce soir." in body
    assert "<!-- the article now says:\n\nLe vent tombe au large.\n-->" in body
    assert any("1 conflict, marked with comments" in told for told in desk.told)
    assert not any("tombe au large" in segment.text for segment in load_script(desk, "le-sel").segments)


def test_without_the_draft_there_is_no_merge(desk, tmp_path):
    """It says what to restore, and nothing is lost."""
    note = tmp_path / "note.txt"
    note.write_text(NOTE, encoding="utf-8")
    desk.slugs(str(note))
    edit(desk.place.script("le-sel"), "au large", "au large, ce soir")
    shutil.rmtree(desk.place.draft("le-sel").parent)
    before = desk.files
    edit(note, "tombe enfin", "tombe déjà")

    _, (failure,) = desk.take(str(note), merge=True)
    assert "cannot be merged" in failure.message
    assert desk.files == before


def test_a_script_that_a_person_broke_is_still_known(desk, tmp_path):
    """Its mistake is reported with its line when it is needed, and no second script is made of its article."""
    note = tmp_path / "note.txt"
    note.write_text(NOTE, encoding="utf-8")
    desk.slugs(str(note))
    edit(desk.place.script("le-sel"), "Le vent", "[mot](say:")

    _, (failure,) = desk.take(str(note))
    assert "le-sel.md:" in failure.message
    assert len(desk.files) == 1


def test_dates_and_numbers_are_distinct(desk, tmp_path):
    """Files of one second become episodes in an order."""
    for name in "abc":
        path = tmp_path / f"{name}.txt"
        path.write_text(f"Note {name}\n\n{WORDS}", encoding="utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000))
    desk.slugs(str(tmp_path))

    known = ScriptCatalog(desk.place)
    assert known.next == (None, 4)
    assert len(known.dates) == 3


def test_a_show_in_seasons_goes_on_in_its_newest(desk, tmp_path):
    """The next episode is one more of the season that the newest one is of, however many there were before."""
    for number, name in enumerate("abc"):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"Note {name}\n\n{WORDS}", encoding="utf-8")
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
    desk.slugs(str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    edit(desk.place.script("note-a"), "episode: 1", "episode: 12\nseason: 1")
    edit(desk.place.script("note-b"), "episode: 2", "episode: 4\nseason: 2")

    desk.slugs(str(tmp_path / "c.txt"))

    assert "episode: 5\nseason: 2\n" in desk.place.script("note-c").read_text(encoding="utf-8")
