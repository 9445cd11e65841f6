"""The plan of a chat: an answer, calls of the client's plugins, or the question of a chatflow."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from mockcbs.core.numbers import compact
from mockcbs.services.coze import messages
from mockcbs.services.coze.agents import Agent, ClientTool
from mockcbs.services.coze.chat import Chat
from mockcbs.services.coze.envelope import new_id, new_ids
from mockcbs.services.coze.messages import Message


def planned(chat: Chat, agent: Agent, tools: tuple[ClientTool, ...], *, resumes: bool) -> Chat:
    """*chat* with its planned messages; *resumes* says that it answers an earlier question node."""
    if agent.kind == "chatflow" and agent.question and chat.ending == "completed" and not resumes:
        return _asking(chat, agent)
    if not tools:
        return replace(chat, messages=closing(chat, agent.suggested))
    calls = [
        {
            "id": f"call_{new_id()}",
            "type": "function",
            "function": {"name": tool["name"], "arguments": tool["arguments"]},
        }
        for tool in tools
    ]
    spoken = [said(chat, compact(call["function"]), "function_call") for call in calls]
    return replace(chat, ending="requires_action", action=_action(calls), messages=tuple(map(vars, spoken)))


def _asking(chat: Chat, agent: Agent) -> Chat:
    """A chatflow that stops at a question node; the next call in its conversation answers it."""
    call = {
        "id": f"call_{new_id()}",
        "type": "reply_message",
        "function": {"name": "问答", "arguments": ""},
    }
    interrupt = _verbose("interrupt", compact({"data": "", "type": 2}))
    spoken = [said(chat, agent.question, "answer"), said(chat, interrupt, "verbose")]
    return replace(
        chat,
        ending="requires_action",
        action=_action([call]),
        answer=agent.question,
        messages=tuple(map(vars, spoken)),
    )


def closing(chat: Chat, suggested: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """The messages that end a chat; the bot does not suggest the question that it has just answered."""
    data = '{"finish_reason":0,"FinData":""}' if chat.is_chatflow else ""
    finish = _verbose("generate_answer_finish", data)
    new = [(text, "follow_up") for text in suggested if text != chat.question]
    texts = [(chat.answer, "answer"), (finish, "verbose"), *new]
    ids = new_ids(len(texts))
    return tuple(vars(said(chat, *text, made_id)) for text, made_id in zip(texts, ids, strict=True))


def said(chat: Chat, content: str, kind: str, made_id: str = "") -> Message:
    """A message of the bot; by default with a new id."""
    details = {"chat_id": chat.id, "bot_id": chat.bot_id, "type": kind}
    return messages.new(chat.conversation_id, chat.section_id, "assistant", content, made_id, **details)


def _action(calls: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}


@lru_cache(8)  # a chat has one of few
def _verbose(kind: str, data: str) -> str:
    """The content of a verbose message."""
    return compact({"msg_type": kind, "data": data, "from_module": None, "from_unit": None})
