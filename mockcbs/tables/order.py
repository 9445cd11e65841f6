"""Sort rows and divide them into pages."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from mockcbs.tables.model import Row

SortKey = tuple[Callable[[Row], Any], bool]
"""A sort value for each row (`None`, a number, a boolean or a text), and whether the order is descending."""

_R = TypeVar("_R")


def ordered(rows: Iterable[Row], keys: Sequence[SortKey]) -> list[Row]:
    """Sort *rows* by the first key, then by the next; empty values come first.

    In descending order empty values come last. Numbers come before texts. Equal rows keep their order.
    """
    found = list(rows)
    for value, descending in reversed(keys):
        found.sort(key=lambda row, value=value: _rank(value(row)), reverse=descending)  # type: ignore[misc]
    return found


def _rank(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    return (1, value) if isinstance(value, int | float) else (2, str(value))


def page(
    rows: Sequence[_R], token: str | None, size: int, id_of: Callable[[_R], str] = attrgetter("id")
) -> tuple[Sequence[_R], str | None]:
    """The *size* rows of the page *token*, and the token of the next page, if any.

    Raises `ValueError` for an unknown token.
    """
    start = _start(map(id_of, rows), *read_token(token)) if token else 0
    shown = rows[start : start + size]
    if start + size >= len(rows):
        return shown, None
    return shown, token_of(start + size, id_of(shown[-1]))


def token_of(offset: int, last: str) -> str:
    """The token of the page after the row with the id *last*, or from *offset* on if that row is deleted."""
    return base64.urlsafe_b64encode(f"{offset}:{last}".encode()).decode().rstrip("=")


def read_token(token: str) -> tuple[int, str]:
    """The offset in a token, and the id of the last row before it; raises `ValueError`."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
        offset, _, last = text.partition(":")
        return max(int(offset), 0), last
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{token!r} is not a page token") from error


def _start(ids: Iterable[str], offset: int, last: str) -> int:
    return next((number for number, row_id in enumerate(ids, 1) if row_id == last), offset)
