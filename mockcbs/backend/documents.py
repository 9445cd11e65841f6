"""JSON documents by kind, scope and key, for all that clients create; they are selected, sorted and paged."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

Document = dict[str, Any]
"""Plain JSON."""

Scalar = str | int | float | bool | None
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Condition = tuple[str, Operator, Scalar]
"""A top-level member of the document, an operator, and a value.

A missing member counts as null, and so does a list or an object. Comparing with null by less or greater is
never true. Numbers are less than texts.
"""

NEWEST_FIRST = ("-",)
"""Sorts documents by the time at which they were first put, the newest first."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MEMBER = re.compile(r'-?[^"\\-][^"\\]*|-?')


class Documents(Protocol):
    """A store of documents. A scope (a project, an account) never sees the documents of another."""

    in_memory: bool
    """Whether all documents are in the memory of this process, so that reading thousands takes 1 ms."""

    def transaction(self) -> AbstractContextManager[object]:
        """A context during which no other thread or process reads or writes."""

    @property
    def is_busy(self) -> bool:
        """Whether a transaction would have to wait for another one, as far as this process knows."""

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`. The caller must not change it."""

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Store *document* under *key*. It replaces an older document and keeps its place in the order.

        Raises `mockcbs.core.errors.FullError` if there is no space; then nothing has changed.
        """

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Delete a document. Return whether it existed."""

    def select(
        self,
        kind: str,
        scope: str,
        *,
        where: Sequence[Condition] = (),
        sort: Sequence[str] = (),
        after: str | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Document]:
        """The documents that meet all conditions, oldest first if there is no *sort*.

        *sort* names members, with ``-`` before those that descend; equal ones stay in the order in which they
        were first put. *after* is the key of the last document of the page before (if no such document meets
        the conditions any more, nothing follows it); *offset* skips so many.
        """

    def count(self, kind: str, scope: str, where: Sequence[Condition] = ()) -> int:
        """How many documents meet all conditions."""

    def clear(self, scope: str | None = None) -> None:
        """Delete everything, in one scope or in all."""

    def drop(self, kind: str) -> None:
        """Delete everything of a kind."""


def check_names(where: Iterable[Condition], sort: Iterable[str]) -> None:
    """Raise `ValueError` for a name of a member that databases cannot select or sort by."""
    for name in (*(member for member, _, _ in where), *sort):
        if not _MEMBER.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a member for selecting or sorting documents")


def page(
    rows: Iterable[tuple[str, Document]],
    where: Sequence[Condition],
    sort: Sequence[str],
    after: str | None,
    window: tuple[int, int | None],
) -> Iterator[Document]:
    """The documents that `Documents.select` returns from *rows* (keys and documents, oldest first)."""
    found = [(place, *row) for place, row in enumerate(rows) if matches(row[1], where)]
    for name in reversed(sort):
        member = name.removeprefix("-")
        found.sort(
            key=lambda row: _rank(row[2].get(member)) if member else row[0], reverse=name.startswith("-")
        )
    if after is not None:
        keys = [key for _, key, _ in found]
        found = found[keys.index(after) + 1 :] if after in keys else []
    offset, limit = window
    for _, _, document in found[offset : None if limit is None else offset + limit]:
        yield document


def matches(document: Document, where: Iterable[Condition]) -> bool:
    """Whether *document* meets all conditions."""
    return all(_meets(document.get(member), operator, value) for member, operator, value in where)


def _meets(held: Any, operator: Operator, value: Scalar) -> bool:
    mine, theirs = _rank(held), _rank(value)
    if operator in {"=", "!="}:
        return (mine == theirs) is (operator == "=")
    if not mine[0] or not theirs[0]:
        return False
    return {"<": mine < theirs, "<=": mine <= theirs, ">": mine > theirs, ">=": mine >= theirs}[operator]


def _rank(value: Any) -> tuple[int, Any]:
    """A key for sorting: null comes before numbers, and numbers before texts."""
    if isinstance(value, str):
        return 2, value
    return (1, value) if isinstance(value, int | float) else (0, 0)


def encoded(document: Document) -> str:
    """*document* as JSON: databases store it in this form, and its size is the length of this form."""
    text = _encode(document)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only ASCII can express
        return json.dumps(document)
    return text
