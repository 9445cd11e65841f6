"""Chats with and without streaming, and their effect on the statistics. They need permission to write."""

from datetime import date, timedelta
from typing import Any

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_figures import COUNTS, figures_of
from mockcbs.contract.coze_stream import adds_up, check_stream
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import Lacking, known
from mockcbs.contract.targets import Answer, query

_LOOKS = 60
_LARGE = {f"key{n}": "x" for n in range(17)}
_OVER = ("completed", "failed", "requires_action", "canceled")


def said(text: str = "你好，怎么申请桌面云？") -> dict[str, str]:
    """A message of a user with *text*."""
    return {"role": "user", "content": text, "content_type": "text"}


def ask(coze: Coze, *questions: dict[str, str], talk: str = "", **members: Any) -> Answer:
    """Start a chat."""
    body = {
        "bot_id": coze.kit.coze_bot_id,
        "user_id": made_up(),
        "additional_messages": list(questions),
        **members,
    }
    return coze.post("/v3/chat", body, f"conversation_id={talk}")


def begin(coze: Coze, *questions: dict[str, str], **members: Any) -> dict[str, Any]:
    """Start a chat without waiting for its end."""
    given = {"user_id": made_up(), **members}
    chat: dict[str, Any] = coze.good("chat", ask(coze, *questions, **given))
    _complete(coze, chat, given["user_id"])
    return chat


def _complete(coze: Coze, chat: dict[str, Any], user: str) -> None:
    """Add missing ids to a chat from the raw events of its user."""
    names = {"id": "chat_id", "conversation_id": "session_id"}
    if isinstance(chat, Lacking):
        return
    if missing := [name for name in names if isinstance(chat[name], Lacking)]:
        events = known(coze.logs(**about_now(coze), user_id=user)["items"], [])
        chat.update({name: events[-1][names[name]] for name in missing if events})


def named(chat: dict[str, Any]) -> str:
    """The query parameters that identify a chat."""
    return query(conversation_id=chat["conversation_id"], chat_id=chat["id"])


def await_end(coze: Coze, chat: dict[str, Any]) -> tuple[Answer, dict[str, Any]]:
    """Wait until the chat has ended; return the last response and the chat."""
    for _ in range(_LOOKS):
        answer = coze.post("/v3/chat/retrieve", None, named(chat), headers={"Content-Type": None})
        seen: dict[str, Any] = coze.good("chat", answer)
        if seen["status"] in _OVER:
            return answer, seen
    return not_reached("the chat does not end")


def about_now(coze: Coze) -> dict[str, date]:
    """The dates of a range that includes the current time, also around midnight."""
    return {"start_date": coze.today - timedelta(1), "end_date": coze.today + timedelta(1)}


def today(coze: Coze, **filters: str) -> dict[str, Any]:
    """The figures of a range that includes the current time."""
    answer = coze.analytics(fresh=True, **about_now(coze), **filters)
    summary: dict[str, Any] = answer.json["data"]["summary"]
    return summary


@checks(
    "coze.shape.chat",
    "coze.shape.message",
    "coze.chat.begins",
    "coze.chat.completes",
    "coze.chat.both-methods",
    "coze.chat.answer",
    "coze.chat.remembered",
)
def test_chat(kit: Kit) -> None:
    """A chat starts and completes, and its messages are in the conversation."""
    coze = Coze.of(kit)
    coze.may_write()
    user = made_up()
    answer = ask(coze, said(), stream=False, auto_save_history=True, user_id=user)
    chat = coze.good("chat", answer)
    with kit.part("coze.chat.begins"):
        found = [chat["status"], chat["bot_id"], bool(chat["conversation_id"])]
        expected = ["in_progress", kit.coze_bot_id, True]
        kit.expect("coze.chat.begins", answer, found, expected, "status, bot, conversation")
    _complete(coze, chat, user)
    kit.expect(
        "coze.chat.begins", answer, (chat.get("last_error") or {}).get("code", 0), 0, "last_error.code"
    )
    answer, over = await_end(coze, chat)
    kit.expect(
        "coze.chat.completes",
        answer,
        [over["status"], over["id"], over["created_at"]],
        ["completed", chat["id"], chat.get("created_at", over["created_at"])],
        "status, id, created_at",
    )
    held = over.get("completed_at", 0) >= over["created_at"]
    kit.judge("coze.chat.completes", answer, "completed_at", str(over.get("completed_at")), held=held)
    held = bool(over.get("usage")) and adds_up(over["usage"])
    kit.judge("coze.chat.completes", answer, "usage that adds up", str(over.get("usage")), held=held)
    other = coze.get("/v3/chat/retrieve", named(chat))
    kit.expect("coze.chat.both-methods", other, coze.good("chat", other), over, "chat by GET")
    answer = coze.get("/v3/chat/message/list", named(chat))
    replies = coze.each("message", answer)
    kinds = [reply.get("type") for reply in replies]
    held = kinds.count("answer") >= 1 and "verbose" in kinds and "question" not in kinds
    kit.judge(
        "coze.chat.answer", answer, "an answer and a verbose message", ", ".join(map(str, kinds)), held=held
    )
    strange = [
        reply["id"] for reply in replies if reply.get("chat_id") != chat["id"] or reply["role"] != "assistant"
    ]
    kit.expect("coze.chat.answer", answer, strange, [], "messages of other chats")
    where = query(conversation_id=chat["conversation_id"])
    answer = coze.post("/v1/conversation/message/list", {"order": "asc"}, where)
    kept = coze.each("message", answer)
    texts = [reply["content"] for reply in replies if reply.get("type") == "answer"]
    found = [[one.get("type"), one["content"]] for one in kept]
    expected = [["question", said()["content"]], *(["answer", text] for text in texts)]
    kit.expect("coze.chat.remembered", answer, found, expected, "messages of the conversation")
    for chat_id, expected in ((chat["id"], kept), ("1", [])):
        only = coze.post("/v1/conversation/message/list", {"chat_id": chat_id, "order": "asc"}, where)
        kit.expect(
            "coze.chat.remembered", only, coze.each("message", only), expected, f"messages of chat {chat_id}"
        )


