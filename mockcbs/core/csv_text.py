"""CSV that every reader accepts: records end in a line feed, and texts with line breaks are quoted."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """*rows* as CSV (RFC 4180, but with line feeds)."""
    return "".join(map(_record, rows))


def _record(row: Sequence[Any]) -> str:
    """One record. Python 3.11 quotes a lone carriage return only if the line terminator contains one."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().removesuffix("\r\n") + "\n"
