"""The records of a listing, and their order."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockcbs.core.errors import ApiError
from mockcbs.core.spelling import not_one_of
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.cells import cell, column_of
from mockcbs.services.airtable.kinds import KINDS, label
from mockcbs.tables.model import Column, Row, Table, View
from mockcbs.tables.order import SortKey, ordered

if TYPE_CHECKING:
    from mockcbs.services.airtable.formulas.values import Value

_TIMES = {"date", "dateTime", "createdTime", "lastModifiedTime"}


def view_of(table: Table, name: str) -> View:
    """The view with that name or id; raises `ApiError`."""
    found = next((view for view in table.views if name in {view.name, view.id}), None)
    if found is None:
        reason = f"there is no view {name!r}; there are {', '.join(view.name for view in table.views)}"
        raise ApiError(errors.UNKNOWN_VIEW, reason, message=f"View {name} not found")
    return found


def listed(table: Table, rows: Iterable[Row], query: Mapping[str, Any], now: int) -> list[Row]:
    """The *rows* in the view of the listing that match its formula, sorted.

    *now* is the value of NOW() in ms UTC. Raises `ApiError`.
    """
    view: Mapping[str, Any] = view_of(table, query["view"]).options if query.get("view") else {}
    found = rows
    for formula in (view.get("filterByFormula"), query.get("filter_by_formula")):
        if formula:
            found = _chosen(table, found, formula, now)
    found = ordered(found, _sort_keys(table, query.get("sort") or view.get("sort") or ()))
    return found[: query.get("max_records")]


def view_options(table: Table, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options ``filterByFormula`` and ``sort`` of a view in a dataset; raises `ValueError`."""
    if unknown := sorted(options.keys() - {"filterByFormula", "sort"}):
        raise ValueError(not_one_of(unknown[0], ("filterByFormula", "sort")))
    try:
        _chosen(table, [], options.get("filterByFormula") or "1", 0)
        _sort_keys(table, options.get("sort") or ())
    except (ApiError, AttributeError, TypeError, KeyError) as error:
        raise ValueError(error.reason if isinstance(error, ApiError) else "sort must list fields") from error
    return options


def _chosen(table: Table, rows: Iterable[Row], formula: str, now: int) -> list[Row]:
    from mockcbs.services.airtable.formulas import filtering, values  # noqa: PLC0415 - few listings have one
    from mockcbs.services.airtable.formulas.work import FormulaProblem, Work  # noqa: PLC0415

    names = {name for column in table.columns for name in (column.name, column.id)}
    try:
        chooses, work = filtering.chooser(formula, names), Work()
        return [
            row
            for row in rows
            if chooses(values.Row(row.id, _values(table, row), row.created_at, row.modified_at, now, work))
        ]
    except FormulaProblem as problem:
        message = f"The formula for filtering records is invalid: {problem}"
        known = ", ".join(column.name for column in table.columns)
        reason = f"{formula[:200]!r}: {problem}; the fields are {known}"
        raise ApiError(errors.INVALID_FORMULA, reason, message=message) from None


def _values(table: Table, row: Row) -> "dict[str, Value]":
    """The cells of *row* for formulas, by name and by id of the column."""
    found = {}
    for column in table.columns:
        held = cell(column, row)
        if held is not None:
            found[column.id] = found[column.name] = _value(column, held)
    return found


def _value(column: Column, held: Any) -> "Value":
    from mockcbs.services.airtable.formulas.values import moment  # noqa: PLC0415 - loaded by now

    if column.type in _TIMES:
        return moment(held)
    if isinstance(held, list):
        return [label(one) for one in held]
    return label(held) if isinstance(held, Mapping) else held


def _sort_keys(table: Table, sort: Iterable[Mapping[str, str]]) -> list[SortKey]:
    keys: dict[str, SortKey] = {}
    for one in sort:
        column = column_of(table, one["field"])
        # another key of the same field never decides
        keys.setdefault(column.id, (_sort_key(column), one.get("direction", "asc") == "desc"))
    return list(keys.values())


def _sort_key(column: Column) -> Any:
    kind = KINDS[column.type]

    def value(row: Row) -> Any:
        held = cell(column, row)
        return None if held is None else kind.sort(column, held)

    return value
