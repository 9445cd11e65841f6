"""lark-oapi over Bases, tables, fields, views, automations and access tokens."""

import pytest
import requests

from mockcbs.testing.live import LiveServer
from tests.clients.test_lark import (
    BASE,
    RUN,
    TABLE,
    body,
    build,
    client,
    connect,
    create,
    created,
    data,
    listed,
    search,
    server,
    there,
    v1,
    values,
)

__all__ = ["client", "server"]

pytestmark = pytest.mark.slow  # lark-oapi takes five seconds to import


def made_view(client, name="slow"):
    request = build(
        v1.CreateAppTableViewRequest, **there(request_body=body(v1.ReqView, view_name=name, view_type="grid"))
    )
    return client.bitable.v1.app_table_view.create(request)


def patched_view(client, view_id, **members):
    content = body(v1.PatchAppTableViewRequestBody, **members)
    request = build(v1.PatchAppTableViewRequest, **there(view_id=view_id, request_body=content))
    return client.bitable.v1.app_table_view.patch(request)


def fields(client, **query):
    return client.bitable.v1.app_table_field.list(build(v1.ListAppTableFieldRequest, **there(**query)))


def made_field(client, name, type_, **more):
    content = body(v1.AppTableField, field_name=name, type=type_, **more)
    return client.bitable.v1.app_table_field.create(
        build(v1.CreateAppTableFieldRequest, **there(request_body=content))
    )


def test_a_base_with_tables_is_made(client):
    """A new Base has one table; tables are added, renamed and deleted, and unknown ones are refused."""
    apps, tables = client.bitable.v1.app, client.bitable.v1.app_table
    app = data(apps.create(build(v1.CreateAppRequest, request_body=body(v1.ReqApp, name="日报"))))["app"]
    token = app["app_token"]
    table = body(
        v1.ReqTable,
        name="runs",
        default_view_name="all",
        fields=[
            body(v1.AppTableCreateHeader, field_name="id", type=1),
            body(v1.AppTableCreateHeader, field_name="ms", type=2),
        ],
    )

    def names():
        return [
            one["name"] for one in data(tables.list(build(v1.ListAppTableRequest, app_token=token)))["items"]
        ]

    request = build(
        v1.CreateAppTableRequest,
        app_token=token,
        request_body=body(v1.CreateAppTableRequestBody, table=table),
    )
    made = data(tables.create(request))
    again = tables.create(request)

    assert names() == ["数据表", "runs"]
    assert (len(made["field_id_list"]), made["default_view_id"][:3], again.code) == (2, "vew", 1254013)
    content = body(v1.PatchAppTableRequestBody, name="executions")
    request = build(v1.PatchAppTableRequest, app_token=token, table_id=made["table_id"], request_body=content)
    assert data(tables.patch(request)) == {"name": "executions"}
    content = body(
        v1.BatchCreateAppTableRequestBody, tables=[body(v1.ReqTable, name=name) for name in ("a", "b")]
    )
    request = build(v1.BatchCreateAppTableRequest, app_token=token, request_body=content)
    ids = data(tables.batch_create(request))["table_ids"]
    assert names() == ["数据表", "executions", "a", "b"]
    content = body(v1.BatchDeleteAppTableRequestBody, table_ids=ids)
    request = build(v1.BatchDeleteAppTableRequest, app_token=token, request_body=content)
    assert tables.batch_delete(request).code == 0
    assert (
        tables.delete(build(v1.DeleteAppTableRequest, app_token=token, table_id=made["table_id"])).code == 0
    )
    assert names() == ["数据表"]
    assert fields(client, app_token=token, table_id=made["table_id"]).code == 1254041
    content = body(v1.UpdateAppRequestBody, name="周报", is_advanced=True)
    changed = apps.update(build(v1.UpdateAppRequest, app_token=token, request_body=content))
    assert data(changed)["app"]["name"] == "周报"
    shown = data(apps.get(build(v1.GetAppRequest, app_token=token)))["app"]
    assert (shown["name"], shown["is_advanced"], shown["time_zone"]) == ("周报", True, "Asia/Shanghai")


