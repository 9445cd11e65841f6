"""``mockcbs examine``: examines a user's webhook receiver or analytics client."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from mockcbs.cli.help import Group
from mockcbs.cli.output import say
from mockcbs.cli.types import Number, WholeNumber, Word
from mockcbs.core import extras
from mockcbs.core.errors import UserError
from mockcbs.core.spelling import not_one_of
from mockcbs.settings import Settings, WebhookProfile

if TYPE_CHECKING:
    from mockcbs.examining.client import Client
    from mockcbs.examining.exam import Exam
    from mockcbs.grading.findings import Findings


class _Exams(Group):
    """A command group whose help shows summaries in full."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, each with its whole first sentence."""
        with formatter.section("Commands"):
            names = self.list_commands(ctx)
            formatter.write_dl([(name, self.commands[name].get_short_help_str(1000)) for name in names])


@click.group("examine", cls=_Exams)
def command() -> None:
    """Examine your webhook receiver or your analytics client.

    \b
    Examples:
      mockcbs examine webhook http://127.0.0.1:5000/hook
      mockcbs examine client "python report.py {base_url} {start} {end}"
    """


@command.command()
@click.argument("url")
@click.option(
    "--check",
    metavar="COMMAND",
    help="A command that prints the stored figures as one JSON object: any of total_calls, total_messages, "
    "total_sessions, "
    "unique_users, success_rate, error_rate, avg_response_time_ms. {start_date} and {end_date} in it are "
    "replaced by days in Shanghai (YYYY-MM-DD).",
)
@click.option("--sql", metavar="URL", help="A database with the table of `mockcbs receive`.")
@click.option(
    "--restart",
    metavar="COMMAND",
    help="A command that restarts the receiver.",
)
@click.option(
    "--secret", default="mockcbs-verify-token", show_default=True, help="Verify token or signing secret."
)
@click.option(
    "--profile",
    type=Word(get_args(WebhookProfile)),
    default=Settings.webhook_profile,
    show_default=True,
    help="The signatures: those of Coze, or of Standard Webhooks.",
)
@click.option(
    "--report",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for report.json and index.html.",
)
def webhook(
    url: str,
    *,
    check: str | None,
    sql: str | None,
    restart: str | None,
    secret: str,
    profile: WebhookProfile,
    folder: Path | None,
) -> None:
    """Examine the receiver at URL with correct deliveries and with all problems of real senders.

    The receiver must start with an empty database and the same secret. Exit status: 0 passed, 1 failed, 2
    could not run.

    \b
    Examples:
      mockcbs examine webhook http://127.0.0.1:8022/ --sql sqlite:///events.sqlite
      mockcbs examine webhook http://127.0.0.1:5000/hook \\
        --check "python figures.py"
    """
    from mockcbs.webhooks.examiner.exam import Exam  # noqa: PLC0415 - help needs no traffic
    from mockcbs.webhooks.examiner.figures import CommandFigures, DatabaseFigures  # noqa: PLC0415
    from mockcbs.webhooks.examiner.sender import Sender  # noqa: PLC0415
    from mockcbs.webhooks.signatures import signer  # noqa: PLC0415

    if check and sql:
        raise UserError("--check and --sql both give the stored figures; use one of them")
    if not url.startswith(("http://", "https://")):
        raise UserError(f"{url!r} is not an http or https URL")
    figures = CommandFigures(check) if check else DatabaseFigures(sql) if sql else None
    sender = Sender(url, signer(profile, [secret]))
    knows_days = figures is not None and figures.knows_days
    exam = Exam(sender, profile, secret, figures, knows_days=knows_days, restart=restart)
    _announce(exam.run())
    _conclude(url, exam.findings, folder, {})


