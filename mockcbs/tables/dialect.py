"""The properties of one service's tables that the store, datasets and the control API need."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockcbs.core.made_ids import made_id
from mockcbs.state import State
from mockcbs.tables.model import SEED_COLUMNS, Column, Row, Table, View
from mockcbs.tables.store import Tables
from mockcbs.traffic.ids import IdForm


def _as_given(table: Table, options: Mapping[str, Any]) -> Mapping[str, Any]:
    del table
    return options


@dataclass(frozen=True, eq=False)
class Dialect:
    """The properties of one service's tables."""

    service: str
    bases: IdForm
    """The form of the ids of containers of tables: Bases, bases or files."""
    tables: IdForm
    types: Mapping[str, str]
    """The names of column types in datasets, each with the stored type.

    ``text``, ``number`` and ``date`` must be among them, for the columns of `SEED_COLUMNS`.
    """
    cells: Callable[[Table, Mapping[str, Any]], dict[str, Any]]
    """Converts values that a client writes (by column name) to cells (by column id).

    Raises `mockcbs.core.errors.ApiError` with an error of the service.
    """
    shown: Callable[[Table, Row], dict[str, Any]]
    """The values of a row by column name, in the default format of the service."""
    new_row_id: Callable[[str], str]
    """Makes the id of a row from texts that no other row has."""
    column_id: Callable[[str], str] = lambda name: made_id("fld", 14, name)
    view_id: Callable[[str], str] = lambda name: made_id("viw", 14, name)
    table_name: str = "Table 1"
    """The name of a table without a description."""
    view: str = "Grid view"
    """The name of the only view of that table."""
    view_type: str = "grid"
    view_types: frozenset[str] = field(default=frozenset({"grid"}))
    column_options: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] = lambda _, options: options
    """Checks the options of a column of that type in a dataset, and returns them as stored.

    Raises `ValueError`.
    """
    view_options: Callable[[Table, Mapping[str, Any]], Mapping[str, Any]] = _as_given
    """Checks the options of a view of that table, and returns them as stored; raises `ValueError`."""

    with_rows: Callable[[Table, Sequence[Mapping[str, Any]]], Table] = lambda table, _: table
    """The table with additions that rows with these cells need, such as options of a select."""

    def default_table(self, base: str, table_id: str) -> Table:
        """The table for an id without a description: the seed's columns and one view."""
        columns = tuple(
            Column(self.column_id(f"{base}/{table_id}/{name}"), name, self.types[kind])
            for name, kind in SEED_COLUMNS.items()
        )
        view = View(self.view_id(f"{base}/{table_id}/{self.view}"), self.view, self.view_type)
        return Table(base, table_id, self.table_name, columns, (view,))

    def store(self, mock: State, scope: str) -> Tables:
        """The tables of *scope*; unless mockcbs is strict, every id of the right form is a table."""

        def absent(base: str, table_id: str) -> Table | None:
            return None if mock.settings.strict else self.default_table(base, table_id)

        def row_id(table: Table, number: int) -> str:
            return self.new_row_id(f"{mock.seed}/{scope}/{table.base}/{table.id}/{number}")

        said = mock.dataset.services.get(self.service, {})
        stated = said.get("tables", ())
        return Tables(mock.documents, self.service, scope, stated=stated, absent=absent, new_row_id=row_id)
