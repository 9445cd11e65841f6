"""Operations on records: read, create, update, upsert and delete."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.waiting import leave_loop_for
from mockcbs.services.airtable import errors, tables
from mockcbs.services.airtable.cells import as_text, cell, column_of, created, written
from mockcbs.services.airtable.kinds import Writing
from mockcbs.services.airtable.listing import listed
from mockcbs.tables.model import Row, Table
from mockcbs.tables.order import page
from mockcbs.web import context


def answer(table: Table, row: Row, form: Mapping[str, Any]) -> dict[str, Any]:
    """A record as clients read it; the query or body in *form* says in which format."""
    named = form.get("fields_")
    wanted = None if named is None else {column_of(table, name).id for name in named}
    found = {}
    for column in table.columns:
        value = cell(column, row)
        if value is not None and (wanted is None or column.id in wanted):
            key = column.id if form.get("return_fields_by_field_id") else column.name
            found[key] = as_text(value) if form.get("cell_format") == "string" else value
    count = {"commentCount": 0} if form.get("record_metadata") else {}
    return {"id": row.id, "createdTime": created(row), "fields": found, **count}


def find(table: Table, record_id: str) -> Row:
    """The record with that id; raises `ApiError` (404)."""
    row = tables.store().row(table, record_id)
    if row is None:
        raise ApiError(errors.NOT_FOUND, f"table {table.name!r} has no record {record_id!r}")
    return row


def find_in_batch(table: Table, record_id: str) -> Row:
    """The record with that id, with the error of batches."""
    row = tables.store().row(table, record_id)
    if row is None:
        message = f"Record ID {record_id} does not exist"
        reason = f"table {table.name!r} has no record {record_id!r}"
        raise ApiError(errors.ROW_DOES_NOT_EXIST, reason, message=message)
    return row


def list_page(table: Table, query: Mapping[str, Any]) -> dict[str, Any]:
    """One page of a listing."""
    for name in query.get("fields_") or ():
        column_of(table, name)
    leave_loop_for(tables.store().count(table))
    found = listed(table, tables.store().rows(table), query, context.now())
    try:
        rows, offset = page(found, query.get("offset"), query["page_size"])
    except ValueError as error:
        raise ApiError(errors.STALE_OFFSET, str(error)) from error
    records = [answer(table, row, query) for row in rows]
    return {"records": records} | ({"offset": offset} if offset else {})


def create(
    table: Table, records: Sequence[Mapping[str, Any]], body: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Create all given records, or none."""
    writing = Writing(body["typecast"])
    cells = [written(table, record, writing) for record in records]
    table = tables.with_new_options(table, writing)
    rows = [tables.store().add(table, one, at=context.now()) for one in cells]
    return [answer(table, row, body) for row in rows]


def change(
    table: Table, changes: Sequence[tuple[Row, Mapping[str, Any]]], body: Mapping[str, Any], *, clear: bool
) -> list[dict[str, Any]]:
    """Change the cells of records; *clear* empties the cells that are not given."""
    writing = Writing(body["typecast"])
    cells = [(row, written(table, values, writing)) for row, values in changes]
    table = tables.with_new_options(table, writing)
    rows = [_changed(table, row, new, clear=clear) for row, new in cells]
    return [answer(table, row, body) for row in rows]


def _changed(table: Table, row: Row, cells: Mapping[str, Any], *, clear: bool) -> Row:
    empty = dict.fromkeys(row.cells) if clear else {}
    return tables.store().change(table, row, {**empty, **cells}, at=context.now())


def upsert(table: Table, body: Mapping[str, Any], *, clear: bool) -> dict[str, Any]:
    """Change the records that match in the merge fields, and create the others."""
    columns = [column_of(table, name) for name in body["perform_upsert"]["fields_to_merge_on"]]
    writing = Writing(body["typecast"])
    cells = [written(table, record["fields_"], writing) for record in body["records"]]
    table = tables.with_new_options(table, writing)
    keys = [column.id for column in columns]
    targets = _targets(
        table, body["records"], cells, keys
    )  # find all records first: one unknown id must leave the others unchanged
    held = tables.store()
    written_rows: dict[str, Row] = {}
    new = []
    for target, given in zip(targets, cells, strict=True):
        match = written_rows.get(target) or held.row(table, target)
        if match is None:
            row = held.add(table, given, at=context.now())
            new.append(row.id)
        else:
            row = _changed(table, match, given, clear=clear)
        written_rows[target] = row
    rows = [written_rows[target] for target in targets]
    return {
        "records": [answer(table, row, body) for row in rows],
        "createdRecords": new,
        "updatedRecords": [target for target in dict.fromkeys(targets) if written_rows[target].id not in new],
    }


def _targets(
    table: Table,
    records: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
) -> list[str]:
    """For each record the id of the row to change, or a new placeholder for a row to create.

    A record also matches earlier records of the request. Raises `ApiError` if it matches several rows.
    """
    known = {row.id: row for row in tables.store().rows(table)}
    targets = []
    for place, (record, given) in enumerate(zip(records, cells, strict=True)):
        match = (
            find_in_batch(table, record["id"])
            if record.get("id")
            else _match(list(known.values()), given, keys)
        )
        target = match.id if match else f"new/{place}"
        held = known.get(target) or Row(target, {}, 0, 0, 0)
        known[target] = replace(held, cells={**held.cells, **given})
        targets.append(target)
    return targets


def _match(rows: Sequence[Row], cells: Mapping[str, Any], columns: Sequence[str]) -> Row | None:
    """The row with the given cells in those *columns*, if any; raises `ApiError` if there are several."""
    if missing := [column for column in columns if column not in cells]:
        raise errors.wrong(f"each record needs a value in the fields to merge on; {missing[0]} has none")
    found = [row for row in rows if all(row.cells.get(column) == cells[column] for column in columns)]
    if len(found) > 1:
        raise errors.wrong(
            f"{len(found)} records agree in the fields to merge on: {found[0].id}, {found[1].id} …"
        )
    return found[0] if found else None


def delete(table: Table, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Delete records."""
    held = tables.store()
    for row in rows:
        held.remove(table, row.id)
    return [{"id": row.id, "deleted": True} for row in rows]
