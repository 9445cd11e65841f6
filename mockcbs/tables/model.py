"""Tables, columns, views and rows, as all table services store them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from mockcbs.backend.documents import Document

SEED_COLUMNS = {"workflow_id": "text", "exec_time": "date", "input_len": "number", "duration_ms": "number"}
"""The columns of a table without a description: those that a workflow's reporting node writes.

See contract 1.6. Each column has a kind; a service without a type for dates stores the time as text.
"""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    id: str
    name: str
    type: str
    """The type, as its service names it."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The options of the type, such as those of a select; plain JSON."""
    description: str = ""


@dataclass(frozen=True)
class View:
    """A view of a table."""

    id: str
    name: str
    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """Filter, sort and hidden columns, in the service's form; plain JSON."""


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    id: str
    cells: Mapping[str, Any]
    """The values by column id; empty cells are left out."""
    number: int
    """The number of the row, counted from 1 in order of creation."""
    created_at: int
    """The creation time, ms UTC."""
    modified_at: int
    created_by: str = ""
    modified_by: str = ""

    @classmethod
    def of(cls, document: Document) -> "Row":
        """The row that is stored as *document*; a search makes thousands, and ``Row(**…)`` is slower."""
        made = object.__new__(cls)
        vars(made).update(document)
        return made


@dataclass(frozen=True)
class Table:
    """A table without its rows."""

    base: str
    """The Base, base or file that contains it."""
    id: str
    name: str
    columns: tuple[Column, ...]
    """The columns; the first is the primary column."""
    views: tuple[View, ...] = ()
    revision: int = 1
    """The number of changes to the table itself, without its rows."""

    def column(self, name: str) -> Column | None:
        """The column with that name."""
        return next((column for column in self.columns if column.name == name), None)

    def column_with_id(self, column_id: str) -> Column | None:
        """The column with that id."""
        return next((column for column in self.columns if column.id == column_id), None)

    def view(self, view_id: str) -> View | None:
        """The view with that id."""
        return next((view for view in self.views if view.id == view_id), None)

    def with_column(self, column: Column) -> "Table":
        """The table with *column*, which replaces the one with the same id or becomes the last."""
        return replace(self, columns=_with(self.columns, column))

    def with_view(self, view: View) -> "Table":
        """The table with *view*, which replaces the one with the same id or becomes the last."""
        return replace(self, views=_with(self.views, view))


class StatedTable(NamedTuple):
    """A table from a dataset or the control API, with the cells of its rows by column id."""

    table: Table
    rows: tuple[Mapping[str, Any], ...] = ()


def _with(members: tuple[Any, ...], new: Any) -> tuple[Any, ...]:
    if any(member.id == new.id for member in members):
        return tuple(new if member.id == new.id else member for member in members)
    return (*members, new)


def table_document(table: Table) -> Document:
    """*table* as plain JSON."""
    document = asdict(table)
    return {**document, "columns": list(document["columns"]), "views": list(document["views"])}


def table_from(document: Document) -> Table:
    """The table in a *document* of `table_document`."""
    columns = tuple(Column(**column) for column in document["columns"])
    views = tuple(View(**view) for view in document["views"])
    names = ("base", "id", "name", "revision")
    return Table(**{name: document[name] for name in names}, columns=columns, views=views)
