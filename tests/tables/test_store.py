"""The store of tables: what a scope finds, changes and forgets."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockcbs.tables.model import StatedTable, Table
from mockcbs.tables.store import EVERYBODY, Tables, known
from tests.tables.made import STATED, store


def lengths(tables: Tables, table: Table) -> list[object]:
    return [row.cells.get("fld2") for row in tables.rows(table)]


def test_a_stated_table_belongs_to_every_scope_and_changes_in_one(documents):
    """Each scope begins with the stated rows and never sees the changes of another."""
    alice, bob = store(documents), store(documents, "bob")
    table = alice.table("app1", "tbl1")

    alice.add(table, {"fld2": 11, "fld3": None}, at=5)

    assert lengths(alice, table) == [7, 9, 11]
    assert lengths(bob, bob.table("app1", "tbl1")) == [7, 9]
    assert [one.name for one in alice.tables("app1")] == ["Runs"]


def test_an_undescribed_table_is_kept_from_its_first_row_on(documents):
    """Reading it keeps nothing; writing a row keeps it."""
    tables = store(documents)
    table = tables.table("open", "tbl9")

    before = tables.tables("open")
    row = tables.add(table, {"fld0": "w1"}, at=5)

    assert before == []
    assert [one.id for one in tables.tables("open")] == ["tbl9"]
    assert tables.row(table, row.id) == row
    assert tables.table("shut", "tbl9") is None


def test_changes_of_cells_name_only_what_changes(documents):
    """A cell that is not named stays; one set to nothing is left out."""
    tables = store(documents)
    table = tables.table("open", "tbl9")
    row = tables.add(table, {"fld0": "w1", "fld2": 3}, at=5)

    tables.change(table, row, {"fld2": None, "fld3": 8}, at=6, by="bob")

    found = tables.row(table, row.id)
    assert found.cells == {"fld0": "w1", "fld3": 8}
    assert (found.created_at, found.modified_at, found.modified_by) == (5, 6, "bob")
    assert tables.remove(table, row.id)
    assert not tables.remove(table, row.id)
    assert tables.count(table) == 0


def test_a_deleted_table_stays_away(documents):
    """A deleted table does not return from the dataset or as an open table until it is forgotten."""
    tables = store(documents)
    table = tables.table("app1", "tbl1")

    tables.delete(table)

    assert tables.table("app1", "tbl1") is None
    assert tables.tables("app1") == []
    tables.forget("app1", "tbl1")
    assert lengths(tables, tables.table("app1", "tbl1")) == [7, 9]


def test_a_table_set_for_everybody_replaces_those_of_all_scopes(documents):
    """A table for all scopes replaces changed ones, too; after its removal, the dataset's returns."""
    alice, everybody = store(documents), store(documents, EVERYBODY)
    alice.add(alice.table("app1", "tbl1"), {"fld2": 11}, at=5)

    everybody.set(StatedTable(STATED.table, ({"fld2": 1},)))

    assert lengths(alice, alice.table("app1", "tbl1")) == [1]
    assert {scope for _, scope, _ in known(documents, "toys")} == {EVERYBODY, "alice"}
    assert list(known(documents, "others")) == []
    assert everybody.forget("app1", "tbl1")
    assert lengths(alice, alice.table("app1", "tbl1")) == [7, 9]


def test_rows_are_numbered_on_after_deletions(documents):
    """An id is never given twice."""
    tables = store(documents)
    table = tables.table("open", "tbl9")
    first = tables.add(table, {}, at=5)
    tables.remove(table, first.id)

    second = tables.add(table, {}, at=5)

    assert (first.number, second.number) == (1, 2)
    assert first.id != second.id


def test_rows_are_chosen_by_their_cells(documents):
    """All tests must hold; an empty cell is tested, too."""
    tables = store(documents)
    table = tables.table("open", "tbl9")
    ids = [tables.add(table, cells, at=5).id for cells in ({"a": 1, "b": 1}, {"a": 1}, {"b": 1}, {})]

    def found(**wanted):
        tests = [(column, lambda held, value=value: held == value) for column, value in wanted.items()]
        return [row.id for row in tables.rows(table, where=tests)]

    assert found(a=1) == ids[:2]
    assert found(a=1, b=None) == ids[1:2]
    assert found(a=2) == []


def test_pages_of_a_store_add_up(documents):
    """Following the tokens shows each row once; a row deleted meanwhile shifts nothing."""
    tables = store(documents)
    table = tables.table("open", "tbl9")
    rows = [tables.add(table, {"fld2": number}, at=5) for number in range(7)]

    first, token = tables.page(table, None, 3)
    tables.remove(table, first[0].id)
    second, token = tables.page(table, token, 3)
    third, end = tables.page(table, token, 3)

    assert [*first, *second, *third] == rows
    assert end is None
    with pytest.raises(ValueError, match="is not a page token"):
        tables.page(table, "x", 3)


def test_many_threads_find_a_stated_table_first(documents):
    """If many threads read a stated table first, its rows are created once."""
    start = threading.Barrier(6)

    def look(_):
        start.wait()
        return store(documents).table("app1", "tbl1")

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(look, range(6)))

    assert [table.id for table in found] == ["tbl1"] * 6
    assert lengths(store(documents), found[0]) == [7, 9]


def test_many_rows_are_not_held_at_once(documents):
    """Reading them makes no long-lived objects, which garbage collection would look at again and again."""
    tables = store(documents)
    table = tables.table("app1", "tbl1")
    for number in range(2_000):
        tables.add(table, {"fld2": number}, at=5)
    found = tables.rows(table)
    before = gc.get_stats()[0]["collections"]

    count = sum(1 for _ in found)

    assert count == 2_002
    assert gc.get_stats()[0]["collections"] - before < 2


def test_rows_are_tested_some_at_a_time(documents):
    """All of them at once would be one call, which stops other threads."""
    tables = store(documents)
    table = tables.table("app1", "tbl1")
    for number in range(3_000):
        tables.add(table, {"fld2": number}, at=5)
    tested = []

    found = tables.rows(table, where=[("fld2", lambda cell: tested.append(cell) or cell >= 0)])
    next(found)

    assert len(tested) == 1_000
    assert sum(1 for _ in found) == 3_001
