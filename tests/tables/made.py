"""Stores of tables for tests."""

from mockcbs.core.made_ids import made_id
from mockcbs.tables.model import SEED_COLUMNS, Column, StatedTable, Table
from mockcbs.tables.store import Tables

COLUMNS = tuple(
    Column(f"fld{number}", name, kind) for number, (name, kind) in enumerate(SEED_COLUMNS.items())
)

STATED = StatedTable(Table("app1", "tbl1", "Runs", COLUMNS), ({"fld2": 7}, {"fld2": 9}))


def store(documents, scope="alice", stated=(STATED,)) -> Tables:
    return Tables(
        documents,
        "toys",
        scope,
        stated=stated,
        absent=lambda base, table_id: Table(base, table_id, "New", COLUMNS) if base == "open" else None,
        new_row_id=lambda table, number: made_id("rec", 10, scope, table.id, number),
    )
