"""What the control API answers is what its document says."""

import threading
from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from mockcbs import Settings, create_app
from mockcbs.control.openapi import document as document_module
from mockcbs.core.masking import digest
from mockcbs.services import registry
from tests.conftest import BOT, NOW, PROJECT
from tests.control.openapi.described import NAMES, RIGHT, STATS, STORY, described, operations

CHAT_BOT = "7342866812345678901"
ACCOUNT = quote(digest("someone"))
CALLS = {
    ("get", "/health"): [("", None, 200)],
    ("get", "/ready"): [("", None, 200)],
    ("get", "/settings"): [("", None, 200)],
    ("get", "/journal"): [
        ("", None, 200),
        ("?limit=1&since=0", None, 200),
        (f"?project={PROJECT}&operation=cbs.suggestions", None, 200),
        ("?limit=x", None, 400),
    ],
    ("delete", "/journal"): [("?project=other", None, 200), ("?x=1", None, 400)],
    ("post", "/journal/verify"): [
        ("", {"pattern": {"path": STATS}}, 200),
        ("", {"count": -1}, 400),
        ("?project=a&token=b", {}, 400),
        ("", {"pattern": {"path": "/other"}}, 422),
        ("", {"count": 0}, 422),
    ],
    ("post", "/turns"): [
        ("", {"bot": BOT, "question": "桌面云打不开"}, 200),
        ("?project=other", {"bot": BOT, "question": "?", "outcome": "invalid", "at": NOW, "user": "u"}, 200),
        ("", {"bot": BOT}, 400),
    ],
    ("get", "/datasets"): [("", None, 200)],
    ("get", "/dataset"): [("", None, 200), ("?x=1", None, 400)],
    ("put", "/dataset"): [
        ("?name=own", {"dataset": {"bots": [{"id": BOT, "name": "x", "traffic": {}}]}}, 200),
        ("", {"dataset": "everyday"}, 200),
        ("", {"dataset": "everyd"}, 400),
        ("?project=p", {"dataset": "everyday"}, 400),
        ("", None, 400),
    ],
    ("delete", "/dataset"): [("", None, 200), ("?x=1", None, 400)],
    ("get", "/seed"): [("", None, 200), ("?x=1", None, 400)],
    ("put", "/seed"): [("", {"seed": 42}, 200), ("", {"seed": "x"}, 400)],
    ("delete", "/seed"): [("", None, 200), ("?x=1", None, 400)],
    ("get", "/scenario"): [("", None, 200), ("?project=told", None, 200), ("?x=1", None, 400)],
    ("put", "/scenario"): [
        ("", {"scenario": "stale"}, 200),
        ("?project=told", {"scenario": STORY, "state": "down", "ttl_seconds": 60}, 200),
        ("", {"scenario": "none"}, 400),
        ("", {"scenario": STORY, "state": "dwon"}, 400),
        ("", None, 400),
    ],
    ("delete", "/scenario"): [("?project=other", None, 200), ("?x=1", None, 400)],
    ("get", "/clock"): [("", None, 200), ("?x=1", None, 400)],
    ("put", "/clock"): [
        ("", {"freeze": NOW}, 200),
        ("?project=told", {"tick": True}, 200),
        ("?project=other", {"real": True}, 200),
        ("", {"freeze": -1}, 400),
        ("", {"advance_ms": 3_000_000_000_000}, 400),
    ],
    ("delete", "/clock"): [("?project=told", None, 200), ("?x=1", None, 400)],
    ("post", "/reset"): [("?project=other", None, 204), ("?x=1", None, 400)],
    ("get", "/metrics"): [("", None, 200)],
    ("get", "/export"): [
        (f"?bot={BOT}&from=2026-11-20", None, 200),
        (f"?bot={BOT}&from=2026-11-20&format=jsonl", None, 200),
        ("", None, 400),
    ],
    ("get", "/explain"): [
        (f"?request={quote(STATS + '?interval=day')}", None, 200),
        (f"?request={quote(STATS + '?interval=day')}&figure=total.session_count&page_size=1", None, 200),
        ("?request=/", None, 400),
    ],
    ("get", "/openapi.json"): [("", None, 200)],
    ("get", "/openapi/{name}.json"): [("", None, 200)],
    ("get", "/samples"): [
        ("?entry=oldest", None, 200),
        ("?operation=coze.create_chat", None, 200),
        ("?entry=0", None, 404),
        ("?operation=coze.chatter", None, 404),
        ("", None, 400),
    ],
    ("post", "/authorize"): [
        ("", {"url": "http://127.0.0.1:8021/v1/users/me"}, 200),
        ("", {"url": "http://127.0.0.1:8021/", "operation": "oss.list_buckets"}, 200),
        ("", {"url": 1}, 400),
    ],
    ("post", "/samples"): [
        ("", {"url": f"http://127.0.0.1:8021{STATS}?interval=day", "headers": {"X-Auth-Token": "x"}}, 200),
        ("", {"url": "http://127.0.0.1:8021/nowhere", "method": "PUT", "body": "x"}, 200),
        ("", {"url": "/v1"}, 400),
    ],
    ("get", "/objects"): [("", None, 200)],
    ("get", "/objects/list"): [
        ("?service=oss&scope=s&bucket=b", None, 200),
        ("?service=paper&scope=s&bucket=b", None, 400),
    ],
    ("get", "/objects/content"): [
        (f"?service=oss&scope={ACCOUNT}&bucket=reports&key=a.csv", None, 200),
        ("?service=oss&scope=s&bucket=b&key=k", None, 404),
        ("", None, 400),
    ],
    ("get", "/messages"): [("", None, 200), ("?kind=chat&limit=1", None, 200), ("?kind=fax", None, 400)],
    ("put", "/tables"): [
        ("", {"service": "feishu", "base": "bascnA", "table": "tblA", "rows": [{"input_len": 3}]}, 200),
        ("", {"service": "paper"}, 400),
    ],
    ("get", "/tables"): [("", None, 200), ("?service=feishu&limit=0", None, 200), ("?x=1", None, 400)],
    ("delete", "/tables"): [
        ("?service=feishu&base=bascnGone&table=tblA", None, 204),
        ("?service=feishu&base=bascnNone&table=tblA", None, 404),
        ("", None, 400),
    ],
    ("get", "/reports"): [("", None, 200), ("?x=1", None, 400)],
    ("post", "/reports"): [("", {"to": {"hook": "h"}}, 201), ("", {"to": {}}, 400)],
    ("delete", "/reports/{report_id}"): [("", None, 204), ("", None, 404), ("?x=1", None, 400)],
    ("get", "/webhooks"): [("", None, 200), ("?x=1", None, 400)],
    ("post", "/webhooks"): [
        ("", {"url": "http://127.0.0.1:9/", "challenge": False}, 201),
        ("", {"url": "x"}, 400),
        ("", {"url": "http://127.0.0.1:9/"}, 422),
    ],
    ("post", "/webhooks/deliveries/{delivery_id}/redeliver"): [
        ("?project=other", None, 404),
        ("", None, 202),
        ("?x=1", None, 400),
    ],
    ("delete", "/webhooks/{webhook_id}"): [
        ("?project=other", None, 404),
        ("", None, 204),
        ("?x=1", None, 400),
    ],
    ("post", "/webhooks/send"): [
        ("", {"bot_id": CHAT_BOT, "from": NOW - 3_600_000, "to": NOW}, 200),
        ("", {}, 400),
    ],
    ("get", "/webhooks/deliveries"): [
        ("", None, 200),
        ("?project=other&state=failed&limit=1", None, 200),
        ("?state=x", None, 400),
    ],
}
"""What to ask of each operation, with the token: query, body, and the status of the answer."""
IDS = {"name": "coze", "report_id": "report-1", "webhook_id": "wh_told", "delivery_id": "evt-1.wh_told"}
"""What stands in the place of ids in paths."""


