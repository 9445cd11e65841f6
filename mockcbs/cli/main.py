"""The ``mockcbs`` command."""

import errno
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

import click

from mockcbs import __version__
from mockcbs.cli.contract import contract
from mockcbs.core import clock
from mockcbs.core.errors import UserError
from mockcbs.core.spelling import meant
from mockcbs.settings import RANGES, DefaultStart, GatewayPrefix, Settings, starting_instant

_F = TypeVar("_F", bound=Callable[..., Any])


_VARIABLES = "MOCKCBS_"

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Why a disk does not take what is written."""

_CREDENTIALS = {
    "access_key": "AK of calls that are signed.",
    "secret_key": "Its SK.",
    "iam_user": "Who may ask IAM for a token, when --strict.",
    "iam_password": "Their password.",
    "iam_domain": "Their account.",
    "coze_token": "Coze's personal access token that is good when --strict.",
    "coze_client_id": "Coze's OAuth application.",
    "coze_client_secret": "Its secret.",
}


class Mistake(click.ClickException):
    """Something the user can put right: one line, exit status 2."""

    exit_code = 2


def main() -> NoReturn:
    """Run the command; every mistake of the user is one clear line and exit status 2.

    Output that cannot be written is one line and 1.
    """
    try:
        cli.main(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"mockcbs: {error.format_message()}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("mockcbs: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:  # whoever read our output has seen enough
        _print_no_more()
    except OSError as error:
        if error.filename is not None or error.errno not in _NO_ROOM:
            raise
        _print_no_more()
        click.echo(f"mockcbs: standard output: {error.strerror}", err=True)
        sys.exit(1)
    sys.exit(0)


def _print_no_more() -> None:
    """Let go of what waits to be written, or Python tries once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _importing() -> Iterator[None]:
    """A block in which Ctrl-C ends the process: Python may lose an exception that it raises in an import."""

    def end(*_: Any) -> NoReturn:
        click.echo("mockcbs: interrupted", err=True)
        os._exit(130)

    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _option(*names: str, **attributes: Any) -> Callable[[_F], _F]:
    """An option that can also be set as ``MOCKCBS_…``."""
    long = next(name for name in names if name.startswith("--"))
    variable = _VARIABLES + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **attributes)


