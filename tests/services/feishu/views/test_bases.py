"""The calls of Bases and their automations."""

from tests.services.feishu.views.calls import BASE, call, data


def test_a_base_is_made_with_a_table(app):
    """A new Base is found with its name and a table with a view and fields."""
    client = app.test_client()

    made = data(client, "POST", BASE, {"name": "报表", "folder_token": "fld1"})["app"]
    found = data(client, "GET", f"{BASE}/{made['app_token']}")["app"]
    tables = data(client, "GET", f"{BASE}/{made['app_token']}/tables")["items"]

    assert (found["name"], made["folder_token"]) == ("报表", "fld1")
    assert [one["table_id"] for one in tables] == [made["default_table_id"]]
    assert call(client, "GET", f"{BASE}/{made['app_token']}/tables/tblOther/fields")["code"] == 1254041


def test_a_base_gets_another_name(app):
    """A Base that gets another name keeps its other properties."""
    client = app.test_client()
    url = f"{BASE}/{data(client, 'POST', BASE, {'name': 'before'})['app']['app_token']}"

    changed = data(client, "PUT", url, {"is_advanced": True})["app"]

    assert (changed["name"], changed["is_advanced"]) == ("before", True)
    assert data(client, "PUT", url, {"name": "after"})["app"]["is_advanced"] is True
    assert call(client, "PUT", url, {"name": ""})["code"] == 1254001


def test_automations_are_switched(app):
    """Each automation is switched separately, in one Base only."""
    client = app.test_client()
    url, other = (f"{BASE}/bascnSwitch{number}/workflows" for number in (1, 2))
    first, second = data(client, "GET", url)["workflows"]

    data(client, "PUT", f"{url}/{first['workflow_id']}", {"status": "Disable"})

    assert [one["status"] for one in data(client, "GET", url)["workflows"]] == ["Disable", "Enable"]
    assert {one["status"] for one in data(client, "GET", other)["workflows"]} == {"Enable"}
    assert call(client, "PUT", f"{url}/1", {"status": "Enable"})["code"] == 1254002
    assert call(client, "PUT", f"{url}/{second['workflow_id']}", {"status": "off"})["code"] == 1254001
