"""A chat as it is kept and shown (contract 3.5.3), and what it costs."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from mockcbs.services.coze import steering
from mockcbs.services.coze.messages import Message
from mockcbs.services.coze.records import Records
from mockcbs.services.coze.usage import CHATS as DOCUMENTS

MAX_STREAM_MS = 600_000
"""How long the conversation of a streamed chat stays busy if nobody notices that its client has left."""

_OPTIONAL = ("completed_at", "failed_at", "required_action", "usage")
"""Members that a chat has only once they have a value."""

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
    """The bot as clients see it: that of a chatflow is the one they named."""
    user_id: str
    section_id: str
    at: int
    """When it began, ms UTC."""
    latency: int
    """ms."""
    question: str
    greeting: str
    answer: str
    meta_data: dict[str, str]
    inserted: tuple[str, ...]
    """Ids of the messages that the client sent with it."""
    ending: steering.Ending = "completed"
    """How it goes on when it is moved on."""
    error_code: int = 0
    messages: tuple[dict[str, Any], ...] = ()
    """What the bot says at the next move, or has said."""
    said: tuple[dict[str, Any], ...] = ()
    """What it said before tools were called."""
    action: dict[str, Any] | None = None
    """What it will need, if it ends in ``requires_action``."""
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
        """When it is over even if nobody looks at it, ms UTC."""
        return self.at + self.latency + (MAX_STREAM_MS if self.streams else 0)

    @property
    def produced(self) -> list[dict[str, Any]]:
        """The messages that the bot has said so far, as clients see them."""
        if self.status not in {"completed", "requires_action"}:
            return []
        return [Message(**message).shown() for message in (*self.said, *self.messages)]

    def shown(self) -> dict[str, Any]:
        """What clients see of it."""
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
    """The tokens it took."""
    return tokens(chat.question, chat.answer)


def tokens(question: str, answer: str) -> dict[str, int]:
    """The tokens of a question, which a prompt goes before, and its answer."""
    asked, answered = 200 + len(question), len(answer)
    return {"token_count": asked + answered, "output_count": answered, "input_count": asked}


def latency(bot_id: str, question: str, answer: str) -> int:
    """How long the answer takes, ms: a model's first word, then so much a character."""
    digest = hashlib.sha256(f"{bot_id}/{question}".encode()).digest()
    return 400 + int.from_bytes(digest[:2], "big") % 800 + 15 * min(len(answer), 1000)