def _instant(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Epoch milliseconds or ISO 8601 as ms UTC."""
    del ctx, param
    if value is None:
        return None
    try:
        return starting_instant(value)
    except UserError as error:
        raise click.BadParameter(str(error)) from error


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A date as a number of days since 1970."""
    del ctx, param
    if value is None:
        return None
    try:
        return clock.utc_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _traffic_options(command: _F) -> _F:
    """What decides which turns there are."""
    for option in (
        _option(
            "--now",
            metavar="WHEN",
            callback=_instant,
            help="Where the clock stands: epoch ms, or ISO 8601, UTC by default.",
        ),
        _option("--dataset", default="everyday", show_default=True, help="A dataset's name or a YAML file."),
        _option("--seed", type=int, default=42, show_default=True, help="What the traffic is made from."),
    ):
        command = option(command)
    return command


def _credential_options(command: _F) -> _F:
    """What clients have to send."""
    for name, told in reversed(_CREDENTIALS.items()):
        option = _option(
            f"--{name.replace('_', '-')}", default=getattr(Settings, name), show_default=True, help=told
        )
        command = option(command)
    return command


def _strange_variables(command: click.Command) -> Iterator[str]:
    """Variables of the environment that look like settings of *command*, and are none."""
    known = {str(option.envvar) for option in command.params if isinstance(option, click.Option)}
    for name in sorted(os.environ):
        if (
            name.startswith(_VARIABLES)
            and name not in known
            and not name.startswith(f"{_VARIABLES}CONTRACT_")
        ):
            yield f"{name} is no setting of `mockcbs {command.name}`{meant(name, known)}"


_force = click.option("--force", is_flag=True, help="Overwrite the file if it exists.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mockcbs")
def cli() -> None:
    """A mock of the Huawei Cloud CBS and Coze APIs, answering from seeded synthetic traffic.

    Begin with `mockcbs serve`, and paste the curl line it prints.
    """


@cli.command()
@_option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@_option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8021,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@_traffic_options
@_option(
    "--tick", is_flag=True, help="Let a clock set by --now or the dataset run on instead of standing still."
)
@_option("--strict", is_flag=True, help="Only tokens issued here, configured keys, the dataset's bots.")
@_option("--scenario", help="What goes wrong: a scenario's name (`mockcbs scenarios`) or a YAML file.")
@_option("--no-control", is_flag=True, help="Do not serve the control API under /_mockcbs.")
@_option("--control-token", help="What callers of /_mockcbs must send as Authorization: Bearer.")
@_option(
    "--journal-size",
    type=click.IntRange(*RANGES["journal_size"]),
    default=1000,
    show_default=True,
    help="How many calls the journal keeps.",
)
@_option("--no-memo", is_flag=True, help="Compute repeated reads anew instead of answering from memory.")
@_option("--tls", is_flag=True, help="Serve HTTPS with a certificate made for the occasion.")
@_option("--no-hints", is_flag=True, help="Leave out the header X-Mockcbs-Reason.")
@_option(
    "--default-start",
    type=click.Choice(get_args(DefaultStart)),
    help="What a call without start_time means: 1970, or local midnight seven days before its end.",
)
@_option(
    "--gateway-prefix",
    type=click.Choice(get_args(GatewayPrefix)),
    default="APIG",
    show_default=True,
    help="How gateway error codes begin.",
)
@_option(
    "--pace",
    type=click.IntRange(*RANGES["pace"]),
    default=0,
    show_default=True,
    help="Pause between two events of a stream, ms.",
)
@_option(
    "--coze-public-key",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="PEM public key that JWTs of Coze's OAuth must be signed for.",
)
@_option("--secret", default="mockcbs", help="Signs tokens; processes that share it accept each other's.")
@_option(
    "--replay",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answer the exchanges of this file first (see record).",
)
@_option(
    "--on-miss",
    type=click.Choice(["mock", "fail"]),
    default="mock",
    show_default=True,
    help="What becomes of requests that --replay has no answer to.",
)
@_option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that serve; one for each core uses them all.",
)
@_option("--state", metavar="FILE", help="Keep what clients say and make in this file, also after the end.")
@_credential_options
@_option("--quiet", is_flag=True, help="Print nothing but the base URL and, with --tls, the CA file.")
def serve(
    host: str,
    port: int,
    *,
    tls: bool,
    no_hints: bool,
    no_control: bool,
    no_memo: bool,
    quiet: bool,
    workers: int,
    state: str | None,
    replay: Path | None,
    on_miss: Any,
    **settings: Any,
) -> None:
    """Serve the mock until Ctrl-C.

    \b
    Examples:
      mockcbs serve --port 0 --seed 7
      mockcbs serve --dataset documented-week
      mockcbs serve --now 2026-02-28T23:59:00+08:00 --tick
    """
    if on_miss == "fail" and replay is None:
        raise Mistake("--on-miss fail is about requests that --replay has no answer to: add --replay FILE")
    gc.disable()  # until the server is ready: nothing that start-up makes is garbage
    with _importing():
        from mockcbs.cli.serve import serve as run  # noqa: PLC0415 - the server is of no use to others

    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    logging.getLogger("mockcbs").setLevel(logging.ERROR if quiet else logging.INFO)
    for sentence in _strange_variables(click.get_current_context().command):
        logging.getLogger("mockcbs").warning(sentence)
    try:
        chosen = Settings(hints=not no_hints, control=not no_control, memo=not no_memo, **settings)
        run(
            chosen,
            host,
            port,
            tls=tls,
            quiet=quiet,
            workers=workers,
            state=state,
            replay=replay,
            on_miss=on_miss,
        )
    except UserError as error:
        raise Mistake(str(error)) from error


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")
def datasets(*, as_json: bool) -> None:
    """List the datasets that come with mockcbs."""
    from mockcbs.core.files import shipped  # noqa: PLC0415 - nor YAML
    from mockcbs.datasets.load import load  # noqa: PLC0415 - help needs no numpy

    loaded = [load(name) for name in shipped("datasets")]
    _print(
        ["name", "description", "bots", "clock"],
        [
            {
                "name": dataset.name,
                "description": dataset.description,
                "bots": sorted(dataset.bots),
                "clock": "real" if dataset.now is None else f"frozen at {clock.iso(dataset.now)}",
            }
            for dataset in loaded
        ],
        as_json=as_json,
    )


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")
def scenarios(*, as_json: bool) -> None:
    """List the scenarios that come with mockcbs: what can go wrong on purpose."""
    from mockcbs.core.files import shipped  # noqa: PLC0415
    from mockcbs.faults.scenario_file import SCENARIOS, load  # noqa: PLC0415
    from mockcbs.services.registry import vocabulary  # noqa: PLC0415 - help needs no services

    loaded = [load(name, vocabulary()) for name in shipped(SCENARIOS)]
    rows = [{"name": scenario.name, "description": scenario.description} for scenario in loaded]
    _print(["name", "description"], rows, as_json=as_json)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")
