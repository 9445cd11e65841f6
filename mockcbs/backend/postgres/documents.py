"""Documents in PostgreSQL."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from mockcbs.backend.documents import Condition, Document, check_names, encoded
from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.texts import digest, members, original, plain
from mockcbs.backend.results import Results
from mockcbs.core import waiting
from mockcbs.core.errors import BackendError

SERVER = "server."
"""The prefix of kinds that belong to the running server, such as clocks and scenarios. `clear` does not
delete them.
"""
_LIVE = (SERVER, "live.")
"""The kinds whose last known state is used while the database is unavailable."""

_ALL = "all documents"


class PostgresDocuments:
    """A `mockcbs.backend.documents.Documents` in a database.

    A process remembers results until something of that kind changes in that scope, so that unchanged data
    need no query. A transaction reads nothing from memory. From its first read of a scope on, it locks that
    scope; in the common scope (``""``) it locks single documents.
    """

    in_memory = False

    def __init__(self, database: Database, prefix: str = "") -> None:
        """*prefix* is added to every kind."""
        self._db, self._changes, self._prefix = database, database.changes, prefix
        self.transaction = database.transaction
        self._results = Results(database.changes)

    @property
    def is_busy(self) -> bool:
        """Always false: a transaction may wait only for others that lock the same scope."""
        return False

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        kind = self._prefix + kind
        self._lock(kind, scope, key)
        if not self._db.in_transaction and not self._read(kind, scope, self._any):
            return None
        found: Document | None = self._read(kind, scope, self._get, key)
        return found

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Keep *document* under *key*."""
        kind = self._prefix + kind
        with self.transaction():
            self._lock(kind, scope, key)
            self._db.later(
                "INSERT INTO {schema}.documents (owner, name, kind, scope, key, body, members)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE SET body = excluded.body, members = excluded.members",
                *(digest(kind, scope), digest(kind, scope, key), plain(kind), plain(scope), plain(key)),
                *(encoded(document), members(document)),
            )
            self._db.writes(_name(kind, scope))
            self._changed(kind, scope)

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Delete a document; whether there was one."""
        kind = self._prefix + kind
        with self.transaction():
            self._lock(kind, scope, key)
            gone = self._db(
                "DELETE FROM {schema}.documents WHERE name = %s RETURNING 1", digest(kind, scope, key)
            )
            if gone:
                self._db.writes(_name(kind, scope))
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
        kind = self._prefix + kind
        self._lock(kind, scope)
        window = after, offset, limit
        return list(self._read(kind, scope, self._select, tuple(where), tuple(sort), window))

    def count(self, kind: str, scope: str, where: Sequence[Condition] = ()) -> int:
        """How many documents meet all conditions."""
        check_names(where, ())
        kind = self._prefix + kind
        self._lock(kind, scope)
        found: int = self._read(kind, scope, self._count, tuple(where))
        return found

    def clear(self, scope: str | None = None) -> None:
        """Delete everything, in one scope or in all."""
        with self.transaction():
            if scope is None:
                self._db.lock_all()
                self._db("DELETE FROM {schema}.documents WHERE NOT starts_with(kind, %s)", SERVER)
            else:
                self._db.lock("scope", scope)
                self._db(
                    "DELETE FROM {schema}.documents WHERE hashtextextended(scope, 0) ="
                    " hashtextextended(%s, 0) AND scope = %s AND NOT starts_with(kind, %s)",
                    *(plain(scope), plain(scope), SERVER),
                )
            self._db.writes(_ALL)
            self._changes.bump_all()

    def drop(self, kind: str) -> None:
        """Delete everything of a kind."""
        kind = self._prefix + kind
        with self.transaction():
            gone = self._db(
                "DELETE FROM {schema}.documents WHERE hashtextextended(kind, 0) = hashtextextended(%s, 0)"
                " AND kind = %s RETURNING scope",
                *(plain(kind), plain(kind)),
            )
            for scope in {scope for (scope,) in gone}:
                self._db.writes(_name(kind, original(scope)))
                self._changed(kind, original(scope))

    def _lock(self, kind: str, scope: str, key: str | None = None) -> None:
        """In a transaction: lock the scope, or one document of the common scope."""
        if scope:
            self._db.lock("scope", scope)
        elif key is not None:
            self._db.lock("document", kind, key)

    def _read(self, kind: str, scope: str, read: Callable[..., Any], *wanted: Any) -> Any:
        """The result of *read*, or a remembered result if nothing of that kind has changed in that scope."""
        if self._db.in_transaction and (scope or read == self._get or self._has_written(kind)):
            return read(kind, scope, *wanted)
        known = read.__name__, kind, scope, *wanted
        if current := self._results.current(known):
            return current.value
        held = self._results.last(known)
        if self._db.connections.away and kind.startswith(_LIVE) and not waiting.must_not_wait():
            return held.value if held else _nothing(read.__name__)
        token = self._changes.watch(("documents", kind, scope))
        try:
            found = read(kind, scope, *wanted)
        except BackendError:
            if kind.startswith(_LIVE):
                return held.value if held else _nothing(read.__name__)
            raise
        self._results.remember(known, token, found)
        return found

    def _has_written(self, kind: str) -> bool:
        """Whether the current transaction has written common documents of that kind, or all documents."""
        return self._db.has_written(_name(kind, "")) or self._db.has_written(_ALL)

    def _any(self, kind: str, scope: str) -> bool:
        owner = digest(kind, scope)
        return bool(self._db("SELECT 1 FROM {schema}.documents WHERE owner = %s LIMIT 1", owner))

    def _get(self, kind: str, scope: str, key: str) -> Document | None:
        rows = self._db("SELECT body FROM {schema}.documents WHERE name = %s", digest(kind, scope, key))
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
        chosen = f"FROM {{schema}}.documents WHERE owner = %s{conditions}"
        order = _order(sort)
        if after is None:
            found = self._db(
                f"SELECT body {chosen} ORDER BY {order} LIMIT %s OFFSET %s",
                *(digest(kind, scope), *values, limit, offset),
            )
        else:
            ranked = f"SELECT name, body, row_number() OVER (ORDER BY {order}) AS place {chosen}"
            found = self._db(
                f"WITH ranked AS ({ranked}) SELECT body FROM ranked"
                " WHERE place > (SELECT place FROM ranked WHERE name = %s)"
                " ORDER BY place LIMIT %s OFFSET %s",
                *(digest(kind, scope), *values, digest(kind, scope, after), limit, offset),
            )
        return [json.loads(body) for (body,) in found]

    def _count(self, kind: str, scope: str, where: tuple[Condition, ...]) -> int:
        conditions, values = _conditions(where)
        query = f"SELECT count(*) FROM {{schema}}.documents WHERE owner = %s{conditions}"
        found: int = self._db(query, digest(kind, scope), *values)[0][0]
        return found

    def _changed(self, kind: str, scope: str) -> None:
        self._changes.bump("documents", kind, scope)


def _name(kind: str, scope: str) -> str:
    return f"documents of {kind} in {scope}"


def _nothing(reading: str) -> Any:
    """The value of a read that was never made."""
    return {"_any": False, "_get": None, "_select": [], "_count": 0}[reading]


def _conditions(where: Sequence[Condition]) -> tuple[str, list[Any]]:
    """The conditions in SQL, with the values of their parameters."""
    parts: list[str] = []
    values: list[Any] = []
    for member, operator, value in where:
        condition, used = _condition(_Member(member), operator, value)
        parts.append(f" AND {condition}")
        values += used
    return "".join(parts), values


def _condition(member: "_Member", operator: str, value: Any) -> tuple[str, list[Any]]:
    if operator in {"=", "!="}:
        condition, used = _equal(member, value)
        return (f"NOT ({condition})" if operator == "!=" else condition), used
    if value is None:
        return "false", []
    if isinstance(value, str):
        numbers = " OR member_rank = 1" if operator.startswith("<") else ""
        condition = f"(member_rank = 2 AND member_text {operator} %s{numbers})"
        return member.spell(condition), [plain(value)]
    texts = " OR member_rank = 2" if operator.startswith(">") else ""
    return member.spell(f"(member_rank = 1 AND member_number {operator} %s::numeric{texts})"), [
        _number(value)
    ]


def _equal(member: "_Member", value: Any) -> tuple[str, list[Any]]:
    if value is None:
        return member.spell("member_rank = 0"), []
    if isinstance(value, str):
        return member.spell("(member_rank = 2 AND member_text = %s)"), [plain(value)]
    return member.spell("(member_rank = 1 AND member_number = %s::numeric)"), [_number(value)]


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)


class _Member:
    """A member of documents in SQL: its rank (nothing, number, text) and its value."""

    def __init__(self, name: str) -> None:
        self._name = plain(name).replace("'", "''").replace("%", "%%")

    def spell(self, condition: str) -> str:
        """*condition* with the SQL of this member."""
        value = f"members->'{self._name}'"
        kind = f"jsonb_typeof({value})"
        text = f"members->>'{self._name}'"
        rank = f"CASE {kind} WHEN 'number' THEN 1 WHEN 'string' THEN 2 ELSE 0 END"
        spelt = condition.replace("member_rank", f"({rank})")
        spelt = spelt.replace("member_number", f"(CASE {kind} WHEN 'number' THEN ({text})::numeric END)")
        # a text is compared by code points, as everywhere
        return spelt.replace(
            "member_text", f"(CASE {kind} WHEN 'string' THEN {text} ELSE '' END) COLLATE \"C\""
        )


def _order(sort: Sequence[str]) -> str:
    parts = []
    for name in sort:
        way = " DESC" if name.startswith("-") else ""
        if member := name.removeprefix("-"):
            spelt = _Member(member).spell
            number = spelt("coalesce(member_number, 0)")
            parts += [f"{spelt('member_rank')}{way}", f"{number}{way}", f"{spelt('member_text')}{way}"]
        else:
            parts.append(f"id{way}")
    return ", ".join([*parts, "id"])
