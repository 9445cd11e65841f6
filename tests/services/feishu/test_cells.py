"""Cells: from what clients write, and to what they read."""


def test_an_unknown_field_is_named_with_those_there_are(table):
    """1254045, and the reason lists fields of the table."""
    answer = table._client.post(
        f"{table.path}/records", json={"fields": {"nope": 1}}, headers={"Authorization": "Bearer t-any"}
    )

    assert answer.json["code"] == 1254045
    assert "workflow_id" in answer.headers["X-Mockcbs-Reason"]


def test_options_grow_with_what_is_written(table):
    """A new option of a select is added to the field once, with its own color."""
    table.field("status", 3)
    table.field("tags", 4)

    table.create({"status": "ok", "tags": ["a", "b"]}, {"status": "failed", "tags": ["b"]})
    table.create({"status": "ok"})

    fields = {one["field_name"]: one for one in table.call("GET", "/fields")["data"]["items"]}
    options = {name: fields[name]["property"]["options"] for name in ("status", "tags")}
    assert [one["name"] for one in options["status"]] == ["ok", "failed"]
    assert [one["color"] for one in options["tags"]] == [0, 1]
    assert len({one["id"] for one in options["tags"]}) == 2


def test_empty_cells_are_left_out(table):
    """A record has only written cells; a text is a string unless segments are requested."""
    (record,) = table.create({"workflow_id": "w1", "input_len": None})

    assert table.read(record) == {"workflow_id": "w1"}
    assert table.read(record, text_field_as_array="true") == {"workflow_id": [{"text": "w1", "type": "text"}]}


def test_a_field_is_shown_in_two_ways(table):
    """The list has its description as a text, the call that makes it as an object."""
    answer = table.call("POST", "/fields", {"field_name": "why", "type": 1, "description": "because"})

    made = answer["data"]["field"]
    (listed,) = [
        one for one in table.call("GET", "/fields")["data"]["items"] if one["field_id"] == made["field_id"]
    ]
    assert made["description"] == {"disable_sync": True, "text": "because"}
    assert listed["description"] == "because"
    assert (listed["is_primary"], listed["ui_type"]) == (False, "Text")