@command.command()
@click.argument("template", metavar="COMMAND")
@click.option(
    "--cases", type=WholeNumber(1, 10_000), default=6, show_default=True, help="Cases of each relation."
)
@click.option(
    "--seed", type=WholeNumber(0), default=0, show_default=True, help="Seed that selects the cases."
)
@click.option("--only", metavar="NAMES", help="Examine only these relations, separated by commas.")
@click.option(
    "--jobs",
    type=WholeNumber(1, 64),
    help="Parallel runs.  [default: number of processors, at most 4]",
)
@click.option(
    "--timeout", type=Number(0.1), default=60, show_default=True, help="Timeout of a run, in seconds."
)
@click.option(
    "--report",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for report.json, index.html, and a dataset file for each broken relation.",
)
def client(
    template: str,
    *,
    cases: int,
    seed: int,
    only: str | None,
    jobs: int | None,
    timeout: float,
    folder: Path | None,
) -> None:
    """Examine an analytics client: COMMAND reads figures and prints them.

    COMMAND is run many times against mocks with different traffic. Its words in braces are replaced; they
    are also environment variables, such as MOCKCBS_BASE_URL. A word that it does not name is not varied. It
    must print rows as JSON or CSV with columns named like the members of the API (session_count, total_calls,
    date, …), and end with a status other than 0 if it could not read all data.

    The outputs of runs are compared: seven days add up to their week, a part is never more than the whole,
    a failed call is not printed as zero. The smallest case that breaks a relation is shown with its calls.

    \b
    Words:
      {base_url}      base URL of the mock, such as http://127.0.0.1:40123
      {token}         the credential: Coze's token, or X-Auth-Token
      {bot_id}        the bot
      {project_id}    the project (CBS)
      {start}         first day of the range, YYYY-MM-DD
      {end}           last day of the range, inclusive
      {start_ms}      start of the first day, epoch ms
      {end_ms}        last millisecond of the last day, epoch ms
      {granularity}   hour, day, week or month, if the client accepts it
      {zone}          the offset of the days from UTC, such as +08:00
      {top}           number of rows of a ranking
      {page_size}     rows of a page
      {user_id}       only this user; empty for all
      {session_id}    only this session; empty for all
      {connector_id}  only this channel; empty for all
      {domain}        only this category; empty for all

    Exit status: 0 passed, 1 a relation is broken, 2 could not run.

    \b
    Examples:
      mockcbs examine client \\
        "python report.py {base_url} {token} {bot_id} {start} {end}"
      mockcbs examine client --report exam \\
        "./weekly --from {start} --to {end} --zone {zone}"
    """
    from mockcbs.examining.client import Command  # noqa: PLC0415 - help needs no mock

    examined = Command(template, timeout)
    exam = _exam(examined, cases=cases, seed=seed, jobs=jobs or min(4, os.cpu_count() or 1))
    try:
        _announce(exam.run(_relations(only)))
    finally:
        examined.stop()
    _conclude(template, exam.findings, folder, exam.files)


def _announce(parts: Iterable[str]) -> None:
    for part in parts:
        click.echo(f"examining {part} …", err=True)


def _conclude(subject: str, findings: "Findings", folder: Path | None, files: dict[str, str]) -> None:
    """Print and write the report; exit with 1 if something is broken."""
    from mockcbs.grading import report  # noqa: PLC0415 - help needs no report

    for line in report.lines(subject, findings):
        say(line)
    if folder:
        report.write(folder, subject, findings, files)
        click.echo(f"report: {folder / 'index.html'}")
    if findings.count("broken"):
        sys.exit(1)


def _exam(client: "Client", *, cases: int, seed: int, jobs: int) -> "Exam":
    with extras.needed("mockcbs examine client", "Hypothesis", "examine"):
        from mockcbs.examining.exam import Exam  # noqa: PLC0415
    return Exam(client, cases=cases, seed=seed, jobs=jobs)


def _relations(only: str | None) -> list[str]:
    """The names in ``--only``, or all; raises `UserError`."""
    from mockcbs.examining.exam import SENTENCES  # noqa: PLC0415 - needs an extra

    names = [name.strip() for name in only.split(",")] if only else list(SENTENCES)
    for name in names:
        if name not in SENTENCES:
            raise UserError(f"--only: {not_one_of(name, SENTENCES)}")
    return names
