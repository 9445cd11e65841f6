"""The life of a chat: begun, moved on by whoever looks at it, ended or canceled (contract 3.5)."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import simplejson

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, answers, conversations, errors, sse
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.conversations import Conversation, Message
from mockcbs.services.coze.envelope import execution_id, new_id, whole
from mockcbs.traffic.knowledge import Turn
from mockcbs.web import caching, context

Chat = dict[str, Any]

_STORE = "coze.chat"
_RUNNING = "coze.running"
"""The chat in progress of each conversation, and when its time is over."""
_SHOWN = (
    "id", "conversation_id", "bot_id", "created_at", "completed_at", "failed_at", "meta_data", "last_error",
    "status", "required_action", "usage", "section_id", "inserted_additional_messages",
)  # fmt: skip
_LONGEST_QUESTION = 512
_STEERING = {"mockcbs:fail": "failed", "mockcbs:tool": "requires_action"}
"""Questions that end a chat otherwise than with an answer, for clients that want to see it."""
_TOOL = {"name": "local_data_assistant", "arguments": '{"location":"南京"}'}
_FINISH = '{"msg_type":"generate_answer_finish","data":"","from_module":null,"from_unit":null}'
_NO_ERROR = {"code": 0, "msg": ""}


def start(
    agent: Agent,
    conversation_id: str,
    user_id: str,
    said: list[dict[str, Any]],
    *,
    meta_data: dict[str, str] | None = None,
    saved: bool = True,
) -> Chat:
    """Begin a chat, in a new conversation if none is named; it is in the log at once."""
    conversation = conversations.find(conversation_id) if conversation_id else conversations.create(agent.id)
    _refuse_second(conversation["id"])
    conversation = conversations.find(conversation["id"])
    conversation["bot_id"] = conversation["bot_id"] or agent.id
    now = context.now()
    chat_id = _chat_id(conversation, now)
    inserted = [_question(conversation, chat_id, agent.id, message) for message in said]
    question = _last_question([*conversation["messages"], *inserted])
    _, answer = answers.reply(context.mock().answerer, question, agent.greeting)
    chat: Chat = {
        "id": chat_id,
        "conversation_id": conversation["id"],
        "bot_id": agent.id,
        "created_at": now // 1000,
        "meta_data": meta_data or {},
        "last_error": _NO_ERROR,
        "status": "in_progress",
        "section_id": conversation["last_section_id"],
        "inserted_additional_messages": [{"id": message["id"]} for message in inserted],
        "user_id": user_id,
        "at": now,
        "latency": _latency(agent.id, question, answer),
        "question": question,
        "greeting": agent.greeting,
        "answer": answer,
        "suggested": list(agent.suggested),
        "next": _STEERING.get(answers.plain(question), "completed"),
        "messages": [],
        "saved": saved,
    }
    if saved:
        conversation["messages"] += inserted
        _keep(chat)
    conversations.save(conversation)
    context.mock().log.record(_turn(chat, unfinished=True), accounts.scope())
    return chat


def find(conversation_id: str, chat_id: str) -> Chat:
    """The chat, as it is before anybody looks; 4002 or 4001 if there is none."""
    conversations.find(conversation_id)
    chat = context.mock().store.get(_STORE, accounts.scope(), chat_id)
    if chat is None or chat["conversation_id"] != conversation_id:
        raise ApiError(errors.CHAT_NOT_FOUND, f"conversation {conversation_id} holds no saved chat {chat_id}")
    return chat


@whole
def look(conversation_id: str, chat_id: str) -> Chat:
    """The chat, moved on by one step."""
    return advance(find(conversation_id, chat_id))


def advance(chat: Chat) -> Chat:
    """Move a chat in progress on: to its answer, its failure, or the tools it needs."""
    if chat["status"] != "in_progress":
        return chat
    ended = (chat["at"] + chat["latency"]) // 1000
    if chat["next"] == "requires_action":
        return _keep({**chat, "status": "requires_action", "required_action": _action()})
    if chat["next"] == "failed":
        error = {"code": int(errors.INTERNAL.code), "msg": errors.INTERNAL.message}
        chat = {**chat, "status": "failed", "failed_at": ended, "last_error": error, "usage": _usage(chat)}
        _amend(chat, failed=True)
        return _keep(chat)
    chat = _answered({**chat, "status": "completed", "completed_at": ended, "usage": _usage(chat)})
    _amend(chat)
    return _keep(chat)


def cancel(conversation_id: str, chat_id: str) -> Chat:
    """Stop a chat in progress; 4104 for any other."""
    settle()
    chat = find(conversation_id, chat_id)
    if chat["status"] != "in_progress":
        raise ApiError(errors.NOT_CANCELABLE, f"the chat is {chat['status']}")
    return _keep({**chat, "status": "canceled", "last_error": None})


def submit(conversation_id: str, chat_id: str, outputs: list[dict[str, str]]) -> Chat:
    """Hand in what the tools said; the chat goes on with it."""
    chat = find(conversation_id, chat_id)
    if chat["status"] != "requires_action":
        raise errors.parameter(f"the chat is {chat['status']}, it waits for no tool outputs")
    calls = chat["required_action"]["submit_tool_outputs"]["tool_calls"]
    if {call["id"] for call in calls} != {output["tool_call_id"] for output in outputs}:
        raise errors.parameter(f"tool_outputs must answer the tool calls {[call['id'] for call in calls]}")
    conversation = conversations.find(conversation_id)
    said = "\n".join(output["output"] for output in outputs)
    called = simplejson.dumps({"name": _TOOL["name"], "arguments": _TOOL["arguments"]}, ensure_ascii=False)
    details = {"chat_id": chat_id, "bot_id": chat["bot_id"], "section_id": chat["section_id"]}
    messages = [
        conversations.message(conversation, "assistant", called, type="function_call", **details),
        conversations.message(conversation, "assistant", said, type="tool_response", **details),
    ]
    chat = {name: value for name, value in chat.items() if name != "required_action"}
    return _keep(
        {
            **chat,
            "status": "in_progress",
            "next": "completed",
            "answer": said or chat["answer"],
            "messages": messages,
        }
    )


def settle() -> None:
    """Move on every chat whose time is over, as it would have moved by itself."""
    for running in context.mock().store.select(_RUNNING, accounts.scope()):
        _settle(running)


@whole
def _settle(running: dict[str, Any]) -> bool:
    """Move that chat on if its time is over; whether it was."""
    is_over: bool = running["until"] <= context.now()
    if not is_over:
        caching.expires(running["until"])
    if is_over and (chat := context.mock().store.get(_STORE, accounts.scope(), running["id"])):
        advance(chat)
    return is_over


def shown(chat: Chat) -> dict[str, Any]:
    """What clients see of it."""
    return {name: chat[name] for name in _SHOWN if name in chat}


def stream(chat: Chat) -> Iterator[bytes]:
    """The events of a chat in progress, which ends with them (contract 3.5.9)."""
    begun = {**shown(chat), "usage": _no_usage()}
    yield sse.event("conversation.chat.created", {**begun, "status": "created"})
    yield sse.event("conversation.chat.in_progress", begun)
    ended = advance(chat)
    for message in ended["messages"]:
        if message["type"] == "answer":
            for piece in sse.deltas(message["content"]):
                yield sse.event("conversation.message.delta", {**message, "content": piece})
        yield sse.event("conversation.message.completed", message)
    last = shown(ended)
    if ended["status"] == "failed":
        last |= ended["last_error"]
    yield sse.event(f"conversation.chat.{ended['status']}", {"usage": _no_usage(), **last})
    yield sse.event("done", "[DONE]")


def _refuse_second(conversation_id: str) -> None:
    """Refuse a chat in a conversation in which another one runs."""
    running = context.mock().store.get(_RUNNING, accounts.scope(), conversation_id)
    if running and not _settle(running):
        reason = f"chat {running['id']} is not over; look at it, or let its time pass"
        raise ApiError(errors.CHAT_RUNNING, reason)


def _chat_id(conversation: Conversation, now: int) -> str:
    """The id by which the log's raw events call the execution too."""
    at, count = conversation["latest"]
    earlier = count if at == now else 0
    conversation["latest"] = [now, earlier + 1]
    return execution_id(conversation["id"], now, earlier)


