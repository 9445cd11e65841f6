"""What calls of Feishu answer is what their OpenAPI document says."""

import pytest
from openapi_schema_validator import OAS30Validator

from mockcbs import Settings, create_app

NOW = 1_766_386_800_000
BASE, TABLE, APP = "bascnA", "tblA", "/open-apis/bitable/v1/apps"
RIGHT = {"Authorization": "Bearer t-any"}
CREDENTIALS = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
RECORDS, FIELDS, VIEWS = (
    f"{APP}/{{app_token}}/tables/{{table_id}}/{what}" for what in ("records", "fields", "views")
)
MESSAGE = {"receive_id": "oc_1", "msg_type": "text", "content": '{"text":"hi"}'}
SLOW = {"filter": {"conditions": [{"field_name": "input_len", "operator": "isGreater", "value": ["1"]}]}}

CALLS = [
    ("post", "/open-apis/auth/v3/tenant_access_token/internal", CREDENTIALS),
    ("post", "/open-apis/auth/v3/app_access_token/internal", CREDENTIALS),
    ("post", APP, {"name": "x"}),
    ("get", f"{APP}/{{app_token}}", None),
    ("put", f"{APP}/{{app_token}}", {"name": "y"}),
    ("get", f"{APP}/{{app_token}}/workflows", None),
    ("put", f"{APP}/{{app_token}}/workflows/{{workflow_id}}", {"status": "Disable"}),
    ("get", f"{APP}/{{app_token}}/tables", None),
    ("post", f"{APP}/{{app_token}}/tables", {"table": {"name": "t"}}),
    ("post", f"{APP}/{{app_token}}/tables/batch_create", {"tables": [{"name": "u"}]}),
    ("post", f"{APP}/{{app_token}}/tables/batch_delete", {"table_ids": ["tblOther"]}),
    ("patch", f"{APP}/{{app_token}}/tables/{{table_id}}", {"name": "v"}),
    ("get", FIELDS, None),
    ("post", FIELDS, {"field_name": "f", "type": 3, "description": "why"}),
    ("put", f"{FIELDS}/{{field_id}}", {"field_name": "g", "type": 1}),
    ("post", RECORDS, {"fields": {"workflow_id": "w", "input_len": 3}}),
    ("get", RECORDS, None),
    ("get", f"{RECORDS}/{{record_id}}?automatic_fields=True&with_shared_url=True", None),
    ("put", f"{RECORDS}/{{record_id}}", {"fields": {"input_len": 4}}),
    ("post", f"{RECORDS}/batch_create", {"records": [{"fields": {}}]}),
    ("post", f"{RECORDS}/batch_update", {"records": []}),
    ("post", f"{RECORDS}/batch_get", {"record_ids": ["recNone"]}),
    ("post", f"{RECORDS}/search", SLOW),
    ("post", f"{RECORDS}/batch_delete", {"records": []}),
    ("delete", f"{RECORDS}/{{record_id}}", None),
    ("post", VIEWS, {"view_name": "slow"}),
    ("get", VIEWS, None),
    ("patch", f"{VIEWS}/{{view_id}}", {"view_name": "fast"}),
    ("get", f"{VIEWS}/{{view_id}}", None),
    ("delete", f"{VIEWS}/{{view_id}}", None),
    ("delete", f"{FIELDS}/{{field_id}}", None),
    ("delete", f"{APP}/{{app_token}}/tables/{{table_id}}", None),
    ("post", "/open-apis/im/v1/messages?receive_id_type=chat_id", MESSAGE),
    ("get", "/open-apis/im/v1/chats", None),
    ("get", "/open-apis/im/v1/chats/{chat_id}/members/is_in_chat", None),
    ("get", "/open-apis/bot/v3/info", None),
    ("post", "/open-apis/bot/v2/hook/{hook_token}", {"msg_type": "text", "content": {"text": "hi"}}),
]


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(now=NOW, dataset="empty")).test_client()


@pytest.fixture(scope="module")
def document(client):
    return client.get("/_mockcbs/openapi.json").json


def test_answers_are_as_documented(client, document):
    """Each operation is called once, in an order that lets each succeed; none is missing."""
    ids = {
        "app_token": BASE,
        "table_id": TABLE,
        "chat_id": "oc_1",
        "hook_token": "bot",
        "workflow_id": "7480000000000000001",
    }
    seen = set()
    for method, path, content in CALLS:
        if "{record_id}" in path and "record_id" not in ids:
            listed = client.get(RECORDS.format(**ids), headers=RIGHT).json["data"]["items"]
            ids["record_id"] = listed[0]["record_id"]
        if "{view_id}" in path and "view_id" not in ids:
            ids["view_id"] = client.get(VIEWS.format(**ids), headers=RIGHT).json["data"]["items"][-1][
                "view_id"
            ]
        if "{field_id}" in path:
            ids["field_id"] = client.get(FIELDS.format(**ids), headers=RIGHT).json["data"]["items"][-1][
                "field_id"
            ]

        answer = client.open(path.format(**ids), method=method.upper(), json=content, headers=RIGHT)

        assert (answer.status_code, answer.json["code"]) == (200, 0), (method, path, answer.json)
        check(document, path, method, answer)
        seen.add((method, path.partition("?")[0]))
    assert seen == {
        (method, path)
        for path, operations in document["paths"].items()
        for method in operations
        if path.startswith("/open-apis/") and method != "parameters"
    }


def test_errors_are_as_documented(client, document):
    """An access error and one of a custom bot."""
    path = f"{APP}/{{app_token}}"

    check(document, path, "get", client.get(path.format(app_token=BASE)))
    for spec in (400, 429):
        assert document["paths"][path]["get"]["responses"][str(spec)]


def check(document, path, method, answer):
    """Insist that *answer* is as documented, with no other member."""
    said = document["paths"][path.partition("?")[0]][method]["responses"][str(answer.status_code)]
    if "$ref" in said:
        said = document["components"]["responses"][said["$ref"].rpartition("/")[2]]
    schema = {**said["content"]["application/json"]["schema"], "components": document["components"]}
    OAS30Validator(schema).validate(answer.json)
