"""State in an SQLite file, which the workers of one server share."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mockcbs.backend.documents import MOST_DOCUMENTS, Document, excess, warn_of_dropped
from mockcbs.core import platform
from mockcbs.core.changes import Versions

_MOST_CACHED = 4096
"""Documents a process remembers having read."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, scope, key)
);
CREATE INDEX IF NOT EXISTS documents_by_scope ON documents (scope);
CREATE TABLE IF NOT EXISTS kinds (kind TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS document_added AFTER INSERT ON documents BEGIN
    INSERT INTO kinds VALUES (new.kind, 1) ON CONFLICT DO UPDATE SET documents = documents + 1;
END;
CREATE TRIGGER IF NOT EXISTS document_gone AFTER DELETE ON documents BEGIN
    UPDATE kinds SET documents = documents - 1 WHERE kind = old.kind;
END;
"""


class Database:
    """An SQLite file, opened anew in every process that uses it.

    Writers queue at a lock of the operating system: SQLite's own makes them sleep and try again. The lock is
    gone with the process that held it, however that ends. Nothing waits for the disk: a server that is killed
    loses nothing, a machine that loses power may lose the file.
    """

    def __init__(self, path: Path, gate: Path, schema: str, versions: Versions) -> None:
        """*gate* is a file to lock; *versions*, which count what changes, are written in transactions."""
        self.versions = versions
        self._path, self._gate_path = path, gate
        self._schema = schema
        self._connection: sqlite3.Connection | None = None
        self.lock = threading.RLock()
        """Held by the thread of this process that uses the file."""
        self._depth = 0
        self._begun = False

    def __call__(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement; within a transaction, as part of it."""
        with self.lock:
            self.begin()
            return (self._connection or self._open()).execute(statement, values).fetchall()

    def begin(self) -> None:
        """Keep other processes out, if within a transaction."""
        with self.lock:
            if self._depth and not self._begun:
                self._begin(self._connection or self._open())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """No other process reads in a transaction, or writes, from the first statement on.

        What was written stays written when an exception passes: to answer an error is an answer too.
        """
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._begun and not self._depth:
                    self._end()

    def close(self) -> None:
        """Let go of the file; to be done before a process forks."""
        with self.lock:
            if self._connection:
                self._connection.close()
                os.close(self._gate)
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        self._gate = os.open(self._gate_path, os.O_RDWR | os.O_CREAT, 0o600)
        connection = sqlite3.connect(self._path, 60, isolation_level=None, check_same_thread=False)
        platform.lock(
            self._gate
        )  # a file of which another process makes WAL is locked, however long one would wait
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(self._schema)
        finally:
            platform.unlock(self._gate)
        self._connection = connection
        return connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        platform.lock(self._gate)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            platform.unlock(self._gate)
            raise
        self._begun = True

    def _end(self) -> None:
        self._begun = False
        connection = self._connection or self._open()
        try:
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            self.versions.bump_all()
            raise
        finally:
            platform.unlock(self._gate)


class SharedStore:
    """A `mockcbs.backend.documents.Store` in a database.

    A process remembers what it has read outside of transactions for as long as the version of its kind and
    scope stays the same, so that what nobody changes costs no query.
    """

    SCHEMA = _SCHEMA

    def __init__(self, database: Database, most: int = MOST_DOCUMENTS) -> None:
        """*most* documents are kept of a kind."""
        self._db, self._versions, self._most = database, database.versions, most
        self.transaction = database.transaction
        self._cache: dict[tuple[str, ...], tuple[int, int, Any]] = {}

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        found: Document | None = self._read(self._get, kind, scope, key)
        return found

    def documents(self, kind: str, scope: str) -> list[Document]:
        """All documents of a kind, oldest first."""
        return list(self._read(self._documents, kind, scope) or ())

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Keep *document* under *key*."""
        with self.transaction():
            self._db(
                "INSERT INTO documents (kind, scope, key, body) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET body = excluded.body",
                *(kind, scope, key, json.dumps(document)),
            )
            self._changed(kind, scope)
            if self._db("SELECT documents FROM kinds WHERE kind = ?", kind)[0][0] > self._most:
                self._drop_oldest(kind)

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Forget a document; whether there was one."""
        with self.transaction():
            where = "kind = ? AND scope = ? AND key = ?"
            gone = self._db(f"DELETE FROM documents WHERE {where} RETURNING 1", kind, scope, key)
            self._changed(kind, scope)
            return bool(gone)

    def clear(self, scope: str | None = None) -> None:
        """Forget everything, in one scope or in all."""
        with self.transaction():
            self._db("DELETE FROM documents WHERE ?1 IS NULL OR scope = ?1", scope)
            self._versions.bump_all()

    def drop(self, kind: str) -> None:
        """Forget everything of a kind."""
        with self.transaction():
            for (scope,) in self._db("SELECT DISTINCT scope FROM documents WHERE kind = ?", kind):
                self._changed(kind, scope)
            self._db("DELETE FROM documents WHERE kind = ?", kind)
            self._db("DELETE FROM kinds WHERE kind = ?", kind)

    def _read(self, read: Any, *wanted: str) -> Any:
        """What *read* finds, or found before; nothing if nothing of the kind was ever kept in the scope."""
        self._db.begin()
        cells = self._versions.cells
        if (held := self._cache.get(wanted)) and cells[held[0]] == held[1]:
            return held[2]
        cell = self._cell(*wanted[:2])
        if not cells[cell]:
            return None
        with self.transaction():
            found = read(*wanted)
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[wanted] = cell, cells[cell], found
            return found

    def _get(self, kind: str, scope: str, key: str) -> Document | None:
        rows = self._db(
            "SELECT body FROM documents WHERE kind = ? AND scope = ? AND key = ?", kind, scope, key
        )
        return json.loads(rows[0][0]) if rows else None

    def _documents(self, kind: str, scope: str) -> list[Document]:
        rows = self._db("SELECT body FROM documents WHERE kind = ? AND scope = ? ORDER BY id", kind, scope)
        return [json.loads(body) for (body,) in rows]

    def _drop_oldest(self, kind: str) -> None:
        oldest = "SELECT id FROM documents WHERE kind = ? ORDER BY id LIMIT ?"
        self._db(f"DELETE FROM documents WHERE id IN ({oldest})", kind, excess(self._most))
        self._versions.bump_all()
        warn_of_dropped(kind, self._most)

    def _changed(self, kind: str, scope: str) -> None:
        self._versions.cells[self._cell(kind, scope)] += 1

    def _cell(self, kind: str, scope: str) -> int:
        return self._versions.cell("store", kind, scope)
