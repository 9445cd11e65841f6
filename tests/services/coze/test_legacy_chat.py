"""The chat of version 2."""

import json

import pytest

from tests.services.coze.conftest import BOT, DRAFT

URL = "/open_api/v2/chat"
BODY = {"bot_id": BOT, "user": "u", "query": "桌面云打不开", "conversation_id": "my own 1"}


def events(answer):
    """The data of each event of a stream."""
    assert answer.mimetype == "text/event-stream"
    return [json.loads(part.removeprefix("data:")) for part in answer.text.strip().split("\n\n")]


def test_a_query_is_answered(coze):
    """A query is answered at once, with the client's id of the conversation."""
    answer = coze.post(URL, json={**BODY, "chat_history": [{"role": "user", "content": "hi"}]}).json

    assert (answer["code"], answer["msg"], answer["conversation_id"]) == (0, "success", "my own 1")
    assert [message["type"] for message in answer["messages"]] == ["answer", "verbose", "follow_up"]
    assert answer["messages"][0].keys() == {"role", "type", "content", "content_type"}
    assert answer["messages"][0]["content"].startswith("请先确认网络正常")


def test_a_stream_has_the_same_answer(coze):
    """A stream has the answer in numbered pieces, then the event done."""
    whole = coze.post(URL, json=BODY).json["messages"]

    said = events(coze.post(URL, json={**BODY, "stream": True}))

    assert said[-1] == {"event": "done"}
    for index, message in enumerate(whole):
        pieces = [event for event in said[:-1] if event["index"] == index]
        assert "".join(piece["message"]["content"] for piece in pieces) == message["content"]
        assert [piece["seq_id"] for piece in pieces] == list(range(len(pieces)))
        assert [piece["is_finish"] for piece in pieces] == [False] * (len(pieces) - 1) + [True]
        assert {piece["conversation_id"] for piece in pieces} == {"my own 1"}


def test_calls_are_in_the_log(coze):
    """Calls with one id are one session of the statistics; without an id each is its own."""
    url = f"/v1/bots/{BOT}/analytics?start_date=2025-12-22&end_date=2025-12-22"
    before = coze.get(url).json["data"]["summary"]
    for own in ("a", "a", "", ""):
        assert coze.post(URL, json={**BODY, "conversation_id": own}).json["conversation_id"]

    after = coze.get(url).json["data"]["summary"]

    assert after["total_calls"] - before["total_calls"] == 4
    assert after["total_sessions"] - before["total_sessions"] == 3
    assert after["total_messages"] - before["total_messages"] == 8


@pytest.mark.parametrize(("query", "code"), [("mockcbs:fail", 5000), ("mockcbs:error:4028", 4028)])
def test_failures(coze, query, code):
    """A failure is in the body, or in an error event that ends the stream."""
    body = {**BODY, "query": query}

    assert coze.post(URL, json=body).json["code"] == code
    (event,) = events(coze.post(URL, json={**body, "stream": True}))
    assert event["event"] == "error"
    assert event["error_information"]["err_code"] == code


def test_refusals(coze):
    """Errors before the stream are JSON."""
    assert coze.post(URL, json={**BODY, "bot_id": DRAFT, "stream": True}).json["code"] == 4015
    assert coze.post(URL, json={**BODY, "bot_id": "0000000000004013"}).json["code"] == 4013
    assert coze.post(URL, json={"bot_id": BOT, "user": "u"}).json["code"] == 4000
