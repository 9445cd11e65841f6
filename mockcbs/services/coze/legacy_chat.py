"""The chat of version 2, which public gateways still call: ``POST /open_api/v2/chat``.

Clients choose the ids of their conversations; each stands for a conversation of version 3. The history in a
request is checked and then ignored: answers depend on the query alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockcbs.services.coze import chats, conversations, sse
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.chat import Chat
from mockcbs.services.coze.envelope import derived_id, new_id
from mockcbs.services.coze.records import Records

_SHOWN = frozenset({"answer", "function_call", "tool_response", "follow_up", "verbose"})
"""The message types of version 2."""


@dataclass(frozen=True)
class _Alias:
    """The conversation behind a client's own id."""

    conversation_id: str


_ALIASES = Records("coze.legacy_conversation", _Alias)


def start(agent: Agent, body: dict[str, Any]) -> Chat:
    """Start a chat with the query."""
    query = {"role": "user", "type": "question", "content": body["query"]}
    return chats.start(
        agent,
        _conversation(agent, body["conversation_id"]),
        [{**query, "content_type": "text", "meta_data": {}}],
        user_id=body["user"],
        meta_data={},
        streams=body["stream"],
    )


def answer(chat: Chat, conversation_id: str) -> dict[str, Any]:
    """The response without a stream, after the end of the chat."""
    ended = chats.advance(chat)
    if ended.status == "failed" and ended.last_error:
        return {"conversation_id": conversation_id, **ended.last_error}
    messages = [_message(message) for message in ended.produced if message["type"] in _SHOWN]
    return {"messages": messages, "conversation_id": conversation_id, "code": 0, "msg": "success"}


def stream(chat: Chat, conversation_id: str) -> sse.Response:
    """The response as a stream."""
    return sse.response(_events(chat, conversation_id), left=lambda: chats.advance(chat))


def _events(chat: Chat, conversation_id: str) -> Iterator[bytes]:
    if chat.ending in {"failed", "broken"}:
        ended = chats.advance(chat)
        error = ended.last_error or {"code": 5000, "msg": ""}
        information = {"err_code": error["code"], "err_msg": error["msg"]}
        yield sse.unnamed({"event": "error", "error_information": information})
        return
    for index, message in enumerate(chat.messages):
        shown = _message(message)
        pieces = sse.deltas(shown["content"]) if shown["type"] == "answer" else [shown["content"]]
        for number, piece in enumerate(pieces):
            if chats.is_canceled(chat):
                return
            yield sse.unnamed(
                {
                    "event": "message",
                    "message": {**shown, "content": piece},
                    "is_finish": number == len(pieces) - 1,
                    "index": index,
                    "conversation_id": conversation_id,
                    "seq_id": number,
                }
            )
    chats.advance(chat)
    yield sse.unnamed({"event": "done"})


def public_id(conversation_id: str) -> str:
    """The client's own id of its conversation, or a new one."""
    return conversation_id or derived_id("legacy", new_id())


def _conversation(agent: Agent, own_id: str) -> str:
    alias = _ALIASES.get(own_id)
    if alias and conversations.peek(alias.conversation_id):
        return alias.conversation_id
    return _ALIASES.put(own_id, _Alias(conversations.create(agent.id).id)).conversation_id


def _message(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in ("role", "type", "content", "content_type")}
