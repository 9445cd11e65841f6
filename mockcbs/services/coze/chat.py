"""A chat, stored and shown (contract 3.5.3), and its tokens."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from mockcbs.services.coze import steering
from mockcbs.services.coze.messages import Message
from mockcbs.services.coze.records import Records
from mockcbs.services.coze.usage import CHATS as DOCUMENTS

MAX_STREAM_MS = 600_000
"""How long the conversation of a streamed chat stays busy if the disconnect of its client goes unnoticed."""

_OPTIONAL = ("completed_at", "failed_at", "required_action", "usage")
"""Members that are left out until they have a value."""

_NO_ERROR = {"code": 0, "msg": ""}
NO_USAGE = {"token_count": 0, "output_count": 0, "input_count": 0}


@dataclass(frozen=True)
class Chat:
    """One call of a bot, or of a chatflow, in a conversation."""

    id: str
    conversation_id: str
    agent_id: str
    """The bot or chatflow that answers."""
    bot_id: str
    """The bot as clients see it; for a chatflow, the bot in the request."""
    user_id: str
    section_id: str
    at: int
    """The start, ms UTC."""
    latency: int
    """The duration in ms."""
    question: str
    greeting: str
    answer: str
    meta_data: dict[str, str]
    inserted: tuple[str, ...]
    """The ids of the messages that the client sent with the chat."""
    ending: steering.Ending = "completed"
    """The way in which the chat continues."""
    error_code: int = 0
    messages: tuple[dict[str, Any], ...] = ()
    """The text of the bot at the next step, or at the last one."""
    said: tuple[dict[str, Any], ...] = ()
    """The text of the bot before it called tools."""
    action: dict[str, Any] | None = None
    """The required action, if it ends in ``requires_action``."""
    status: str = "in_progress"
    saved: bool = True
    streams: bool = False
    is_chatflow: bool = False
    completed_at: int | None = None
    failed_at: int | None = None
    required_action: dict[str, Any] | None = None
    last_error: dict[str, Any] | None = field(default_factory=lambda: _NO_ERROR)
    usage: dict[str, int] | None = None

    @property
    def until(self) -> int:
        """The time at which the chat ends without a client, ms UTC."""
        return self.at + self.latency + (MAX_STREAM_MS if self.streams else 0)

    @property
    def produced(self) -> list[dict[str, Any]]:
        """The messages of the bot so far, as clients see them."""
        if self.status not in {"completed", "requires_action"}:
            return []
        return [Message(**message).shown() for message in (*self.said, *self.messages)]

    def shown(self) -> dict[str, Any]:
        """The chat as clients see it."""
        content = {
            "id": self.id,
            "conversation_id": self.conversation_id,
            "bot_id": self.bot_id,
            "created_at": self.at // 1000,
            "completed_at": self.completed_at,
            "failed_at": self.failed_at,
            "meta_data": self.meta_data,
            "last_error": self.last_error,
            "status": self.status,
            "required_action": self.required_action,
            "usage": self.usage,
            "section_id": self.section_id,
            "inserted_additional_messages": [{"id": message_id} for message_id in self.inserted],
        }
        unset = {name for name in _OPTIONAL if content[name] is None}
        return {name: value for name, value in content.items() if name not in unset}


CHATS = Records(DOCUMENTS, Chat)


def usage(chat: Chat) -> dict[str, int]:
    """The used tokens."""
    return tokens(chat.question, chat.answer)


def tokens(question: str, answer: str) -> dict[str, int]:
    """The tokens of a question with its prompt, and of its answer."""
    asked, answered = 200 + len(question), len(answer)
    return {"token_count": asked + answered, "output_count": answered, "input_count": asked}


def latency(bot_id: str, question: str, answer: str) -> int:
    """The duration of an answer in ms: a fixed time to the first word, then a time for each character."""
    digest = hashlib.sha256(f"{bot_id}/{question}".encode()).digest()
    return 400 + int.from_bytes(digest[:2], "big") % 800 + 15 * min(len(answer), 1000)
