"""The envelope, and ids that are never given twice."""

from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT, caller


def test_reasons_can_be_read(coze):
    """The reason is in a header, not in the body."""
    answer = coze.get("/v1/conversation/retrieve?conversation_id=1")

    assert answer.headers["X-Mockcbs-Reason"] == "no conversation 1 was created here"


def test_conversations_of_a_clock_that_stands_still(coze):
    """Ids differ and ascend also when no time passes."""
    ids = [coze.post("/v1/conversation/create").json["data"]["id"] for _ in range(5)]

    assert sorted(ids, key=int) == ids
    assert len(set(ids)) == 5


def test_the_same_calls_have_the_same_answers():
    """Two mocks give equal responses to equal requests, except for log ids."""

    def ask(client):
        body = {"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}
        chat = client.post("/v3/chat", json=body).json["data"]
        query = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
        return chat, client.get("/v3/chat/message/list", query_string=query).json["data"]

    assert ask(caller()) == ask(caller())
