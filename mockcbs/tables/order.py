"""Sorted rows, and pages of them."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mockcbs.tables.model import Row

SortKey = tuple[Callable[[Row], Any], bool]
"""The value that rows are sorted by (`None`, a number, a truth or a text), and whether they descend."""


def ordered(rows: Iterable[Row], keys: Sequence[SortKey]) -> list[Row]:
    """*rows* by the first key, equal ones by the next; empty values come before all others.

    Descending, they come last. Numbers come before texts; equal rows keep their order.
    """
    found = list(rows)
    for value, descending in reversed(keys):
        found.sort(key=lambda row, value=value: _rank(value(row)), reverse=descending)  # type: ignore[misc]
    return found


def _rank(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    return (1, value) if isinstance(value, int | float) else (2, str(value))


def page(rows: Sequence[Row], token: str | None, size: int) -> tuple[Sequence[Row], str | None]:
    """The *size* rows that *token* stands for, and the token of the next page, if there is one.

    Raises `ValueError` for a token that no page was given.
    """
    start = _start(rows, *read_token(token)) if token else 0
    shown = rows[start : start + size]
    if start + size >= len(rows):
        return shown, None
    return shown, token_of(start + size, shown[-1])


def token_of(offset: int, last: Row) -> str:
    """The token of a page that begins after the row *last*, or at *offset* if that is gone by then."""
    return base64.urlsafe_b64encode(f"{offset}:{last.id}".encode()).decode().rstrip("=")


def read_token(token: str) -> tuple[int, str]:
    """The offset in a token, and the id of the last row before it; raises `ValueError`."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
        offset, _, last = text.partition(":")
        return max(int(offset), 0), last
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{token!r} is no token of a page") from error


def _start(rows: Sequence[Row], offset: int, last: str) -> int:
    return next((number for number, row in enumerate(rows, 1) if row.id == last), offset)
