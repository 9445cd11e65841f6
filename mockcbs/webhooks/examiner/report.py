"""The report of an exam: for a terminal, for programs, and as one page that loads nothing from anywhere."""

import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path

from mockcbs import __version__
from mockcbs.core.errors import UserError
from mockcbs.webhooks.examiner.requirements import Finding, Findings


def lines(url: str, findings: Findings) -> list[str]:
    """One line a requirement, what is broken with its exchange, and the verdict."""
    told = []
    for finding in findings.rows.values():
        told.append(f"{finding.verdict.upper():13} {finding.name}: {finding.sentence}")
        if finding.verdict != "kept" and finding.reason:
            told.append(f"{'':13} {finding.reason}")
        told += [f"{'':17}{line}" for line in finding.exchange.splitlines()]
    return [*told, verdict(url, findings)]


def verdict(url: str, findings: Findings) -> str:
    """The exam in one line."""
    counts = [f"{findings.count(kind)} {kind}" for kind in ("kept", "broken", "not examined")]
    return f"{url}: {'failed' if findings.count('broken') else 'passed'} ({', '.join(counts)})"


def write(folder: Path, url: str, findings: Findings) -> None:
    """Write ``report.json`` and ``index.html``; raises `UserError` if the folder cannot be written."""
    rows = [{**asdict(finding), "sentence": finding.sentence} for finding in findings.rows.values()]
    content = {"mockcbs": __version__, "url": url, "verdict": verdict(url, findings), "requirements": rows}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (folder / "report.json").write_text(f"{text}\n", "utf-8")
        (folder / "index.html").write_text(_page(url, findings), "utf-8")
    except OSError as error:
        raise UserError(f"--report {str(folder)!r} cannot be written: {error.strerror}") from error


def _page(url: str, findings: Findings) -> str:
    from jinja2 import Environment  # noqa: PLC0415 - only a page needs it

    source = (resources.files(__package__) / "report.html").read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    order = ("broken", "not examined", "kept")
    rows: list[Finding] = sorted(findings.rows.values(), key=lambda finding: order.index(finding.verdict))
    return template.render(url=url, rows=rows, verdict=verdict(url, findings), version=__version__)