def test_an_open_base_has_the_seeds_table(client):
    """The table of an open Base has the fields of the reporting node; the first one is primary."""
    tables = data(client.bitable.v1.app_table.list(build(v1.ListAppTableRequest, app_token="bascnOther")))[
        "items"
    ]
    found = data(fields(client))["items"]

    assert len(tables) == 1
    assert [(one["field_name"], one["type"], one["ui_type"], one["is_primary"]) for one in found] == [
        ("workflow_id", 1, "Text", True),
        ("exec_time", 5, "DateTime", False),
        ("input_len", 2, "Number", False),
        ("duration_ms", 2, "Number", False),
    ]


def test_fields_are_made_changed_and_deleted(client):
    """Records show them at once; the primary field stays."""
    option = body(v1.AppTableFieldPropertyOption, name="ok")
    status = data(made_field(client, "status", 3, property=body(v1.AppTableFieldProperty, options=[option])))[
        "field"
    ]
    (record,) = created(client, {**RUN, "status": "failed"})

    options = data(fields(client))["items"][4]["property"]["options"]
    assert [one["name"] for one in options] == ["ok", "failed"]
    assert [one["id"][:3] for one in options] == ["opt", "opt"]
    noted = made_field(client, "note", 1, description=body(v1.AppTableFieldDescription, text="why"))
    assert noted.data.field.description.text == "why"
    assert made_field(client, "status", 1).code == 1254014
    assert made_field(client, "x", 99).code == 1254012
    assert made_field(client, "x", 1, ui_type="Number").code == 1254301
    service = client.bitable.v1.app_table_field
    content = body(v1.AppTableField, field_name="result", type=3)
    request = build(v1.UpdateAppTableFieldRequest, **there(field_id=status["field_id"], request_body=content))
    assert data(service.update(request))["field"]["field_name"] == "result"
    assert values(data(listed(client)), "result") == ["failed"]
    gone = service.delete(build(v1.DeleteAppTableFieldRequest, **there(field_id=status["field_id"])))
    assert data(gone) == {"field_id": status["field_id"], "deleted": True}
    primary = data(fields(client))["items"][0]["field_id"]
    assert service.delete(build(v1.DeleteAppTableFieldRequest, **there(field_id=primary))).code == 1254070
    assert service.delete(build(v1.DeleteAppTableFieldRequest, **there(field_id="fldNone"))).code == 1254044
    assert record


def test_a_view_filters_what_is_read_with_it(client):
    """A view filters by field id; a filter of the call replaces the view's; hidden fields are marked."""
    created(client, *({**RUN, "duration_ms": ms} for ms in (10_000, 10_001)))
    by_name = {one["field_name"]: one["field_id"] for one in data(fields(client))["items"]}
    view_id = data(made_view(client))["view"]["view_id"]
    condition = body(
        v1.AppTableViewPropertyFilterInfoCondition,
        field_id=by_name["duration_ms"],
        operator="isGreater",
        value='["10000"]',
    )
    info = body(v1.AppTableViewPropertyFilterInfo, conjunction="and", conditions=[condition])
    settings = body(v1.AppTableViewProperty, filter_info=info, hidden_fields=[by_name["input_len"]])

    view = data(patched_view(client, view_id, view_name="very slow", property=settings))["view"]

    assert view["view_name"] == "very slow"
    assert view["property"]["filter_info"]["conditions"][0]["value"] == '["10000"]'
    assert values(data(listed(client, view_id=view_id)), "duration_ms") == [10_001]
    assert values(data(search(client, view_id=view_id)), "duration_ms") == [10_001]
    assert data(search(client, [("input_len", "is", ["12"])], view_id=view_id))["total"] == 2
    assert [one["is_hidden"] for one in data(fields(client, view_id=view_id))["items"]] == [
        False,
        False,
        True,
        False,
    ]
    service = client.bitable.v1.app_table_view
    assert data(service.get(build(v1.GetAppTableViewRequest, **there(view_id=view_id))))["view"] == view
    assert service.delete(build(v1.DeleteAppTableViewRequest, **there(view_id=view_id))).code == 0
    (last,) = data(service.list(build(v1.ListAppTableViewRequest, **there())))["items"]
    assert (
        service.delete(build(v1.DeleteAppTableViewRequest, **there(view_id=last["view_id"]))).code == 1254008
    )
    assert listed(client, view_id=view_id).code == 1254042
    assert listed(client, view_id="grid").code == 1254005
    condition = body(
        v1.AppTableViewPropertyFilterInfoCondition, field_id="fldNone", operator="is", value='["1"]'
    )
    info = body(v1.AppTableViewPropertyFilterInfo, conjunction="and", conditions=[condition])
    wrong = patched_view(client, last["view_id"], property=body(v1.AppTableViewProperty, filter_info=info))
    assert wrong.code == 1254044


