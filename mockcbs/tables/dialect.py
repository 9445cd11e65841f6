"""What the tables of one service look like, as far as the store, datasets and the control API care."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockcbs.state import State
from mockcbs.tables.model import SEED_COLUMNS, Column, Row, Table, View, made_id
from mockcbs.tables.store import Tables
from mockcbs.traffic.ids import IdForm


def _as_given(table: Table, options: Mapping[str, Any]) -> Mapping[str, Any]:
    del table
    return options


@dataclass(frozen=True, eq=False)
class Dialect:
    """The tables of one service."""

    service: str
    bases: IdForm
    """The form of the ids of what tables are in: Bases, bases or files."""
    tables: IdForm
    types: Mapping[str, str]
    """The words that datasets accept for the type of a column, each with the type as it is kept.

    ``text``, ``number`` and ``date`` must be among them, for the columns of `SEED_COLUMNS`.
    """
    cells: Callable[[Table, Mapping[str, Any]], dict[str, Any]]
    """The cells (by column id) that a client writes with these values (by column name).

    Raises `mockcbs.core.errors.ApiError` as the service does.
    """
    shown: Callable[[Table, Row], dict[str, Any]]
    """The values of a row by column name, as clients read them by default."""
    new_row_id: Callable[[str], str]
    """The id of a row, made from what tells it from all others."""
    column_id: Callable[[str], str] = lambda name: made_id("fld", 14, name)
    view_id: Callable[[str], str] = lambda name: made_id("viw", 14, name)
    table_name: str = "Table 1"
    """Of a table that nobody has described."""
    view: str = "Grid view"
    """The name of its one view."""
    view_type: str = "grid"
    view_types: frozenset[str] = field(default=frozenset({"grid"}))
    column_options: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] = lambda _, options: options
    """What is kept of the options that a dataset gives a column of that type; raises `ValueError`."""
    view_options: Callable[[Table, Mapping[str, Any]], Mapping[str, Any]] = _as_given
    """The same for a view of that table; raises `ValueError`."""

    with_rows: Callable[[Table, Sequence[Mapping[str, Any]]], Table] = lambda table, _: table
    """The table with what rows with these cells add to it, such as options of a select."""

    def default_table(self, base: str, table_id: str) -> Table:
        """A table that nobody has described: the seed's columns and one view."""
        columns = tuple(
            Column(self.column_id(f"{base}/{table_id}/{name}"), name, self.types[kind])
            for name, kind in SEED_COLUMNS.items()
        )
        view = View(self.view_id(f"{base}/{table_id}/{self.view}"), self.view, self.view_type)
        return Table(base, table_id, self.table_name, columns, (view,))

    def store(self, mock: State, scope: str) -> Tables:
        """The tables of *scope*; unless strict, a table of the right form exists in any base."""

        def absent(base: str, table_id: str) -> Table | None:
            return None if mock.settings.strict else self.default_table(base, table_id)

        def row_id(table: Table, number: int) -> str:
            return self.new_row_id(f"{mock.seed}/{scope}/{table.base}/{table.id}/{number}")

        said = mock.dataset.services.get(self.service, {})
        stated = said.get("tables", ())
        return Tables(mock.documents, self.service, scope, stated=stated, absent=absent, new_row_id=row_id)
