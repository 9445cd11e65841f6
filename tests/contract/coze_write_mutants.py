"""Servers of Coze that are right but for one small thing in what changes something."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from mockcbs.services.coze import chats
from mockcbs.services.coze import messages as kept
from mockcbs.services.coze.schemas import fields as schemas
from mockcbs.services.coze.schemas import messages
from tests.contract.coze_deviations import (
    LOGS,
    STATS,
    Content,
    answer_with,
    answers,
    asked,
    bad,
    bare,
    data,
    drop,
    each,
    events,
    good,
    header,
    inside,
    is_for,
    items,
    put,
    refusing,
    reverse,
    rows,
    sent,
    stream,
    when,
    without,
)
from tests.contract.mutants import Mutant

NEWS = "/v1/conversation/create"
TALKS = "/v1/conversations$"
LIST = "/v1/conversation/message/list"
CHAT = "/v3/chat$"
SEEN = "/v3/chat/retrieve"
RUN = "/v1/workflow/run$"
CHATFLOW = "/v1/workflows/chat$"
STREAMED = "/v1/workflow/stream_run$"


def _swap(one: int, other: int) -> Callable[[list[bytes]], list[bytes]]:
    def change(found: list[bytes]) -> list[bytes]:
        if len(found) > max(one, other):
            found[one], found[other] = found[other], found[one]
        return found

    return change


def _before_first(name: str, moved: str) -> Callable[[list[bytes]], list[bytes]]:
    """The first event *moved* is put before the first event *name*."""

    def change(found: list[bytes]) -> list[bytes]:
        place = next((n for n, e in enumerate(found) if e.startswith(f"event:{moved}\n".encode())), None)
        if place is None:
            return found
        event = found.pop(place)
        goal = next(n for n, e in enumerate(found) if e.startswith(f"event:{name}\n".encode()))
        return [*found[:goal], event, *found[goal:]]

    return change


def _verbose_first(found: list[bytes]) -> list[bytes]:
    """The verbose message is put before the first delta."""
    return sorted(
        found,
        key=lambda event: b"event:conversation.chat.created\n" not in event and b'"verbose"' not in event,
    )


_LATE = answer_with(lambda question: replace(question, now=question.now - 1))
"""Statistics without what has just happened, while the clock stands still."""


def meta_data(longest_key: int, longest_value: int) -> Callable[[], Any]:
    """Pairs of meta_data with other limits."""
    original = schemas.MetaData._deserialize

    def deserialize(self: Any, pairs: Any, *args: Any, **more: Any) -> Any:
        if not pairs or len(pairs) > 16:
            return original(self, pairs, *args, **more)
        fits = all(len(key) <= longest_key and len(value) <= longest_value for key, value in pairs.items())
        return pairs if fits else original(self, {"": ""}, *args, **more)

    return lambda: patch.object(schemas.MetaData, "_deserialize", deserialize)


def _including_page() -> Callable[..., Any]:
    original = kept.page

    def page(conversation_id: str, asked: Content) -> Any:
        found, more = original(conversation_id, asked)
        if asked["after_id"]:
            found = [kept.find(conversation_id, asked["after_id"]), *found][: asked["limit"]]
        return found, more

    return page


def _never_failed() -> Callable[..., Any]:
    original = chats._amend
    return lambda chat, **_: original(chat)


def _failing_submit() -> Callable[..., Any]:
    original = chats.submit
    return lambda *args, **more: chats._keep(replace(original(*args, **more), ending="failed"))


WRITE_MUTANTS = [
    # conversations and messages
    Mutant("coze: meta_data is null", "coze.shape.conversation", after=data(NEWS, put(meta_data=None))),
    Mutant("coze: a conversation has no section", "coze.shape.conversation", after=data(NEWS, drop("last_section_id"))),
    Mutant("coze: conversations forget meta_data", "coze.conversations.create", after=data("/v1/conversation/retrieve", put(meta_data={}))),
    Mutant("coze: conversations need a bot", "coze.shape.success", after=when(lambda r: is_for(NEWS)(r) and b'"name":""' in r.body and r.environ["CONTENT_LENGTH"] == "2", refusing())),
    Mutant("coze: the oldest conversation leads", "coze.conversations.listed", before=asked(lambda q: q.update(sort_order="DESC" if q.get("sort_order") == "ASC" else "ASC"), TALKS)),
    Mutant("coze: sort_order is ignored", "coze.conversations.listed", before=asked(lambda q: q.pop("sort_order", 0), TALKS)),
    Mutant("coze: pages of conversations are ignored", "coze.conversations.pages", before=asked(lambda q: q.pop("page_num", 0), TALKS)),
    Mutant("coze: there are always more conversations", "coze.conversations.pages", after=data(TALKS, put(has_more=True))),
    Mutant("coze: renaming answers only", "coze.conversations.rename", after=data("/v1/conversation/retrieve", lambda d: d.update(name="") if d["name"] == "renamed" else None)),
    Mutant("coze: renaming is a POST", "coze.shape.success", after=when(is_for(r"/v1/conversations/\d{9,}$", "PUT"), refusing(405))),
    Mutant("coze: clearing keeps the section", "coze.conversations.clear", after=data("/clear$", put(id="7000000000000000001"))),
    Mutant("coze: clearing answers a number", "coze.shape.section", after=data("/clear$", lambda d: d.pop("conversation_id"))),
    Mutant("coze: deleting answers data", "coze.conversations.delete", after=good(r"/v1/conversations/\d{9,}$", lambda c, _: c.update(data={}), "DELETE")),
    Mutant("coze: what is deleted stays", "coze.conversations.delete", patched=lambda: patch("mockcbs.services.coze.conversations.delete", lambda _: None)),
    Mutant("coze: names of any length", "coze.conversations.limits", before=sent(lambda b: b.update(name=b["name"][:100]) if "name" in b else None, NEWS)),
    Mutant("coze: 17 pairs of meta_data", "coze.conversations.limits", patched=lambda: patch.object(schemas, "MAX_META_PAIRS", 17)),
    Mutant("coze: 15 pairs of meta_data", "coze.shape.success", patched=lambda: patch.object(schemas, "MAX_META_PAIRS", 15)),
    Mutant("coze: meta_data over its limits is 4000", "coze.conversations.limits", after=bad(4003, status=400, becomes=4000)),
    Mutant("coze: keys of meta_data of 65 characters", "coze.conversations.limits", patched=meta_data(65, 512)),
    Mutant("coze: keys of meta_data of 63 characters", "coze.shape.success", patched=meta_data(63, 512)),
    Mutant("coze: values of meta_data of 513 characters", "coze.conversations.limits", patched=meta_data(64, 513)),
    Mutant("coze: values of meta_data of 511 characters", "coze.shape.success", patched=meta_data(64, 511)),
    Mutant("coze: names of 99 characters", "coze.shape.success", before=sent(lambda b: b.update(name="x" * 101) if len(b.get("name", "")) == 100 else None, NEWS)),
    Mutant("coze: inserted messages are questions", "coze.messages.create", after=data("message/create", put(type="question"))),
    Mutant("coze: inserted messages have a bot", "coze.messages.create", after=data("message/create", put(bot_id="7342866812345678901"))),
    Mutant("coze: updated_at is a string", "coze.shape.message", after=good(LIST, lambda c, _: [m.update(updated_at=str(m["updated_at"])) for m in c["data"]])),
    Mutant("coze: messages stand under items", "coze.shape.message", after=good(LIST, lambda c, _: c.update(data={"items": c["data"]}))),
    Mutant("coze: the oldest message is first", "coze.messages.list", before=sent(lambda b: b.update(order="desc" if b.get("order") == "asc" else "asc"), LIST)),
    Mutant("coze: first and last are swapped", "coze.messages.list", after=good(LIST, lambda c, _: c.update(first_id=c["last_id"], last_id=c["first_id"]))),
    Mutant("coze: 0 is a cursor", "coze.shape.success", before=sent(lambda b: b.update(after_id="1") if b.get("after_id") == "0" else None, LIST)),
    Mutant("coze: ids of an empty list are null", "coze.messages.empty", after=good(LIST, lambda c, _: c.update(first_id=None, last_id=None) if not c["data"] else None)),
    Mutant("coze: has_more is missing", "coze.messages.empty", after=good(LIST, lambda c, _: c.pop("has_more"))),
    Mutant("coze: limit is ignored", "coze.messages.cursors", before=sent(lambda b: b.pop("limit", 0) if b.get("limit") in {1, 2} else None, LIST)),
    Mutant("coze: after_id is included", "coze.messages.cursors", patched=lambda: patch("mockcbs.services.coze.messages.page", _including_page())),
    Mutant("coze: before_id is ignored", "coze.messages.cursors", before=sent(lambda b: b.pop("before_id", 0), LIST)),
    Mutant("coze: there are always more messages", "coze.messages.cursors", after=good(LIST, lambda c, _: c.update(has_more=True) if c["data"] else None)),
    Mutant("coze: 49 messages are the most", "coze.shape.success", before=sent(lambda b: b.update(limit=51) if b.get("limit") == 50 else None, LIST)),
    Mutant("coze: twenty messages by default", "coze.messages.limits", before=sent(lambda b: b.update(limit=b.get("limit") or 20), LIST)),
    Mutant("coze: a deleted message is 404", "coze.messages.delete", after=bad(4005, status=404)),
    Mutant("coze: limits are clamped", "coze.messages.limits", before=sent(lambda b: b.update(limit=min(50, max(1, b["limit"]))) if b.get("limit") is not None else None, LIST)),
    Mutant("coze: modify answers data", "coze.messages.modify", after=good("message/modify", lambda c, _: c.update(data=c["message"]))),
    Mutant("coze: modify changes nothing", "coze.messages.modify", after=data("message/retrieve", put(content="早上好"))),
    Mutant("coze: delete answers nothing", "coze.messages.delete", after=data("message/delete", put(id="1"))),
    Mutant("coze: a deleted message is 4200", "coze.messages.delete", after=bad(4005, pattern="message/retrieve", becomes=4200)),
    Mutant("coze: messages need no role", "coze.messages.invalid", before=sent(lambda b: b.setdefault("role", "user"), "message/create")),
    Mutant("coze: messages need no content_type", "coze.messages.invalid", before=sent(lambda b: b.setdefault("content_type", "text"), "message/create")),
    Mutant("coze: feedback answers data", "coze.messages.feedback", after=good("/feedback$", lambda c, _: c.update(data={}))),
    Mutant("coze: feedback of any type", "coze.messages.feedback", before=sent(lambda b: b.update(feedback_type="like"), "/feedback$")),
    Mutant("coze: feedback on questions", "coze.messages.feedback-question", after=bad(4005, pattern="/feedback$", becomes=0, change=put(msg=""))),
    # chats
    Mutant("coze: last_error.code is null", "coze.shape.chat", after=data(CHAT, put(last_error={"code": None, "msg": ""}))),
    Mutant("coze: times of chats in ms", "coze.shape.chat", after=data(CHAT, lambda d: d.update(created_at=d["created_at"] * 1000))),
    Mutant("coze: usage has output_tokens", "coze.shape.chat", after=data(SEEN, inside("usage", change=lambda u: u.update(output_tokens=u.pop("output_count"))))),
    Mutant("coze: tool calls have no arguments", "coze.shape.chat", after=data(SEEN, inside("required_action", "submit_tool_outputs", "tool_calls", "function", change=drop("arguments")))),
    Mutant("coze: a chat is cancelled", "coze.shape.chat", after=data("/v3/chat/cancel", put(status="cancelled"))),
    Mutant("coze: a chat begins created", "coze.chat.begins", after=data(CHAT, put(status="created"))),
    Mutant("coze: a chat is completed at once", "coze.chat.begins", after=data(CHAT, put(status="completed"))),
    Mutant("coze: compleated_at", "coze.chat.completes", after=data(SEEN, lambda d: d.update(compleated_at=d.pop("completed_at")) if "completed_at" in d else None)),
    Mutant("coze: a chat began when it was seen", "coze.chat.completes", after=data(SEEN, lambda d: d.update(created_at=d["created_at"] + 60, completed_at=d["completed_at"] + 60) if "completed_at" in d else None)),
    Mutant("coze: tokens do not add up", "coze.chat.completes", after=data(SEEN, inside("usage", change=lambda u: u.update(token_count=u["input_count"])))),
    Mutant("coze: no usage", "coze.chat.completes", after=data(SEEN, drop("usage"))),
    Mutant("coze: chats are retrieved by POST only", "coze.shape.success", after=when(is_for(SEEN, "GET"), refusing(405))),
    Mutant("coze: GET shows less of a chat", "coze.chat.both-methods", after=good(SEEN, lambda c, _: c["data"].pop("meta_data"), "GET")),
    Mutant("coze: a chat lists its question", "coze.chat.answer", after=good("/v3/chat/message/list", lambda c, _: c["data"].append({**c["data"][0], "role": "user", "type": "question"}))),
    Mutant("coze: a chat lists no verbose message", "coze.chat.answer", after=good("/v3/chat/message/list", lambda c, _: c.update(data=[m for m in c["data"] if m["type"] != "verbose"]))),
    Mutant("coze: conversations hold verbose messages", "coze.chat.remembered", after=good(LIST, lambda c, _: c["data"].append({**c["data"][-1], "type": "verbose"}) if c["data"] and c["data"][-1]["type"] == "answer" else None)),
    Mutant("coze: conversations hold answers only", "coze.chat.remembered", after=good(LIST, lambda c, _: c.update(data=[m for m in c["data"] if m["type"] != "question"]))),
    Mutant("coze: chat_id does not filter messages", "coze.chat.remembered", before=sent(lambda b: b.pop("chat_id", 0), LIST)),
    Mutant("coze: chats forget meta_data", "coze.chat.meta-data", after=data(SEEN, put(meta_data={}))),
    Mutant("coze: two chats at a time", "coze.chat.second", patched=lambda: patch("mockcbs.services.coze.chats._refuse_second", lambda _: None)),
    Mutant("coze: a second chat is 4013", "coze.chat.second", after=bad(4016, status=429, becomes=4013)),
    Mutant("coze: canceling leaves a chat running", "coze.chat.cancel", after=data("/v3/chat/cancel", put(status="in_progress"))),
    Mutant("coze: canceling what is over is 200", "coze.chat.cancel", after=bad(4104, becomes=0, change=put(msg="", data={}))),
    Mutant("coze: 101 messages", "coze.chat.messages-limit", patched=lambda: patch.object(messages, "MAX_MESSAGES", 101)),
    Mutant("coze: 99 messages", "coze.shape.success", patched=lambda: patch.object(messages, "MAX_MESSAGES", 99)),
    Mutant("coze: too many messages are 4000", "coze.chat.messages-limit", after=bad(4004, status=400, becomes=4000)),
    Mutant("coze: history is saved anyway", "coze.chat.history", before=sent(lambda b: b.update(auto_save_history=True), CHAT)),
    Mutant("coze: chats are not counted", "coze.chat.counted", patched=_LATE),
    Mutant("coze: chats have one message", "coze.chat.counted", after=each(lambda r: r.update(total_messages=r["total_calls"]))),
    Mutant("coze: chats are counted twice", "coze.chat.counted", after=good(STATS, lambda c, r: [row.update(total_calls=2 * row["total_calls"]) for row in rows(c)] if "user_id" in r.query else None)),
    Mutant("coze: chats come through another channel", "coze.chat.counted", before=asked(lambda q: q.update(connector_id="999") if q.get("connector_id") == "1024" else 0, STATS)),
    Mutant("coze: the mean is over all calls", "coze.chat.unfinished", after=each(lambda r: r.update(avg_response_time_ms=(r["avg_response_time_ms"] / 2)) if (r["total_calls"], r["total_messages"]) == (2, 3) and r["success_rate"] == 1 else None)),
    Mutant("coze: an unknown chat of a known conversation is 4002", "coze.chat.unknown", after=bad(4001, becomes=4002)),
    Mutant("coze: streamed chats are forgotten", "coze.chat.remembered", after=good(LIST, lambda c, _: c.update(data=[], first_id="", last_id="") if len(c["data"]) == 2 and c["data"][0]["type"] == "answer" else None)),
    Mutant("coze: deltas have no type", "coze.stream.order", after=stream(lambda b: re.sub(rb'(delta\ndata:[^\n]*?)"type":"answer"', rb'\1"type":""', b))),
    Mutant("coze: completed chats do not say when", "coze.stream.order", after=stream(lambda b: b.replace(b"completed_at", b"done_at"))),
    Mutant("coze: running chats have failed", "coze.chat.unfinished", after=each(lambda r: r.update(success_rate=0.0, error_rate=1.0) if r["total_messages"] == r["total_calls"] == 1 else None)),
    Mutant("coze: running chats are no calls yet", "coze.chat.unfinished", after=each(lambda r: r.update(total_calls=0) if r["total_messages"] == r["total_calls"] == 1 else None)),
    Mutant("coze: raw events have chat ids of their own", "coze.chat.logged", after=items(lambda e: e.update(chat_id=f"1{e['chat_id']}") if "chat_id" in e else None)),
    Mutant("coze: chats are logged without their end", "coze.chat.logged", after=good(LOGS, lambda c, r: c["data"].update(items=[e for e in c["data"]["items"] if "duration_ms" not in e]) if "mockcbs-" in r.query.get("user_id", "") else None)),
    Mutant("coze: failed chats say nothing", "coze.chat.failed", after=data(SEEN, lambda d: d.update(last_error={"code": 0, "msg": ""}) if d["status"] == "failed" else None)),
    Mutant("coze: failed chats succeed in the statistics", "coze.chat.failed", patched=lambda: patch("mockcbs.services.coze.chats._amend", _never_failed())),
    Mutant("coze: any tool output will do", "coze.chat.tools", after=bad(4000, pattern="submit_tool_outputs", status=200, becomes=0, change=put(msg="", data={}))),
    Mutant("coze: tools end a chat", "coze.chat.tools", patched=lambda: patch("mockcbs.services.coze.chats.submit", _failing_submit())),
    # streams
    Mutant("coze: a stream is JSON", "coze.stream.type", after=when(lambda r: "event-stream" in r.headers["Content-Type"] and is_for(CHAT)(r), answers(200, None, "application/json; charset=utf-8"))),
    Mutant("coze: streams may be cached", "coze.stream.type", after=header("Cache-Control", "max-age=60", CHAT)),
    Mutant("coze: streams keep alive with comments", "coze.stream.lines", after=stream(lambda b: b": ping\n\n" + b)),
    Mutant("coze: events are numbered", "coze.stream.lines", after=stream(lambda b: b.replace(b"event:", b"id:1\nevent:"))),
    Mutant("coze: data over two lines", "coze.stream.lines", after=stream(lambda b: b.replace(b',"content_type"', b'\ndata:,"content_type"'))),
    Mutant("coze: lines end with CRLF", "coze.stream.lines", after=stream(lambda b: b.replace(b"\n", b"\r\n"))),
    Mutant("coze: the last event is cut", "coze.stream.lines", after=stream(lambda b: b[:-2])),
    Mutant("coze: streamed chats have no conversation", "coze.stream.lines", after=stream(lambda b: b.replace(b'"conversation_id"', b'"conv_id"'))),
    Mutant("coze: streams have no chat.created", "coze.stream.order", after=events(without("conversation.chat.created"))),
    Mutant("coze: in_progress comes before created", "coze.stream.order", after=events(_swap(0, 1))),
    Mutant("coze: streams have no in_progress", "coze.stream.order", after=events(without("conversation.chat.in_progress"))),
    Mutant("coze: streams have no deltas", "coze.stream.order", after=events(without("conversation.message.delta"))),
    Mutant("coze: the chat completes before its messages", "coze.stream.order", after=events(_before_first("conversation.message.completed", "conversation.chat.completed"))),
    Mutant("coze: the message comes before its deltas", "coze.stream.order", after=events(_before_first("conversation.message.delta", "conversation.message.completed"))),
    Mutant("coze: the chat never completes", "coze.stream.order", after=events(without("conversation.chat.completed"))),
    Mutant("coze: an event of its own kind", "coze.stream.order", after=events(lambda e: [e[0], b"event:ping\ndata:{}", *e[1:]])),
    Mutant("coze: the first event says in_progress", "coze.stream.order", after=stream(lambda b: b.replace(b'"status":"created"', b'"status":"in_progress"'))),
    Mutant("coze: deltas repeat the whole", "coze.stream.deltas", after=stream(lambda b: re.sub(rb'(delta\ndata:.*?"content":")', rb"\1x", b))),
    Mutant("coze: a delta is lost", "coze.stream.deltas", after=events(lambda e: [*e[:2], *e[3:]])),
    Mutant("coze: streams have no verbose message", "coze.stream.verbose", after=events(lambda e: [one for one in e if b'"verbose"' not in one])),
    Mutant("coze: the verbose message comes first", "coze.stream.verbose", after=events(_verbose_first)),
    Mutant("coze: messages of a stream are of no chat", "coze.stream.order", after=stream(lambda b: re.sub(rb'"chat_id":"\d+"', b'"chat_id":""', b))),
    Mutant("coze: streams have no done", "coze.stream.done", after=events(lambda e: e[:-1])),
    Mutant("coze: [DONE] is bare", "coze.stream.lines", after=stream(lambda b: b.replace(b'"[DONE]"', b"[DONE]"))),
    Mutant("coze: done holds an object", "coze.stream.done", after=stream(lambda b: b.replace(b'"[DONE]"', b"{}"))),
    Mutant("coze: Done", "coze.stream.done", after=stream(lambda b: b.replace(b"event:done", b"event:Done"))),
    Mutant("coze: usage from the start", "coze.stream.usage", after=stream(lambda b: b.replace(b'"token_count":0', b'"token_count":7'))),
    Mutant("coze: no usage at the end", "coze.stream.usage", after=stream(lambda b: re.sub(rb'"usage":\{"token_count":[1-9][^}]*\},?', b"", b))),
    Mutant("coze: streamed chats are not counted", "coze.stream.counted", patched=_LATE),
    # workflows
    Mutant("coze: the output is an object", "coze.shape.run", after=good(RUN, lambda c, _: c.update(data=json.loads(c["data"])) if "data" in c else None)),
    Mutant("coze: no debug_url", "coze.shape.run", after=good(RUN, lambda c, _: c.pop("debug_url"))),
    Mutant("coze: a run stands under data", "coze.shape.run", after=good(RUN, lambda c, _: c.update(data={"output": c.get("data")}))),
    Mutant("coze: the output is a sentence", "coze.run.data", after=good(RUN, lambda c, _: c.update(data="Hello") if "data" in c else None)),
    Mutant("coze: the usage of a run is zero", "coze.run.data", after=good(RUN, lambda c, _: [c["usage"].update({n: 0}) for n in c["usage"]] and None if "usage" in c else None)),
    Mutant("coze: asynchronous runs answer data", "coze.run.async", after=good(RUN, lambda c, _: c.setdefault("data", ""))),
    Mutant("coze: histories are objects", "coze.shape.run-history", after=good("run_histories", lambda c, _: c.update(data=c["data"][0]) if isinstance(c["data"], list) else None)),
    Mutant("coze: no is_output_trimmed", "coze.shape.run-history", after=good(r"run_histories/\d+$", lambda c, _: [h.pop("is_output_trimmed") for h in c["data"]])),
    Mutant("coze: histories say success", "coze.shape.run-history", after=good(r"run_histories/\d+$", lambda c, _: [h.update(execute_status="success") for h in c["data"]])),
    Mutant("coze: histories come twice", "coze.run.async", after=good(r"run_histories/\d+$", lambda c, _: c.update(data=c["data"] * 2))),
    Mutant("coze: the mode of a run is wrong", "coze.run.async", after=good(r"run_histories/\d+$", lambda c, _: [h.update(run_mode=0) for h in c["data"]])),
    Mutant("coze: nodes do not say whether they ended", "coze.shape.node-output", after=data("execute_nodes", drop("is_finish"))),
    Mutant("coze: a run of two owners", "coze.run.owners", before=sent(lambda b: b.pop("app_id", 0), RUN)),
    Mutant("coze: a run of an unknown workflow is 200", "coze.run.unknown", after=bad(4200, pattern="/v1/workflow/", status=200)),
    Mutant("coze: an unknown streamed workflow is a wrong parameter", "coze.run.unknown", after=stream(lambda b: b.replace(b":4200,", b":4000,"), STREAMED)),
    Mutant("coze: runs are not counted", "coze.run.counted", patched=_LATE),
    Mutant("coze: a workflow's events have no ids", "coze.run.stream", after=stream(lambda b: re.sub(rb"id:\d+\n", b"", b), STREAMED)),
    Mutant("coze: a workflow's events begin at 1", "coze.run.stream", after=stream(lambda b: re.sub(rb"id:(\d+)\n", lambda m: b"id:%d\n" % (int(m[1]) + 1), b), STREAMED)),
    Mutant("coze: a workflow ends with done", "coze.run.stream", after=stream(lambda b: b.replace(b"event:Done", b"event:done"), STREAMED)),
    Mutant("coze: a workflow is never done", "coze.run.stream", after=events(lambda e: e[:-1] if b"event:Done" in e[-1] else e, STREAMED)),
    Mutant("coze: node_seq_id is a number", "coze.run.messages", after=stream(lambda b: re.sub(rb'"node_seq_id":"(\d+)"', rb'"node_seq_id":\1', b), STREAMED)),
    Mutant("coze: node_seq_id begins at 1", "coze.run.messages", after=stream(lambda b: b.replace(b'"node_seq_id":"0"', b'"node_seq_id":"1"'), STREAMED)),
    Mutant("coze: no message is the last", "coze.run.messages", after=stream(lambda b: b.replace(b'"node_is_finish":true', b'"node_is_finish":false'), STREAMED)),
    Mutant("coze: a workflow's Error is an envelope", "coze.run.stream-error", after=when(lambda r: b"event:Error" in r.body, lambda r: (refusing()(r), r.headers.update({"Content-Type": "application/json; charset=utf-8"})))),
    Mutant("coze: a workflow's Error has code", "coze.run.stream-error", after=stream(lambda b: b.replace(b"error_code", b"code"), STREAMED)),
    Mutant("coze: a question is a message", "coze.run.interrupt", after=stream(lambda b: b.replace(b'"type":2', b'"type":1'), STREAMED)),
    Mutant("coze: a resumed stream has no end", "coze.run.interrupt", after=events(lambda e: e[:-1], "stream_resume")),
    Mutant("coze: resuming the unknown is 4200", "coze.run.resume-unknown", after=bad(4314, pattern="resume", status=404, becomes=4200)),
    Mutant("coze: every workflow is a chatflow", "coze.run.no-chatflow", after=bad(4200, pattern="/v1/workflows/chat", becomes=4021)),
    Mutant("coze: a chatflow's stream breaks off", "coze.run.chatflow", after=events(lambda e: e[:-1], CHATFLOW), world={"dataset": "coze-sample"}),
    Mutant("coze: a chatflow ends as a workflow does", "coze.run.chatflow", after=stream(lambda b: b.replace(b"event:done", b"event:Done"), CHATFLOW), world={"dataset": "coze-sample"}),
    # files, variables, bots, devices
    Mutant("coze: file_name is missing", "coze.shape.file", after=data("/v1/files", drop("file_name"))),
    Mutant("coze: files are counted in KB", "coze.files.upload", after=data("/v1/files", lambda d: d.update(bytes=d["bytes"] // 1024))),
    Mutant("coze: an empty file is a file", "coze.files.bad", after=bad(4300, becomes=0, change=put(msg="", data={}))),
    Mutant("coze: of several files the first is taken", "coze.files.bad", after=bad(4301, status=400, becomes=4000)),
    Mutant("coze: variables are replaced", "coze.variables.set", after=data("/v1/variables", lambda d: d.update(items=[v for v in d["items"] if v["keyword"] != "name"]), "GET")),
    Mutant("coze: keywords are ignored", "coze.variables.set", before=asked(lambda q: q.pop("keywords", 0), "/v1/variables")),
    Mutant("coze: setting variables answers data", "coze.variables.set", after=good("/v1/variables", lambda c, _: c.update(data={}), "PUT")),
    Mutant("coze: variables are everybody's", "coze.variables.set", patched=lambda: patch("mockcbs.services.coze.views.account._owner", lambda _: "all")),
    Mutant("coze: making a bot answers id", "coze.shape.made-bot", after=data("/v1/bot/create", lambda d: d.update(id=d.pop("bot_id")))),
    Mutant("coze: updating a bot answers data", "coze.bots.made", after=good("/v1/bot/update", lambda c, _: c.update(data={}))),
    Mutant("coze: updates are lost", "coze.bots.made", before=sent(lambda b: b.pop("name", 0), "/v1/bot/update")),
    Mutant("coze: unpublishing answers data", "coze.bots.made", after=good("/unpublish$", lambda c, _: c.update(data={}))),
    Mutant("coze: the bot published last is last", "coze.bots.order", after=data("published_bots_list", reverse("space_bots"))),
    Mutant("coze: a draft is 4200", "coze.bots.unpublished", after=bad(4015, status=404, becomes=4200)),
    Mutant("coze: a draft is 400", "coze.bots.unpublished", after=bad(4015, status=400)),
    Mutant("coze: a device code lasts until a time", "coze.shape.device", after=bare("device/code$", lambda c, _: c.update(expires_in=1_795_305_900) if "expires_in" in c else None)),
    Mutant("coze: tokens last for a while", "coze.shape.tokens", after=bare("/token$", lambda c, _: c.update(expires_in=900) if "expires_in" in c else None)),
    Mutant("coze: tokens have no type", "coze.shape.tokens", after=bare("/token$", lambda c, _: c.pop("token_type", 0))),
    Mutant("coze: tokens are of type bearer", "coze.shape.tokens", after=bare("/token$", lambda c, _: c.update(token_type="bearer") if "token_type" in c else None)),
    Mutant("coze: the life of a device code is a text", "coze.shape.device", after=bare("device/code$", lambda c, _: c.update(expires_in=str(c["expires_in"])) if "expires_in" in c else None)),
    Mutant("coze: tokens are in an envelope", "coze.shape.tokens", after=bare("/token$", lambda c, _: c.update(data={"access_token": c.pop("access_token")}) if "access_token" in c else None)),
    Mutant("coze: devices need no consent", "coze.oauth.device", after=when(lambda r: b"authorization_pending" in r.body, answers(200))),
    Mutant("coze: devices poll too fast", "coze.oauth.device", after=lambda r: setattr(r, "body", r.body.replace(b"authorization_pending", b"slow_down"))),
    Mutant("coze: refresh tokens work for ever", "coze.oauth.refresh", patched=lambda: patch("mockcbs.services.coze.oauth._first_use", lambda _: True)),
]  # fmt: skip
