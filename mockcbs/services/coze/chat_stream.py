"""The events of a streamed chat (contract 3.5.9); a chatflow ends with its debug URL (3.6)."""

from collections.abc import Iterator
from typing import Any

from mockcbs.services.coze import chats, sse
from mockcbs.services.coze.chat import NO_USAGE, Chat
from mockcbs.services.coze.envelope import debug_url
from mockcbs.services.coze.messages import Message
from mockcbs.web.json import Pausing

_TIME_TO_CANCEL = 0.06
"""Seconds. Without it, the stream would end before a client can cancel it after the first word."""


def response(chat: Chat) -> sse.Response:
    """The stream of a running chat; the chat ends with the stream, or when its client disconnects."""
    return sse.response(events(chat), left=lambda: chats.advance(chat))


def events(chat: Chat) -> Iterator[bytes]:
    """The events, made one by one, so that the chat can be canceled between them."""
    begun = {**chat.shown(), "usage": NO_USAGE}
    yield sse.event("conversation.chat.created", {**begun, "status": "created"})
    yield sse.event("conversation.chat.in_progress", begun)
    yield from _until_canceled(chat)
    yield sse.event("done", _farewell(chat))


def _until_canceled(chat: Chat) -> Iterator[bytes]:
    """The messages and the end of the chat; nothing more after it is canceled."""
    for event in _said(chat):
        if chats.is_canceled(chat):
            return
        yield event
    ended = chats.advance(chat)
    if ended.status == "canceled":
        return
    if ended.ending == "broken" and ended.last_error:
        yield sse.event("error", ended.last_error)
        return
    last = {"usage": NO_USAGE, **ended.shown()}
    if ended.status == "failed" and ended.last_error:
        last |= ended.last_error
    yield sse.event(f"conversation.chat.{ended.status}", last)


def _said(chat: Chat) -> Iterator[bytes]:
    """The messages, with answers in pieces; none if the chat fails."""
    if chat.ending in {"failed", "broken"}:
        return
    for message in (Message(**said).shown() for said in chat.messages):
        if message["type"] == "answer":
            yield from _pieces(message)
        yield sse.event("conversation.message.completed", message)


def _pieces(message: dict[str, Any]) -> Iterator[bytes]:
    """The pieces of an answer, and a pause to cancel after the last one."""
    pieces = sse.deltas(message["content"])
    for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
        event = sse.event("conversation.message.delta", {**message, "content": piece})
        yield event if left else Pausing.of(event, _TIME_TO_CANCEL)


def _farewell(chat: Chat) -> Any:
    """The data of ``done``."""
    if chat.is_chatflow:
        return {"debug_url": debug_url(chat.id, chat.agent_id)}
    return "[DONE]"
