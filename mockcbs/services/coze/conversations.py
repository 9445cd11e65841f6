"""Conversations and their messages, as clients make them."""

from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, errors
from mockcbs.services.coze.envelope import new_id, seconds
from mockcbs.web import context

Conversation = dict[str, Any]
Message = dict[str, Any]

_STORE = "coze.conversation"
_SHOWN = (
    "id",
    "name",
    "meta_data",
    "created_at",
    "creator_id",
    "connector_id",
    "updated_at",
    "last_section_id",
)
_LISTED = ("", "question", "answer")
"""Types of the messages that a list shows (contract 3.3)."""


def create(
    bot_id: str = "", name: str = "", meta_data: dict[str, str] | None = None, connector_id: str = "1024"
) -> Conversation:
    """A new conversation."""
    now = seconds()
    return save(
        {
            "id": new_id(),
            "name": name,
            "meta_data": meta_data or {},
            "created_at": now,
            "creator_id": accounts.user_id(),
            "connector_id": connector_id,
            "updated_at": now,
            "last_section_id": new_id(),
            "bot_id": bot_id,
            "messages": [],
            "latest": [0, 0],
        }
    )


def find(conversation_id: str) -> Conversation:
    """The conversation of that id (4002 if there is none), to be changed and saved."""
    if (found := peek(conversation_id)) is None:
        raise ApiError(errors.CONVERSATION_NOT_FOUND, f"no conversation {conversation_id} was created here")
    return found


def peek(conversation_id: str) -> Conversation | None:
    """The same, or `None`."""
    found = context.mock().store.get(_STORE, accounts.scope(), conversation_id)
    return found and {**found, "messages": list(found["messages"])}


def save(conversation: Conversation) -> Conversation:
    """Keep *conversation* as it is now."""
    context.mock().store.put(_STORE, accounts.scope(), conversation["id"], conversation)
    return conversation


def delete(conversation_id: str) -> None:
    """Forget a conversation."""
    context.mock().store.delete(_STORE, accounts.scope(), find(conversation_id)["id"])


def of_bot(bot_id: str, connector_id: str) -> list[Conversation]:
    """The conversations with a bot through a channel, oldest first."""
    return [
        conversation
        for conversation in context.mock().store.select(_STORE, accounts.scope())
        if (conversation["bot_id"], conversation["connector_id"]) == (bot_id, connector_id)
    ]


def shown(conversation: Conversation) -> dict[str, Any]:
    """What clients see of it."""
    return {name: conversation[name] for name in _SHOWN}


def message(conversation: Conversation, role: str, content: str, **details: Any) -> Message:
    """A new message for that conversation, not yet in it."""
    now = seconds()
    return {
        "id": new_id(),
        "conversation_id": conversation["id"],
        "bot_id": "",
        "chat_id": "",
        "section_id": conversation["last_section_id"],
        "role": role,
        "type": "",
        "content": content,
        "content_type": "text",
        "meta_data": {},
        "created_at": now,
        "updated_at": now,
        **details,
    }


def place(conversation: Conversation, message_id: str) -> int:
    """Where in the conversation that message is; 4005 if it is not."""
    for number, found in enumerate(conversation["messages"]):
        if found["id"] == message_id:
            return number
    raise ApiError(errors.MESSAGE_INVALID, f"conversation {conversation['id']} holds no message {message_id}")


def page(conversation: Conversation, asked: dict[str, Any]) -> tuple[list[Message], bool]:
    """Messages of one page, and whether there are more that way (contract 3.3)."""
    chat_id = asked["chat_id"]
    found = [
        message
        for message in conversation["messages"]
        if message["type"] in _LISTED and chat_id in {"", message["chat_id"]}
    ]
    if asked["order"] == "desc":
        found.reverse()
    ids = [message["id"] for message in found]
    for cursor in filter(None, (asked["before_id"], asked["after_id"])):
        if cursor not in ids:
            place(conversation, cursor)
            raise ApiError(errors.MESSAGE_INVALID, f"message {cursor} is not of chat {chat_id}")
    start = ids.index(asked["after_id"]) + 1 if asked["after_id"] else 0
    stop = ids.index(asked["before_id"]) if asked["before_id"] else len(ids)
    if asked["before_id"] and not asked["after_id"]:
        first = max(0, stop - asked["limit"])
        return found[first:stop], first > 0
    last = min(stop, start + asked["limit"])
    return found[start:last], last < stop
