"""The reporting node (统计上报节点) of a workflow: each run becomes a row of a table (contract coze 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mockcbs.core.clock import iso
from mockcbs.services.reporting import ReportError, Row, RowWriter, Session, TimeFormat

COLUMNS = ("workflow_id", "exec_time", "input_len", "duration_ms")
"""The columns of a row."""


@dataclass(frozen=True)
class Node:
    """The table to which the runs of a workflow are written."""

    kind: str
    """The name of the service with the table."""
    base: str
    """The id of the container of tables, such as a Base or a file."""
    table: str
    url: str = ""
    """The base URL; an empty text means this mock."""
    credentials: Mapping[str, str] = field(default_factory=dict)
    """The credentials of the service; those of the mock where they are missing."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Names of columns that differ from those in `COLUMNS`."""
    exec_time: TimeFormat = "ms"
    """The format of the time: ms UTC, or ISO 8601 text."""

    def fields(self, run: "ReportedRun") -> dict[str, Any]:
        """The row of *run*."""
        values = {
            "workflow_id": run.workflow_id,
            "exec_time": run.at if self.exec_time == "ms" else iso(run.at),
            "input_len": run.input_len,
            "duration_ms": run.duration_ms,
        }
        return {self.columns.get(name, name): value for name, value in values.items()}


class ReportedRun(NamedTuple):
    """The data of a run for its row."""

    execution: str
    """The id of the run. Its row is written once, if the table service supports that."""
    workflow_id: str
    at: int
    """The start of the run, ms UTC."""
    input_len: int
    """The length of the input, in characters."""
    duration_ms: int


def write(session: Session, writer: RowWriter, node: Node, run: ReportedRun) -> str:
    """Write the row of *run*; the id of its record.

    Raises `ReportError` if the service refuses the row or does not answer.
    """
    import httpx  # noqa: PLC0415 - 50 ms at start that only reports need

    row = Row(node.base, node.table, node.fields(run), run.execution, node.credentials)
    try:
        return writer.write(session, row)
    except httpx.HTTPError as error:
        raise ReportError(f"{type(error).__name__}: {error}") from error
