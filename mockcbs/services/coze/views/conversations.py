"""Conversations, their messages, and judgements of answers (contract 3.2 to 3.4)."""

from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, agents, conversations, errors
from mockcbs.services.coze.conversations import Conversation, Message
from mockcbs.services.coze.envelope import new_id, ok, seconds
from mockcbs.services.coze.schemas import conversations as schemas
from mockcbs.services.coze.schemas.messages import CreateMessage
from mockcbs.services.coze.views.base import blp
from mockcbs.web import context

_FEEDBACK = "coze.feedback"


@blp.post("/v1/conversation/create")
@blp.arguments(schemas.CreateConversation, location="json")
def create_conversation(body: dict[str, Any]) -> dict[str, Any]:
    """创建会话: a conversation, with messages if given."""
    if body["bot_id"]:
        agents.bot(body["bot_id"], errors.BOT_NOT_FOUND)
    conversation = conversations.create(body["bot_id"], body["name"], body["meta_data"], body["connector_id"])
    conversation["messages"] = [_inserted(conversation, message) for message in body["messages"]]
    return ok(data=conversations.shown(conversations.save(conversation)))


@blp.get("/v1/conversation/retrieve")
@blp.arguments(schemas.ConversationQuery, location="query")
def retrieve_conversation(query: dict[str, Any]) -> dict[str, Any]:
    """查看会话信息: one conversation."""
    return ok(data=conversations.shown(conversations.find(query["conversation_id"])))


@blp.get("/v1/conversations")
@blp.arguments(schemas.ConversationsQuery, location="query")
def list_conversations(query: dict[str, Any]) -> dict[str, Any]:
    """查看会话列表: the conversations with a bot."""
    agents.bot(query["bot_id"], errors.BOT_NOT_FOUND)
    found = conversations.of_bot(query["bot_id"], query["connector_id"])
    if query["sort_order"].upper() == "DESC":
        found.reverse()
    start = (query["page_num"] - 1) * query["page_size"]
    stop = start + query["page_size"]
    page = [conversations.shown(conversation) for conversation in found[start:stop]]
    return ok(data={"conversations": page, "has_more": stop < len(found)})


@blp.put("/v1/conversations/<conversation_id>")
@blp.arguments(schemas.UpdateConversation, location="json")
def update_conversation(body: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """更新会话名称: rename a conversation."""
    conversation = conversations.find(conversation_id)
    conversation.update(name=body["name"], updated_at=seconds())
    return ok(data=conversations.shown(conversations.save(conversation)))


@blp.delete("/v1/conversations/<conversation_id>")
def delete_conversation(conversation_id: str) -> dict[str, Any]:
    """删除会话: forget a conversation."""
    conversations.delete(conversation_id)
    return ok()


@blp.post("/v1/conversations/<conversation_id>/clear")
def clear_conversation(conversation_id: str) -> dict[str, Any]:
    """清除上下文: go on in a new section."""
    conversation = conversations.find(conversation_id)
    conversation["last_section_id"] = section = new_id()
    conversations.save(conversation)
    return ok(data={"id": section, "conversation_id": conversation_id})


@blp.post("/v1/conversation/message/create")
@blp.arguments(schemas.ConversationQuery, location="query")
@blp.arguments(CreateMessage, location="json")
def create_message(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """创建消息: insert a message."""
    conversation = conversations.find(query["conversation_id"])
    message = _inserted(conversation, body)
    conversation["messages"].append(message)
    conversations.save(conversation)
    return ok(data=message)


@blp.post("/v1/conversation/message/list")
@blp.arguments(schemas.ConversationQuery, location="query")
@blp.arguments(schemas.MessagesQuery, location="json")
def list_messages(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """查看消息列表: the messages of a conversation."""
    page, has_more = conversations.page(conversations.find(query["conversation_id"]), body)
    first, last = (page[0]["id"], page[-1]["id"]) if page else ("", "")
    return ok(data=page, first_id=first, last_id=last, has_more=has_more)


@blp.get("/v1/conversation/message/retrieve")
@blp.arguments(schemas.MessageQuery, location="query")
def retrieve_message(query: dict[str, Any]) -> dict[str, Any]:
    """查看消息详情: one message."""
    conversation = conversations.find(query["conversation_id"])
    return ok(data=conversation["messages"][conversations.place(conversation, query["message_id"])])


@blp.post("/v1/conversation/message/modify")
@blp.arguments(schemas.MessageQuery, location="query")
@blp.arguments(schemas.ModifyMessage, location="json")
def modify_message(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """修改消息: change a message."""
    conversation = conversations.find(query["conversation_id"])
    place = conversations.place(conversation, query["message_id"])
    changed = {**conversation["messages"][place], **body, "updated_at": seconds()}
    conversation["messages"][place] = changed
    conversations.save(conversation)
    return ok(message=changed)


@blp.post("/v1/conversation/message/delete")
@blp.arguments(schemas.MessageQuery, location="query")
def delete_message(query: dict[str, Any]) -> dict[str, Any]:
    """删除消息: forget a message."""
    conversation = conversations.find(query["conversation_id"])
    message = conversation["messages"].pop(conversations.place(conversation, query["message_id"]))
    conversations.save(conversation)
    return ok(data=message)


@blp.post("/v1/conversations/<conversation_id>/messages/<message_id>/feedback")
@blp.arguments(schemas.Feedback, location="json")
def create_feedback(body: dict[str, Any], conversation_id: str, message_id: str) -> dict[str, Any]:
    """提交消息评价: like an answer or not."""
    context.mock().store.put(_FEEDBACK, accounts.scope(), _answer(conversation_id, message_id)["id"], body)
    return ok()


@blp.delete("/v1/conversations/<conversation_id>/messages/<message_id>/feedback")
def delete_feedback(conversation_id: str, message_id: str) -> dict[str, Any]:
    """删除消息评价: take that back."""
    context.mock().store.delete(_FEEDBACK, accounts.scope(), _answer(conversation_id, message_id)["id"])
    return ok()


def _inserted(conversation: Conversation, body: dict[str, Any]) -> Message:
    return conversations.message(
        conversation,
        body["role"],
        body["content"],
        content_type=body["content_type"] or "text",
        meta_data=body["meta_data"],
    )


def _answer(conversation_id: str, message_id: str) -> Message:
    conversation = conversations.find(conversation_id)
    message: Message = conversation["messages"][conversations.place(conversation, message_id)]
    if message["type"] != "answer":
        raise ApiError(errors.MESSAGE_INVALID, f"message {message_id} is no answer of a bot")
    return message
