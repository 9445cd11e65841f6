"""Tables, columns, views and rows, as every table service keeps them."""

import hashlib
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mockcbs.backend.documents import Document

_DIGITS = string.digits + string.ascii_letters

SEED_COLUMNS = {"workflow_id": "text", "exec_time": "date", "input_len": "number", "duration_ms": "number"}
"""The columns of a table that nobody has described: what a workflow's reporting node writes (contract 1.6).

Each with its kind; a service without dates of its own makes the date a text.
"""


def made_id(prefix: str, length: int, *names: object) -> str:
    """*prefix* and *length* letters or digits that depend on *names* only."""
    number = int.from_bytes(hashlib.sha512("/".join(map(str, names)).encode()).digest())
    characters = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        characters.append(_DIGITS[digit])
    return prefix + "".join(characters)


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    id: str
    name: str
    type: str
    """In the words of its service."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the service keeps with the type, such as the options of a select; plain JSON."""
    description: str = ""


@dataclass(frozen=True)
class View:
    """A view of a table."""

    id: str
    name: str
    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """Filter, sort and hidden columns, as the service keeps them; plain JSON."""


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    id: str
    cells: Mapping[str, Any]
    """By column id; empty cells are left out."""
    number: int
    """Rows are numbered from 1 as they are created."""
    created_at: int
    """ms UTC."""
    modified_at: int
    created_by: str = ""
    modified_by: str = ""


@dataclass(frozen=True)
class Table:
    """A table without its rows."""

    base: str
    """The Base, base or file that it is in."""
    id: str
    name: str
    columns: tuple[Column, ...]
    """The first one is the primary column."""
    views: tuple[View, ...] = ()
    revision: int = 1
    """Counts the changes of the table itself."""

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def column_with_id(self, column_id: str) -> Column | None:
        """The column of that id."""
        return next((column for column in self.columns if column.id == column_id), None)

    def view(self, view_id: str) -> View | None:
        """The view of that id."""
        return next((view for view in self.views if view.id == view_id), None)

    def with_column(self, column: Column) -> "Table":
        """The same table with *column* in place of the one of its id, else as its last."""
        return replace(self, columns=_with(self.columns, column))

    def with_view(self, view: View) -> "Table":
        """The same table with *view* in place of the one of its id, else as its last."""
        return replace(self, views=_with(self.views, view))


@dataclass(frozen=True)
class StatedTable:
    """A table that a dataset or the control API states, with the cells of its rows by column id."""

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
    """The table that `table_document` made *document* of."""
    columns = tuple(Column(**column) for column in document["columns"])
    views = tuple(View(**view) for view in document["views"])
    names = ("base", "id", "name", "revision")
    return Table(**{name: document[name] for name in names}, columns=columns, views=views)
