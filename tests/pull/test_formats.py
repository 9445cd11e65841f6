"""The same rows in three formats."""

import csv
import io
import json
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from mockcbs.core.errors import UserError
from mockcbs.pull.formats import writer
from mockcbs.pull.tables import Column, Table
from tests.thoroughness import examples

TABLE = Table(
    "all",
    (
        Column("day", "date"),
        Column("word", "text"),
        Column("count", "integer"),
        Column("rate", "number"),
        Column("spent", "integer", optional=True),
    ),
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
rates = st.decimals(0, 10**9, places=4)
rows = st.lists(
    st.tuples(
        st.dates(),
        texts,
        st.integers(-(2**63), 2**63 - 1),
        rates,
        st.none() | st.integers(0, 2**40),
    ),
    max_size=5,
)


@given(rows=rows)
@example(rows=[(date(2026, 11, 21), 'a\rb\nc"d,e', 1, Decimal("0.5"), None)])
@settings(max_examples=examples(40))
def test_csv_and_json_lines_are_exact(rows):
    """Any text, line breaks and quotes included, and figures digit for digit."""
    (names, *found) = csv.reader(io.StringIO(writer("csv")(TABLE, rows).decode("utf-8"), newline=""))
    lines = writer("jsonl")(TABLE, rows).decode("utf-8").split("\n")

    assert names == ["day", "word", "count", "rate", "spent"]
    assert found == [["" if value is None else str(value) for value in row] for row in rows]
    assert lines.pop() == ""
    assert [list(json.loads(line, parse_float=Decimal).values()) for line in lines] == [
        [str(day), *others] for day, *others in rows
    ]


@given(rows=rows)
@settings(max_examples=examples(40))
def test_parquet_holds_the_values(rows):
    """Dates as dates, rates as doubles, what is missing as null."""
    content = writer("parquet")(TABLE, rows)

    table = parquet.read_table(io.BytesIO(content))
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        (day, word, count, float(rate), spent) for day, word, count, rate, spent in rows
    ]
    assert [str(field.type) for field in table.schema] == [
        "date32[day]",
        "string",
        "int64",
        "double",
        "int64",
    ]


def test_parquet_without_pyarrow_names_the_extra(monkeypatch):
    """The message names the extra to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(UserError, match=r"pip install 'mockcbs\[pull\]'"):
        writer("parquet")


def test_an_empty_table_is_a_header():
    """A day without events has a file with only a header."""
    assert writer("csv")(TABLE, []) == b"day,word,count,rate,spent\n"
    assert writer("csv", bom=True)(TABLE, []) == b"\xef\xbb\xbfday,word,count,rate,spent\n"
    assert writer("jsonl")(TABLE, []) == b""
