"""The calls of records."""

import json

import pytest


def test_found_and_absent_records(table):
    """The response to a batch of ids has both found and absent records."""
    (record,) = table.create({"workflow_id": "w1"})

    found = table.call(
        "POST", "/records/batch_get", {"record_ids": [record, "recNone"], "automatic_fields": True}
    )

    (shown,) = found["data"]["records"]
    assert (shown["record_id"], found["data"]["absent_record_ids"]) == (record, ["recNone"])
    assert shown["created_time"] == shown["last_modified_time"]


def test_a_batch_is_whole(table):
    """A batch with one wrong record creates, changes or deletes none."""
    one, two = table.create({"input_len": 1}, {"input_len": 2})
    wrong = {"records": [{"fields": {"input_len": 3}}, {"fields": {"input_len": "x"}}]}
    lost = {
        "records": [{"record_id": one, "fields": {"input_len": 9}}, {"record_id": "recNone", "fields": {}}]
    }

    assert table.call("POST", "/records/batch_create", wrong)["code"] == 1254061
    assert table.call("POST", "/records/batch_update", lost)["code"] == 1254043
    assert table.call("POST", "/records/batch_delete", {"records": [one, "recNone"]})["code"] == 1254043
    assert table.list() == [one, two]
    assert table.read(one) == {"input_len": 1}


def test_a_client_token_creates_once(table):
    """A call with the same client token returns the same record."""
    body = {"fields": {"workflow_id": "w1"}}

    first, again = (
        table.call("POST", "/records", body, client_token="fe599b60-450f-46ff-b2ef-9f6675625b97")
        for _ in "12"
    )

    assert first["data"]["record"]["record_id"] == again["data"]["record"]["record_id"]
    assert len(table.list()) == 1


@pytest.mark.parametrize("names", ["workflow_id", '{"a":1}', "[1]", "[" * 100_000])
def test_field_names_are_a_list_in_a_text(table, names):
    """Anything else is 1254001; an unknown name is 1254045."""
    assert table.list(field_names=names) == 1254001
    assert table.list(field_names='["nope"]') == 1254045


def test_a_list_shows_what_it_is_asked_for(table):
    """A list has the requested fields, segments, automatic fields and links of records."""
    table.create({"workflow_id": "w1", "input_len": 3})

    plain = table.call("GET", "/records", field_names=json.dumps(["input_len"]))["data"]["items"][0]
    full = table.call("GET", "/records", text_field_as_array="true", automatic_fields="true", view_id=None)

    assert plain["fields"] == {"input_len": 3}
    assert "created_time" not in plain
    assert full["data"]["items"][0]["fields"]["workflow_id"] == [{"text": "w1", "type": "text"}]
    assert full["data"]["items"][0]["created_by"]


def test_a_filter_takes_the_place_of_a_view(table):
    """A view alone filters; with a filter or a sort, the view does not count."""
    few, many = table.create({"input_len": 1}, {"input_len": 9})
    view = table.call("POST", "/views", {"view_name": "long"})["data"]["view"]["view_id"]
    field = table.call("GET", "/fields")["data"]["items"][2]["field_id"]
    condition = {"field_id": field, "operator": "isGreater", "value": '["5"]'}
    info = {"conjunction": "and", "conditions": [condition]}
    table.call("PATCH", f"/views/{view}", {"property": {"filter_info": info}})

    assert table.list(view_id=view) == [many]
    assert table.list("CurrentValue.[input_len] < 5", view_id=view) == [few]
    assert table.search(view_id=view) == [many]
    assert table.search(("input_len", "isLess", ["5"]), view_id=view) == [few]
