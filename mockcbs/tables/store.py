"""The tables of one service, stored as documents of the caller's scope."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from operator import itemgetter
from typing import Any

from mockcbs.backend.documents import Condition, Document, Documents
from mockcbs.core.waiting import leave_loop_for
from mockcbs.tables.model import Row, StatedTable, Table, table_document, table_from
from mockcbs.tables.order import page, read_token, token_of

EVERYBODY = ""
"""The pseudo-scope of tables that every scope starts with."""

_TABLE, _ISSUED, _INDEX = "tables.table", "tables.issued", "tables.index"

_TOGETHER = 1_000
"""The number of rows that are tested before the first of them is made."""

CellTest = tuple[str, Callable[[Any], bool]]
"""The id of a column, and a test of its cells; an empty cell is `None`."""

Absent = Callable[[str, str], Table | None]
"""Makes the table for an unused id in a base; returns `None` if it must not exist (``--strict``)."""


def _no_table(base: str, table_id: str) -> None:
    del base, table_id


class Tables:
    """The tables of one service in one scope.

    A scope copies a table of the dataset, or one that was set for all scopes, on first use. *absent* makes a
    table without a description, which is stored on its first change.
    """

    def __init__(
        self,
        documents: Documents,
        service: str,
        scope: str,
        *,
        stated: Iterable[StatedTable] = (),
        absent: Absent = _no_table,
        new_row_id: Callable[[Table, int], str],
    ) -> None:
        """*stated* are the dataset's tables; *new_row_id* makes the id of a row from its number."""
        self._documents, self._service, self._scope = documents, service, scope
        self._stated = {(one.table.base, one.table.id): one for one in stated}
        self._absent, self._new_row_id = absent, new_row_id

    @property
    def in_memory(self) -> bool:
        """Whether all rows are in the memory of this process."""
        return self._documents.in_memory

    def transaction(self) -> AbstractContextManager[object]:
        """A context in which only the caller reads and writes the tables."""
        return self._documents.transaction()

    # Tables

    def table(self, base: str, table_id: str) -> Table | None:
        """The table with that id in a base."""
        key = self._key(base, table_id)
        found = self._documents.get(_TABLE, self._scope, key)
        if found is None and self._copy(base, table_id):
            found = self._documents.get(_TABLE, self._scope, key)
        if found is None:
            return self._absent(base, table_id)
        return None if found["deleted"] else table_from(found)

    def tables(self, base: str) -> list[Table]:
        """The described or changed tables of a base, oldest first."""
        for table_id in self._described(base):
            if self._documents.get(_TABLE, self._scope, self._key(base, table_id)) is None:
                self._copy(base, table_id)
        found = self._documents.select(_TABLE, self._scope, where=self._in(base))
        return [table_from(document) for document in found if not document["deleted"]]

    def adopt_all(self) -> None:
        """Copy all tables that the scope starts with."""
        for base in {base for base, _ in self._stated} | {
            document["base"]
            for document in self._documents.select(_TABLE, EVERYBODY, where=[("service", "=", self._service)])
        }:
            self.tables(base)

    def describes(self, base: str) -> bool:
        """Whether the dataset or the control API describes a table of that base."""
        return bool(self._described(base))

    def put(self, table: Table) -> Table:
        """Store a new or changed table; returns it with its next revision."""
        with self.transaction():
            known = self._documents.get(_TABLE, self._scope, self._key(table.base, table.id))
            revision = known["revision"] + 1 if known else table.revision
            return self._keep(replace(table, revision=revision))

    def delete(self, table: Table) -> None:
        """Delete a table and its rows; it stays deleted until a reset."""
        with self.transaction():
            for row in self.rows(table):
                self._documents.delete(self._rows(table), self._scope, row.id)
            self._keep(table, deleted=True)

    def set(self, stated: StatedTable) -> None:
        """Replace a table and its rows; without a scope, in every scope."""
        table = stated.table
        with self.transaction():
            if self._scope == EVERYBODY:
                self.forget(table.base, table.id)
            else:
                self._forget(self._scope, table.base, table.id)
            self._keep(table)
            for cells in stated.rows:
                self.add(table, cells, at=0)

    def forget(self, base: str, table_id: str) -> bool:
        """Forget a table, as if it had never been used; without a scope, in every scope.

        Returns whether the table was known.
        """
        with self.transaction():
            scopes = [self._scope]
            if self._scope == EVERYBODY:
                where: list[Condition] = [("key", "=", self._key(base, table_id))]
                found = self._documents.select(_INDEX, EVERYBODY, where=where)
                scopes = [entry["scope"] for entry in found]
            forgotten = [self._forget(scope, base, table_id) for scope in scopes]
            return any(forgotten)

    # Rows

    def rows(
        self,
        table: Table,
        *,
        offset: int = 0,
        limit: int | None = None,
        where: Sequence[CellTest] = (),
    ) -> Iterator[Row]:
        """The rows of a table that pass all tests *where*, oldest first. Each is made when it is read:
        garbage collection would look at thousands at once.
        """
        found = self._documents.select(self._rows(table), self._scope, offset=offset, limit=limit)
        return map(Row.of, _passing(found, where) if where else found)

    def page(self, table: Table, token: str | None, size: int) -> tuple[list[Row], str | None]:
        """One page of all rows, like `mockcbs.tables.order.page`, without reading the other rows."""
        offset, last = read_token(token) if token else (0, "")
        known = bool(last) and self.row(table, last) is not None
        window = {"after": last} if known else {"offset": offset}
        found = self._documents.select(self._rows(table), self._scope, limit=size + 1, **window)
        shown = [Row.of(document) for document in found[:size]]
        return shown, token_of(offset + size, shown[-1].id) if len(found) > size else None

    def search(
        self,
        table: Table,
        token: str | None,
        size: int,
        *,
        where: Sequence[CellTest],
        passes: Callable[[Row], bool] | None,
    ) -> tuple[list[Row], str | None, int]:
        """One page of the rows that pass all tests *where* and then *passes*, the token of the next page, and
        the number of these rows.
        """
        found = _passing(self._documents.select(self._rows(table), self._scope), where)
        chosen = [document for document in found if passes is None or passes(Row.of(document))]
        shown, following = page(chosen, token, size, itemgetter("id"))
        return [*map(Row.of, shown)], following, len(chosen)

    def row(self, table: Table, row_id: str) -> Row | None:
        """The row with that id."""
        found = self._documents.get(self._rows(table), self._scope, row_id)
        return None if found is None else Row.of(found)

    def count(self, table: Table) -> int:
        """The number of rows of a table."""
        return self._documents.count(self._rows(table), self._scope)

    def add(self, table: Table, cells: Mapping[str, Any], *, at: int, by: str = "") -> Row:
        """Add a row, created *at* that instant (ms UTC)."""
        with self.transaction():
            self._ensure(table)
            number = self._issue(table)
            made = Row(self._new_row_id(table, number), _filled(cells), number, at, at, by, by)
            self._documents.put(self._rows(table), self._scope, made.id, dict(vars(made)))
            return made

    def change(self, table: Table, row: Row, cells: Mapping[str, Any], *, at: int, by: str = "") -> Row:
        """The row with changed cells: only the named cells change, and `None` empties one."""
        changed = replace(row, cells=_filled({**row.cells, **cells}), modified_at=at, modified_by=by)
        self._documents.put(self._rows(table), self._scope, row.id, dict(vars(changed)))
        return changed

    def remove(self, table: Table, row_id: str) -> bool:
        """Delete a row; returns whether it existed."""
        return self._documents.delete(self._rows(table), self._scope, row_id)

    # Inside

    def _key(self, base: str, table_id: str) -> str:
        return f"{self._service}/{base}/{table_id}"

    def _in(self, base: str) -> list[Condition]:
        return [("service", "=", self._service), ("base", "=", base)]

    def _rows(self, table: Table) -> str:
        return f"tables.rows/{self._key(table.base, table.id)}"

    def _keep(self, table: Table, *, deleted: bool = False) -> Table:
        key = self._key(table.base, table.id)
        document: Document = {"service": self._service, "deleted": deleted, **table_document(table)}
        self._documents.put(_TABLE, self._scope, key, document)
        entry = {"key": key, "scope": self._scope, "service": self._service}
        self._documents.put(_INDEX, EVERYBODY, f"{self._scope} {key}", entry)
        return table

    def _ensure(self, table: Table) -> None:
        """Store a table that `Absent` made."""
        if self._documents.get(_TABLE, self._scope, self._key(table.base, table.id)) is None:
            self._keep(table)

    def _issue(self, table: Table) -> int:
        key = self._key(table.base, table.id)
        held = self._documents.get(_ISSUED, self._scope, key)
        number: int = (held["count"] if held else 0) + 1
        self._documents.put(_ISSUED, self._scope, key, {"count": number})
        return number

    def _forget(self, scope: str, base: str, table_id: str) -> bool:
        key = self._key(base, table_id)
        rows = f"tables.rows/{key}"
        for document in self._documents.select(rows, scope):
            self._documents.delete(rows, scope, document["id"])
        self._documents.delete(_ISSUED, scope, key)
        self._documents.delete(_INDEX, EVERYBODY, f"{scope} {key}")
        return self._documents.delete(_TABLE, scope, key)

    def _described(self, base: str) -> list[str]:
        """The ids of the tables of a base in the dataset or set for all scopes."""
        found = self._documents.select(_TABLE, EVERYBODY, where=self._in(base))
        stated = [table_id for stated_base, table_id in self._stated if stated_base == base]
        return list(dict.fromkeys([*stated, *(document["id"] for document in found)]))

    def _copy(self, base: str, table_id: str) -> bool:
        """Copy a table of the dataset or of all scopes into this scope; returns whether there is one."""
        key = self._key(base, table_id)
        found = None if self._scope == EVERYBODY else self._documents.get(_TABLE, EVERYBODY, key)
        if found:
            leave_loop_for(self._documents.count(self._rows(table_from(found)), EVERYBODY))
        with self.transaction():
            if self._documents.get(_TABLE, self._scope, key):  # another thread was faster
                return True
            if found:
                table = table_from(found)
                rows: Sequence[Mapping[str, Any]] = [
                    document["cells"] for document in self._documents.select(self._rows(table), EVERYBODY)
                ]
            elif stated := self._stated.get((base, table_id)):
                table, rows = stated.table, stated.rows
            else:
                return False
            self._keep(table)
            for cells in rows:
                self.add(table, cells, at=0)
            return True


def known(documents: Documents, service: str | None = None) -> Iterator[tuple[str, str, Table]]:
    """Service, scope and table of every stored table, of one service or of all."""
    where: list[Condition] = [("service", "=", service)] if service else []
    for entry in documents.select(_INDEX, EVERYBODY, where=where):
        found = documents.get(_TABLE, entry["scope"], entry["key"])
        if found and not found["deleted"]:
            yield entry["service"], entry["scope"], table_from(found)


def _filled(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in cells.items() if value is not None}


def _passing(documents: Sequence[Document], where: Sequence[CellTest]) -> Iterator[Document]:
    """Those *documents* whose cells pass all tests."""
    for place in range(0, len(documents), _TOGETHER):
        found = documents[place : place + _TOGETHER]
        for column, test in where:
            found = [document for document in found if test(document["cells"].get(column))]
        yield from found
