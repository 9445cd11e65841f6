"""Tables, columns, views and rows."""

from mockcbs.tables.model import Column, View
from tests.tables.made import store


def test_a_changed_table_has_its_next_revision(documents):
    """Columns and views are replaced by id, or added."""
    tables = store(documents)
    table = tables.put(tables.table("app1", "tbl1").with_view(View("v1", "Slow", "grid", {"limit": 3})))

    renamed = tables.put(
        table.with_column(Column("fld0", "workflow", "text")).with_view(View("v1", "S", "grid"))
    )

    found = tables.table("app1", "tbl1")
    assert found == renamed
    assert (found.revision, found.columns[0].name, found.view("v1").name) == (3, "workflow", "S")
    assert found.column("workflow") == found.column_with_id("fld0")
    assert found.column("workflow_id") is None