def answers(document, method, path):
    """What is documented of an operation, by status."""
    return document["paths"][f"/_mockcbs{path}"][method]["responses"]


def check(document, told, answer):
    """Insist that *answer* is as documented."""
    if answer.status_code == 204:
        assert ("content" in told, answer.data) == (False, b"")
        return
    media = told["content"][answer.mimetype]
    content = answer.json if answer.is_json else answer.text
    schema = {**media["schema"], "components": document["components"]}
    OAS30Validator(schema).validate(content)


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_valid(name):
    """All and each are OpenAPI 3.0, down to their defaults."""
    OpenAPIV30SpecValidator(described(name)).validate()


def test_the_documents_of_services_are_the_parts_of_the_whole():
    """Each operation is in the document of one service, and in the document of all."""
    parts = [one["operationId"] for name in NAMES[1:] for one in operations(described(name))]

    whole = [one["operationId"] for one in operations(described(None))]
    assert sorted(parts) == sorted(whole)
    assert len(set(whole)) == len(whole)


def test_a_document_names_the_real_hosts_after_the_mock():
    """Real hosts are listed after the mock, so that no request is sent to them by accident."""
    urls = [server["url"] for server in described("cbs")["servers"]]

    assert urls == ["/", "https://cbs-ext.{region}.myhuaweicloud.com"]


