"""The calls of conversations, their messages, and judgements of answers."""

import pytest

from tests.services.coze.calls import QUESTION, ask, code, data, look, where
from tests.services.coze.conftest import BOT, SAMPLE_NOW, caller


def created(coze, **members):
    return data(coze.post("/v1/conversation/create", json=members))


def test_a_conversation_is_named_cleared_and_deleted(coze):
    """Clearing begins a new section; after deletion nothing is left (4002)."""
    made = created(coze, name="before", messages=[QUESTION], meta_data={"a": "1"})
    url = f"/v1/conversations/{made['id']}"

    renamed = data(coze.put(url, json={"name": "after"}))
    section = data(coze.post(f"{url}/clear"))
    shown = data(coze.get(f"/v1/conversation/retrieve?conversation_id={made['id']}"))

    assert (renamed["name"], renamed["meta_data"]) == ("after", {"a": "1"})
    assert section["id"] == shown["last_section_id"] != made["last_section_id"]
    assert code(coze.delete(url)) == 0
    assert code(coze.delete(url)) == 4002
    assert code(coze.post(f"/v1/conversation/message/list?conversation_id={made['id']}", json={})) == 4002


def test_conversations_of_a_bot():
    """Conversations are listed in pages, newest first by default, and by channel."""
    coze = caller(now=SAMPLE_NOW)
    made = []
    for channel in ("1024", "1024", "999"):
        coze.put("/_mockcbs/clock", json={"advance_ms": 1000})
        made.append(created(coze, bot_id=BOT, connector_id=channel)["id"])

    def listed(**query):
        found = data(coze.get("/v1/conversations", query_string={"bot_id": BOT, **query}))
        return [one["id"] for one in found["conversations"]], found["has_more"]

    assert listed() == ([made[1], made[0]], False)
    assert listed(sort_order="asc", page_size=1) == ([made[0]], True)
    assert listed(page_size=1, page_num=2) == ([made[0]], False)
    assert listed(connector_id="999") == ([made[2]], False)


def test_a_message_is_changed_and_deleted(coze):
    """A message is found only in its conversation (4005)."""
    here, elsewhere = created(coze)["id"], created(coze)["id"]
    message = data(coze.post(f"/v1/conversation/message/create?conversation_id={here}", json=QUESTION))
    url = f"?conversation_id={here}&message_id={message['id']}"

    changed = coze.post(f"/v1/conversation/message/modify{url}", json={"content": "after"}).json["message"]

    assert (changed["id"], changed["content"]) == (message["id"], "after")
    assert data(coze.get(f"/v1/conversation/message/retrieve{url}"))["content"] == "after"
    other = f"?conversation_id={elsewhere}&message_id={message['id']}"
    assert code(coze.get(f"/v1/conversation/message/retrieve{other}")) == 4005
    assert code(coze.post(f"/v1/conversation/message/delete{url}")) == 0
    assert code(coze.get(f"/v1/conversation/message/retrieve{url}")) == 4005


@pytest.mark.parametrize("feedback", ["like", "unlike"])
def test_answers_are_judged(coze, feedback):
    """An answer is; a question is not (4005)."""
    chat = look(coze, data(ask(coze, "桌面云打不开")))
    answer = data(coze.get("/v3/chat/message/list", query_string=where(chat)))[0]["id"]
    listed = data(
        coze.post(f"/v1/conversation/message/list?conversation_id={chat['conversation_id']}", json={})
    )
    (question,) = [one["id"] for one in listed if one["role"] == "user"]
    url = f"/v1/conversations/{chat['conversation_id']}/messages"

    assert code(coze.post(f"{url}/{answer}/feedback", json={"feedback_type": feedback})) == 0
    assert code(coze.delete(f"{url}/{answer}/feedback")) == 0
    assert code(coze.post(f"{url}/{question}/feedback", json={"feedback_type": feedback})) == 4005
