"""``/_mockcbs/tables``: tables are shown, set and taken back."""

import re

import pytest

from mockcbs import Settings, create_app
from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.core.made_ids import made_id
from mockcbs.faults.scenario import FAILURES
from mockcbs.services import registry
from mockcbs.services.base import WIRE_HINTS, FailureAnswer, Service
from mockcbs.tables.dialect import Dialect
from mockcbs.traffic.ids import IdForm
from mockcbs.web.arguments import Blueprint

ERROR = ErrorSpec(400, "lists_bad", "bad")


def _cells(table, values):
    found = {}
    for name, value in values.items():
        if (column := table.column(name)) is None:
            raise ApiError(ERROR, f"there is no column {name!r}")
        found[column.id] = value
    return found


def _shown(table, row):
    return {table.column_with_id(column).name: value for column, value in row.cells.items()}


LISTS = Dialect(
    "lists",
    IdForm("box and a number", re.compile("box[0-9]+")),
    IdForm("list and a number", re.compile("list[0-9]+")),
    {"text": "Text", "number": "Number", "date": "Date"},
    _cells,
    _shown,
    new_row_id=lambda names: made_id("row", 8, names),
)
RUNS = {
    "service": "lists",
    "base": "box1",
    "table": "list1",
    "name": "Runs",
    "fields": [{"name": "who"}, {"name": "ms", "type": "number"}],
    "rows": [{"who": "Ann", "ms": 3}, {"who": "Bob"}],
}


@pytest.fixture
def client():
    service = Service(
        name="lists",
        title="Lists",
        views=Blueprint("lists", __name__),
        hosts=("lists.example",),
        paths=re.compile("/lists/"),
        unknown_path=ERROR,
        unknown_method=ERROR,
        wire_problems=dict.fromkeys(WIRE_HINTS, ERROR),
        failures=dict.fromkeys(FAILURES, FailureAnswer(ERROR)),
        catalogue=(ERROR,),
        tables=LISTS,
    )
    with registry.registered(service):
        yield create_app(Settings(now="2026-11-22")).test_client()


def tables(client, query="service=lists"):
    return client.get(f"/_mockcbs/tables?{query}").json["tables"]


def test_a_table_is_set_shown_and_set_again(client):
    """The shown table can be sent back, and is the same afterwards."""
    put = client.put("/_mockcbs/tables", json=RUNS)

    shown = tables(client)
    again = client.put("/_mockcbs/tables", json=shown[0])

    assert put.status_code == 200
    assert shown == [put.json] == [again.json]
    assert shown[0]["rows"] == RUNS["rows"]
    assert (shown[0]["count"], shown[0]["scope"]) == (2, "")
    assert [column["type"] for column in shown[0]["fields"]] == ["text", "number"]


def test_a_table_of_a_token_is_only_that_tokens(client):
    """Filters choose by service, scope, base and table; the limit is one of rows."""
    client.put("/_mockcbs/tables", json=RUNS)
    client.put("/_mockcbs/tables?token=secret-1", json={**RUNS, "base": "box2"})

    assert [one["base"] for one in tables(client)] == ["box1", "box2"]
    assert [one["base"] for one in tables(client, "token=secret-1")] == ["box2", "box1"]
    assert [one["base"] for one in tables(client, "token=secret-2")] == ["box1"]
    assert [len(one["rows"]) for one in tables(client, "base=box2&limit=1")] == [1]
    assert tables(client, "table=list7") == []


def test_a_table_is_taken_back(client):
    """After removal a table has no description, and a second removal is 404. Reset restores everything."""
    client.put("/_mockcbs/tables", json=RUNS)
    query = "service=lists&base=box1&table=list1"

    first, second = (client.delete(f"/_mockcbs/tables?{query}") for _ in range(2))

    assert (first.status_code, second.status_code) == (204, 404)
    client.put("/_mockcbs/tables", json=RUNS)
    client.post("/_mockcbs/reset")
    assert tables(client) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"service": "sheets"}, "service: 'sheets' is not one of "),
        ({"base": "bx"}, "base: 'bx' is not box and a number"),
        ({"table": "bx"}, "table: 'bx' is not list and a number"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "fields[1]: 'a' occurs twice"),
        (
            {"fields": [{"name": "a", "type": "colour"}]},
            "fields[0].type: 'colour' is not one of text, number",
        ),
        ({"views": [{"name": "a", "type": "wall"}]}, "views[0].type: 'wall' is not one of grid"),
        ({"rows": [{"whom": 1}]}, "rows[0]: there is no column 'whom'"),
        ({"row": []}, "row: unknown key; accepted here: base, table, name, views, rows, fields"),
    ],
)
def test_a_mistake_is_named(client, change, sentence):
    """The problem names the wrong member and what is accepted."""
    refused = client.put("/_mockcbs/tables", json={**RUNS, **change})

    assert refused.status_code == 400
    assert sentence in refused.json["detail"]
