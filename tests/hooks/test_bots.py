"""Scenarios and the journal know the bot that a request names."""

import json

import pytest

from mockcbs import Mock
from tests.conftest import NOW

COZE, OTHER = "7342866812345678901", "7342866812345678999"
FLOW = "7389589103588700001"
DAYS = "start_date=2026-02-20&end_date=2026-02-21"
CALLS = {
    "path": ("GET", f"/v1/bots/{{}}/analytics?{DAYS}", None),
    "body": ("POST", "/v3/chat", {"user_id": "u", "stream": False}),
}


@pytest.fixture
def mock():
    with Mock(now=NOW) as mock:
        yield mock


def send(mock, where: str, bot: str):
    method, path, body = CALLS[where]
    content = body and {**body, "bot_id": bot}
    headers = {"Authorization": "Bearer pat_mockcbs"}
    return mock.app.test_client().open(path.format(bot), method=method, json=content, headers=headers)


@pytest.mark.parametrize("where", CALLS)
def test_a_rule_for_a_bot_applies_to_its_requests_only(mock, where):
    """A request names its bot in the path or in the body."""
    mock.scenario({"rules": [{"when": {"bot": COZE}, "answer": {"status": 503, "body": "down"}}]})

    assert send(mock, where, COZE).status_code == 503
    assert send(mock, where, OTHER).status_code == 200


@pytest.mark.parametrize("where", CALLS)
def test_the_journal_has_the_bot(mock, where):
    """Verify finds the requests of one bot."""
    send(mock, where, COZE)
    send(mock, where, OTHER)

    mock.verify(bot=COZE, count=1)


def test_a_workflow_is_a_bot(mock):
    """Requests of a workflow are found by its id."""
    body = {"workflow_id": FLOW, "parameters": {}}
    headers = {"Authorization": "Bearer pat_mockcbs"}
    mock.app.test_client().post("/v1/workflow/run", json=body, headers=headers)

    mock.verify(bot=FLOW, count=1)


def test_a_request_without_a_bot_has_none(mock):
    """Neither lists nor other services name a bot."""
    client = mock.app.test_client()
    client.get("/v1/workspaces", headers={"Authorization": "Bearer pat_mockcbs"})
    client.post("/v3/auth/tokens", json={"bot_id": COZE})

    assert [entry["bot"] for entry in client.get("/_mockcbs/journal").json["entries"]] == [None, None]


def test_only_the_beginning_of_a_body_is_searched(mock):
    """A body of megabytes costs no more than a short one."""
    body = json.dumps({"user_id": "u" * 5000, "bot_id": COZE})
    headers = {"Authorization": "Bearer pat_mockcbs", "Content-Type": "application/json"}
    mock.app.test_client().post("/v3/chat", data=body, headers=headers)

    mock.verify(bot=COZE, count=0)
