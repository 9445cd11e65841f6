"""Responses about requests."""

import pytest

from mockcbs.control.answers import calls
from tests.conftest import BOT, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=year"


@pytest.fixture
def called(client):
    """A mock that was called, rightly and wrongly."""
    client.get(STATS, headers={"X-Auth-Token": "any"})
    client.get("/nowhere?a=1&a=2")
    return client


def test_the_journal(called):
    """Entries have all their members, also those of calls that no route knows."""
    page = called.get("/_mockcbs/journal").json

    assert calls.JournalPage().validate(page) == {}
    assert [entry["service"] for entry in page["entries"]] == [None, "cbs"]
    assert page["entries"][0]["request"]["query"] == {"a": ["1", "2"]}


@pytest.mark.parametrize(
    ("schema", "method", "path", "body"),
    [
        (calls.Matched, "POST", "journal/verify", {"pattern": {"path": "/nowhere"}}),
        (calls.Forgotten, "DELETE", "journal", None),
        (calls.RecordedTurn, "POST", "turns", {"bot": BOT, "question": "?"}),
        (calls.Samples, "GET", "samples?operation=cbs.session_stats", None),
        (calls.AuthorizedRequest, "POST", "authorize", {"url": "http://127.0.0.1:8021/v1/users/me"}),
    ],
)
def test_what_the_control_api_answers(called, schema, method, path, body):
    """The responses have all documented members, and no other."""
    response = called.open(f"/_mockcbs/{path}", method=method, json=body)

    assert response.status_code == 200
    assert schema().validate(response.json) == {}