def test_automations_are_switched(client):
    """Automations are listed with their state, and can be switched on and off."""
    service = client.bitable.v1.app_workflow

    def states():
        found = data(service.list(build(v1.ListAppWorkflowRequest, app_token=BASE)))["workflows"]
        return {one["workflow_id"]: one["status"] for one in found}

    first = next(iter(states()))
    for status in ("Disable", "Enable"):
        content = body(v1.UpdateAppWorkflowRequestBody, status=status)
        request = build(v1.UpdateAppWorkflowRequest, app_token=BASE, workflow_id=first, request_body=content)
        assert service.update(request).code == 0
        assert states()[first] == status
    content = body(v1.UpdateAppWorkflowRequestBody, status="Off")
    request = build(v1.UpdateAppWorkflowRequest, app_token=BASE, workflow_id=first, request_body=content)
    assert service.update(request).code == 1254001


def test_a_wrong_secret_raises_in_the_client(server):
    """The configured app has one secret; another app, in open mode, has any."""
    with pytest.raises(Exception, match="10014"):
        create(connect(server.url, "cli_mockcbs", "wrong"), RUN)
    assert create(connect(server.url, "cli_anybody", "any"), RUN).code == 0


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, 99991661),
        ("t-abc", 99991661),
        ("Bearer ", 99991661),
        ("Bearer abc", 99991671),
        ("Bearer t-bad", 99991663),
        ("Bearer a-abc", 99991664),
        ("Bearer t-Fail99991672", 99991672),
    ],
)
def test_access_comes_first(server, header, code):
    """Access is checked before the Base, the body and the parameters."""
    url = f"{server.url}/open-apis/bitable/v1/apps/x/tables/x/records?page_size=x"
    headers = {"Authorization": header} if header else {}

    for method in ("GET", "POST"):
        response = requests.request(method, url, headers=headers, data=b"{", timeout=10)
        assert (response.status_code, response.json()["code"]) == (400, code)
        assert response.json()["error"]["log_id"] == response.headers["X-Tt-Logid"]


def ask(server, method, path, content=None, token="t-any"):
    url = f"{server.url}/open-apis/bitable/v1/apps/{path}"
    return requests.request(
        method, url, data=content, headers={"Authorization": f"Bearer {token}"}, timeout=10
    ).json()


RECORDS = f"{BASE}/tables/{TABLE}/records"


