"""The calls of tables and views."""

import pytest

from tests.services.feishu.views.calls import call, data


@pytest.fixture
def tables(app, new_table):
    """The client, and the path of the tables of a new Base."""
    return app.test_client(), new_table().path.rpartition("/")[0]


def test_tables_are_made_all_or_none(tables):
    """Two of one name are refused, and nothing is made."""
    client, path = tables

    names = [{"name": "a"}, {"name": "b"}]
    assert len(data(client, "POST", f"{path}/batch_create", {"tables": names})["table_ids"]) == 2
    wrong = {"tables": [{"name": "c"}, {"name": "a"}]}
    assert call(client, "POST", f"{path}/batch_create", wrong)["code"] == 1254013
    assert call(client, "POST", f"{path}/batch_create", {"tables": names[:1] * 2})["code"] == 1254013
    assert [one["name"] for one in data(client, "GET", path)["items"]] == ["a", "b"]


def test_a_table_has_the_stated_fields(tables):
    """A table is created with a new name, its fields and a view, and renamed to a free name."""
    client, path = tables
    fields = [{"field_name": "id", "type": 1}, {"field_name": "n", "type": 2}]
    table = {"name": "t", "default_view_name": "all", "fields": fields}

    made = data(client, "POST", path, {"table": table})

    assert len(made["field_id_list"]) == 2
    views = data(client, "GET", f"{path}/{made['table_id']}/views")["items"]
    assert [(view["view_id"], view["view_name"]) for view in views] == [(made["default_view_id"], "all")]
    twice = {"table": {"name": "u", "fields": fields[:1] * 2}}
    assert call(client, "POST", path, twice)["code"] == 1254014
    data(client, "POST", path, {"table": {"name": "u"}})
    assert call(client, "PATCH", f"{path}/{made['table_id']}", {"name": "u"})["code"] == 1254013
    assert data(client, "PATCH", f"{path}/{made['table_id']}", {"name": "v"})["name"] == "v"


def test_tables_are_deleted_all_or_none(tables):
    """An unknown one keeps the others."""
    client, path = tables
    ids = data(client, "POST", f"{path}/batch_create", {"tables": [{"name": "a"}, {"name": "b"}]})[
        "table_ids"
    ]

    assert call(client, "POST", f"{path}/batch_delete", {"table_ids": [ids[0], "x"]})["code"] == 1254004
    assert len(data(client, "GET", path)["items"]) == 2
    data(client, "POST", f"{path}/batch_delete", {"table_ids": ids[:1]})
    assert [one["table_id"] for one in data(client, "GET", path)["items"]] == ids[1:]


def test_views_are_made_and_the_last_one_stays(table):
    """A view needs a free name and a known type; the last view cannot be deleted."""
    (first,) = table.call("GET", "/views")["data"]["items"]

    assert table.call("DELETE", f"/views/{first['view_id']}")["code"] == 1254008
    made = table.call("POST", "/views", {"view_name": "mine", "view_type": "kanban"})["data"]["view"]
    assert table.call("POST", "/views", {"view_name": "mine"})["code"] == 1254001
    assert table.call("POST", "/views", {"view_name": "x", "view_type": "pie"})["code"] == 1254012
    assert table.call("GET", f"/views/{made['view_id']}")["data"]["view"]["view_type"] == "kanban"
    assert table.call("DELETE", f"/views/{first['view_id']}")["code"] == 0
    assert table.call("GET", f"/views/{first['view_id']}")["code"] == 1254042


def test_conditions_of_a_view_are_numbered(table):
    """Conditions of a view have ids and the type of their field; a change keeps other properties."""
    view = table.call("GET", "/views")["data"]["items"][0]["view_id"]
    field = table.call("GET", "/fields")["data"]["items"][2]["field_id"]
    condition = {"field_id": field, "operator": "is", "value": '["5"]'}
    info = {"conjunction": "or", "conditions": [condition]}
    table.call("PATCH", f"/views/{view}", {"property": {"filter_info": info}})

    shown = table.call("PATCH", f"/views/{view}", {"view_name": "five"})["data"]["view"]

    (one,) = shown["property"]["filter_info"]["conditions"]
    assert (one["condition_id"], one["field_type"]) == ("con0000001", 2)
    assert shown["property"]["filter_info"]["conjunction"] == "or"
