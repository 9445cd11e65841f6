"""What the control API answers is what its document says."""

from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from mockcbs import Settings, create_app
from mockcbs.core.masking import digest
from mockcbs.webhooks import service
from mockcbs.webhooks.subscriptions import Subscription
from tests.conftest import BOT, NOW, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"
RIGHT = {"Authorization": "Bearer open"}
CHAT_BOT = "7342866812345678901"
ACCOUNT = quote(digest("someone"))
STORY = {"rules": [{"when": {"nth": 9}, "state": "down"}, {"when": {"state": "down"}, "wire": "reset"}]}

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
    ("get", "/samples"): [("?entry=1", None, 200), ("?entry=0", None, 404), ("", None, 400)],
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
        ("?service=feishu&base=bascnA&table=tblA", None, 204),
        ("?service=feishu&base=bascnA&table=tblA", None, 404),
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
    ("post", "/webhooks/deliveries/{delivery_id}/redeliver"): [
        ("?project=other", None, 404),
        ("", None, 202),
        ("?x=1", None, 400),
    ],
}
"""What to ask of each operation, with the token: query, body, and the status of the answer."""


IDS = {"report_id": "report-1", "webhook_id": "wh_told", "delivery_id": "evt-1.wh_told"}
"""What stands in the place of ids in paths."""


@pytest.fixture(scope="module")
def client():
    """A mock that has been called: rightly, wrongly, under a scenario, and where there is no route."""
    app = create_app(Settings(now=NOW, control_token="open", gateway_prefix="APIGW"))
    client = app.test_client()
    client.get(STATS, headers={"X-Auth-Token": "any"})
    client.get(f"{STATS}?interval=x&inteval=day", headers={"X-Auth-Token": "any"})
    client.get(STATS, headers={"X-Auth-Token": "any", "Prefer": "scenario=server-error"})
    client.get("/nowhere")
    signed = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}
    client.put("/reports/a.csv", data="a,b", headers=signed)
    client.put("/_mockcbs/scenario?project=told", json={"scenario": STORY}, headers=RIGHT)
    webhooks = service.of(app)
    told = Subscription("wh_told", "http://127.0.0.1:9/", ("secret",))
    webhooks.subscriptions.save(told)
    webhooks.deliveries.add(told, {"event_id": "evt-1", "event_type": "message.sent"}, due=NOW, scope="")
    return client


@pytest.fixture(scope="module")
def document(client):
    return client.get("/_mockcbs/openapi.json", headers=RIGHT).json


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


def test_the_document_is_valid(document):
    """It is OpenAPI 3.0, down to its defaults."""
    OpenAPIV30SpecValidator(document).validate()


@pytest.mark.parametrize(
    ("operation", "query", "body", "status"),
    [(operation, *call) for operation, calls in CALLS.items() for call in calls],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_answers_are_as_documented(client, document, operation, query, body, status):
    """Each has the members that are documented, of those types, and no other."""
    method, path = operation

    answer = client.open(
        f"/_mockcbs{path.format(**IDS)}{query}", method=method.upper(), json=body, headers=RIGHT
    )

    assert answer.status_code == status
    check(document, answers(document, method, path)[str(status)], answer)


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_without_the_token(client, document, operation):
    """All but one are refused."""
    method, path = operation
    documented = answers(document, method, path)

    answer = client.open(f"/_mockcbs{path}", method=method.upper())

    assert answer.status_code == (200 if path == "/ready" else 401)
    check(document, documented[str(answer.status_code)], answer)


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_from_another_page(client, document, operation):
    """All but one are refused."""
    method, path = operation
    documented = answers(document, method, path)

    answer = client.open(f"/_mockcbs{path}", method=method.upper(), headers={"Origin": "http://evil.example"})

    assert answer.status_code == (200 if path == "/ready" else 403)
    check(document, documented[str(answer.status_code)], answer)


def test_nothing_else_is_documented(document):
    """Each operation and each status of it is asked for above; no answer is left to a default."""
    documented = {
        (method, path.removeprefix("/_mockcbs")): {*operation["responses"]}
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/_mockcbs/") and method != "parameters"
    }

    guarded = {operation: {"401", "403"} for operation in CALLS if operation != ("get", "/ready")}
    asked = {
        operation: {str(status) for *_, status in calls} | guarded.get(operation, set())
        for operation, calls in CALLS.items()
    }
    assert documented == asked


def test_bad_parameters_are_documented_as_they_are_answered(document):
    """No service answers 422; all that take parameters say 400."""
    services = [
        operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method != "parameters" and not path.startswith("/_mockcbs/")
    ]

    assert not [operation for operation in services if "422" in operation["responses"]]
    assert sum("400" in operation["responses"] for operation in services) > 40
