"""``mockcbs examine``: exams for what users have written."""

import sys
from pathlib import Path
from typing import get_args

import click

from mockcbs.cli.types import Word
from mockcbs.core.errors import UserError
from mockcbs.settings import WebhookProfile


@click.group("examine")
def command() -> None:
    """Examine what you have written: a receiver of webhooks."""


@command.command()
@click.argument("url")
@click.option(
    "--check",
    metavar="COMMAND",
    help="Prints one JSON object with what is stored: any of total_calls, total_messages, total_sessions, "
    "unique_users, success_rate, error_rate, avg_response_time_ms. {start_date} and {end_date} in it are "
    "replaced by days of Shanghai (YYYY-MM-DD).",
)
@click.option("--sql", metavar="URL", help="A database with a table as `mockcbs receive` makes it.")
@click.option("--restart", metavar="COMMAND", help="Restarts the receiver, to examine what it still knows.")
@click.option(
    "--secret", default="mockcbs-verify-token", show_default=True, help="Verify token or signing secret."
)
@click.option("--profile", type=Word(get_args(WebhookProfile)), default="coze", show_default=True)
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
    """Examine the receiver at URL: right deliveries, then each trouble that a real sender can cause.

    The receiver begins with an empty database and the same secret. Exit status: 0 passed, 1 failed, 2 could
    not run.

    \b
    Examples:
      mockcbs examine webhook http://127.0.0.1:8022/ --sql sqlite:///events.sqlite
      mockcbs examine webhook http://127.0.0.1:5000/hook --check "python figures.py"
    """
    from mockcbs.grading import report  # noqa: PLC0415 - help needs no traffic
    from mockcbs.webhooks.examiner.exam import Exam  # noqa: PLC0415
    from mockcbs.webhooks.examiner.figures import CommandFigures, DatabaseFigures  # noqa: PLC0415
    from mockcbs.webhooks.examiner.sender import Sender  # noqa: PLC0415
    from mockcbs.webhooks.signatures import signer  # noqa: PLC0415

    if check and sql:
        raise UserError("--check and --sql both say what is stored; give one of them")
    if not url.startswith(("http://", "https://")):
        raise UserError(f"{url!r} is not an http or https URL")
    figures = CommandFigures(check) if check else DatabaseFigures(sql) if sql else None
    sender = Sender(url, signer(profile, [secret]))
    knows_days = figures is not None and figures.knows_days
    exam = Exam(sender, profile, secret, figures, knows_days=knows_days, restart=restart)
    for part in exam.run():
        click.echo(f"examining {part} …", err=True)
    for line in report.lines(url, exam.findings):
        click.echo(line)
    if folder:
        report.write(folder, url, exam.findings)
        click.echo(f"report: {folder / 'index.html'}")
    if exam.findings.count("broken"):
        sys.exit(1)
