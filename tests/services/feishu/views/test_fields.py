"""The calls of fields."""


def test_a_view_survives_its_field(table):
    """A field that is deleted, or has another type, is filtered by no longer."""
    for change in ("DELETE", "PUT"):
        field_id = table.field(f"status {change}", 1)
        one, two = table.create({f"status {change}": "ok"}, {})
        made = table.call("POST", "/views", {"view_name": change})["data"]["view"]["view_id"]
        condition = {"field_id": field_id, "operator": "contains", "value": '["ok"]'}
        info = {"conjunction": "and", "conditions": [condition]}
        table.call(
            "PATCH", f"/views/{made}", {"property": {"filter_info": info, "hidden_fields": [field_id]}}
        )
        before = table.list(view_id=made)

        table.call(change, f"/fields/{field_id}", {"field_name": "other", "type": 2})

        assert before == [one]
        assert {one, two} <= {*table.list(view_id=made)}


def test_another_type_empties_the_cells(table):
    """Another type empties the cells; another name with the same type keeps them."""
    field_id = table.field("note", 1)
    (record,) = table.create({"note": "kept"})

    table.call("PUT", f"/fields/{field_id}", {"field_name": "text", "type": 1})
    assert table.read(record) == {"text": "kept"}

    table.call("PUT", f"/fields/{field_id}", {"field_name": "text", "type": 2})
    assert table.read(record) == {}


def test_fields_that_cannot_be(table):
    """A name that is taken, an unknown type, and the primary field that should go."""
    primary = table.call("GET", "/fields")["data"]["items"][0]["field_id"]

    assert table.call("POST", "/fields", {"field_name": "input_len", "type": 1})["code"] == 1254014
    assert table.call("POST", "/fields", {"field_name": "x", "type": 99})["code"] == 1254012
    assert table.call("DELETE", f"/fields/{primary}")["code"] == 1254070
    assert table.call("DELETE", "/fields/fldNone")["code"] == 1254044


def test_a_view_says_which_fields_it_hides(table):
    """The list of fields names hidden fields if the request has the id of a view."""
    field_id = table.field("secret", 1)
    view = table.call("GET", "/views")["data"]["items"][0]["view_id"]
    table.call("PATCH", f"/views/{view}", {"property": {"hidden_fields": [field_id]}})

    def hidden(**query):
        items = table.call("GET", "/fields", **query)["data"]["items"]
        return [one["field_id"] for one in items if one["is_hidden"]]

    assert (hidden(), hidden(view_id=view)) == ([], [field_id])
