"""Messages, stored as documents with the id of their conversation (contract 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import new_id, seconds
from mockcbs.services.coze.records import Records

_LISTED = frozenset({"", "question", "answer"})
"""The message types that a list shows."""


@dataclass(frozen=True)
class Message:
    """A message in a conversation."""

    id: str
    conversation_id: str
    section_id: str
    role: str
    content: str
    created_at: int
    updated_at: int
    type: str = ""
    content_type: str = "text"
    bot_id: str = ""
    chat_id: str = ""
    meta_data: dict[str, str] = field(default_factory=dict)
    is_context: bool = True
    """Whether later chats use it as context; the messages of a canceled chat are not context."""

    def shown(self) -> dict[str, Any]:
        """The message as clients see it."""
        return {
            "id": self.id,
            "conversation_id": self.conversation_id,
            "bot_id": self.bot_id,
            "chat_id": self.chat_id,
            "section_id": self.section_id,
            "role": self.role,
            "type": self.type,
            "content": self.content,
            "content_type": self.content_type,
            "meta_data": self.meta_data,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


_KEPT = Records("coze.message", Message)


def new(
    conversation_id: str, section_id: str, role: str, content: str, made_id: str = "", **details: Any
) -> Message:
    """Make a message without storing it; by default with a new id."""
    now = seconds()
    return Message(made_id or new_id(), conversation_id, section_id, role, content, now, now, **details)


def keep(*messages: Message) -> None:
    """Store messages of a conversation; they replace messages with the same ids."""
    for message in messages:
        _KEPT.put(message.id, message)


def find(conversation_id: str, message_id: str) -> Message:
    """The message with that id; raises `ApiError` 4005 if the conversation does not contain it."""
    message = _KEPT.get(message_id)
    if message is None or message.conversation_id != conversation_id:
        raise ApiError(errors.MESSAGE_INVALID, f"conversation {conversation_id} has no message {message_id}")
    return message


def of_conversation(conversation_id: str) -> list[Message]:
    """All messages of a conversation, oldest first."""
    return _KEPT.select(conversation_id=conversation_id)


def of_chat(chat_id: str) -> list[Message]:
    """The messages of a chat, oldest first."""
    return _KEPT.select(chat_id=chat_id)


def change(message: Message, **details: Any) -> Message:
    """Change the *details* of a message."""
    return _KEPT.put(message.id, replace(message, updated_at=seconds(), **details))


def delete(message: Message) -> None:
    """Delete a message."""
    _KEPT.delete(message.id)


def leave_out(chat_id: str) -> None:
    """Exclude the messages of a chat from the context of later chats."""
    keep(*(replace(message, is_context=False) for message in of_chat(chat_id)))


def last_of_context(conversation_id: str, section_id: str) -> Message | None:
    """The last message in that section."""
    said = [
        message
        for message in of_conversation(conversation_id)
        if message.is_context and message.section_id == section_id and message.type in _LISTED
    ]
    return said[-1] if said else None


def page(conversation_id: str, query: dict[str, Any]) -> tuple[list[Message], bool]:
    """The messages of one page, and whether more follow in that direction (contract 3.3)."""
    chat_id = query["chat_id"]
    found = [
        message
        for message in of_conversation(conversation_id)
        if message.type in _LISTED and chat_id in {"", message.chat_id}
    ]
    if query["order"] == "desc":
        found.reverse()
    ids = [message.id for message in found]
    for cursor in filter(None, (query["before_id"], query["after_id"])):
        if cursor not in ids:
            find(conversation_id, cursor)
            raise ApiError(errors.MESSAGE_INVALID, f"message {cursor} is not of chat {chat_id}")
    return _window(found, ids, query)


def _window(found: list[Message], ids: Sequence[str], query: dict[str, Any]) -> tuple[list[Message], bool]:
    """Up to ``limit`` messages of *found*: after ``after_id``, or else before ``before_id``."""
    start = ids.index(query["after_id"]) + 1 if query["after_id"] else 0
    stop = ids.index(query["before_id"]) if query["before_id"] else len(ids)
    if query["before_id"] and not query["after_id"]:
        first = max(0, stop - query["limit"])
        return found[first:stop], first > 0
    last = min(stop, start + query["limit"])
    return found[start:last], last < stop
