"""Tables as datasets and the control API state them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from mockcbs.core.files import flat
from mockcbs.services.airtable.tables import DIALECT
from mockcbs.tables.model import Row
from mockcbs.tables.stated import described, stated_schema

BASE, TABLE = "app0123456789ABCD", "tbl0123456789ABCD"
SCHEMA = stated_schema(DIALECT)()

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
COLUMNS = st.lists(
    st.tuples(NAMES, st.sampled_from(["text", "number", "checkbox", "date"])),
    min_size=1,
    max_size=4,
    unique_by=lambda pair: pair[0],
)
VALUES = {
    "text": st.text(st.characters(codec="utf-8"), min_size=1, max_size=6),
    "number": st.integers(1, 9),
    "checkbox": st.just(True),
    "date": st.just("2025-12-22"),
}


@given(COLUMNS, st.data())
def test_what_is_shown_can_be_stated(columns, data):
    """A table as the control API shows it is the same table when a dataset states it."""
    row = {name: data.draw(VALUES[kind]) for name, kind in columns}
    given_table = {
        "base": BASE,
        "table": TABLE,
        "name": "Runs",
        "fields": [{"name": name, "type": kind} for name, kind in columns],
        "rows": [row],
    }

    first = SCHEMA.load(given_table)
    rows = [Row("rec00000000000001", cells, 1, 0, 0) for cells in first.rows]
    shown = described(DIALECT, "s", first.table, len(rows))
    shown["rows"] = [DIALECT.shown(first.table, one) for one in rows]
    again = SCHEMA.load({name: shown[name] for name in shown if name not in {"service", "scope", "count"}})

    assert shown["rows"] == [row]
    assert again == first


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"base": "x"}, "base", "'x' is not app and 14 letters or digits"),
        ({"table": "x"}, "table", "'x' is not tbl and 14 letters or digits"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "fields", "'a' occurs twice"),
        ({"fields": [{"name": "a", "type": "colour"}]}, "fields", "'colour' is not one of"),
        ({"fields": []}, "fields", "Length"),
        ({"views": [{"name": "v", "type": "map"}]}, "views", "'map' is not one of block, calendar"),
        ({"views": [{"name": "v"}, {"name": "v"}]}, "views", "'v' occurs twice"),
        ({"rows": [{"nope": 1}]}, "rows", "nope"),
        ({"rows": [{"input_len": "x"}]}, "rows", "input_len"),
    ],
)
def test_mistakes(change, key, words):
    """Each error names its place, the wrong value and the accepted ones."""
    with pytest.raises(ValidationError) as caught:
        SCHEMA.load({"base": BASE, "table": TABLE, **change})

    ((where, message),) = flat(caught.value.messages)
    assert where[0] == key
    assert words in message
