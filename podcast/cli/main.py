# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: the group `podcast`, its main commands, and the handling of errors.

Results go to standard output, progress and messages to standard error. Exit codes: 0 for complete success; 1 with
`error:` and `hint:` lines for an error that the user can fix; 2 for wrong usage; 130 after Ctrl-C.
Heavy modules are imported inside the commands that need them.
"""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from podcast import __version__
from podcast.cli.check import check
from podcast.cli.common import (
    Commands,
    PathOf,
    allow_options,
    allowed,
    begin_log,
    complete_slug,
    end_log,
    example,
    expanded,
    fail,
    find_show,
    is_closed_pipe,
    open_show,
    place_of,
    print_json,
    progress,
    table,
    tell,
)
from podcast.cli.help import help_
from podcast.cli.hosting import publish, serve, watch
from podcast.cli.init import init
from podcast.cli.migrate import import_, move
from podcast.cli.report import print_made, print_plans
from podcast.cli.status import status
from podcast.cli.voices import music, say, voices
from podcast.errors import PodcastError, reason_of

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from podcast.produce import Intake, Plan, RenderedEpisode

NEW_LINE = "\n"
"""Printed before the message after Ctrl-C, as terminals show ^C in the current line."""


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    **example(
        "podcast init my-show      # create a show folder\n"
        "cd my-show\n"
        "podcast make article.md   # make an episode of it, and the feed"
    ),
)
@click.version_option(__version__, prog_name="podcast")
@click.option(
    "--show",
    "folder",
    type=PathOf(file_okay=False),
    default=".",
    help="Show folder; default: the current folder.",
)
@click.option("--log", type=PathOf(dir_okay=False), help="Append a detailed log to this file.")
@click.pass_context
def cli(context: click.Context, folder: "Path", log: "Path | None") -> None:
    """Turn articles into podcast episodes: narrated, mixed with music, mastered, tagged and published as a feed.

    Documentation: `podcast help` lists the topics. Exit codes: 0 success; 1 error, or only part was done; 2 wrong
    usage; 130 stopped with Ctrl-C.
    """
    if log:
        begin_log(log, context.obj or ())
    context.obj = folder


cli.add_command(init)


def _date(_context: click.Context, _option: click.Parameter, text: str | None) -> "dt.datetime | None":
    import datetime as dt

    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("must be a date such as 2026-11-23 or 2026-11-23T06:00:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _language(_context: click.Context, _option: click.Parameter, code: str) -> str:
    from podcast.text import LANGUAGE

    tag = code.replace("_", "-")
    if tag and not LANGUAGE.fullmatch(tag):
        raise click.BadParameter("must be a language code such as fr, en or pt-BR")
    return tag


def source_options(command: Any) -> Any:
    """Add the options that describe a source."""
    for option in (
        click.option("--date", callback=_date, help="Publication date, such as 2026-11-23T06:00:00+01:00."),
        click.option("--encoding", default="", help="Text encoding, if not UTF-8: cp1252, latin-1 …"),
        click.option(
            "--language",
            default="",
            callback=_language,
            help="Language: fr, en, pt-BR … Default: detected.",
        ),
        click.option("--title", default="", help="Title of the episode; default: the article's own."),
        click.option("--whole", is_flag=True, help="Make one episode with chapters of a book, not one per chapter."),
        click.option("--latest", type=click.IntRange(1), help="Only the newest N entries of a feed."),
        click.option("--allow-private", is_flag=True, help="Allow URLs of this machine and of the local network."),
    ):
        command = option(command)
    return command


@cli.command("script", **example('podcast script article.md\npbpaste | podcast script - --title "On salt"'))
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@source_options
@click.option("--merge", is_flag=True, help="Merge the article's changes into a script that you have edited.")
@click.pass_obj
def script_(folder: "Path", /, sources: Sequence[str], *, merge: bool, **options: Any) -> None:
    """Turn articles into scripts that you can read and edit.

    Scripts are written to scripts/<slug>.md and never overwritten once you have edited them. SOURCE is a text,
    Markdown, HTML, EPUB, PDF or DOCX file, a folder of such files, the URL of a page or of a feed (its new entries are
    read), or - for standard input.
    """
    from podcast.produce import write_scripts

    _one_title(sources, options["title"])
    place, show = open_show(folder)
    with place.lock():
        done = write_scripts(place, show, sources, _intake(options, tell, merge=merge))
    for script in done.scripts:
        click.echo(str(place.script(script.slug)))
    fail(done.failures)


def _intake(
    options: dict[str, Any], say: "Callable[[str], None]", *, merge: bool = False, dry: bool = False
) -> "Intake":
    from podcast.produce import Intake

    about = ("title", "language", "encoding", "whole")
    of_source = {name: options[name] for name in about} | {"latest": options["latest"] or 0}
    private = options["allow_private"]
    return Intake(of_source, date=options["date"], private=private, merge=merge, dry=dry, stdin=_stdin, tell=say)


def _one_title(things: Sequence[str], title: str) -> None:
    if title and len(things) != 1:
        raise click.UsageError("--title works with one source only")


def _stdin() -> bytes:
    return sys.stdin.buffer.read()


@cli.command(**example("podcast make article.md\npodcast make            # everything that is out of date"))
@click.argument("things", nargs=-1, metavar="[SOURCE|SLUG]…", shell_complete=complete_slug)
@source_options
@click.option("--preview", is_flag=True, help="Only render audio/<slug>.preview.mp3, with the fastest voice.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Sentences to narrate at once; default: one per core.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Narrate on a Dask cluster, such as tcp://host:8786.")
@click.option("--dry-run", is_flag=True, help="Check the setup and show what would be narrated; render nothing.")
@click.option("--no-fallback", is_flag=True, help="Do not use fallback voices.")
@click.option("--quiet", "-q", is_flag=True, help="Hide progress.")
@allow_options
@click.pass_obj
def make(folder: "Path", /, things: Sequence[str], **options: Any) -> None:
    """Render episodes and build the feed. What is up to date is left alone.

    A SOURCE (see `podcast script --help`) becomes a script. Each script, named by its SLUG, is narrated, mixed with
    music, mastered and tagged. Finished episodes are published in the feed. Without arguments: the whole show.
    """
    from podcast import produce

    _one_title(things, options["title"])
    fallback = not options["no_fallback"]
    place = find_show(folder)
    plans: list[Plan] = []
    previews: list[Path] = []
    made: Sequence[RenderedEpisode] = ()
    with place.lock(wait=tell), progress(quiet=options["quiet"]) as shown:
        _, show = open_show(folder)  # after waiting for the lock: another run may have changed it
        if things or options["dry_run"] or options["preview"]:
            selected = produce.scripts_of(place, show, things, _intake(options, shown.say, dry=options["dry_run"]))
        else:
            selected = produce.stale(place, show, fallback=fallback, allowed=allowed(options))
        failures = list(selected.failures)
        if not selected.scripts and not selected.current:
            fail(failures)
        if options["dry_run"]:
            how = {"jobs": options["jobs"], "fallback": fallback, "allowed": allowed(options)}
            plans, refused = produce.plan(place, show, selected.scripts, **how)
            failures += refused
        elif options["preview"]:
            previews = produce.preview(place, show, selected.scripts, jobs=options["jobs"], progress=shown)
        else:
            how = {name: options[name] for name in ("jobs", "cluster")} | {"allowed": allowed(options)}
            how["fallback"] = fallback
            made, unmade = produce.make(place, show, selected.scripts, progress=shown, current=selected.current, **how)
            failures += unmade
    print_plans(plans)  # after the progress bar has been removed
    for path in previews:
        click.echo(str(path))
    if made:
        print_made(place, show, made)
    fail(failures)


@cli.command(**example("podcast feed\npodcast feed --diff           # show what listeners would notice"))
@click.option("--diff", "only_diff", is_flag=True, help="Show what listeners would notice; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --diff: output JSON.")
@allow_options
@click.pass_obj
def feed(folder: "Path", /, *, only_diff: bool, as_json: bool, **options: Any) -> None:
    """Rebuild the feed from the finished episodes. Nothing is narrated.

    A change that would make apps list or download published episodes again is refused unless you allow it.
    """
    from podcast import produce

    place, show = open_show(folder)
    if only_diff:
        changes = produce.diff(place, show)
        if as_json:
            print_json([change.as_json() for change in changes])
            return
        for change in changes:
            click.echo(change.line())
        if not changes:
            tell("no changes that listeners would notice")
        return
    if as_json:
        raise click.UsageError("--json needs --diff")
    with place.lock():
        changed = produce.publish(place, show, allowed=allowed(options), tell=tell)
    click.echo(f"{place.feed / 'feed.xml'}  {'written' if changed else 'up to date'}")


for _command in (check, publish, serve, watch, import_, move, status):
    cli.add_command(_command)


@cli.command(**example("podcast clips\npodcast clips --prune"))
@click.option("--check", is_flag=True, help="Verify every clip; damaged ones are removed and narrated again.")
@click.option("--prune", is_flag=True, help="Remove clips that no script needs.")
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@click.pass_obj
def clips(folder: "Path", /, *, check: bool, prune: bool, as_json: bool) -> None:
    """Show or prune the cache of narrated sentences."""
    from podcast.narrate.synthesis import workers
    from podcast.produce.render import clip_cache
    from podcast.produce.render.context import RenderContext

    place, show = open_show(folder)
    with place.lock(), progress() as shown:
        if check:
            for path in clip_cache.repair(RenderContext(place, show, shown, workers())):
                tell(f"removed damaged clip {path.name}")
        found = clip_cache.survey(place, show)
        if prune:
            clip_cache.prune(found)
            found = clip_cache.survey(place, show)
    if as_json:
        print_json(found.as_json())
    else:
        table(("what", "files", "size"), found.rows())


for _command in (voices, say, music):
    cli.add_command(_command)


@cli.command(**example("podcast doctor"))
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@click.pass_obj
def doctor(folder: "Path", *, as_json: bool) -> None:
    """Check your setup: readers, voices, upload targets, disk space and show.toml.

    Each line begins with ok, note or error; the line below a note or an error says how to fix it. Exit code 1 if there
    is an error.
    """
    from dataclasses import asdict

    from podcast.produce.commands.doctor import examine

    findings = list(examine(place_of(folder)))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in () if as_json else findings:
        click.echo(f"{finding.state:5} {finding.message}" + (f"\n      {finding.fix}" if finding.fix else ""))
    if any(finding.state == "error" for finding in findings):
        sys.exit(1)


cli.add_command(help_)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; the only place that turns errors into messages and exit codes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123 - until the run ends
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names and titles in any script, in any locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        _run(expanded(sys.argv[1:]) if arguments is None else list(arguments))
    finally:
        end_log(sys.exception())


def _run(arguments: list[str]) -> None:
    try:
        code = cli.main(args=arguments, obj=list(arguments), prog_name="podcast", standalone_mode=False)
    except PodcastError as error:
        fail([error])
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        tell(f"{NEW_LINE if sys.stderr.isatty() else ''}stopped; the next run resumes here")
        sys.exit(130)
    except ImportError as error:
        from podcast.packages.imports import unloadable

        fail([unloadable(error, "this command")])
    except OSError as error:
        if is_closed_pipe(error):
            sys.stderr.close()
            sys.exit(1)
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}  # of the disk that standard output is written to
        if error.filename is None and not full:
            raise  # not a disk error, but a bug of this program
        reason = f"{error.filename or 'standard output'}: {reason_of(error)}"
        fail([PodcastError(reason, hint="check free disk space and write permission")])
    sys.exit(code if isinstance(code, int) else 0)
