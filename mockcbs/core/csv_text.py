"""CSV that every reader accepts: records end in a line feed, and texts with line breaks are quoted."""

import csv
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """*rows* as CSV (RFC 4180, but with line feeds)."""
    records: list[str] = []
    # Python 3.11 quotes a lone carriage return only if the line terminator contains one
    csv.writer(SimpleNamespace(write=records.append), lineterminator="\r\n").writerows(rows)
    return "".join(f"{record[:-2]}\n" for record in records)