def test_answers_are_not_just_objects():
    """Each JSON response of a service has documented members, or is a list of a documented type."""
    whole = described(None)
    vague = [
        one["operationId"]
        for one in operations(whole)
        for media in one["responses"].get("200", {}).get("content", {}).values()
        if media["schema"] == {"type": "object"}
    ]

    assert vague == ["control_openapi", "control_openapi_of_service"]


def test_an_unknown_service_is_refused(client):
    """The error names the known services."""
    answer = client.get("/_mockcbs/openapi/cozy.json", headers=RIGHT)

    known = ", ".join([*(service.name for service in registry.services()), "control"])
    assert (answer.status_code, answer.json["detail"]) == (404, f"no service 'cozy'; there are {known}")


@pytest.mark.parametrize(
    ("operation", "query", "body", "status"),
    [(operation, *call) for operation, calls in CALLS.items() for call in calls],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_answers_are_as_documented(client, document, operation, query, body, status):
    """Each response has the documented members with the documented types, and no other."""
    method, path = operation
    oldest = str(client.application.extensions["mockcbs"].journal.entries()[-1].id)

    answer = client.open(
        f"/_mockcbs{path.format(**IDS)}{query.replace('oldest', oldest)}",
        method=method.upper(),
        json=body,
        headers=RIGHT,
    )

    assert answer.status_code == status
    check(document, answers(document, method, path)[str(status)], answer)


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_without_the_token(client, document, operation):
    """All operations but one are refused without the token."""
    method, path = operation
    documented = answers(document, method, path)

    answer = client.open(f"/_mockcbs{path}", method=method.upper())

    assert answer.status_code == (200 if path == "/ready" else 401)
    check(document, documented[str(answer.status_code)], answer)


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_from_another_page(client, document, operation):
    """All operations but one are refused from a page of another origin."""
    method, path = operation
    documented = answers(document, method, path)

    answer = client.open(f"/_mockcbs{path}", method=method.upper(), headers={"Origin": "http://evil.example"})

    assert answer.status_code == (200 if path == "/ready" else 403)
    check(document, documented[str(answer.status_code)], answer)


def test_a_delivery_without_a_subscription(client, document):
    """The refusal to deliver again to a deleted subscription is as documented."""
    path = "/webhooks/deliveries/{delivery_id}/redeliver"

    answer = client.post(f"/_mockcbs{path.format(delivery_id='evt-2.wh_gone')}", headers=RIGHT)

    assert answer.status_code == 409
    check(document, answers(document, "post", path)["409"], answer)


def test_nothing_else_is_documented(document):
    """The requests above cause every documented status of each operation, except 413 and 503."""
    documented = {
        (method, path.removeprefix("/_mockcbs")): {*operation["responses"]} - {"413", "503"}
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/_mockcbs/") and method != "parameters"
    }

    guarded = {operation: {"401", "403"} for operation in CALLS if operation != ("get", "/ready")}
    asked = {
        operation: {str(status) for *_, status in calls} | guarded.get(operation, set())
        for operation, calls in CALLS.items()
    }
    asked["get", "/openapi/{name}.json"].add("404")  # see above, with another name
    asked["post", "/webhooks/deliveries/{delivery_id}/redeliver"].add("409")  # see above, with another id
    assert documented == asked


def test_no_answer_of_flask_smorest_is_documented(document):
    """The error schema and status 422 of flask-smorest are in no document, because services do not use
    them.
    """
    assert not {"Error", "PaginationMetadata"} & document["components"]["schemas"].keys()
    assert not [name for name in document["components"]["responses"] if name.isupper()]
    assert sum("400" in operation["responses"] for operation in operations(document)) > 100


def test_a_document_is_made_once(monkeypatch):
    """Clients that ask for the document at the same time wait for one that is being made."""
    made = []
    whole = document_module._whole
    monkeypatch.setattr(document_module, "_whole", lambda *args: made.append(1) or whole(*args))
    document_module._made.cache_clear()
    client = create_app(Settings()).test_client()

    threads = [
        threading.Thread(target=client.application.test_client().get, args=["/_mockcbs/openapi.json"])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1]
    assert client.get("/_mockcbs/openapi.json").status_code == 200
