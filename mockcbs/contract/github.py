"""Output for GitHub Actions: annotations, and a summary of the job."""

import os
import re
from pathlib import Path

from mockcbs.contract.drift import Drift

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable that holds the path of the summary file."""
_MAX_SUMMARY = 100
"""How many drifts to show with details; GitHub limits a summary to 1 MiB."""


def annotations(drifts: list[Drift]) -> list[str]:
    """One workflow command for each drift: a warning if the clause is assumed, else an error."""
    return [_annotation(drift) for drift in drifts]


def _annotation(drift: Drift) -> str:
    level = "warning" if drift.standing.startswith("assumed") else "error"
    text = _message(f"{drift.detail}\n{drift.mend}")
    return f"::{level} title={_property(drift.title)}::{text}"


def summary(drifts: list[Drift], last_line: str) -> str:
    """The summary of the job in Markdown."""
    lines = ["## Contract", "", last_line, ""]
    for drift in drifts[:_MAX_SUMMARY]:
        lines += [
            f"### {drift.title}",
            "",
            f"Standing: {drift.standing}",
            "",
            *_fenced(drift.detail),
            "",
            *_fenced(drift.mend),
            "",
        ]
    if len(drifts) > _MAX_SUMMARY:
        lines.append(f"{len(drifts) - _MAX_SUMMARY} more are in the report.")
    return "\n".join(lines) + "\n"


def write_summary(text: str) -> None:
    """Append *text* to the summary of the job; do nothing outside GitHub Actions."""
    if path := os.environ.get(SUMMARY):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def _fenced(text: str) -> list[str]:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, text, fence]


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
