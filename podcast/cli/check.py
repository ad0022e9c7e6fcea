# SPDX-License-Identifier: GPL-3.0-or-later
"""The command check: find problems of a feed for directories and apps, and verify audio by speech recognition."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from podcast.cli.common import complete_slug, example, fail, open_show, print_json, progress, tell
from podcast.errors import PodcastError

if TYPE_CHECKING:
    from pathlib import Path

    from podcast.check import Finding
    from podcast.listen import Report
    from podcast.model import Episode


@click.command(
    cls=click.Command,
    **example(
        "podcast check\npodcast check https://www.example.org/podcast/feed.xml --online --json\n"
        "podcast check --listen --episode my-first-episode"
    ),
)
@click.argument("feed", required=False, metavar="[FEED_URL|FILE]")
@click.option("--online", is_flag=True, help="Also check the files that the feed names, and how the host serves them.")
@click.option("--listen", is_flag=True, help="Also check the audio by speech recognition.")
@click.option(
    "--episode",
    "slugs",
    multiple=True,
    metavar="SLUG",
    shell_complete=complete_slug,
    help="With --listen: only this episode; may be repeated.",
)
@click.option("--model", default="", help="With --listen: folder of another Whisper model.")
@click.option("--strict", is_flag=True, help="Exit with code 1 for warnings too.")
@click.option("--allow-private", is_flag=True, help="Allow URLs of this machine and of the local network.")
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@click.pass_obj
def check(folder: "Path", /, feed: str | None, slugs: Sequence[str], **options: Any) -> None:
    """Check a feed for problems, and show how to fix each one.

    The rules are those of podcast directories and apps. Without an argument: the feed of this show and every file in
    it. With one: any other feed, by URL or file. Exit code 1 if there are errors.
    """
    from podcast.produce.release import feed_check

    _refuse_misplaced(feed, slugs, options)
    reports: list[tuple[Episode, Report]] = []
    if feed:
        found = feed_check.foreign(feed, online=options["online"], private=options["allow_private"])
    else:
        found, reports = _own(folder, slugs, options)
    if options["as_json"]:
        print_json(_as_json(found, reports))
    else:
        _tell(found, reports)
    ended = feed_check.failure(found, sum(len(report.faults) for _, report in reports))
    if ended is None and options["strict"] and any(one.level == "warning" for one in found):
        ended = PodcastError("there are warnings", hint="fix them as shown above")
    fail([ended] if ended else [])


def _refuse_misplaced(feed: str | None, slugs: Sequence[str], options: Mapping[str, Any]) -> None:
    """Raise UsageError for options that cannot be combined."""
    if feed and (options["listen"] or slugs):
        raise click.UsageError("--listen and --episode work with the show in this folder only")
    if (slugs or options["model"]) and not options["listen"]:
        raise click.UsageError("--episode and --model need --listen")


def _own(
    folder: "Path", slugs: Sequence[str], options: Mapping[str, Any]
) -> "tuple[list[Finding], list[tuple[Episode, Report]]]":
    """Check the show in a folder; return the findings, and the reports of the speech recognition."""
    from podcast.produce.release import feed_check

    place, show = open_show(folder)
    found = feed_check.own(place, show)
    if options["online"]:
        found += feed_check.hosted(place, show)
    if not options["listen"]:
        return found, []
    with progress() as shown:
        return found, list(feed_check.hear(place, show, slugs, model=options["model"], progress=shown))


def _as_json(found: "Sequence[Finding]", reports: "Sequence[tuple[Episode, Report]]") -> dict[str, Any]:
    import msgspec

    return {
        "findings": [
            {"rule": one.rule, "level": one.level, "place": one.place, "about": one.about, "message": one.wrong}
            | {"value": one.said, "fix": one.fix}
            for one in found
        ],
        "listened": {episode.slug: msgspec.to_builtins(report) for episode, report in reports},
    }


SHOWN_PER_RULE = 10
"""Maximum number of findings of one rule that are shown; the rest is counted. `--json` has all."""


def _tell(found: "Sequence[Finding]", reports: "Sequence[tuple[Episode, Report]]") -> None:
    from podcast.check import LEVELS
    from podcast.text import counted

    for level in LEVELS:
        _list([one for one in found if one.level == level])
    for episode, report in reports:
        _tell_report(episode, report)
    levels = Counter(one.level for one in found)
    tell(", ".join(counted(levels[level], level) for level in LEVELS))


def _list(found: "Sequence[Finding]") -> None:
    """Print findings of one level: the first ones of each rule, and the number of the others."""
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.rule] += 1
        if counts[one.rule] <= SHOWN_PER_RULE:
            about = f"  {one.about}" if one.about else ""
            said = f": {one.said}" if one.said else ""
            click.echo(f"{one.level}  {one.place}{about}\n    {one.wrong}{said}\n    {one.fix}  [{one.rule}]")
    for rule, count in counts.items():
        if count > SHOWN_PER_RULE:
            click.echo(f"{found[0].level}  and {count - SHOWN_PER_RULE:,} more  [{rule}]")


def _tell_report(episode: "Episode", report: "Report") -> None:
    from podcast.text import clock, counted

    for fault in report.faults:
        times = f"{clock(fault.start_ms)}-{clock(fault.end_ms)}"
        click.echo(f"{fault.kind}  {episode.slug} {times}\n    text:  {fault.text}\n    heard: {fault.heard}")
    tell(f"{episode.slug}: word error rate {100 * report.word_error_rate:.1f} % ({counted(report.words, 'word')})")
