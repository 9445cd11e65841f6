"""``POST /_mockcbs/turns``: questions over HTTP, for tests in any language."""

import pytest

from mockcbs import Mock
from tests.conftest import BOT, PROJECT

COZE_BOT = "7342866812345678901"
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"


@pytest.fixture
def mock():
    return Mock(dataset="empty", now="2026-11-22T12:00:00Z")


def test_a_question_counts_at_once(mock):
    """A question is in the statistics of its project; a session and an instant may be given."""
    http = mock.app.test_client()
    asked = {"bot": BOT, "question": "桌面云打不开", "user": "u1"}

    first = http.post("/_mockcbs/turns", json=asked).get_json()
    again = {**asked, "session": first["session"], "at": "2026-11-22T12:00:00Z", "outcome": "notmatch"}
    http.post("/_mockcbs/turns", json=again)
    http.post("/_mockcbs/turns?project=another", json=asked)

    total = http.get(STATS, headers={"X-Auth-Token": "a"}).get_json()["total"]
    assert first["outcome"] == "direct"
    assert (total["session_count"], total["user_count"], total["avg_request_count"]) == (1, 1, 2)


def test_a_question_to_a_coze_bot(mock):
    """Without a token, the configured one is used; the latency of the answer counts in the mean."""
    http = mock.app.test_client()

    http.post("/_mockcbs/turns", json={"bot": COZE_BOT, "question": "hello", "latency_ms": 700})

    path = f"/v1/bots/{COZE_BOT}/analytics?start_date=2026-11-22&end_date=2026-11-22"
    found = http.get(path, headers={"Authorization": "Bearer pat_mockcbs"}).get_json()["data"]["summary"]
    assert (found["total_calls"], found["avg_response_time_ms"]) == (1, 700)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"question": "?"}, "bot: is missing"),
        ({"bot": BOT, "question": ""}, "question: must have 1 to"),
        ({"bot": BOT, "question": "?", "outcome": "good"}, "'good' is not one of direct, recommend"),
        ({"bot": BOT, "question": "?", "usr": "u"}, "did you mean 'user'?"),
    ],
)
def test_what_is_no_question(mock, body, reason):
    """A body that cannot be read is refused with the member and what is accepted."""
    response = mock.app.test_client().post("/_mockcbs/turns", json=body)

    assert response.status_code == 400
    assert reason in response.get_json()["detail"]
