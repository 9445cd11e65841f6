"""lark-oapi, Feishu's own Python client, over every call it can make here."""

import itertools
import json

import pytest
import requests

from mockcbs.testing.live import LiveServer
from tests.lazily import Lazily

pytestmark = pytest.mark.slow  # lark-oapi takes five seconds to import
lark, v1, im = map(Lazily, ["lark_oapi", "lark_oapi.api.bitable.v1", "lark_oapi.api.im.v1"])

BASE, TABLE = "bascnRuns", "tblRuns"
NOW = 1_766_386_800_000
"""2025-12-22T15:00:00+08:00."""
DAY = 86_400_000
RUN = {"workflow_id": "w1", "exec_time": 1_766_365_200_000, "input_len": 12, "duration_ms": 812}


@pytest.fixture(scope="module")
def server():
    with LiveServer(now=NOW, dataset="empty") as live:
        yield live


_apps = itertools.count(1)


@pytest.fixture
def client(server):
    """A client of an app of its own, so that each test has its own tables."""
    return connect(server.url, f"cli_test{next(_apps)}")


def connect(url, app_id="cli_mockcbs", secret="mockcbs-app-secret"):
    return lark.Client.builder().app_id(app_id).app_secret(secret).domain(url).build()


def build(request, **members):
    """A request of lark-oapi's builders; a ``body`` is a dict for the builder of the same name."""
    made = request.builder()
    for name, value in members.items():
        made = getattr(made, name)(value)
    return made.build()


def body(kind, **members):
    return build(kind, **members)


def there(**more):
    return {"app_token": BASE, "table_id": TABLE, **more}


def raw(response):
    """The answer itself."""
    return json.loads(response.raw.content)


def data(response):
    """The data of a success."""
    assert response.code == 0, (response.code, response.raw.headers)
    return raw(response)["data"]


def create(client, fields, **query):
    request = there(request_body=body(v1.AppTableRecord, fields=fields), **query)
    return client.bitable.v1.app_table_record.create(build(v1.CreateAppTableRecordRequest, **request))


def created(client, *rows):
    records = [body(v1.AppTableRecord, fields=row) for row in rows]
    content = body(v1.BatchCreateAppTableRecordRequestBody, records=records)
    request = build(v1.BatchCreateAppTableRecordRequest, **there(request_body=content))
    return [
        one["record_id"] for one in data(client.bitable.v1.app_table_record.batch_create(request))["records"]
    ]


def search(client, conditions=(), conjunction="and", size=100, token=None, **content):
    made = [body(v1.Condition, field_name=name, operator=op, value=value) for name, op, value in conditions]
    if made:
        content["filter"] = body(v1.FilterInfo, conjunction=conjunction, conditions=made)
    request = there(request_body=body(v1.SearchAppTableRecordRequestBody, **content), page_size=size)
    if token:
        request["page_token"] = token
    return client.bitable.v1.app_table_record.search(build(v1.SearchAppTableRecordRequest, **request))


def listed(client, **query):
    return client.bitable.v1.app_table_record.list(build(v1.ListAppTableRecordRequest, **there(**query)))


def get(client, record_id, **query):
    request = build(v1.GetAppTableRecordRequest, **there(record_id=record_id, **query))
    return client.bitable.v1.app_table_record.get(request)


def values(page, name):
    return [item["fields"].get(name) for item in page["items"]]


def test_a_run_is_written_and_read(client):
    """Search gives texts as segments; everything else as strings, unless it is asked otherwise."""
    made = create(client, RUN)
    record_id = made.data.record.record_id

    segments = [{"text": "w1", "type": "text"}]
    assert data(made) == {"record": {"fields": RUN, "record_id": record_id, "id": record_id}}
    assert data(get(client, record_id))["record"]["fields"] == RUN
    assert values(data(listed(client)), "workflow_id") == ["w1"]
    assert values(data(search(client)), "workflow_id") == [segments]
    assert values(data(listed(client, text_field_as_array=True)), "workflow_id") == [segments]
    assert data(get(client, record_id, text_field_as_array=True))["record"]["fields"] == {
        **RUN,
        "workflow_id": segments,
    }
    assert made.raw.headers["X-Tt-Logid"]


