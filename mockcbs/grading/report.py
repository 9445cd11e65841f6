"""The report of an exam: as text, as JSON, and as an HTML page without external resources."""

import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path

from mockcbs.core.errors import UserError
from mockcbs.core.files import write_whole
from mockcbs.core.version import VERSION
from mockcbs.grading.findings import Finding, Findings


def lines(subject: str, findings: Findings) -> list[str]:
    """One line for each requirement, the evidence for each broken one, and the verdict on *subject*."""
    printed = []
    for finding in findings.rows.values():
        printed.append(f"{finding.verdict.upper():13} {finding.name}: {finding.sentence}")
        if finding.verdict != "kept" and finding.reason:
            printed.append(f"{'':13} {finding.reason}")
        printed += [f"{'':17}{line}".rstrip() for line in finding.evidence.splitlines()]
    return [*printed, verdict(subject, findings)]


def verdict(subject: str, findings: Findings) -> str:
    """The result of the exam in one line."""
    counts = [f"{findings.count(kind)} {kind}" for kind in ("kept", "broken", "not examined")]
    word = "failed" if findings.count("broken") else "passed"
    return f"{findings.shown(subject)}: {word} ({', '.join(counts)})"


def write(folder: Path, subject: str, findings: Findings, files: dict[str, str] | None = None) -> None:
    """Write ``report.json``, ``index.html`` and additional *files*. Raises `UserError` if that fails."""
    content = {
        "mockcbs": VERSION,
        "subject": findings.shown(subject),
        "verdict": verdict(subject, findings),
        "requirements": [asdict(finding) for finding in findings.rows.values()],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=2)
        write_whole(folder / "report.json", f"{text}\n")
        write_whole(folder / "index.html", _page(subject, findings))
        for name, written in (files or {}).items():
            write_whole(folder / name, written)
    except OSError as error:
        raise UserError(f"--report {str(folder)!r} cannot be written: {error.strerror}") from error


def _page(subject: str, findings: Findings) -> str:
    from jinja2 import Environment  # noqa: PLC0415 - only a page needs it

    source = (resources.files(__package__) / "report.html").read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    order = ("broken", "not examined", "kept")
    rows: list[Finding] = sorted(findings.rows.values(), key=lambda finding: order.index(finding.verdict))
    return template.render(
        subject=findings.shown(subject), rows=rows, verdict=verdict(subject, findings), version=VERSION
    )