@checks("coze.chat.meta-data", "coze.chat.messages-limit", "coze.chat.history")
def test_limits(kit: Kit) -> None:
    """The limits on messages and meta_data are enforced."""
    coze = Coze.of(kit)
    coze.may_write()
    chat = begin(coze, said(), meta_data={"order": "17"})
    answer, over = await_end(coze, chat)
    kit.expect("coze.chat.meta-data", answer, over.get("meta_data"), {"order": "17"}, "meta_data")
    coze.refused("coze.chat.meta-data", ask(coze, said(), meta_data=_LARGE), 200, 4003)
    coze.refused("coze.chat.messages-limit", ask(coze, *[said("?")] * 101), 200, 4004)
    await_end(coze, begin(coze, *[said("?")] * 100))
    answer = ask(coze, said(), stream=False, auto_save_history=False)
    coze.refused("coze.chat.history", answer, 200, 4007)


@checks("coze.chat.second", "coze.chat.cancel", "coze.chat.unfinished", "coze.chat.unknown")
def test_running(kit: Kit) -> None:
    """A conversation has at most one running chat; a running chat can be canceled."""
    coze = Coze.of(kit)
    coze.may_write()
    user = made_up()
    chat = begin(coze, said(), user_id=user)
    _check_unfinished(kit, user)
    coze.refused("coze.chat.second", ask(coze, said(), talk=chat["conversation_id"]), 200, 4016)
    ids = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    answer = coze.post("/v3/chat/cancel", ids)
    if answer.json.get("code") == 4104:
        not_reached("the chat ended before it could be canceled")
    kit.expect("coze.chat.cancel", answer, coze.good("chat", answer)["status"], "canceled", "status")
    _check_unfinished(kit, user)
    coze.refused("coze.chat.cancel", coze.post("/v3/chat/cancel", ids), 200, 4104)
    next_one = coze.good("chat", ask(coze, said(), talk=chat["conversation_id"]))
    same = next_one["conversation_id"]
    kit.expect("coze.chat.second", answer, same, chat["conversation_id"], "conversation of the next chat")
    await_end(coze, next_one)
    ids["chat_id"] = next_one["id"]
    coze.refused("coze.chat.cancel", coze.post("/v3/chat/cancel", ids), 200, 4104)
    unknown = query(conversation_id=chat["conversation_id"], chat_id=chat["conversation_id"])
    coze.refused("coze.chat.unknown", coze.get("/v3/chat/retrieve", unknown), 200, 4001)
    _check_mixed(kit, chat["conversation_id"])


def _check_unfinished(kit: Kit, user: str) -> None:
    coze = Coze.of(kit)
    found = today(coze, user_id=user)
    events = coze.logs(**about_now(coze), user_id=user)["items"]
    if not any(event["event_type"].startswith("execution.") for event in events):  # the chat is still running
        names = ("total_messages", "total_calls", "unique_users", "success_rate", "error_rate")
        figures = [found[name] for name in (*names, "avg_response_time_ms")]
        kit.expect(
            "coze.chat.unfinished", coze.page, figures, [1, 1, 1, 1, 0, 0], f"{', '.join(names)}, mean"
        )


def _check_mixed(kit: Kit, talk: str) -> None:
    """Check that rates and mean of a canceled and a completed chat include only the completed one."""
    coze = Coze.of(kit)
    found = today(coze, session_id=talk)
    ended = figures_of(coze.logs(**about_now(coze), session_id=talk)["items"])
    kit.expect("coze.chat.unfinished", coze.page, found["total_calls"], 2, "total_calls of two chats")
    for name in ("total_messages", "success_rate", "avg_response_time_ms"):
        kit.expect("coze.chat.unfinished", coze.page, found[name], ended[name], f"{name} of two chats")


