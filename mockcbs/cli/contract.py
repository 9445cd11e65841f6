"""The ``mockcbs contract`` command."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from mockcbs.cli.options import option, parsed
from mockcbs.cli.output import say
from mockcbs.cli.types import Number, WholeNumber
from mockcbs.contract.accounts import VENDORS
from mockcbs.core import clock
from mockcbs.core.errors import UserError

if TYPE_CHECKING:
    from mockcbs.contract.drift import Drift
    from mockcbs.contract.mends import Mend
    from mockcbs.contract.report import Report

_option = partial(option, prefix="MOCKCBS_CONTRACT_")
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _vendor_options(command: _Command) -> _Command:
    """The options of each service other than CBS and Coze: URL and account."""
    for name, vendor in reversed(VENDORS.items()):
        for one in reversed(vendor.accounts):
            command = _option(_flag(one.name), default="", help=f"{one.help[0].upper()}{one.help[1:]}.")(
                command
            )
        text = "Mock, or other sender, whose webhooks to check."
        if name != "webhooks":
            text = f"{vendor.title} server to check."
        command = _option(_flag(name), default="", metavar="URL", help=text)(command)
    return command


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def options_of(params: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `mockcbs.contract.options.Options`, taken from the parameters of the command."""
    accounts = {one.name: params.pop(one.name) for vendor in VENDORS.values() for one in vendor.accounts}
    others = {name: value for name, value in params.items() if name not in _NOT_OPTIONS}
    return {**others, "accounts": accounts}


_NOT_OPTIONS = {"deviations", "compare", "report", "github", "drift", "recording"}


