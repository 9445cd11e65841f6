"""The life of a chat: start, steps, end and cancel (contract 3.5).

A chat takes a step when a client looks at it. A streamed chat takes its steps in its stream only, until the
stream ends or its client disconnects.
"""

from dataclasses import dataclass, replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import (
    accounts,
    answers,
    billing,
    conversations,
    errors,
    messages,
    running,
    steering,
)
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.chat import CHATS, Chat, latency, usage
from mockcbs.services.coze.conversations import Conversation
from mockcbs.services.coze.envelope import API_CHANNEL, execution_id, seconds
from mockcbs.services.coze.messages import Message
from mockcbs.services.coze.planning import closing, planned, said
from mockcbs.services.coze.records import Records
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.web import context
from mockcbs.web.atomic import atomic

MAX_LOGGED_QUESTION = 512
_TOGETHER = 100
"""The number of chats that end in about 20 ms."""


@dataclass(frozen=True)
class _Running:
    """The running chat of a conversation."""

    id: str
    until: int


@dataclass(frozen=True)
class _Latest:
    """The time of a conversation's last chat, and the number of its chats at that time."""

    at: int
    count: int


_RUNNING = Records("coze.running", _Running)
_LATEST = Records("coze.latest", _Latest)


def start(agent: Agent, conversation_id: str, sent: list[dict[str, Any]], **details: Any) -> Chat:
    """Start a chat, in a new conversation if none is named; the log has it at once.

    *details* are fields of `Chat`: the user, and how to stream and save the chat.
    """
    answerer = context.mock().answerer_of(agent.id)  # before anything changes, as the first one takes long
    conversation = conversations.find(conversation_id) if conversation_id else conversations.create(agent.id)
    _refuse_second(conversation.id)
    if not conversation.bot_id:
        conversation = conversations.change(conversation, bot_id=agent.id)
    now = context.now()
    chat_id = _chat_id(conversation.id, now)
    bot_id = details.pop("bot_id", agent.id)
    inserted = [_question(conversation, chat_id, bot_id, body) for body in sent]
    question = _last_question(conversation, inserted)
    text = answers.plain(question)
    if not text and answers.is_audio(question):
        context.current().near_misses.append("audio is not emulated: the bot answers that it does not know")
    asked = steering.of_question(text)
    logged, answer = answers.reply(answerer, question, agent.greeting)
    chat = Chat(
        id=chat_id,
        conversation_id=conversation.id,
        agent_id=agent.id,
        bot_id=bot_id,
        section_id=conversation.last_section_id,
        at=now,
        latency=latency(agent.id, question, answer),
        question=question,
        greeting=agent.greeting,
        answer=answer,
        inserted=tuple(message.id for message in inserted),
        ending=asked.ending,
        error_code=int(asked.error.code),
        is_chatflow=agent.kind == "chatflow",
        **details,
    )
    chat = planned(
        chat,
        agent,
        agent.called(text, steered=asked.ending == "requires_action"),
        resumes=agent.kind == "chatflow" and _resumes(chat),
    )
    if chat.saved:
        messages.keep(*inserted)
    _keep(chat)
    context.mock().log.record(_turn(chat, logged, unfinished=True), accounts.scope())
    return chat


def find(conversation_id: str, chat_id: str) -> Chat:
    """The chat in its present state; raises `ApiError` 4002 or 4001."""
    chat = _find(conversation_id, chat_id)
    if not chat.saved:
        raise _unknown(conversation_id, chat_id)
    return chat


@atomic
def look(conversation_id: str, chat_id: str) -> Chat:
    """The chat after one more step; a streamed chat takes no step here."""
    settle()
    chat = find(conversation_id, chat_id)
    return chat if chat.streams else advance(chat)


@atomic
def advance(chat: Chat) -> Chat:
    """Move a running chat on: to its answer, its failure or its required tools."""
    found = CHATS.get(chat.id)
    if found is None:  # a reset deleted the chat during its stream
        return replace(chat, status="canceled", last_error=None)
    return _advance(found)


def _advance(chat: Chat) -> Chat:
    if chat.status != "in_progress":
        return chat
    ended = (chat.at + chat.latency) // 1000
    if chat.ending == "requires_action":
        waiting = replace(chat, status="requires_action", required_action=chat.action, streams=False)
        return _keep(waiting)
    if chat.ending in {"failed", "broken"}:
        spec = errors.row(str(chat.error_code), errors.INTERNAL)
        error = {"code": int(spec.code), "msg": spec.message}
        _amend(chat, failed=True)
        failed = replace(chat, status="failed", failed_at=ended, last_error=error, usage=usage(chat))
        return _keep(failed)
    _amend(chat)
    if chat.saved and conversations.peek(
        chat.conversation_id
    ):  # a client may have deleted the conversation by now
        messages.keep(*(Message(**message) for message in (*chat.said, *chat.messages)))
    return _keep(replace(chat, status="completed", completed_at=ended, usage=usage(chat)))


def cancel(conversation_id: str, chat_id: str) -> Chat:
    """Cancel a running chat; raises `ApiError` 4104 for any other."""
    settle()
    chat = _find(conversation_id, chat_id)
    if chat.status != "in_progress":
        raise ApiError(errors.NOT_CANCELABLE, f"the chat is {chat.status}")
    messages.leave_out(chat_id)
    return _keep(replace(chat, status="canceled", last_error=None))