def test_a_client_token_writes_once(client):
    """The same token again returns the first result; another writes a second row; so for batches."""
    token = "fe599b60-450f-46ff-b2ef-9f6675625b97"
    first = create(client, RUN, client_token=token).data.record.record_id
    again = create(client, {**RUN, "duration_ms": 1}, client_token=token).data.record.record_id
    other = create(client, RUN, client_token="0f6675b7-450f-46ff-b2ef-9f6675625b97").data.record.record_id

    assert first == again != other
    assert data(search(client))["total"] == 2


def test_slow_runs_are_the_same_by_search_formula_and_view(client):
    """Search, formula and view find the same runs of over 10000 ms."""
    created(
        client, *({**RUN, "duration_ms": ms} for ms in (9_999, 10_000, 10_001, 25_000)), {"workflow_id": "w2"}
    )

    found = data(search(client, [("duration_ms", "isGreater", ["10000"])]))

    by_formula = data(listed(client, filter="CurrentValue.[duration_ms]>10000", page_size=20))
    assert values(found, "duration_ms") == values(by_formula, "duration_ms") == [10_001, 25_000]
    assert (found["total"], found["has_more"]) == (2, False)


def test_a_batch_is_written_whole_or_not_at_all(client):
    """One bad row, or more rows than a call takes, and nothing is written."""
    rows = [body(v1.AppTableRecord, fields=RUN), body(v1.AppTableRecord, fields={"duration_ms": "9"})]
    many = [body(v1.AppTableRecord, fields={})] * 1001

    def batch(records):
        content = body(v1.BatchCreateAppTableRecordRequestBody, records=records)
        request = build(v1.BatchCreateAppTableRecordRequest, **there(request_body=content))
        return client.bitable.v1.app_table_record.batch_create(request)

    assert batch(rows).code == 1254061
    assert batch(many).code == 1254104
    assert data(search(client))["total"] == 0
    assert batch(many[:1000]).code == 0
    assert data(search(client))["total"] == 1000


def test_pages_add_up(client):
    """Following page_token shows each record once, sorted or not."""
    created(client, *({"duration_ms": ms % 7} for ms in range(23)))

    for content in ({}, {"sort": [body(v1.Sort, field_name="duration_ms", desc=True)]}):
        seen, token = [], None
        while True:
            page = data(search(client, size=5, token=token, **content))
            seen += [(item["record_id"], item["fields"]["duration_ms"]) for item in page["items"]]
            token = page["page_token"]
            if not page["has_more"]:
                break
        assert len(set(seen)) == len(seen) == 23
        if content:
            assert [ms for _, ms in seen] == sorted((ms % 7 for ms in range(23)), reverse=True)


def test_records_change_and_go(client):
    """Update changes what it names, null empties; batch calls do the same; deleted is unknown."""
    one, two = created(client, RUN, RUN)
    records = client.bitable.v1.app_table_record
    content = body(v1.AppTableRecord, fields={"duration_ms": 5})
    request = build(v1.UpdateAppTableRecordRequest, **there(record_id=one, request_body=content))

    assert data(records.update(request))["record"]["fields"] == {**RUN, "duration_ms": 5}

    rows = [body(v1.AppTableRecord, record_id=two, fields={"input_len": 7})]
    content = body(v1.BatchUpdateAppTableRecordRequestBody, records=rows)
    changed = records.batch_update(build(v1.BatchUpdateAppTableRecordRequest, **there(request_body=content)))
    assert [row["fields"]["input_len"] for row in data(changed)["records"]] == [7]

    content = body(v1.BatchGetAppTableRecordRequestBody, record_ids=[two, "recNone"], automatic_fields=True)
    found = data(records.batch_get(build(v1.BatchGetAppTableRecordRequest, **there(request_body=content))))
    assert [row["record_id"] for row in found["records"]] == [two]
    assert found["records"][0]["created_time"] == NOW
    assert found["absent_record_ids"] == ["recNone"]

    gone = records.delete(build(v1.DeleteAppTableRecordRequest, **there(record_id=one)))
    assert data(gone) == {"deleted": True, "record_id": one}
    content = body(v1.BatchDeleteAppTableRecordRequestBody, records=[two])
    gone = records.batch_delete(build(v1.BatchDeleteAppTableRecordRequest, **there(request_body=content)))
    assert data(gone) == {"records": [{"deleted": True, "record_id": two}]}
    assert get(client, one).code == 1254043
    assert data(search(client))["items"] == []


