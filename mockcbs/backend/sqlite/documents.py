"""Documents in an SQLite file."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from mockcbs.backend.documents import Condition, Document, check_names, encoded
from mockcbs.backend.results import Results
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.seals import seal

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (kind, scope, key)
);
CREATE INDEX IF NOT EXISTS documents_by_scope ON documents (scope);
"""


class SqliteDocuments:
    """A `mockcbs.backend.documents.Documents` in a database.

    A process caches what it has read until something of that kind and scope changes, so unchanged data cost
    no query.
    """

    in_memory = False

    def __init__(self, database: Database) -> None:
        self._db, self._changes = database, database.changes
        self.transaction = database.transaction
        self._results = Results(database.changes)

    @property
    def is_busy(self) -> bool:
        """Whether a transaction would wait for another thread or process."""
        return self._db.is_busy

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        owner = kind, scope
        empty = self._results.current((self._is_empty.__name__, *owner))
        if empty and empty.value:
            return None
        found: Document | None = self._read(owner, self._get, *owner, key)
        if found is None:
            self._read(owner, self._is_empty, *owner)  # then other keys need no query
        return found

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Store *document* under *key*."""
        body = encoded(document)
        with self.transaction():
            self._db(
                "INSERT INTO documents (kind, scope, key, body, seal) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET body = excluded.body, seal = excluded.seal",
                *(kind, scope, key, body, seal(kind, scope, key, body)),
            )
            self._changed(kind, scope)

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Delete a document. Return whether it existed."""
        with self.transaction():
            where = "kind = ? AND scope = ? AND key = ?"
            gone = self._db(f"DELETE FROM documents WHERE {where} RETURNING 1", kind, scope, key)
            self._changed(kind, scope)
            return bool(gone)

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
        """The documents that meet all conditions."""
        check_names(where, sort)
        window = after, offset, limit
        wanted = kind, scope, tuple(where), tuple(sort), window
        return list(self._read((kind, scope), self._select, *wanted))

    def count(self, kind: str, scope: str, where: Sequence[Condition] = ()) -> int:
        """The number of documents that meet all conditions."""
        check_names(where, ())
        found: int = self._read((kind, scope), self._count, kind, scope, tuple(where))
        return found

    def clear(self, scope: str | None = None) -> None:
        """Delete everything, in one scope or in all."""
        with self.transaction():
            self._db("DELETE FROM documents WHERE ?1 IS NULL OR scope = ?1", scope)
            self._changes.bump_all()

    def drop(self, kind: str) -> None:
        """Delete everything of a kind."""
        with self.transaction():
            for (scope,) in self._db("SELECT DISTINCT scope FROM documents WHERE kind = ?", kind):
                self._changed(kind, scope)
            self._db("DELETE FROM documents WHERE kind = ?", kind)

    def _read(self, owner: tuple[str, str], read: Callable[..., Any], *wanted: Any) -> Any:
        """The result of *read*, from the cache if nothing of the owner (kind and scope) has changed."""
        self._db.begin()
        known = read.__name__, *wanted
        if current := self._results.current(known):
            return current.value
        with self.transaction():
            self._db.begin()
            token = self._changes.watch(("documents", *owner))
            found = read(*wanted)
            self._results.remember(known, token, found)
            return found

    def _is_empty(self, kind: str, scope: str) -> bool:
        return not self._db("SELECT 1 FROM documents WHERE kind = ? AND scope = ? LIMIT 1", kind, scope)

    def _get(self, kind: str, scope: str, key: str) -> Document | None:
        rows = self._db(
            "SELECT body FROM documents WHERE kind = ? AND scope = ? AND key = ?", kind, scope, key
        )
        return json.loads(rows[0][0]) if rows else None

    def _select(
        self,
        kind: str,
        scope: str,
        where: tuple[Condition, ...],
        sort: tuple[str, ...],
        window: tuple[str | None, int, int | None],
    ) -> list[Document]:
        after, offset, limit = window
        conditions, values = _conditions(where)
        chosen = f"FROM documents WHERE kind = ? AND scope = ?{conditions}"
        rows = -1 if limit is None else limit
        if after is None:
            found = self._db(
                f"SELECT body {chosen} ORDER BY {_order(sort)} LIMIT ? OFFSET ?",
                *(kind, scope, *values, rows, offset),
            )
        else:
            ranked = f"SELECT key, body, row_number() OVER (ORDER BY {_order(sort)}) AS place {chosen}"
            found = self._db(
                f"WITH ranked AS ({ranked}) SELECT body FROM ranked"
                " WHERE place > (SELECT place FROM ranked WHERE key = ?) ORDER BY place LIMIT ? OFFSET ?",
                *(kind, scope, *values, after, rows, offset),
            )
        return [json.loads(body) for (body,) in found]

    def _count(self, kind: str, scope: str, where: tuple[Condition, ...]) -> int:
        conditions, values = _conditions(where)
        query = f"SELECT count(*) FROM documents WHERE kind = ? AND scope = ?{conditions}"
        found: int = self._db(query, kind, scope, *values)[0][0]
        return found

    def _changed(self, kind: str, scope: str) -> None:
        self._changes.bump("documents", kind, scope)


def _conditions(where: Sequence[Condition]) -> tuple[str, list[Any]]:
    """The conditions in SQL, and the values of its parameters; SQLite sorts numbers before texts, too."""
    parts, values = [], []
    for member, operator, value in where:
        comparison = {"=": "IS", "!=": "IS NOT"}.get(operator, operator)
        parts.append(f" AND {_member(member)} {comparison} ?")
        values.append(value)
    return "".join(parts), values


def _order(sort: Sequence[str]) -> str:
    names = [(name.removeprefix("-"), " DESC" if name.startswith("-") else "") for name in sort]
    return ", ".join([*(f"{_member(name) if name else 'id'}{way}" for name, way in names), "id"])


def _member(name: str) -> str:
    """A member in SQL. Its name was checked, so it cannot close its quotes."""
    quoted = name.replace("'", "''")
    path = f"'$.\"{quoted}\"'"
    return (
        f"CASE WHEN json_type(body, {path}) IN ('array', 'object') THEN NULL"
        f" ELSE json_extract(body, {path}) END"
    )
