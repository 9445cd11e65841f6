"""What each type of field takes."""

import pytest

TYPES = {
    "text": (1, "w1", "w1", 1254060, (1, True, ["a"], {"text": "a"})),
    "number": (2, 8.5, 8.5, 1254061, ("1", True, [1], {})),
    "select": (3, "ok", "ok", 1254062, (1, ["ok"], {})),
    "selects": (4, ["a", "b", "a"], ["a", "b"], 1254063, ("a", [1], [""])),
    "date": (5, 1_766_365_200_000, 1_766_365_200_000, 1254064, ("2025-12-22", 1.5, True, 10**18)),
    "checkbox": (7, False, False, 1254065, (0, "true", [])),
    "person": (
        11,
        [{"id": "ou_1234"}],
        [{"id": "ou_1234", "name": "User 1234", "en_name": "User 1234", "email": "", "avatar_url": ""}],
        1254066,
        ("ou_1", ["ou_1"], [{"name": "x"}], {"id": "ou_1"}),
    ),
    "phone": (13, "+86 138-0013-8000", "+86 138-0013-8000", 1254072, (138, "call me")),
    "link": (
        15,
        {"link": "http://x"},
        {"link": "http://x", "text": "http://x"},
        1254068,
        ("http://x", {"text": "x"}),
    ),
    "links": (18, ["recA"], {"link_record_ids": ["recA"]}, 1254067, ("recA", [1], ["x"])),
    "pairs": (21, ["recA"], {"link_record_ids": ["recA"]}, 1254067, ("recA",)),
    "group": (
        23,
        [{"id": "oc_1"}],
        [{"id": "oc_1", "name": "Group oc_1", "avatar_url": ""}],
        1254066,
        ([{"id": "x"}],),
    ),
}


@pytest.mark.parametrize(
    ("name", "type_", "value", "shown", "code", "wrong"), [(n, *row) for n, row in TYPES.items()]
)
def test_a_value_is_written_and_read(table, name, type_, value, shown, code, wrong):
    """A valid value is read as written, a wrong one gets the code of its type, and null empties the cell."""
    table.field(name, type_)
    (record,) = table.create({name: value})

    assert table.read(record)[name] == shown
    assert [table.code(name, one) for one in wrong] == [code] * len(wrong)
    changed = table.call("PUT", f"/records/{record}", {"fields": {name: None}})
    assert changed["data"]["record"]["fields"] == {}


def test_places_and_files(table):
    """A location is an object, an attachment has a name and a URL."""
    table.field("place", 22)
    table.field("files", 17)
    (record,) = table.create({"place": "116.39,39.9", "files": [{"file_token": "boxcn1"}]})

    values = table.read(record)
    assert values["place"]["location"] == "116.39,39.9"
    assert values["files"][0]["file_token"] == "boxcn1"
    assert table.code("place", "here") == 1254015
    assert table.code("files", ["boxcn1"]) == 1254069


def test_computed_fields(table):
    """Times, people and numbers of a record, and a formula; clients cannot write them."""
    for name, type_ in (("made", 1001), ("changed", 1002), ("by", 1003), ("last", 1004), ("number", 1005)):
        table.field(name, type_)
    table.field("seconds", 20, property={"formula_expression": "CurrentValue.[duration_ms] / 1000"})
    table.field("label", 20, property={"formula_expression": 'CurrentValue.[workflow_id] & "!"'})
    first, second = table.create({"duration_ms": 2500, "workflow_id": "w1"}, {})

    values = table.read(first)
    assert values["seconds"] == {"type": 2, "value": [2.5]}
    assert values["label"] == {"type": 1, "value": [{"text": "w1!", "type": "text"}]}
    assert values["made"] == values["changed"] > 10**12
    assert values["by"]["id"] == values["last"]["id"]
    assert table.read(second)["number"] == "2"
    assert "seconds" not in table.read(second)
    assert {table.code(name, "1") for name in ("made", "by", "number", "seconds")} == {1254015}
    assert table.search(("seconds", "isGreater", ["2"])) == [first]


def test_a_text_is_neither_endless_nor_empty(table):
    """100,000 characters; an empty one is an empty cell."""
    (record,) = table.create({"workflow_id": ""})

    assert table.read(record) == {}
    assert table.code("workflow_id", "x" * 100_000) == 0
    assert table.code("workflow_id", "x" * 100_001) == 1254130
