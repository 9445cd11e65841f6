"""The calls of chats."""

from tests.services.coze.calls import FAILING, ask, code, data, events, look, where
from tests.services.coze.conftest import BOT, FLOW


def test_a_chat_that_is_not_streamed_must_be_saved(coze):
    """A chat that is neither streamed nor saved is refused (4007), because nobody could retrieve it."""
    assert code(ask(coze, "x", auto_save_history=False)) == 4007
    assert events(ask(coze, "x", auto_save_history=False, stream=True))[-1][0] == "done"


def test_a_chat_is_canceled_once(coze):
    """A canceled chat has that status; one that has ended cannot be canceled (4104)."""
    chat = data(ask(coze, "x"))

    assert data(coze.post("/v3/chat/cancel", json=where(chat)))["status"] == "canceled"
    assert look(coze, chat)["status"] == "canceled"
    assert code(coze.post("/v3/chat/cancel", json=where(chat))) == 4104


def test_a_chat_is_looked_up_by_both_its_ids(coze):
    """GET and POST find a chat; an unknown conversation is 4002, an unknown chat 4001."""
    chat = data(ask(coze, "x"))

    assert data(coze.post("/v3/chat/retrieve", query_string=where(chat)))["id"] == chat["id"]
    assert code(coze.get("/v3/chat/retrieve", query_string={**where(chat), "chat_id": "1"})) == 4001
    assert code(coze.get("/v3/chat/retrieve", query_string={**where(chat), "conversation_id": "1"})) == 4002


def test_tools_answer_as_a_stream(coze):
    """After the output of tools is submitted, the rest of the chat is sent as events."""
    chat = look(coze, data(ask(coze, "mockcbs:tool")))
    (call,) = chat["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = [{"tool_call_id": call["id"], "output": "sunny"}]

    told = coze.post(
        "/v3/chat/submit_tool_outputs",
        query_string=where(chat),
        json={"tool_outputs": outputs, "stream": True},
    )

    assert events(told)[-2][0] == "conversation.chat.completed"


def test_a_chatflow_answers_for_its_user(flows):
    """Statistics count the user of ``ext``; a workflow cannot be called as a chatflow."""
    body = {"workflow_id": FLOW, "additional_messages": [], "ext": {"user_id": "anna"}}

    assert flows.post("/v1/workflows/chat", json=body).mimetype == "text/event-stream"

    asked = f"/v1/workflows/{FLOW}/analytics?start_date=2025-12-22&end_date=2025-12-22&user_id=anna"
    assert data(flows.get(asked))["summary"]["total_calls"] == 1
    assert code(flows.post("/v1/workflows/chat", json={**body, "workflow_id": BOT})) in {4200, 4000}


def test_codes_that_are_no_codes(coze):
    """A chat fails only with codes of the catalogue."""
    chat = data(ask(coze, "mockcbs:fail:1"))

    assert str(look(coze, chat)["last_error"]["code"]) not in {"1", *FAILING[:-1]}
