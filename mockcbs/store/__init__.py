"""What changes while a mock runs, other than recorded turns: documents by kind, scope and key."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

log = logging.getLogger("mockcbs")

Document = dict[str, Any]
"""Plain JSON: it may be kept in memory or in a database."""

MOST_DOCUMENTS = 50_000
"""Documents kept of one kind in one scope; beyond that the oldest is dropped, with a warning."""


class MemoryStore:
    """Documents in memory. A scope (a project, an account) never sees another's."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], dict[str, Document]] = {}
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile, so that what was read still holds when it is written."""
        with self._lock:
            yield

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        with self._lock:
            return self._tables.get((scope, kind), {}).get(key)

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Keep *document* under *key*, in place of what was there."""
        with self._lock:
            table = self._tables.setdefault((scope, kind), {})
            table[key] = document
            if len(table) > MOST_DOCUMENTS:
                oldest = next(iter(table))
                del table[oldest]
                log.warning("more than %d %s kept, %s is dropped", MOST_DOCUMENTS, kind, oldest)

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Forget a document; whether there was one."""
        with self._lock:
            return self._tables.get((scope, kind), {}).pop(key, None) is not None

    def documents(self, kind: str, scope: str) -> list[Document]:
        """All documents of a kind, oldest first."""
        with self._lock:
            return list(self._tables.get((scope, kind), {}).values())

    def clear(self, scope: str | None = None) -> None:
        """Forget everything, in one scope or in all."""
        with self._lock:
            for table in [table for table in self._tables if scope in {None, table[0]}]:
                del self._tables[table]
