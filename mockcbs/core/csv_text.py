"""CSV that every reader takes: records end in a line feed, and texts that look like an end are quoted."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """*rows* as CSV (RFC 4180, but for the line feeds)."""
    return "".join(map(_record, rows))


def _record(row: Sequence[Any]) -> str:
    """One record. Python 3.11 quotes a lone carriage return only where records end in one."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().removesuffix("\r\n") + "\n"
