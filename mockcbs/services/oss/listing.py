"""Paged lists of names: objects or uploads by key; keys with a common prefix become one entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mockcbs.backend.documents import Condition
from mockcbs.services.oss import account
from mockcbs.web import context

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """The selection of keys."""

    prefix: str = ""
    delimiter: str = ""
    marker: str = ""
    """The entry before the first one of the page."""
    limit: int = 100


@dataclass(slots=True)
class Page:
    """A page of a list."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    next_marker: str | None = None
    """The last entry, if another page follows; otherwise `None`."""


def page(kind: str, query: Query) -> Page:
    """The entries of *kind* after the marker, in the order of their bytes."""
    made, last = Page(), query.marker
    if not query.limit:
        return made
    for entry, document in _entries(kind, query):
        if len(made.documents) + len(made.prefixes) == query.limit:
            made.next_marker = last
            break
        if document is None:
            made.prefixes.append(entry)
        else:
            made.documents.append(document)
        last = entry
    return made


def _entries(kind: str, query: Query) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Keys with their documents, and common prefixes without a document."""
    fold = _folder(query)
    low: str | None
    low, inclusive = max(query.marker, query.prefix), query.prefix > query.marker
    if (common := fold(query.marker)) and common == query.marker:
        low, inclusive = _end_of(common), True
    while low is not None:
        batch = _batch(kind, low, inclusive=inclusive)
        for document in batch:
            key: str = document["key"]
            if not key.startswith(query.prefix):
                return
            if common := fold(key):
                yield common, None
                low, inclusive = _end_of(common), True
                break
            yield key, document
            low, inclusive = key, False
        else:
            if len(batch) < _BATCH:
                return


def _folder(query: Query) -> Callable[[str], str | None]:
    """Make the function that returns the common prefix of a key."""

    def fold(key: str) -> str | None:
        if not query.delimiter or not key.startswith(query.prefix):
            return None
        end = key.find(query.delimiter, len(query.prefix))
        return None if end < 0 else key[: end + len(query.delimiter)]

    return fold


def _batch(kind: str, low: str, *, inclusive: bool) -> list[dict[str, Any]]:
    where: list[Condition] = [("key", ">=" if inclusive else ">", low)]
    return context.mock().documents.select(kind, account.scope(), where=where, sort=("key",), limit=_BATCH)


def _end_of(prefix: str) -> str | None:
    """The first text after all texts with *prefix*; `None` if there is none."""
    stem = prefix.rstrip("\U0010ffff")
    if not stem:
        return None
    following = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if following == 0xD800 else following)