@click.command("contract")
@_option(
    "--cbs",
    default="",
    metavar="URL",
    help="CBS server to check; without any server, the mock in process.",
)
@_option("--coze", default="", metavar="URL", help="Coze server to check.")
@_option(
    "--iam", default="", metavar="URL", help="IAM server that issues tokens, if it is a different server."
)
@_option("--project-id", default="", help="Project to read.")
@_option("--qabot-id", default="", help="Bot to read.")
@_option("--token", default="", help="X-Auth-Token to use.")
@_option("--ak", default="", help="Access key to sign with.")
@_option("--sk", default="", help="Its secret key.")
@_option("--iam-user", default="", help="IAM user to get a token for.")
@_option("--iam-password", default="", help="The user's password.")
@_option("--iam-domain", default="", help="The user's account.")
@_option("--coze-token", default="", help="Coze bearer token to use.")
@_option("--coze-bot-id", default="", help="Coze bot to read.")
@_option("--coze-workflow-id", default="", help="Coze workflow to read.")
@_option(
    "--coze-workspace-id", default="", help="Coze workspace to read; by default the first of the account."
)
@_vendor_options
@_option(
    "--allow-writes",
    is_flag=True,
    help="Also make calls that write, such as questions; the target counts them.",
)
@_option(
    "--max-rps",
    type=Number(0),
    help="Maximum calls per second; by default 5, without limit for a server on this machine.",
)
@_option(
    "--max-calls", type=WholeNumber(1), default=3000, show_default=True, help="Maximum calls to each server."
)
@_option(
    "--timeout",
    type=Number(0.1),
    default=15,
    show_default=True,
    help="Timeout of a call, in seconds.",
)
@_option("--ca-file", default="", metavar="FILE", help="Certificate to trust.")
@_option("--insecure", is_flag=True, help="Do not check the server's certificate.")
@_option("--seed", type=WholeNumber(), default=42, show_default=True, help="Seed of the mock in process.")
@_option("--dataset", default="everyday", show_default=True, help="Dataset of the mock in process.")
@_option(
    "--now",
    callback=parsed(clock.instant),
    metavar="WHEN",
    help="The time of the target's frozen clock: ISO 8601 or epoch ms.",
)
@_option("--deviations", type=click.Path(path_type=Path, dir_okay=False), help="File of known deviations.")
@_option(
    "--compare", default="", metavar="URL", help="Also send every read to this server, and list differences."
)
@_option(
    "--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for JSON, JUnit and HTML."
)
@_option(
    "--drift",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the findings of the last run: only changes are reported.",
)
@_option(
    "--recording",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File written by mockcbs record to check instead of a server.",
)
@_option("--github", is_flag=True, help="Print annotations and write the job summary of GitHub Actions.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Check a server against the contract: the mock, or the real service.

    Exit status 0: nothing is broken; 1: something is; 2: the target could not be checked; 3: --max-calls left
    more than a tenth of the clauses unchecked.

    \b
    Examples:
      mockcbs contract
      mockcbs contract --cbs http://127.0.0.1:8021 --report drift
      mockcbs contract --report drift \\
        --cbs https://cbs-ext.cn-north-4.myhuaweicloud.com
      mockcbs contract --coze https://api.coze.cn --report drift
      mockcbs contract --feishu http://127.0.0.1:8021 \\
        --airtable http://127.0.0.1:8021 --allow-writes
    """
    try:
        _check_pairs(context, options)
        status = _run(options)
    except UserError as error:
        from mockcbs.core.printable import message  # noqa: PLC0415 - only errors need it

        click.echo(f"mockcbs: {message(str(error))}", err=True)
        status = 2
    sys.exit(status)


_IN_PROCESS = ("seed", "dataset")
"""Options for the mock in process; they have no meaning with a server."""
_PAIRS = (("ak", "sk"), ("oss_ak", "oss_sk"), ("feishu_app_id", "feishu_app_secret"))
"""Options that need another option."""


def _check_pairs(context: click.Context, options: dict[str, Any]) -> None:
    """Raise `UserError` for options that contradict each other."""
    for pair in _PAIRS:
        given, missing = sorted(pair, key=lambda name: not options[name])
        if options[given] and not options[missing]:
            raise UserError(f"{_flag(given)} is given without {_flag(missing)}")
    server = next((name for name in ("cbs", "coze", *VENDORS) if options[name]), "")
    for name in (server, "compare"):
        if options["recording"] and name and options[name]:
            raise UserError(f"--recording is the target, so {_flag(name)} cannot be given")
    for name in _IN_PROCESS:
        if server and context.get_parameter_source(name) != ParameterSource.DEFAULT:
            raise UserError(f"{_flag(name)} is for the mock in process, but {_flag(server)} names a server")


def _run(options: dict[str, Any]) -> int:
    # only this command needs an HTTP client, and all of the mock
    from mockcbs.contract import compare as comparison  # noqa: PLC0415
    from mockcbs.contract import deviations as known  # noqa: PLC0415
    from mockcbs.contract import mends, recordings  # noqa: PLC0415
    from mockcbs.contract.catalogue import CLAUSES, clauses_of  # noqa: PLC0415
    from mockcbs.contract.opening import open_kit  # noqa: PLC0415
    from mockcbs.contract.options import Options  # noqa: PLC0415
    from mockcbs.contract.progress import Progress  # noqa: PLC0415
    from mockcbs.contract.report import Report  # noqa: PLC0415
    from mockcbs.contract.runner import INTERRUPTED, run  # noqa: PLC0415

    deviations, compare, folder = (options[name] for name in ("deviations", "compare", "report"))
    expected = known.read(deviations) if deviations else []
    if folder:
        Report.prepare(folder)
    printed = _Drifts(options["drift"], is_github=options["github"])
    chosen = Options(**options_of(options))
    recording = options["recording"]
    kit = recordings.check(recording) if recording else open_kit(chosen)
    other = open_kit(chosen.at(compare, kit.targets)) if compare else None
    progress = Progress(sys.stderr)
    ledger = kit.ledger if recording else run(kit, tell=progress)
    progress.end()
    compared = comparison.compare(kit, other) if other and not kit.stopped else None
    today = datetime.now(UTC).date()
    differences, known_ones = known.unknown(expected, compared.differences, today) if compared else (None, [])
    report = Report(
        target=" and ".join(dict.fromkeys(one.name for name, one in kit.targets.items() if name != "iam")),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        calls=kit.calls,
        ledger=ledger,
        notes=known.apply(expected, ledger, today, clauses_of(CLAUSES))
        + known_ones
        + [note for note in (kit.stopped, compared and compared.note) if note],
        differences=differences,
    )
    changed = printed.show(report, is_whole=not kit.stopped)
    if folder:
        for path in (*report.write(folder), *mends.write(folder, printed.mends)):
            click.echo(f"  {path}")
    if kit.stopped:
        click.echo(f"mockcbs: {kit.stopped}", err=True)
        return 130 if kit.stopped == INTERRUPTED else 2
    return int(changed) if changed is not None else report.status


class _Drifts:
    """Prints a report, or the changes since the last run."""

    def __init__(self, file: Path | None, *, is_github: bool) -> None:
        """Raises `UserError` for a *file* that no run has written."""
        from mockcbs.contract.drift import LastRun  # noqa: PLC0415

        self._file, self._is_github = file, is_github
        self._last = LastRun.read(file) if file else None
        self.mends: list[Mend] = []
        """The hints about all drift of the run."""

    def show(self, report: "Report", *, is_whole: bool) -> bool | None:
        """Print the report, and return whether there is new drift; `None` if no last run is compared."""
        from mockcbs.contract import drift, github  # noqa: PLC0415

        found = drift.found(report.ledger, report.differences or [], report.target, datetime.now(UTC).date())
        self.mends = [mend for one in found for mend in one.mends]
        lines, new = report.lines(), found
        if self._last:
            changes = self._last.changes(found)
            new = [one for _, _, one in changes if one]
            lines = [*_changed(changes), lines[-1]]
        for line in lines:
            say(line)
        if self._is_github:
            for line in github.annotations(new):
                say(line)
            github.write_summary(github.summary(new, lines[-1]))
        if self._file and is_whole:
            drift.write(self._file, found, report.at)
        return bool(new) if self._last else None


def _changed(changes: "Sequence[tuple[str, str, Drift | None]]") -> list[str]:
    """Lines for a terminal about new and about resolved drift."""
    lines = []
    for kind, key, one in changes:
        lines.append(f"{kind.upper()} {one.title if one else key}")
        if one:
            lines += [f"    {line}" for line in (*one.detail.splitlines(), *one.mend.splitlines())]
    return lines or ["nothing has changed since the last run"]