@pytest.mark.parametrize(
    ("method", "path", "content", "code"),
    [
        ("GET", "x!", None, 1254003),
        ("GET", "bascnFail1254302", None, 1254302),
        ("GET", f"{BASE}/tables/x/records", None, 1254004),
        ("GET", f"{BASE}/tables/tblFail1254291/records", None, 1254291),
        ("GET", f"{RECORDS}/x", None, 1254006),
        ("GET", f"{RECORDS}/recNone", None, 1254043),
        ("GET", f"{RECORDS}?page_size=501", None, 1254001),
        ("GET", f"{RECORDS}?page_size=x", None, 1254001),
        ("GET", f"{RECORDS}?page_token=x", None, 1254001),
        ("GET", f"{RECORDS}?user_id_type=x", None, 1254001),
        ("GET", f"{RECORDS}?sort=x", None, 1254016),
        ("GET", f'{RECORDS}?sort=["x DESC"]', None, 1254045),
        ("GET", f"{RECORDS}?field_names=x", None, 1254001),
        ("GET", f'{RECORDS}?field_names=["x"]', None, 1254045),
        ("GET", f"{RECORDS}?filter=1%2B", None, 1254018),
        ("POST", RECORDS, b"", 1254001),
        ("POST", RECORDS, b"{", 1254000),
        ("POST", RECORDS, b"[]", 1254000),
        ("POST", RECORDS, b"{}", 1254001),
        ("POST", RECORDS, b'{"fields":1}', 1254001),
        ("POST", RECORDS, b'{"fields":{"x":1}}', 1254045),
        ("POST", f"{RECORDS}/batch_create", b'{"records":{}}', 1254001),
        ("POST", f"{RECORDS}/batch_update", b'{"records":[{"record_id":"recNone","fields":{}}]}', 1254043),
        ("POST", f"{RECORDS}/search", b'{"filter":1}', 1254018),
        ("POST", f"{RECORDS}/search", b'{"sort":1}', 1254016),
        ("POST", f"{RECORDS}/search", b'{"sort":[{"field_name":"x"}]}', 1254045),
        ("POST", f"{RECORDS}/search", b'{"view_id":"vewNone"}', 1254042),
        ("POST", f"{RECORDS}/search", b'{"field_names":["x"]}', 1254045),
        ("DELETE", f"{RECORDS}/recNone", None, 1254043),
        ("PATCH", RECORDS, b"{}", 404),
    ],
)
def test_what_is_wrong_has_its_code(server, method, path, content, code):
    """Each error that a request can cause has its code."""
    assert ask(server, method, path, content)["code"] == code


def test_strict_knows_only_what_was_stated_or_made():
    """Tokens issued here, Bases made or set here."""
    with LiveServer(strict=True, dataset="empty") as live:
        mine = connect(live.url)
        assert create(mine, RUN).code == 1254040
        made = data(
            mine.bitable.v1.app.create(build(v1.CreateAppRequest, request_body=body(v1.ReqApp, name="x")))
        )
        token, table = made["app"]["app_token"], made["app"]["default_table_id"]
        assert create(mine, {"文本": "x"}, app_token=token, table_id=table).code == 0
        assert create(mine, {}, app_token=token, table_id="tblNone").code == 1254041
        stated = {"service": "feishu", "base": BASE, "table": TABLE}
        requests.put(f"{live.url}/_mockcbs/tables", json=stated, timeout=10).raise_for_status()
        assert create(mine, RUN).code == 0
        for token, code in (("t-any", 99991663), ("u-any", 99991668)):
            assert ask(live, "GET", BASE, token=token)["code"] == code
        with pytest.raises(Exception, match="10014"):
            create(connect(live.url, "cli_other", "x"), RUN)
        codes = [ask(live, "GET", BASE, token=issued(live))["code"] for _ in range(60)]
        assert 99991400 in codes


def issued(live):
    content = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
    path = "/open-apis/auth/v3/tenant_access_token/internal"
    return requests.post(f"{live.url}{path}", json=content, timeout=10).json()["tenant_access_token"]


def test_a_token_lasts_two_hours():
    """The same token for an hour and a half, then another; the old one works to its end."""
    with LiveServer(now="2026-11-22", dataset="empty") as live:

        def later(minutes):
            step = {"advance_ms": minutes * 60_000}
            requests.put(f"{live.url}/_mockcbs/clock", json=step, timeout=10).raise_for_status()

        first = issued(live)
        later(89)
        same = issued(live)
        later(2)
        second = issued(live)
        assert first == same != second
        assert ask(live, "GET", BASE, token=first)["code"] == 0
        later(29)
        assert ask(live, "GET", BASE, token=first)["code"] == 99991663
        assert ask(live, "GET", BASE, token=second)["code"] == 0
