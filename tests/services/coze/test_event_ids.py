"""Raw events name what clients can look up, and are equal in two runs whose clock stands still."""

from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT, caller

CHATFLOW = "7389589103588700009"
TODAY = "start_date=2025-12-22&end_date=2025-12-22"


def test_messages_are_those_of_the_chat(coze):
    """The message_id of a question and an answer are those that the lists of messages show."""
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}
    begun = coze.post("/v3/chat", json=body).json["data"]
    where = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    answers = coze.get("/v3/chat/message/list", query_string=where).json["data"]

    url = f"/v1/bots/{BOT}/analytics/logs?{TODAY}&event_type=message.sent"
    events = coze.get(f"{url}&session_id={begun['conversation_id']}").json["data"]["items"]

    asked = begun["inserted_additional_messages"][0]["id"]
    assert [event["message_id"] for event in events] == [asked, answers[0]["id"]]


def test_chatflows_are_called_workflows(coze):
    """The events of a chatflow name a workflow, not a bot."""
    body = {"workflow_id": CHATFLOW, "additional_messages": [QUESTION]}
    assert "event:done" in coze.post("/v1/workflows/chat", json=body).text

    events = coze.get(f"/v1/workflows/{CHATFLOW}/analytics/logs?{TODAY}&page_size=100").json["data"]["items"]

    assert events
    assert {event.get("workflow_id") for event in events} == {CHATFLOW}
    assert not any("bot_id" in event for event in events)


def test_tokens_of_callback_apps_are_equal():
    """While the clock stands still, two runs give an app the same token."""
    body = {"app_type": "normal", "name": "x"}

    assert caller().post("/v1/api_apps", json=body).json == caller().post("/v1/api_apps", json=body).json
