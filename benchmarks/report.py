"""The results of a run as JSON and as Markdown."""

import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

from targets import Target, judged

_PACKAGES = "mockcbs flask werkzeug numpy uvicorn httptools responses httpx duckdb pyarrow".split()


_BEGIN, _END = "<!-- benchmarks -->", "<!-- end of benchmarks -->"
"""The markers around the place for the tables in a document."""


@dataclass
class Table:
    """A table: columns, rows and notes."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """The result of one benchmark."""

    name: str
    figures: dict[str, Any]
    """All measurements, for the JSON file; the keys name the units."""
    tables: list[Table]
    measured: dict[str, float] = field(default_factory=dict)
    """The figures that targets are about, by name (`targets.GOALS`)."""


def machine() -> dict[str, Any]:
    """The properties of the machine on which the figures depend."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load_average": load_average(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def load_average() -> float | None:
    """The number of processes that wanted a core in the last minute. On a quiet machine it is well below
    1.
    """
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def as_json(facts: dict[str, Any], settings: dict[str, Any], results: list[Result]) -> dict[str, Any]:
    """The whole run as JSON."""
    return {
        "machine": facts,
        "settings": settings,
        "results": {result.name: result.figures for result in results},
        "targets": [asdict(target) for target in _targets(results)],
    }


def _targets(results: list[Result]) -> list[Target]:
    measured = {name: value for result in results for name, value in result.measured.items()}
    return judged((result.name for result in results), measured)


def as_markdown(facts: dict[str, Any], settings: dict[str, Any], results: list[Result]) -> str:
    """The whole run as Markdown, with the targets first and a section for each benchmark."""
    named = facts["packages"] | facts.get("runtimes", {})
    versions = ", ".join(f"{name} {version}" for name, version in named.items() if version)
    how = ", ".join(f"{name} {value}" for name, value in settings.items())
    where = (
        f"{facts['date']}, {facts['processor']}, {facts['cores']} cores, {facts['system']}, "
        f"{facts['python']}, load average {facts['load_average']} at the start and "
        f"{facts['load_average_after']} at the end. {versions}. Run with {how}."
    )
    parts = [where]
    if targets := _targets(results):
        met = sum(target.met is True for target in targets)
        rows = [[each.what, each.goal, each.found, each.word] for each in targets]
        parts += [f"## Targets: {met} of {len(targets)} met", _grid(["", "target", "found", ""], rows)]
    for table in (table for result in results for table in result.tables):
        parts += [f"## {table.title}", _grid(table.columns, table.rows), *table.notes]
    return "\n\n".join(parts) + "\n"


def placed(text: str, document: str) -> str:
    """*document* with *text* between its markers, the headings one level deeper; *text* alone without
    markers.
    """
    before, begin, rest = document.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    text = text.replace("\n## ", "\n### ") if end else text
    return f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}" if end else text


def spread(values: list[float], digits: int = 3) -> dict[str, Any]:
    """The statistics of one figure that was measured several times, for JSON."""
    return {
        "median": round(median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
        "times": len(values),
    }


def _grid(columns: list[str], rows: list[list[str]]) -> str:
    """A Markdown table with aligned columns; numbers are aligned to the right."""
    lines = [columns, *rows]
    widths = [max(3, *(len(line[place]) for line in lines)) for place in range(len(columns))]
    numeric = [all(row[place][:1] in "0123456789–" for row in rows) for place in range(len(columns))]

    def written(cells: list[str]) -> str:
        fitted = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        return f"| {' | '.join(fitted)} |"

    rules = [
        "-" * (width - 1) + (":" if right else "-") for width, right in zip(widths, numeric, strict=True)
    ]
    return "\n".join([written(columns), written(rules), *map(written, rows)])


def _processor() -> str:
    """The name of the processor; Linux has it only in a file."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
