"""Operations on records: create, find, update and delete (contract 4.3.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockcbs.core.errors import BackendError
from mockcbs.core.waiting import leave_loop_for
from mockcbs.services.feishu import bases, cells, errors, filters
from mockcbs.services.feishu.filters import OnCells, Predicate
from mockcbs.tables.model import Row, Table
from mockcbs.tables.order import SortKey, ordered, page
from mockcbs.web import context

MAX_RECORDS = 20_000
MAX_WRITTEN = 1000
MAX_DELETED = 500
MAX_READ = 100
_QUICK_TESTS = 20
"""The number of quick tests of cells that count as the work on one row: 10,000 take less than 2 ms, about as
long as to start over in a thread.
"""
BOT = "ou_mockcbs"
"""The user who creates and changes records: the app."""
_TOKENS = "feishu.client_token"


def create(table: Table, contents: Sequence[Mapping[str, Any]], client_token: str, call: str) -> list[Row]:
    """Create all given records, or none.

    A repeated *client_token* of that *call* returns the records that it created before.
    """
    tables = bases.store()
    key = f"{table.base}/{table.id}/{call}/{client_token}"
    if client_token and (known := context.mock().documents.get(_TOKENS, bases.scope(), key)):
        return [Row(**document) for document in known["rows"]]
    values = [cells.written(table, one) for one in contents]
    if (there := tables.count(table)) + len(values) > MAX_RECORDS:
        raise errors.refused(1254103, f"the table would have {there + len(values)} records of {MAX_RECORDS}")
    table = _with_options(table, values)
    made: list[Row] = []
    try:
        made += [tables.add(table, one, at=context.now(), by=BOT) for one in values]
        if client_token:
            rows = [{**vars(row), "cells": dict(row.cells)} for row in made]
            context.mock().documents.put(_TOKENS, bases.scope(), key, {"rows": rows})
    except BackendError:
        for row in made:
            tables.remove(table, row.id)
        raise
    return made


def find(table: Table, record_id: str) -> Row:
    """The record with that id; raises 1254006 and 1254043."""
    errors.failing(record_id)
    if not record_id.startswith("rec"):
        raise errors.refused(1254006, f"record_id {record_id!r} does not begin with rec")
    if found := bases.store().row(table, record_id):
        return found
    raise errors.refused(1254043, f"table {table.id} has no record {record_id}")


def update(table: Table, changes: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Row]:
    """Change the values of the records with these ids, all or none."""
    found = [(find(table, record_id), cells.written(table, values)) for record_id, values in changes]
    table = _with_options(table, [values for _, values in found])
    tables = bases.store()
    changed: dict[str, Row] = {}
    for row, values in found:
        here = changed.get(row.id, row)
        changed[row.id] = tables.change(table, here, values, at=context.now(), by=BOT)
    return [changed[row.id] for row, _ in found]


def delete(table: Table, record_ids: Sequence[str]) -> None:
    """Delete these records, all or none."""
    for record_id in record_ids:
        find(table, record_id)
    for record_id in record_ids:
        bases.store().remove(table, record_id)


def pick(
    table: Table, predicate: Predicate | None, keys: Sequence[SortKey], token: str | None, size: int
) -> tuple[list[Row], str | None, int]:
    """One page of the records that match *predicate*, the token of the next page, and the total."""
    tables = bases.store()
    tested = predicate if isinstance(predicate, OnCells) else OnCells((), predicate)
    rows = tables.count(table)
    is_quick = tested.is_quick and not keys and tables.in_memory
    leave_loop_for(rows * len(tested.cells) // _QUICK_TESTS if is_quick else rows)
    try:
        if predicate is None and not keys:
            return *tables.page(table, token, size), rows
        if not keys:
            return tables.search(table, token, size, where=tested.cells, passes=tested.rest)
        found = [row for row in tables.rows(table, where=tested.cells) if not tested.rest or tested.rest(row)]
        shown, following = page(ordered(found, keys), token, size)
    except ValueError as error:
        raise errors.refused(1254001, f"page_token: {error}") from error
    return list(shown), following, len(found)


def of_view(table: Table, view_id: str | None) -> tuple[Predicate | None, list[SortKey]]:
    """The filter of a view (`None` without one), and its sort; raises 1254005 and 1254042."""
    if not view_id:
        return None, []
    options = bases.view(table, view_id).options
    info = options.get("filter_info")
    chosen = filters.view(table, info, context.now()) if info else None
    return chosen, filters.view_sort_keys(table, options.get("sort") or ())


def check_names(table: Table, names: Sequence[str]) -> None:
    """Refuse unknown names of fields."""
    for name in names:
        if table.column(name) is None:
            raise errors.refused(1254045, f"field_names: the table has no field {name!r}")


def shown(
    table: Table,
    row: Row,
    *,
    segments: bool = False,
    names: Sequence[str] | None = None,
    automatic: bool = False,
    url: bool = False,
) -> dict[str, Any]:
    """A record in the form of the calls (contract 4.3.1)."""
    found: dict[str, Any] = {
        "fields": cells.shown(table, row, segments=segments, names=names),
        "record_id": row.id,
        "id": row.id,
    }
    if automatic:
        found |= {
            "created_by": cells.person(row.created_by or BOT),
            "created_time": row.created_at,
            "last_modified_by": cells.person(row.modified_by or BOT),
            "last_modified_time": row.modified_at,
        }
    if url:
        link = f"https://mockcbs.feishu.cn/record/{row.id}"
        found |= {"shared_url": link, "record_url": link}
    return found


def _with_options(table: Table, values: Sequence[Mapping[str, Any]]) -> Table:
    """Store and return *table* with the new options of its selects in *values*."""
    grown = cells.with_options(table, values)
    return bases.keep(grown) if grown != table else table