def _question(conversation: Conversation, chat_id: str, bot_id: str, said: dict[str, Any]) -> Message:
    kind = said["type"] or ("question" if said["role"] == "user" else "answer")
    return conversations.message(
        conversation,
        said["role"],
        said["content"],
        type=kind,
        content_type=said["content_type"] or "text",
        meta_data=said["meta_data"],
        chat_id=chat_id,
        bot_id=bot_id,
    )


def _last_question(messages: list[Message]) -> str:
    """What the user said last; nothing if the assistant did."""
    return messages[-1]["content"] if messages and messages[-1]["role"] == "user" else ""


def _answered(chat: Chat) -> Chat:
    """*chat* with its answer, which its conversation has then too."""
    details = {"chat_id": chat["id"], "bot_id": chat["bot_id"], "section_id": chat["section_id"]}
    conversation = conversations.peek(chat["conversation_id"])
    if conversation is None:  # deleted while the chat ran
        return chat
    answer = conversations.message(conversation, "assistant", chat["answer"], type="answer", **details)
    verbose = conversations.message(conversation, "assistant", _FINISH, type="verbose", **details)
    followed = [
        conversations.message(conversation, "assistant", text, type="follow_up", **details)
        for text in chat["suggested"]
    ]
    if chat["saved"]:
        conversation["messages"] += [*chat["messages"], answer]
        conversations.save(conversation)
    return {**chat, "messages": [*chat["messages"], answer, verbose, *followed]}