def errors(*, as_json: bool) -> None:
    """List every error the mock can answer, and the id that provokes it."""
    from mockcbs.services.cbs.errors import CATALOGUE as CBS  # noqa: PLC0415
    from mockcbs.services.coze.errors import CATALOGUE as COZE  # noqa: PLC0415
    from mockcbs.services.coze.errors import OAUTH as COZE_OAUTH  # noqa: PLC0415
    from mockcbs.services.gateway.errors import CATALOGUE as GATEWAY  # noqa: PLC0415
    from mockcbs.services.iam.errors import CATALOGUE as IAM  # noqa: PLC0415

    _print(
        ["service", "status", "code", "message", "when", "provoke"],
        [
            {
                "service": service,
                "status": row.status,
                "code": row.code,
                "message": row.message,
                "when": row.when,
                "provoke": row.provoke,
            }
            for service, catalogue in (
                ("cbs", CBS),
                ("coze", COZE),
                ("coze oauth", COZE_OAUTH),
                ("gateway", GATEWAY),
                ("iam", IAM),
            )
            for row in catalogue
        ],
        as_json=as_json,
    )


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")
def routes(*, as_json: bool) -> None:
    """List the operations the mock answers."""
    from mockcbs.app import create_app  # noqa: PLC0415

    app = create_app()
    rows = [  # routes of the mock itself are in its OpenAPI document
        {
            "method": method,
            "path": rule.rule,
            "operation": rule.endpoint,
            "summary": (app.view_functions[rule.endpoint].__doc__ or "").partition("\n")[0],
        }
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD"})
        if not rule.endpoint.startswith("control.")
    ]
    _print(["method", "path", "operation", "summary"], rows, as_json=as_json)


@cli.command()
@click.option("--bot", "bot_id", required=True, help="Bot id: a UUID (CBS) or 16 to 20 digits (Coze).")
@click.option("--project", "project_id", help="Project id to show in the first column.")
@click.option(
    "--from", "first", metavar="DATE", callback=_day, help="First UTC day; default the oldest that is kept."
)
@click.option("--to", "last", metavar="DATE", callback=_day, help="Last UTC day, inclusive; default today.")
@_traffic_options
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True, help="Format."
)
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="File; default stdout.")
def export(
    bot_id: str,
    project_id: str | None,
    first: int | None,
    last: int | None,
    *,
    form: Any,
    output: Path | None,
    **settings: Any,
) -> None:
    """Write the turns of a bot, one a row, ordered by time, then session.

    \b
    Example:
      mockcbs export --bot 303a0a00-c88a-43e3-aa2f-d5b8b9832b02 --from 2026-11-01 --to 2026-11-07 -o turns.csv
    """
    from mockcbs.cli.export import export as run  # noqa: PLC0415 - help needs no numpy

    try:
        run(Settings(**settings), bot_id, project_id, first, last, form=form, output=output)
    except UserError as error:
        raise Mistake(str(error)) from error


cli.add_command(contract)


@cli.command()
@click.option("--upstream", required=True, metavar="URL", help="Server to ask.")
@click.option(
    "--out", "path", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@_option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@_option(
    "--port", type=click.IntRange(0, 65535), default=8022, show_default=True, help="0 picks a free port."
)
@click.option("--ca-file", metavar="FILE", help="Certificate of the server to trust.")
@_force
@click.option("--quiet", is_flag=True, help="Print the base URL and nothing else.")
def record(
    upstream: str, path: Path, host: str, port: int, *, ca_file: str | None, force: bool, quiet: bool
) -> None:
    """Stand between a client and a server, and write down what passes, without secrets and ids.

    \b
    Example:
      mockcbs record --upstream https://cbs-ext.cn-north-4.myhuaweicloud.com --out recorded.json
      mockcbs serve --replay recorded.json
    """
    from mockcbs.exchanges.record import record as run  # noqa: PLC0415 - the server is of no use to others

    try:
        run(upstream, path, host, port, verify=ca_file or True, force=force, quiet=quiet)
    except UserError as error:
        raise Mistake(str(error)) from error


@cli.command()
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--service", type=click.Choice(["cbs", "coze"]), help="Whose answer; default: as it looks.")
@click.option(
    "--bot",
    "bot_id",
    metavar="ID",
    help="Bot that is to give answers of CBS, default 303a0a00-c88a-43e3-aa2f-d5b8b9832b02; "
    "any other gives them too. Answers of Coze name their bot.",
)
@click.option(
    "--request",
    "target",
    metavar="TARGET",
    default="",
    help="Path and query that an answer of Coze was asked with, if it had filters.",
)
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="File; default stdout.")
@_force
def pin(
    answers: tuple[Path, ...],
    *,
    service: Any,
    bot_id: str | None,
    target: str,
    output: Path | None,
    force: bool,
) -> None:
    """Turn a published answer into a dataset that reproduces it.

    ANSWERS are JSON files: an answer of session-stats or of reply-rates, or one of each about the same range;
    or an answer of Coze analytics.

    \b
    Example:
      mockcbs pin session-stats.json reply-rates.json -o pinned.yaml
      mockcbs serve --dataset pinned.yaml
    """
    from mockcbs.cli.pin import run  # noqa: PLC0415 - help needs no numpy

    try:
        run(answers, bot_id, output, service, target, force=force)
    except UserError as error:
        raise Mistake(str(error)) from error


def _print(columns: list[str], rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    from rich.console import Console  # noqa: PLC0415 - only tables need it
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        cells = (row[column] for column in columns)
        table.add_row(*(", ".join(cell) if isinstance(cell, list) else str(cell) for cell in cells))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False).print(table)
