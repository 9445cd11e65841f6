"""One command that measures what mockcbs promises about speed; see ``--help``."""

import json
from pathlib import Path

import click
import report
from cache import default_folder
from plan import CONTENDERS, PARTS, Run
from signals import end_on_signals
from tools import MissingError, Tools, runtimes


def _sizes(ctx: click.Context, param: click.Parameter, value: str | None) -> list[int] | None:
    del ctx, param
    if value is None:
        return None
    try:
        sizes = sorted({int(float(text)) for text in value.split(",")})
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a list such as 1e4,1e6") from error
    if not 1_000 <= sizes[0] <= sizes[-1] <= 20_000_000:
        raise click.BadParameter("a size is at least 1000 and at most 2e7 sessions")
    return sizes


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    del ctx, param
    if value is None:
        return tuple(CONTENDERS)
    names = tuple(name for name in value.split(",") if name and name != "mockcbs")
    if unknown := [name for name in names if name not in CONTENDERS]:
        raise click.BadParameter(f"{', '.join(unknown)} is none of {', '.join(CONTENDERS)}")
    return names


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds: to see that all works, not to quote.")
@click.option(
    "--only", "parts", type=click.Choice(PARTS), multiple=True, help="Only this part; may be repeated."
)
@click.option(
    "--contenders",
    metavar="A,B,…",
    callback=_names,
    help=f"Only these beside mockcbs; default {','.join(CONTENDERS)}.",
)
@click.option("--rounds", type=click.IntRange(1, 50), help="Rounds of load; default 3 (--quick: 1).")
@click.option(
    "--seconds", type=click.IntRange(1, 60), help="Seconds of load a round; default 2 (--quick: 1)."
)
@click.option(
    "--sizes",
    metavar="N,N,…",
    callback=_sizes,
    help="Sessions in 90 days, for statistics; default 1e4,1e5,1e6,1e7 (--quick: without 1e6 and 1e7).",
)
@click.option(
    "--tools",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_folder,
    help="Where contenders are installed, once; default mockcbs-benchmarks in the user's cache.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write all figures here.",
)
@click.option(
    "--markdown",
    "markdown_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the tables here; into a file that has a place for them, only there.",
)
def main(
    *,
    parts: tuple[str, ...],
    contenders: tuple[str, ...],
    rounds: int | None,
    seconds: int | None,
    sizes: list[int] | None,
    folder: Path,
    json_file: Path | None,
    markdown_file: Path | None,
    quick: bool,
) -> None:
    """Measure mockcbs beside what a user would pick instead, in turns, on this machine.

    \b
    startup     from the launch to the first correct answer, and memory then
    load        repeated reads, ever-new queries, 400, 401 and a mix over 1, 32 and 64
                connections: requests a second, latency, memory
    endurance   memory over a million requests
    growth      how the cost grows with range, sessions, bots, connections, workers
    in-process  a call through `Mock`, without a socket; beside `responses` with a constant
    statistics  a new range of 90 days over bots of different sizes; beside DuckDB,
                which has to find the same figures
    mix         reads, questions and faults, every answer checked (see mix.py)

    Contenders come from npm (WireMock, MockServer, Specmatic, Prism, Mockoon, json-server, mountebank), PyPI
    (pytest-httpserver, Flask on gunicorn) and Debian (nginx, wrk). They are installed to one folder at the
    first run; Java and Node must be there. What cannot be had is left out, and the report says why.

    What is compared takes turns within each round, so that whatever else the machine does hits all alike;
    medians are reported. The report goes to standard output, progress to standard error. A full run takes
    about half an hour on two cores and up to 12 GB of memory: let nothing else run, and look at the load
    average in the first line before you quote a figure.

    \b
    Examples:
      python benchmarks --quick
      python benchmarks --only load --contenders nginx,wiremock
      python benchmarks --json run.json --markdown docs/performance.md

    `python benchmarks` installs this checkout into a venv of its own and runs there; `python
    benchmarks/run.py` runs with this Python, which needs `pip install mockcbs[bench]`. Load goes to
    127.0.0.1 only, and every server is stopped at the end, after Ctrl-C too.
    """
    end_on_signals()
    parts = tuple(name for name in PARTS if name in (parts or PARTS))
    sizes = sizes or [10**power for power in range(4, 6 if quick else 8)]
    facts = report.machine() | {"runtimes": runtimes()}
    run = Run(
        Tools(folder.resolve()),
        contenders,
        quick=quick,
        rounds=rounds or (1 if quick else 3),
        seconds=seconds or (1 if quick else 2),
        sizes=sizes,
    )
    try:
        results = run.measure(parts)
    except MissingError as error:
        raise click.ClickException(str(error)) from error
    except ImportError as error:
        raise click.ClickException(f"{error.name} is missing: pip install mockcbs[bench]") from error
    facts["load_average_after"] = report.load_average()
    settings = {"quick": quick, "rounds": run.rounds, "seconds": run.seconds, "sizes": sizes}
    text = report.as_markdown(facts, settings, results)
    if json_file:
        figures = report.as_json(facts, settings, results)
        json_file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if markdown_file:
        before = markdown_file.read_text("utf-8") if markdown_file.exists() else ""
        markdown_file.write_text(report.placed(text, before), "utf-8")
    click.echo(text, nl=False)


if __name__ == "__main__":
    main()
