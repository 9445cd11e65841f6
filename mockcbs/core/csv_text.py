"""CSV that every reader accepts: records end in a line feed, and texts with line breaks are quoted."""

import csv
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """*rows* as CSV (RFC 4180, but with line feeds)."""
    records: list[str] = []
    # Python 3.11 quotes a lone carriage return only if the line terminator contains one
    writer = csv.writer(
        SimpleNamespace(write=lambda record: records.append(record[:-2])), lineterminator="\r\n"
    )
    for row in rows:
        if (joined := _joined(row)) is None:
            writer.writerow(row)
        else:
            records.append(joined)
    return "\n".join([*records, ""])


def _joined(row: Sequence[Any]) -> str | None:
    """The record of a *row* of texts that need no quotes, in a third of the time of `csv.writer`."""
    try:
        joined = ",".join(row)
    except TypeError:
        return None
    commas = len(row) - 1
    if commas and joined.count(",") == commas and not ('"' in joined or "\n" in joined or "\r" in joined):
        return joined
    return None
