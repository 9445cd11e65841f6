"""Chats with bots, and with chatflows (contract 3.5, 3.6)."""

from typing import Any

from flask import Response

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, agents, chat_stream, chats, errors, legacy_chat
from mockcbs.services.coze.chat import Chat
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.schemas import chat as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.web import context
from mockcbs.web.atomic import atomic
from mockcbs.web.cache import caching

Answer = dict[str, Any] | Response


@blp.post("/v3/chat")
@blp.arguments(schemas.ChatQuery, location="query")
@blp.arguments(schemas.CreateChat, location="json")
@blp.answers("Chat")
@blp.answers_with("text/event-stream")
@caching.by_body
@atomic
def create_chat(query: dict[str, Any], body: dict[str, Any]) -> Answer:
    """发起对话: start a chat with a bot."""
    context.current().bot_id = body["bot_id"]
    draft = body["publish_status"] == "unpublished_draft"
    agent = (agents.bot if draft else agents.published_bot)(body["bot_id"], errors.BOT_NOT_FOUND)
    if not body["stream"] and not body["auto_save_history"]:
        raise ApiError(errors.HISTORY_NEEDED, "a chat that is not streamed can only be looked up if saved")
    chat = chats.start(
        agent,
        query["conversation_id"],
        body["additional_messages"],
        user_id=body["user_id"],
        meta_data=body["meta_data"],
        saved=body["auto_save_history"],
        streams=body["stream"],
    )
    return _begun(chat)


@blp.route("/v3/chat/retrieve", methods=["GET", "POST"])
@blp.arguments(schemas.OneChatQuery, location="query")
@blp.answers("Chat")
def retrieve_chat(query: dict[str, Any]) -> dict[str, Any]:
    """查看对话详情: the state of a chat; each look moves the chat on."""
    return ok(data=chats.look(query["conversation_id"], query["chat_id"]).shown())


@blp.get("/v3/chat/message/list")
@blp.arguments(schemas.OneChatQuery, location="query")
@blp.answers("ChatMessages")
def list_chat_messages(query: dict[str, Any]) -> dict[str, Any]:
    """查看对话消息详情: the messages of the bot."""
    chat = chats.look(query["conversation_id"], query["chat_id"])
    return ok() if chat.status == "failed" else ok(data=chat.produced)


@blp.post("/v3/chat/cancel")
@blp.arguments(schemas.CancelChat, location="json")
@blp.answers("Chat")
def cancel_chat(body: dict[str, Any]) -> dict[str, Any]:
    """取消进行中的对话: cancel a chat."""
    return ok(data=chats.cancel(body["conversation_id"], body["chat_id"]).shown())


@blp.post("/v3/chat/submit_tool_outputs")
@blp.arguments(schemas.OneChatQuery, location="query")
@blp.arguments(schemas.SubmitToolOutputs, location="json")
@blp.answers("Chat")
@blp.answers_with("text/event-stream")
def submit_tool_outputs(query: dict[str, Any], body: dict[str, Any]) -> Answer:
    """提交工具执行结果: submit the outputs of tools."""
    outputs, streams = body["tool_outputs"], body["stream"]
    return _begun(chats.submit(query["conversation_id"], query["chat_id"], outputs, streams=streams))


@blp.post("/v1/workflows/chat")
@blp.arguments(schemas.Chatflow, location="json")
@blp.answers_with("text/event-stream")
def run_chatflow(body: dict[str, Any]) -> Response:
    """执行对话流: start a chat with a chatflow."""
    agent = agents.published_workflow(body["workflow_id"], "chatflow")
    agents.remember(agent)
    chat = chats.start(
        agent,
        body["conversation_id"],
        body["additional_messages"],
        user_id=str(body["ext"].get("user_id") or accounts.user_id())[:256],
        bot_id=body["bot_id"],
        meta_data={},
        streams=True,
    )
    return chat_stream.response(chat)


@blp.post("/open_api/v2/chat")
@blp.arguments(schemas.LegacyChat, location="json")
@blp.answers("chats.LegacyChatAnswer")
@blp.answers_with("text/event-stream")
def chat_of_version_2(body: dict[str, Any]) -> Answer:
    """对话 (V2): a chat with a bot in the form before version 3."""
    agent = agents.published_bot(body["bot_id"], errors.BOT_NOT_FOUND)
    body["conversation_id"] = legacy_chat.public_id(body["conversation_id"])
    chat = legacy_chat.start(agent, body)
    respond = legacy_chat.stream if body["stream"] else legacy_chat.answer
    return respond(chat, body["conversation_id"])


def _begun(chat: Chat) -> Answer:
    return chat_stream.response(chat) if chat.streams else ok(data=chat.shown())
