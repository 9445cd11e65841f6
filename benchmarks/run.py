"""One command that measures what mockcbs promises about speed; see ``--help``."""

import importlib
import json
import signal
import sys
from pathlib import Path
from typing import Any

import click
import report

_NAMES = ("startup", "load", "statistics")


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


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds: to see that all works, not to quote.")
@click.option(
    "--only", "names", type=click.Choice(_NAMES), multiple=True, help="Only this benchmark; may be repeated."
)
@click.option(
    "--sizes",
    metavar="N,N,…",
    callback=_sizes,
    help="Sessions in 90 days, for statistics; default 1e4,1e5,1e6,1e7 (--quick: without 1e7).",
)
@click.option(
    "--load-tool",
    type=click.Choice(["auto", "wrk", "asyncio"]),
    default="auto",
    show_default=True,
    help="What makes the load; auto takes wrk if it is installed.",
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
    help="Also write the tables here.",
)
def main(
    names: tuple[str, ...],
    sizes: list[int] | None,
    load_tool: str,
    json_file: Path | None,
    markdown_file: Path | None,
    *,
    quick: bool,
) -> None:
    """Measure mockcbs beside what a user would pick instead, in turns, on this machine.

    \b
    startup     from `mockcbs serve` to its first answer, and its memory then;
                beside importing Flask and numpy
    load        requests a second of a repeated and of an ever-new query, on 1 and 32
                connections; beside a Flask app that answers a constant
    statistics  a new range of 90 days over bots of different sizes; beside DuckDB,
                which has to find the same figures

    What is compared takes turns within each round, so that whatever else the machine does hits all alike;
    medians are reported. The tables go to standard output, progress to standard error. A full run takes
    about seven minutes, 6 GB of memory and all cores: let nothing else run, and look at the load
    average in the first line before you quote a figure.

    \b
    Examples:
      python benchmarks/run.py --quick
      python benchmarks/run.py --only statistics --sizes 1e4,1e6
      python benchmarks/run.py --json run.json --markdown run.md

    Needs `pip install mockcbs[bench]`. All servers listen on 127.0.0.1 and are stopped at the end.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    facts = report.machine()
    sizes = sizes or [10**power for power in range(4, 7 if quick else 8)]
    results = [
        _measure(name, quick=quick, sizes=sizes, load_tool=load_tool)
        for name in _NAMES
        if name in (names or _NAMES)
    ]
    facts["load_average_after"] = report.load_average()
    settings = {"quick": quick, "sizes": sizes, "load_tool": load_tool}
    text = report.as_markdown(facts, settings, results)
    if json_file:
        figures = report.as_json(facts, settings, results)
        json_file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if markdown_file:
        markdown_file.write_text(text, "utf-8")
    click.echo(text, nl=False)


def _measure(name: str, *, quick: bool, sizes: list[int], load_tool: str) -> report.Result:
    """Import a benchmark only when it runs, since each needs packages that others do not."""
    arguments: dict[str, tuple[str, dict[str, Any]]] = {
        "startup": ("startup", {"starts": 3 if quick else 11}),
        "load": (
            "serving",
            {"rounds": 2 if quick else 5, "seconds": 1 if quick else 5, "tool_name": load_tool},
        ),
        "statistics": ("ranges", {"rounds": 3 if quick else 15, "sizes": sizes}),
    }
    module, given = arguments[name]
    try:
        measure = importlib.import_module(module).measure
    except ImportError as error:
        raise click.ClickException(f"{name} needs {error.name}: pip install mockcbs[bench]") from error
    result: report.Result = measure(**given)
    return result


if __name__ == "__main__":
    main()
