"""What changes while a mock runs, other than recorded turns: documents by kind, scope and key."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

log = logging.getLogger("mockcbs")

Document = dict[str, Any]
"""Plain JSON: it may be kept in memory or in a database."""

MOST_DOCUMENTS = 50_000
"""Documents kept of one kind; beyond that the oldest tenth is dropped, with a warning."""


class MemoryStore:
    """Documents in memory. A scope (a project, an account) never sees another's."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[tuple[str, str], Document]] = {}
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile, so that what was read still holds when it is written."""
        with self._lock:
            yield

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        with self._lock:
            return self._tables.get(kind, {}).get((scope, key))

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Keep *document* under *key*, in place of what was there."""
        with self._lock:
            table = self._tables.setdefault(kind, {})
            table[scope, key] = document
            if len(table) > MOST_DOCUMENTS:
                self._drop_oldest(kind, -(-MOST_DOCUMENTS // 10))

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Forget a document; whether there was one."""
        with self._lock:
            return self._tables.get(kind, {}).pop((scope, key), None) is not None

    def documents(self, kind: str, scope: str) -> list[Document]:
        """All documents of a kind, oldest first."""
        with self._lock:
            table = self._tables.get(kind, {})
            return [document for (owner, _), document in table.items() if owner == scope]

    def clear(self, scope: str | None = None) -> None:
        """Forget everything, in one scope or in all."""
        with self._lock:
            for table in self._tables.values():
                for key in [key for key in table if scope in {None, key[0]}]:
                    del table[key]

    def _drop_oldest(self, kind: str, count: int) -> None:
        table = self._tables[kind]
        for key in list(islice(table, count)):
            del table[key]
        log.warning("more than %d documents of kind %s, oldest %d dropped", MOST_DOCUMENTS, kind, count)
