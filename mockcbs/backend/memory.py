"""Documents in the memory of one process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from mockcbs.backend.documents import MOST_DOCUMENTS, Document, excess, warn_of_dropped


class MemoryStore:
    """A `mockcbs.backend.documents.Store` of one process."""

    def __init__(self, most: int = MOST_DOCUMENTS) -> None:
        """*most* documents are kept of a kind."""
        self._most = most
        self._tables: dict[str, dict[tuple[str, str], Document]] = {}
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let nobody else in."""
        with self._lock:
            yield

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        with self._lock:
            return self._tables.get(kind, {}).get((scope, key))

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Keep *document* under *key*."""
        with self._lock:
            table = self._tables.setdefault(kind, {})
            table[scope, key] = document
            if len(table) > self._most:
                self._drop_oldest(kind)

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

    def drop(self, kind: str) -> None:
        """Forget everything of a kind."""
        with self._lock:
            self._tables.pop(kind, None)

    def _drop_oldest(self, kind: str) -> None:
        table = self._tables[kind]
        for key in list(islice(table, excess(self._most))):
            del table[key]
        warn_of_dropped(kind, self._most)
