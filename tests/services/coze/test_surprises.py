"""A success that may surprise gives its reason; so does what is not emulated."""

import pytest

from tests.services.coze.calls import QUESTION, REASON
from tests.services.coze.conftest import BOT, RUN


def test_misplaced_and_misspelt_parameters(coze):
    """The remark names an unknown parameter and the probable one."""
    query = "start_date=2025-12-15&end_date=2025-12-16"

    misspelt = coze.get(f"/v1/bots/{BOT}/analytics?{query}&granularty=hour")
    misplaced = coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "conversation_id": "1"})

    assert misspelt.headers[REASON].endswith("did you mean 'granularity'?")
    assert misplaced.headers[REASON] == "parameter 'conversation_id' is ignored; it belongs in the query"


def test_what_sdks_always_send_is_no_surprise(coze):
    """Members that are null, and those of a message that was received, are nothing to speak of."""
    message = {**QUESTION, "id": "1", "chat_id": None, "created_at": 5, "reasoning_content": None}

    answer = coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "additional_messages": [message]})

    assert answer.json["code"] == 0
    assert REASON not in answer.headers


def test_near_misses_are_of_the_service(coze):
    """Coze's near misses name no route of another service."""
    answer = coze.get("/v3/chat/retreive", base_url="https://api.coze.cn")

    assert "/v3/chat/retrieve" in answer.headers[REASON]
    assert "qabots" not in answer.headers[REASON]
    assert "auth" not in answer.headers[REASON]


@pytest.mark.parametrize("path", ["/v3/chatt", "/v3/chats", "/v3/conversations"])
def test_misspelt_paths_are_answered_by_coze(coze, path):
    """Though other services have paths under /v3, too."""
    answer = coze.post(path, json={})

    assert (answer.status_code, answer.json["code"]) == (404, 4000)
    assert "nearest: none" not in answer.headers[REASON]


def test_a_misspelt_family_is_nobodys(coze):
    """A misspelt path belongs to no service, and its near misses are those of all services."""
    answer = coze.post("/v1/conversatoin/create", json={})

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "POST /v1/conversation/create" in answer.json["detail"]


def test_an_empty_word_among_the_accepted_is_seen(coze):
    """An empty word among the accepted ones is written as two quotes."""
    message = {**QUESTION, "type": "nope"}

    answer = coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "additional_messages": [message]})

    assert 'type must be one of "", question, answer' in answer.headers[REASON]


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        (
            "POST",
            "/v3/chat",
            {"bot_id": BOT, "user_id": "u", "meta_data": {"a": 1}},
            "meta_data.a must be a string",
        ),
        ("POST", "/v1/workflow/run", {"workflow_id": RUN, "ext": {"a": 1}}, "ext.a must be a string"),
        ("GET", f"/v1/bots/{BOT}/analytics?start_date=2025-02-30", None, "there is no day 2025-02-30"),
        ("GET", f"/v1/bots/{'9' * 21}", None, "is not a decimal id of up to 20 digits"),
        (
            "POST",
            "/api/permission/oauth2/token",
            {"grant_type": "x"},
            "'x' is not one of authorization_code,",
        ),
    ],
)
def test_reasons_name_the_place_and_what_is_accepted(coze, method, path, body, reason):
    """A reason contains only texts of mockcbs, none of the library."""
    answer = coze.open(path, method=method, json=body)

    assert answer.status_code == 400
    assert reason in answer.headers[REASON]