@checks("coze.chat.counted", "coze.chat.logged")
def test_chat_is_counted(kit: Kit) -> None:
    """A chat of a new user is in the statistics as soon as it has ended."""
    coze = Coze.of(kit)
    coze.may_write()
    before, user = today(coze), made_up()
    chat = begin(coze, said(), user_id=user)
    answer, _ = await_end(coze, chat)
    after = today(coze)
    grown = {name: after[name] - before[name] for name in COUNTS}
    for name, least in zip(COUNTS, (2, 1, 1, 1), strict=True):
        expected, found = f"an increase of {name} by at least {least}", str(grown[name])
        kit.judge("coze.chat.counted", answer, expected, found, held=grown[name] >= least)
    alone = {"total_messages": 2, "total_calls": 1, "unique_users": 1, "total_sessions": 1, "success_rate": 1}
    for filters in (
        {"user_id": user},
        {"session_id": chat["conversation_id"]},
        {"user_id": user, "connector_id": "1024"},
    ):
        found = today(coze, **filters)
        kit.expect("coze.chat.counted", answer, {name: found[name] for name in alone}, alone, f"{[*filters]}")
    events = coze.logs(**about_now(coze), user_id=user, page_size=100)["items"]
    kinds = [event.get("role") or event["event_type"] for event in events]
    expected = ["session.started", "user", "assistant", "execution.completed"]
    kit.expect("coze.chat.logged", coze.page, sorted(kinds), sorted(expected), "events")
    strange = [
        event["event_id"]
        for event in events
        if (event["session_id"], event["user_id"], event.get("chat_id"))
        != (chat["conversation_id"], user, chat["id"])
    ]
    kit.expect("coze.chat.logged", coze.page, strange, [], "events of other users")


@checks("coze.chat.failed", "coze.chat.tools")
def test_other_ends(kit: Kit) -> None:
    """A chat can fail or require tools; on mockcbs, certain texts cause that."""
    coze = Coze.of(kit)
    coze.may_write()
    user = made_up()
    chat = begin(coze, said("mockcbs:fail"), user_id=user)
    answer, over = await_end(coze, chat)
    if over["status"] == "failed":
        held = over["last_error"]["code"] > 0 and over.get("failed_at", 0) >= over["created_at"]
        kit.judge(
            "coze.chat.failed", answer, "a code in last_error, failed_at", str(over["last_error"]), held=held
        )
        figures = today(coze, user_id=user)
        found = [figures[name] for name in ("total_calls", "total_messages", "success_rate", "error_rate")]
        kit.expect("coze.chat.failed", answer, found, [1, 1, 0, 1], "calls, messages, rates")
    answer, over = await_end(coze, begin(coze, said("mockcbs:tool")))
    if over["status"] != "requires_action":
        not_reached("the bot did not require tools")
    calls = over["required_action"]["submit_tool_outputs"]["tool_calls"]
    path = "/v3/chat/submit_tool_outputs"
    wrong = {"tool_outputs": [{"tool_call_id": "none", "output": "晴"}]}
    coze.refused("coze.chat.tools", coze.post(path, wrong, named(over)), 400, 4000)
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "晴"} for call in calls]}
    again = coze.good("chat", coze.post(path, outputs, named(over)))
    answer, ended = await_end(coze, again)
    kit.expect(
        "coze.chat.tools", answer, [ended["id"], ended["status"]], [over["id"], "completed"], "id and status"
    )


@checks(
    "coze.stream.type",
    "coze.stream.lines",
    "coze.stream.order",
    "coze.stream.deltas",
    "coze.stream.verbose",
    "coze.stream.done",
    "coze.stream.usage",
    "coze.stream.counted",
    "coze.chat.remembered",
)
def test_stream(kit: Kit) -> None:
    """A streamed chat sends its events in the documented order."""
    coze = Coze.of(kit)
    coze.may_write()
    user = made_up()
    answer = ask(coze, said(), user_id=user, stream=True)
    chat = check_stream(kit, answer)[0].data
    where = query(conversation_id=chat["conversation_id"])
    listed = coze.post("/v1/conversation/message/list", {}, where)
    kinds = [one.get("type") for one in coze.each("message", listed)]
    kit.expect(
        "coze.chat.remembered", listed, kinds, ["answer", "question"], "types of the conversation's messages"
    )
    found = today(coze, user_id=user)
    counts = [found[name] for name in COUNTS]
    kit.expect("coze.stream.counted", answer, counts, [2, 1, 1, 1], "messages, calls, users, sessions")
