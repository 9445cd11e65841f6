"""Checks each event in the stream of a chat (contract 2.7, 3.5.9)."""

from collections.abc import Mapping
from typing import Any

from mockcbs.contract import sse
from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_http import is_stream
from mockcbs.contract.coze_schemas import SCHEMAS
from mockcbs.contract.kit import Kit, not_reached
from mockcbs.contract.shapes import problems
from mockcbs.contract.targets import Answer

STREAM_CLAUSES = tuple(
    f"coze.stream.{name}" for name in ("type", "lines", "order", "deltas", "verbose", "done", "usage")
)
"""The clauses that `check_stream` checks."""


def adds_up(usage: Mapping[str, int]) -> bool:
    """Whether the total number of tokens is positive and equals input plus output."""
    return 0 < usage["token_count"] == usage["input_count"] + usage["output_count"]


def check_stream(kit: Kit, answer: Answer, *, chatflow: bool = False) -> list[sse.Event]:
    """Check the stream of a chat that completes; the stream of a *chatflow* ends with a debug URL."""
    Coze.of(kit).need(answer)
    kind, cached = (answer.headers.get(name, "(none)") for name in ("Content-Type", "Cache-Control"))
    found = [answer.status, is_stream(answer), "no-cache" in cached]
    expected = [200, True, True]
    if not kit.expect("coze.stream.type", answer, found, expected, f"status, stream, not cached ({kind})"):
        not_reached("the response is not a stream")
    try:
        events = sse.events(answer.body)
        contents = [event.data for event in events]
    except ValueError as error:
        kit.judge("coze.stream.lines", answer, "events of two lines", str(error), held=False)
        not_reached("the stream is unreadable")
    kit.judge("coze.stream.lines", answer, "events of two lines", f"{len(events)} events", held=True)
    last = events[-1]
    data = sorted(contents[-1]) if chatflow and isinstance(contents[-1], dict) else last.text
    wanted = ["debug_url"] if chatflow else '"[DONE]"'
    kit.expect("coze.stream.done", answer, (last.name, data), ("done", wanted), "last event")
    _check_order(kit, answer, events)
    for event, content in zip(events, contents, strict=True):
        if event.name.startswith("conversation."):
            shape = "chat" if ".chat." in event.name else "message"
            wrong, _ = problems(SCHEMAS[shape], content)
            kit.expect("coze.stream.lines", answer, wrong, [], f"problems of {event.name}")
    _check_contents(kit, answer, events)
    return events


def _check_order(kit: Kit, answer: Answer, events: list[sse.Event]) -> None:
    steps = {
        "conversation.chat.created": 0,
        "conversation.chat.in_progress": 1,
        "conversation.message.delta": 2,
        "conversation.message.completed": 2,
        "conversation.chat.completed": 3,
        "done": 4,
    }
    names = [event.name for event in events]
    kit.expect("coze.stream.order", answer, sorted(set(names) - steps.keys()), [], "unknown events")
    places = [steps.get(name, 2) for name in names]
    shown = ", ".join(dict.fromkeys(names))
    held = places == sorted(places) and {0, 1, 3, 4} <= set(places) and "conversation.message.delta" in names
    held = held and all(places.count(once) == 1 for once in (0, 1, 3, 4))
    kit.judge("coze.stream.order", answer, ", ".join(steps), shown, held=held)
    status = {event.name: event.data.get("status") for event in events if ".chat." in event.name}
    expected = {name: name.rpartition(".")[2] for name in status}
    kit.expect("coze.stream.order", answer, status, expected, "status of the chat's events")


def _check_contents(kit: Kit, answer: Answer, events: list[sse.Event]) -> None:
    spoken = [event for event in events if ".message." in event.name]
    chats = [event.data for event in events if ".chat." in event.name]
    _check_messages(kit, answer, spoken)
    _check_chats(kit, answer, chats)
    ids = {chat["id"] for chat in chats} | {event.data["chat_id"] for event in spoken}
    talks = {event.data["conversation_id"] for event in events if event.name != "done"}
    kit.expect(
        "coze.stream.order", answer, [len(ids), len(talks)], [1, 1], "number of chats and of conversations"
    )


def _check_messages(kit: Kit, answer: Answer, spoken: list[sse.Event]) -> None:
    """Check that the deltas make up the answers, and that a verbose message ends them."""
    deltas: dict[str, str] = {}
    whole, kinds = {}, []
    for event in spoken:
        message = event.data
        if event.name.endswith("delta"):
            found = [message["role"], message["type"]]
            kit.expect(
                "coze.stream.order", answer, found, ["assistant", "answer"], "role and type of a delta"
            )
            deltas[message["id"]] = deltas.get(message["id"], "") + message["content"]
            kit.expect(
                "coze.stream.order", answer, message["id"] in whole, False, "a delta after its message"
            )
        else:
            kinds.append(message["type"])
            if message["type"] == "answer":
                whole[message["id"]] = message["content"]
    kit.expect("coze.stream.deltas", answer, deltas, whole, "joined deltas")
    ends = [event for event in spoken if event.name.endswith("completed") and event.data["type"] == "verbose"]
    held = bool(ends) and '"generate_answer_finish"' in ends[-1].data["content"] and "answer" in kinds
    held = held and kinds.index("verbose") > kinds.index("answer")
    kit.judge(
        "coze.stream.verbose", answer, "a verbose message after the answer", ", ".join(kinds), held=held
    )


def _check_chats(kit: Kit, answer: Answer, chats: list[Any]) -> None:
    """Check that only the last state of the chat has its usage and its end."""
    usages = [chat.get("usage") or {} for chat in chats]
    held = (
        all(not usage.get("token_count") for usage in usages[:-1])
        and bool(usages[-1])
        and adds_up(usages[-1])
    )
    kit.judge(
        "coze.stream.usage", answer, "zero usage, then usage whose tokens add up", str(usages), held=held
    )
    last = chats[-1]
    held = last.get("completed_at", 0) >= last["created_at"]
    shown = str(last.get("completed_at"))
    kit.judge("coze.stream.order", answer, "completed_at in the last event", shown, held=held)
