"""``mockcbs pull``: analytics as files by day and bot or workflow, from the mock or the real service."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, tzinfo
from functools import partial
from typing import Any, get_args

import click

from mockcbs.cli.options import option, parsed
from mockcbs.cli.types import Number, WholeNumber, Word
from mockcbs.core import clock, masking
from mockcbs.core.errors import UserError
from mockcbs.core.printable import message
from mockcbs.core.urls import check_base_url
from mockcbs.pull import days as calendar
from mockcbs.pull import names
from mockcbs.pull.cbs import OPERATIONS, Cbs
from mockcbs.pull.client import Client
from mockcbs.pull.coze import BOTS, MAX_PAGE_SIZE, WORKFLOWS, Coze, Granularity, published_bots
from mockcbs.pull.errors import PullError
from mockcbs.pull.folders import folder, storage_options
from mockcbs.pull.formats import Format, writer
from mockcbs.pull.run import Run, Source
from mockcbs.traffic.table import zone as zone_of

_option = partial(option, prefix="MOCKCBS_PULL_")

_SHANGHAI = "Asia/Shanghai"


def _day(text: str) -> date:
    return date.fromordinal(clock.utc_day(text) + clock.EPOCH.toordinal())


def _day_or_yesterday(text: str) -> date | str:
    return text if text == "yesterday" else _day(text)


def _pair(texts: tuple[str, ...]) -> dict[str, str]:
    for text in texts:
        if "=" not in text:
            raise ValueError(f"{text!r} is not KEY=VALUE")
    return {text.split("=", 1)[0]: text.split("=", 1)[1] for text in texts}


@click.command("pull")
@_option("--coze", metavar="URL", help="Coze server to pull from, such as https://api.coze.cn.")
@_option("--cbs", metavar="URL", help="CBS server to pull from.")
@_option(
    "--token",
    help="Bearer token of Coze, or X-Auth-Token of CBS; with --coze, COZE_API_TOKEN is read too. In the "
    "environment it stays out of the list of processes; it is never printed.",
)
@click.option("--bot", "bots", multiple=True, metavar="ID", help="Bot to pull; repeatable.")
@click.option(
    "--workflow", "workflows", multiple=True, metavar="ID", help="Workflow to pull; repeatable (Coze)."
)
@click.option("--all-bots", is_flag=True, help="Pull all published bots of --space (Coze).")
@_option("--space", metavar="ID", help="Workspace of --all-bots (Coze).")
@_option("--project", metavar="ID", help="Project of the bots (CBS).")
@click.option(
    "--operation",
    "operations",
    multiple=True,
    type=Word(list(OPERATIONS)),
    help="What to pull from CBS; repeatable. Default: all four.",
)
@click.option(
    "--date",
    "day",
    metavar="yesterday|DATE",
    callback=parsed(_day_or_yesterday),
    help="The day to pull. Default: yesterday.",
)
@click.option("--from", "first", metavar="DATE", callback=parsed(_day), help="First day of a backfill.")
@click.option(
    "--to",
    "last",
    metavar="DATE",
    callback=parsed(_day),
    help="Last day of a backfill, included. Default: yesterday.",
)
@click.option(
    "--zone",
    metavar="ZONE",
    callback=parsed(zone_of),
    help=f"The zone of the days (CBS): UTC, +08:00, Asia/Shanghai. Default: {_SHANGHAI}; Coze has no other.",
)
@click.option(
    "--granularity",
    type=Word(get_args(Granularity)),
    default="day",
    show_default=True,
    help="One row of metrics a day, or one an hour (Coze).",
)
@click.option("--events", is_flag=True, help="Pull the raw events instead of metrics (Coze).")
@click.option("--user", metavar="ID", help="Only this user (Coze).")
@click.option("--session", metavar="ID", help="Only this session (Coze).")
@click.option(
    "--page-size",
    type=WholeNumber(1, MAX_PAGE_SIZE),
    default=MAX_PAGE_SIZE,
    show_default=True,
    help="Raw events in one call.",
)
@click.option(
    "--format",
    "form",
    type=Word(get_args(Format)),
    default="csv",
    show_default=True,
    help="Format of the files; parquet needs the extra mockcbs[pull].",
)
@click.option("--bom", is_flag=True, help="Begin CSV files with a byte order mark, which Excel needs.")
@_option(
    "--out",
    required=True,
    metavar="DIR|URL",
    help="A folder, or a URL of fsspec: file://, s3://, oss:// (extra mockcbs[pull]).",
)
@click.option(
    "--name",
    "pattern",
    default=names.PATTERN,
    show_default=True,
    help="Name of a file below --out. {date:%Y/%m/%d} formats the day.",
)
@_option("--endpoint", metavar="URL", help="Endpoint of the object store of --out.")
@click.option(
    "--storage-option",
    "storage",
    multiple=True,
    metavar="KEY=VALUE",
    callback=parsed(_pair),
    help="Option for the file system of --out, as its documentation names it; repeatable.",
)
@click.option("--resume", is_flag=True, help="Skip files that were written after the end of their day.")
@_option(
    "--attempts",
    type=WholeNumber(1, 20),
    default=6,
    show_default=True,
    help="Maximum attempts of a call after 429, 5xx or a broken connection.",
)
@_option(
    "--timeout",
    type=Number(0.1),
    default=30,
    show_default=True,
    help="Timeout of a call, in seconds.",
)
def command(
    *,
    form: Format,
    bom: bool,
    out: str,
    pattern: str,
    endpoint: str | None,
    storage: dict[str, str],
    resume: bool,
    **options: Any,
) -> None:
    """Write the analytics of bots or workflows to files, one a day for each.

    \b
    Examples:
      mockcbs pull --coze http://127.0.0.1:8021 --token pat_mockcbs \\
        --bot 7342866812345678901 --out data
      mockcbs pull --coze https://api.coze.cn --all-bots --space ID \\
        --out oss://bucket/coze
      mockcbs pull --coze https://api.coze.cn --bot ID --resume \\
        --from 2026-10-01 --to 2026-10-31 --out data
      mockcbs pull --coze https://api.coze.cn --workflow ID --out data
      mockcbs pull --cbs URL --project ID --bot ID --format parquet \\
        --out s3://bucket/cbs

    The figures come from the mock or from the real service. A file is written completely or not at all, and
    overwritten by the next run; equal figures give equal bytes.
    Exit status: 0 everything was pulled, 1 the service or the storage failed (files that were not reached
    stay as they were), 2 the command line is wrong.
    """
    write = writer(form, bom=bom)
    client = _client(options)
    source = _source(client, options)
    days = _days(source.zone, options)
    target = folder(out, storage_options(out, endpoint, storage, os.environ))
    run = None
    try:
        bots = _bots(client, options)
        run = Run(source, target, names.Names(pattern, form), write, bots, days, resume=resume)
        with _progress(run):
            run.go()
    except PullError as error:
        click.echo(f"mockcbs: {_shown(str(error), client.headers)}", err=True)
        click.echo(f"failed; {_summary(run, client)}", err=True)
        sys.exit(1)
    click.echo(_summary(run, client))


def _client(options: dict[str, Any]) -> Client:
    """A client for the given service."""
    coze, cbs = options["coze"], options["cbs"]
    if bool(coze) == bool(cbs):
        raise UserError("give one of --coze URL and --cbs URL")
    check_base_url(coze or cbs, "http://127.0.0.1:8021")
    token = options["token"] or (os.environ.get("COZE_API_TOKEN") if coze else None)
    if not token:
        raise UserError("there is no token: set MOCKCBS_PULL_TOKEN, or give --token")
    if not (token.isascii() and token.isprintable()) or token != token.strip():
        raise UserError("the token has characters that no header can carry; is a line break in it?")
    headers = {"Authorization": f"Bearer {token}"} if coze else {"X-Auth-Token": token}

    def warn(remark: str) -> None:
        click.echo(f"mockcbs: the service remarks: {_shown(remark, headers)}", err=True)

    return Client(coze or cbs, headers, options["attempts"], options["timeout"], warn=warn)


def _shown(text: str, headers: Mapping[str, str]) -> str:
    """*text* of a service without the credentials in *headers*, and without other secrets."""
    return message(masking.without(text, masking.credentials(headers.items())))


def _source(client: Client, options: dict[str, Any]) -> Source:
    """The data that *client* pulls, by the options."""
    if options["coze"]:
        _refuse(options, ("project", "operations"), "--coze")
        if options["zone"] is not None and str(options["zone"]) not in {_SHANGHAI, "UTC+08:00"}:
            raise UserError(f"Coze counts the days of {_SHANGHAI}; --zone is for --cbs")
        if options["events"] and options["granularity"] == "hour":
            raise UserError("--granularity is for metrics; leave it out with --events")
        filters = {"user_id": options["user"], "session_id": options["session"]}
        kind = WORKFLOWS if options["workflows"] else BOTS
        table = kind.events if options["events"] else kind.metrics[options["granularity"]]
        given = {name: value for name, value in filters.items() if value}
        return Coze(client, table, given, options["page_size"], kind=kind)
    _refuse(options, ("workflows", "all_bots", "space", "events", "user", "session"), "--cbs")
    if options["granularity"] != "day":
        raise UserError("--granularity hour is for --coze")
    if not options["project"]:
        raise UserError("--cbs needs --project ID")
    chosen = dict.fromkeys(options["operations"] or OPERATIONS)
    zone = options["zone"] or zone_of(_SHANGHAI)
    return Cbs(client, options["project"], [OPERATIONS[kind] for kind in chosen], zone)


def _refuse(options: dict[str, Any], names_: tuple[str, ...], service: str) -> None:
    """Raise `UserError` if one of these options is given; *service* does not use them."""
    for name in names_:
        if options[name]:
            shown = name.removesuffix("s") if name in {"operations", "workflows"} else name.replace("_", "-")
            raise UserError(f"--{shown} has no meaning with {service}")


def _bots(client: Client, options: dict[str, Any]) -> list[str]:
    """The given bots or workflows, or all bots of the workspace."""
    ways = bool(options["bots"]), options["all_bots"], bool(options["workflows"])
    if sum(ways) != 1:
        raise UserError(
            "give --bot ID, --all-bots with --space ID, or --workflow ID; bots and workflows have files of "
            "other columns, so pull them one after the other"
        )
    if not options["all_bots"]:
        return list(dict.fromkeys(options["bots"] or options["workflows"]))
    if not options["space"]:
        raise UserError("--all-bots needs --space ID")
    if found := published_bots(client, options["space"]):
        return found
    raise UserError(f"the workspace {options['space']} has no published bots")


def _days(zone: tzinfo, options: dict[str, Any]) -> list[date]:
    """The days to pull, ascending."""
    day, first, last = options["day"], options["first"], options["last"]
    today = calendar.today(zone)
    yesterday = today - calendar.ONE_DAY
    if day and (first or last):
        raise UserError("--date is one day, --from and --to are a range; give one of them")
    if last and not first:
        raise UserError("--to needs --from")
    if first:
        days = calendar.span(first, last or yesterday)
    else:
        days = [yesterday if day in {None, "yesterday"} else day]
    if not days:
        raise UserError(f"--from {first} lies after --to {last or yesterday}")
    if days[-1] > today:
        raise UserError(f"{days[-1]} has not begun; today is {today}")
    if days[-1] == today:
        click.echo(f"mockcbs: {today} is not over; its file contains the data until now", err=True)
    return days


@contextmanager
def _progress(run: Run) -> Iterator[None]:
    """A bar on a terminal with the number of finished files."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - cron needs no bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    shown = (
        TextColumn("pulling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TimeRemainingColumn(),
    )
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("files", total=run.total)
        run.on_file = partial(progress.advance, task)
        yield


def _summary(run: Run | None, client: Client) -> str:
    """A line with the numbers of rows, files and calls."""
    rows, files, kept = (run.rows, run.files, run.kept) if run else (0, 0, 0)
    left = f", {_count(kept, 'complete file')} left alone" if kept else ""
    return f"{_count(rows, 'row')} in {_count(files, 'file')}, {_count(client.calls, 'call')}{left}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