def _keep(chat: Chat) -> Chat:
    """Remember the chat, and whether it runs."""
    store = context.mock().store
    if not chat["saved"]:
        return chat
    store.put(_STORE, accounts.scope(), chat["id"], chat)
    if chat["status"] == "in_progress":
        until = chat["at"] + chat["latency"]
        store.put(_RUNNING, accounts.scope(), chat["conversation_id"], {"id": chat["id"], "until": until})
    else:
        store.delete(_RUNNING, accounts.scope(), chat["conversation_id"])
    return chat


def _turn(chat: Chat, *, unfinished: bool = False, failed: bool = False) -> Turn:
    said, _ = answers.reply(context.mock().answerer, chat["question"], chat["greeting"])
    said = replace(said, template=said.template[:_LONGEST_QUESTION], unfinished=unfinished, failed=failed)
    return Turn(chat["bot_id"], chat["conversation_id"], chat["user_id"], chat["at"], said, chat["latency"])


def _amend(chat: Chat, *, failed: bool = False) -> None:
    context.mock().log.amend(_turn(chat, unfinished=True), _turn(chat, failed=failed), accounts.scope())


def _action() -> dict[str, Any]:
    call = {"id": f"call_{new_id()}", "type": "function", "function": _TOOL}
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [call]}}


def _usage(chat: Chat) -> dict[str, int]:
    asked, answered = 200 + len(chat["question"]), len(chat["answer"])
    return {"token_count": asked + answered, "output_count": answered, "input_count": asked}


def _no_usage() -> dict[str, int]:
    return {"token_count": 0, "output_count": 0, "input_count": 0}


def _latency(bot_id: str, question: str, answer: str) -> int:
    """How long the answer takes, ms: a model's first word, then so much a character."""
    digest = hashlib.sha256(f"{bot_id}/{question}".encode()).digest()
    return 400 + int.from_bytes(digest[:2], "big") % 800 + 15 * min(len(answer), 1000)
