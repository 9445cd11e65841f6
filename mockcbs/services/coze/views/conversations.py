"""Conversations, their messages, and ratings of answers (contract 3.2 to 3.4)."""

from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, agents, conversations, errors, messages
from mockcbs.services.coze.envelope import new_id, ok, seconds
from mockcbs.services.coze.messages import Message
from mockcbs.services.coze.schemas import conversations as schemas
from mockcbs.services.coze.schemas.messages import CreateMessage
from mockcbs.services.coze.views.base import blp
from mockcbs.web import context
from mockcbs.web.paging import page

_FEEDBACK = "coze.feedback"


@blp.post("/v1/conversation/create")
@blp.arguments(schemas.CreateConversation, location="json")
@blp.answers("Conversation")
def create_conversation(body: dict[str, Any]) -> dict[str, Any]:
    """创建会话: create a conversation, with messages if given."""
    if body["bot_id"]:
        agents.bot(body["bot_id"], errors.BOT_NOT_FOUND)
    conversation = conversations.create(body["bot_id"], body["name"], body["meta_data"], body["connector_id"])
    messages.keep(*(conversations.said(conversation, message) for message in body["messages"]))
    return ok(data=conversation.shown())


@blp.get("/v1/conversation/retrieve")
@blp.arguments(schemas.ConversationQuery, location="query")
@blp.answers("Conversation")
def retrieve_conversation(query: dict[str, Any]) -> dict[str, Any]:
    """查看会话信息: one conversation."""
    return ok(data=conversations.find(query["conversation_id"]).shown())


@blp.get("/v1/conversations")
@blp.arguments(schemas.ConversationsQuery, location="query")
@blp.answers("Conversations")
def list_conversations(query: dict[str, Any]) -> dict[str, Any]:
    """查看会话列表: the conversations with a bot."""
    agents.bot(query["bot_id"], errors.BOT_NOT_FOUND)
    here = page(query["page_num"], query["page_size"])
    found = conversations.of_bot(
        query["bot_id"],
        query["connector_id"],
        slice(here.start, here.stop + 1),
        newest_first=query["sort_order"].upper() == "DESC",
    )
    shown = [conversation.shown() for conversation in found[: query["page_size"]]]
    return ok(data={"conversations": shown, "has_more": len(found) > len(shown)})


@blp.put("/v1/conversations/<conversation_id>")
@blp.arguments(schemas.UpdateConversation, location="json")
@blp.answers("Conversation")
def update_conversation(body: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """更新会话名称: rename a conversation."""
    conversation = conversations.find(conversation_id)
    if "name" in body:
        conversation = conversations.change(conversation, name=body["name"], updated_at=seconds())
    return ok(data=conversation.shown())


@blp.delete("/v1/conversations/<conversation_id>")
@blp.answers()
def delete_conversation(conversation_id: str) -> dict[str, Any]:
    """删除会话: delete a conversation."""
    conversations.delete(conversation_id)
    return ok()


@blp.post("/v1/conversations/<conversation_id>/clear")
@blp.answers("Section")
def clear_conversation(conversation_id: str) -> dict[str, Any]:
    """清除上下文: continue in a new section."""
    conversation = conversations.find(conversation_id)
    section_id = conversations.change(conversation, last_section_id=new_id()).last_section_id
    return ok(data={"id": section_id, "conversation_id": conversation_id})


@blp.post("/v1/conversation/message/create")
@blp.arguments(schemas.ConversationQuery, location="query")
@blp.arguments(CreateMessage, location="json")
@blp.answers("Message")
def create_message(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """创建消息: insert a message."""
    conversation = conversations.find(query["conversation_id"])
    message = conversations.said(conversation, body)
    messages.keep(message)
    return ok(data=message.shown())


@blp.post("/v1/conversation/message/list")
@blp.arguments(schemas.ConversationQuery, location="query")
@blp.arguments(schemas.MessagesQuery, location="json")
@blp.answers("Messages")
def list_messages(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """查看消息列表: the messages of a conversation."""
    page, has_more = messages.page(conversations.find(query["conversation_id"]).id, body)
    first, last = (page[0].id, page[-1].id) if page else ("", "")
    return ok(data=[message.shown() for message in page], first_id=first, last_id=last, has_more=has_more)


@blp.get("/v1/conversation/message/retrieve")
@blp.arguments(schemas.MessageQuery, location="query")
@blp.answers("Message")
def retrieve_message(query: dict[str, Any]) -> dict[str, Any]:
    """查看消息详情: one message."""
    return ok(data=_message(query).shown())


@blp.post("/v1/conversation/message/modify")
@blp.arguments(schemas.MessageQuery, location="query")
@blp.arguments(schemas.ModifyMessage, location="json")
@blp.answers("ModifiedMessage")
def modify_message(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """修改消息: change a message."""
    return ok(message=messages.change(_message(query), **body).shown())


@blp.post("/v1/conversation/message/delete")
@blp.arguments(schemas.MessageQuery, location="query")
@blp.answers("Message")
def delete_message(query: dict[str, Any]) -> dict[str, Any]:
    """删除消息: delete a message."""
    message = _message(query)
    messages.delete(message)
    return ok(data=message.shown())


@blp.post("/v1/conversations/<conversation_id>/messages/<message_id>/feedback")
@blp.arguments(schemas.Feedback, location="json")
@blp.answers()
def create_feedback(body: dict[str, Any], conversation_id: str, message_id: str) -> dict[str, Any]:
    """提交消息评价: rate an answer."""
    context.mock().documents.put(_FEEDBACK, accounts.scope(), _answer(conversation_id, message_id).id, body)
    return ok()


@blp.delete("/v1/conversations/<conversation_id>/messages/<message_id>/feedback")
@blp.answers()
def delete_feedback(conversation_id: str, message_id: str) -> dict[str, Any]:
    """删除消息评价: remove a rating."""
    context.mock().documents.delete(_FEEDBACK, accounts.scope(), _answer(conversation_id, message_id).id)
    return ok()


def _message(query: dict[str, str]) -> Message:
    """The message in *query*; raises `ApiError` if its conversation does not contain it."""
    return messages.find(conversations.find(query["conversation_id"]).id, query["message_id"])


def _answer(conversation_id: str, message_id: str) -> Message:
    message = _message({"conversation_id": conversation_id, "message_id": message_id})
    if message.type != "answer":
        raise ApiError(errors.MESSAGE_INVALID, f"message {message_id} is not an answer of a bot")
    return message
