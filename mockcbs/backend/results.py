"""The results of queries that a process remembers until the data change."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from mockcbs.core.changes import Changes, Token

_MAX_RESULTS = 4096
"""The maximum number of results that a process remembers."""
_MAX_DOCUMENTS = 100
"""The maximum number of documents in a remembered result; a longer one is read again."""


@dataclass(frozen=True)
class Result:
    """The result of a query."""

    token: Token
    """Notes what the query has read; taken before it was read."""
    value: Any


class Results:
    """The remembered results of one store of documents, by query."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._held: dict[Hashable, Result] = {}

    def last(self, query: Hashable) -> Result | None:
        """The result that was remembered last, even if the data have changed since."""
        return self._held.get(query)

    def current(self, query: Hashable) -> Result | None:
        """The remembered result, if the data have not changed."""
        held = self._held.get(query)
        return held if held and not self._changes.changed(held.token) else None

    def remember(self, query: Hashable, token: Token, value: Any) -> None:
        """Remember a result, unless it is a long list."""
        if isinstance(value, list) and len(value) > _MAX_DOCUMENTS:
            return
        if len(self._held) >= _MAX_RESULTS:
            self._held.clear()
        self._held[query] = Result(token, value)
