"""One command that measures what mockcbs promises about speed; see ``--help``."""

import json
from pathlib import Path

import click
import report
from cache import default_folder
from picture import drawn
from plan import COMPARED, CONTENDERS, PARTS, Run
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
        return COMPARED
    if value == "all":
        return CONTENDERS
    names = tuple(name for name in value.split(",") if name and name != "mockcbs")
    if unknown := [name for name in names if name not in CONTENDERS]:
        raise click.BadParameter(f"{', '.join(unknown)} is unknown; choose from {', '.join(CONTENDERS)}")
    return names


_HELP = """Compare mockcbs with what a user would choose instead, on this machine.

The report begins with the targets (targets.py) and whether they are met. `--only` chooses its parts.

Contenders come from npm (WireMock, MockServer, Specmatic, Prism, Mockoon, json-server, mountebank), PyPI
(pytest-httpserver, Flask on gunicorn) and Debian (nginx, wrk). The first run installs them into one folder;
Java and Node must be installed. The report names contenders that are missing, with the reason.

In each round the contenders take turns, so that other load on the machine affects all of them; the report has
medians. It goes to standard output, progress to standard error; the file of --json is written after each
part. A full run takes up to half an hour on two cores and up to 12 GB of memory, ten minutes more with all
contenders. Let nothing else run, and check the load average in the first line before you quote a figure.

\b
Examples:
  python benchmarks --quick
  python benchmarks --only load --contenders nginx,wiremock
  python benchmarks --json run.json --markdown docs/performance.md --picture docs/images/speed.svg
  python benchmarks/run.py --compare v0.1.0 --quick

`python benchmarks` installs this checkout into a new venv and runs there; `python benchmarks/run.py` uses
this Python, which needs `pip install mockcbs[bench]`. Load goes only to 127.0.0.1. Ctrl-C stops every server
and prints what was measured.
"""


class _Command(click.Command):
    """The command; its help has a section of the parts."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The parts, then the options."""
        with formatter.section("Parts"):
            formatter.write_dl([(name, part.about) for name, part in PARTS.items()])
        super().format_options(ctx, formatter)


@click.command(cls=_Command, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--quick",
    is_flag=True,
    help="Fewer and shorter rounds: a test run, not to be quoted.",
)
@click.option(
    "--only",
    "parts",
    type=click.Choice(tuple(PARTS)),
    multiple=True,
    help="Run only this part; repeatable.",
)
@click.option(
    "--contenders",
    metavar="A,B,…",
    callback=_names,
    help=f"Compare mockcbs with all, or with some of {', '.join(CONTENDERS)}; default {','.join(COMPARED)}.",
)
@click.option(
    "--compare",
    "base",
    metavar="BASE",
    help="Only compare the processor time of requests with another checkout: a folder, a tag or a commit. "
    "Fails if a row costs over 10 % more.",
)
@click.option("--rounds", type=click.IntRange(1, 50), help="Rounds of load; default 3 (--quick: 1).")
@click.option(
    "--seconds", type=click.IntRange(1, 60), help="Seconds of load in a round; default 2 (--quick: 1)."
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
    help="The folder for installed contenders; default mockcbs-benchmarks in the user's cache.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write all figures to this file.",
)
@click.option(
    "--markdown",
    "markdown_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the tables to this file; if it has markers for them, between the markers.",
)
@click.option(
    "--picture",
    "picture_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also draw the repeated reads of the part load into this SVG file.",
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
    picture_file: Path | None,
    quick: bool,
    base: str | None,
) -> None:
    """Measure what the options say, and write the report."""
    end_on_signals()
    if base is not None:
        _compare(base, rounds or (2 if quick else 9))
        return
    run = Run(
        Tools(folder.resolve()),
        contenders,
        quick=quick,
        rounds=rounds or (1 if quick else 3),
        seconds=seconds or (1 if quick else 2),
        sizes=sizes or [10**power for power in range(4, 6 if quick else 8)],
    )
    chosen = tuple(name for name in PARTS if name in (parts or PARTS))
    results = _report(run, chosen, json_file, markdown_file)
    if picture_file and (load := next((each for each in results if "contenders" in each.figures), None)):
        picture_file.write_text(drawn(load.figures), "utf-8")


def _compare(base: str, rounds: int) -> None:
    """Print how the costs of requests compare with those of *base*; exit with 1 if one rose by over 10 %."""
    from compare import compare

    facts = report.machine()
    result = compare(base, rounds)
    facts["load_average_after"] = report.load_average()
    click.echo(report.as_markdown(facts, {"rounds": rounds}, [result]), nl=False)
    if result.figures["slower"]:
        raise SystemExit(1)


def _report(
    run: Run, parts: tuple[str, ...], json_file: Path | None, markdown_file: Path | None
) -> list[report.Result]:
    """Measure the *parts* and write the report to standard output and to the files."""
    facts = report.machine() | {"runtimes": runtimes()}
    settings = {"quick": run.quick, "rounds": run.rounds, "seconds": run.seconds, "sizes": run.sizes}
    results: list[report.Result] = []
    try:
        for result in run.measure(parts):
            results.append(result)
            if json_file:
                figures = report.as_json(facts, settings, results)
                json_file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except MissingError as error:
        raise click.ClickException(str(error)) from error
    except ImportError as error:
        raise click.ClickException(f"{error.name} is missing: pip install mockcbs[bench]") from error
    finally:
        facts["load_average_after"] = report.load_average()
        text = report.as_markdown(facts, settings, results)
        if results:
            click.echo(text, nl=False)
    if markdown_file:
        before = markdown_file.read_text("utf-8") if markdown_file.exists() else ""
        markdown_file.write_text(report.placed(text, before), "utf-8")
    return results


if __name__ == "__main__":
    main()