def send(client, receive_id="oc_1", id_type="chat_id", msg_type="text", content='{"text":"hi"}', **more):
    made = body(
        im.CreateMessageRequestBody, receive_id=receive_id, msg_type=msg_type, content=content, **more
    )
    request = build(im.CreateMessageRequest, receive_id_type=id_type, request_body=made)
    return client.im.v1.message.create(request)


def told(server, **query):
    return requests.get(f"{server.url}/_mockcbs/messages", params=query, timeout=10).json()["messages"]


def test_a_message_reaches_a_chat(server, client):
    """The control API shows the message; the same uuid sends it only once."""
    first = data(send(client, uuid="u1"))
    again = data(send(client, uuid="u1", content='{"text":"other"}'))

    assert first == again
    assert first["body"] == {"content": '{"text":"hi"}'}
    assert (first["create_time"], first["chat_id"]) == (str(NOW), "oc_1")
    shown = [one for one in told(server, kind="chat") if one["id"] == first["message_id"]]
    assert [(one["to"], one["text"], one["at"], one["content"]) for one in shown] == [
        ("oc_1", "hi", NOW, {"text": "hi"})
    ]


CARD = {
    "header": {"title": {"tag": "plain_text", "content": "日报"}},
    "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": "**1,024** 次"}}],
}
POST = {
    "zh_cn": {
        "title": "日报",
        "content": [[{"tag": "text", "text": "共 "}, {"tag": "a", "text": "7", "href": "x"}]],
    }
}


@pytest.mark.parametrize(
    ("msg_type", "content", "text"),
    [
        ("interactive", CARD, "日报\n**1,024** 次"),
        ("post", POST, "日报\n共 7"),
        ("image", {"image_key": "k"}, ""),
    ],
)
def test_the_text_of_a_message_is_what_people_read(server, client, msg_type, content, text):
    """The text of a post or a card contains what people read."""
    sent = data(send(client, "ou_1", "open_id", msg_type, json.dumps(content)))

    assert [one["text"] for one in told(server) if one["id"] == sent["message_id"]] == [text]


@pytest.mark.parametrize(
    ("request_", "code", "said"),
    [
        ({"receive_id": "x"}, 230001, "ext=invalid receive_id"),
        ({"id_type": "email"}, 230001, "ext=invalid receive_id"),
        ({"id_type": "phone"}, 230001, "ext=invalid receive_id_type"),
        ({"msg_type": "song"}, 230001, "ext=invalid msg_type"),
        ({"content": "hi"}, 230001, "ext=content is not a string in json format"),
        ({"content": '{"txt":"hi"}'}, 230001, "ext=invalid content"),
        ({"msg_type": "interactive", "content": "{}"}, 230099, "card"),
        ({"content": json.dumps({"text": "x" * 160_000})}, 230025, "length"),
        ({"receive_id": "oc_Fail230002"}, 230002, "group"),
    ],
)
def test_a_wrong_message_is_refused(client, request_, code, said):
    """The msg of the response names the problem."""
    response = send(client, **request_)

    assert (response.code, response.raw.status_code) == (code, 400)
    assert said in response.msg


def test_the_bot_and_its_chats(server, client):
    """The bot is at the top level of its response, and is a member of the listed chat."""
    chats = data(client.im.v1.chat.list(build(im.ListChatRequest)))["items"]
    inside = client.im.v1.chat_members.is_in_chat(build(im.IsInChatChatMembersRequest, chat_id="oc_mockcbs"))
    request = lark.BaseRequest.builder().http_method(lark.HttpMethod.GET).uri("/open-apis/bot/v3/info")
    bot = client.request(request.token_types({lark.AccessTokenType.TENANT}).build())

    assert [chat["chat_id"] for chat in chats] == ["oc_mockcbs"]
    assert data(inside) == {"is_in_chat": True}
    assert json.loads(bot.raw.content)["bot"]["open_id"] == "ou_mockcbs"