def is_canceled(chat: Chat) -> bool:
    """Whether a client has canceled the chat."""
    status = CHATS.member(chat.id, "status")
    return status == "canceled" if status else not chat.saved


def submit(conversation_id: str, chat_id: str, outputs: list[dict[str, str]], *, streams: bool) -> Chat:
    """Submit the outputs of tools; the chat continues with them."""
    chat = find(conversation_id, chat_id)
    if chat.status != "requires_action" or chat.required_action is None:
        raise errors.parameter(f"the chat is {chat.status}, it waits for no tool outputs")
    calls = {call["id"]: call for call in chat.required_action["submit_tool_outputs"]["tool_calls"]}
    if calls.keys() != {output["tool_call_id"] for output in outputs}:
        raise errors.parameter(f"tool_outputs must answer the tool calls {sorted(calls)}")
    answer = "\n".join(output["output"] for output in outputs) or chat.answer
    responses = [said(chat, output["output"], "tool_response") for output in outputs]
    going_on = replace(
        chat,
        status="in_progress",
        ending="completed",
        answer=answer,
        required_action=None,
        streams=streams,
        said=(*chat.said, *chat.messages, *(vars(message) for message in responses)),
    )
    return _keep(replace(going_on, messages=closing(going_on, ())))


def settle() -> None:
    """Move on every chat whose time is over; if they are many, not on the event loop."""
    running.settle(_RUNNING, _end, _TOGETHER)


def _end(begun: _Running) -> None:
    if chat := CHATS.get(begun.id):
        _advance(chat)


def _refuse_second(conversation_id: str) -> None:
    """Refuse a second chat in a conversation while the first one runs."""
    begun = _RUNNING.get(conversation_id)
    if begun and begun.until <= context.now():
        _end(begun)
    elif begun:
        reason = f"chat {begun.id} still runs; retrieve it, cancel it, or wait for its end"
        raise ApiError(errors.CHAT_RUNNING, reason)


def _find(conversation_id: str, chat_id: str) -> Chat:
    conversations.find(conversation_id)
    chat = CHATS.get(chat_id)
    if chat is None or chat.conversation_id != conversation_id:
        raise _unknown(conversation_id, chat_id)
    return chat


def _unknown(conversation_id: str, chat_id: str) -> ApiError:
    return ApiError(errors.CHAT_NOT_FOUND, f"conversation {conversation_id} has no saved chat {chat_id}")


def _chat_id(conversation_id: str, now: int) -> str:
    """The id of the execution, which the raw events use, too."""
    latest = _LATEST.get(conversation_id)
    earlier = latest.count if latest and latest.at == now else 0
    _LATEST.put(conversation_id, _Latest(now, earlier + 1))
    return execution_id(conversation_id, now, earlier)


def _question(conversation: Conversation, chat_id: str, bot_id: str, body: dict[str, Any]) -> Message:
    kind = body["type"] or ("question" if body["role"] == "user" else "answer")
    return conversations.said(conversation, body, type=kind, chat_id=chat_id, bot_id=bot_id)


def _last_question(conversation: Conversation, inserted: list[Message]) -> str:
    """The user's last question in this section; empty if the assistant spoke last."""
    last = (
        inserted[-1] if inserted else messages.last_of_context(conversation.id, conversation.last_section_id)
    )
    return last.content if last and last.role == "user" else ""


def _resumes(chat: Chat) -> bool:
    """Whether the chat answers a question at the end of the previous chat."""
    waiting = [
        other
        for other in CHATS.select(conversation_id=chat.conversation_id, agent_id=chat.agent_id)
        if other.status == "requires_action"
    ]
    for other in waiting:
        _amend(other)
        messages.keep(*(Message(**message) for message in other.messages))
        _keep(
            replace(
                other, status="completed", completed_at=seconds(), usage=usage(other), required_action=None
            )
        )
    return bool(waiting)


def _keep(chat: Chat) -> Chat:
    """Store the chat, and whether it runs; an unsaved chat is deleted at its end."""
    runs = chat.status == "in_progress"
    if runs:
        _RUNNING.put(chat.conversation_id, _Running(chat.id, chat.until))
    else:
        _RUNNING.delete(chat.conversation_id)
    if runs or chat.saved:
        return CHATS.put(chat.id, chat)
    CHATS.delete(chat.id)
    return chat


def _turn(chat: Chat, logged: Utterance, *, unfinished: bool = False, failed: bool = False) -> Turn:
    template = logged.template[:MAX_LOGGED_QUESTION]
    logged = logged._replace(template=template, unfinished=unfinished, failed=failed)
    return Turn(chat.agent_id, chat.conversation_id, chat.user_id, chat.at, logged, chat.latency)


def _amend(chat: Chat, *, failed: bool = False) -> None:
    logged, _ = answers.reply(context.mock().answerer_of(chat.agent_id), chat.question, chat.greeting)
    ended = _turn(chat, logged, failed=failed)
    context.mock().log.amend(_turn(chat, logged, unfinished=True), ended, accounts.scope())
    billing.announce(ended, chat.id, API_CHANNEL, usage(chat), billing.BOT)
