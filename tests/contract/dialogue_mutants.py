"""Servers whose dialogue is right but for one small thing: shapes, sessions, ids, refusals, counting."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch

from flask import request

from mockcbs.services.cbs import dialogue, dialogue_schemas
from mockcbs.services.cbs.dialogue import Dialogue
from mockcbs.traffic import answering
from mockcbs.traffic.log import TrafficLog
from tests.contract import mutants
from tests.contract.deviations import body, member, on_error, status, when
from tests.contract.mutants import After, Environ, Response, dumps, loads

Mutant = partial(mutants.Mutant, writes=True)
Quiet = mutants.Mutant
"""A mutant that is found without a question being asked."""
CHAT, SINGLE, OPEN, EXECUTE = "/chat$", "/requests$", "/sessions$", "/sessions/[^/]+$"
SUGGESTIONS, TAGS, LABOR, RATING = "/suggestions$", "/(labor|satisfaction)$", "/labor$", "/satisfaction$"


def good(tail: str, change: Callable[[Any], Any]) -> After:
    """A deviation of the good answers of one operation."""

    def after(response: Response) -> None:
        if response.status == 200 and re.search(tail, response.path) and response.body:
            content = loads(response.body)
            changed = change(content)
            response.body = dumps(changed if isinstance(changed, dict) else content)

    return after


def without(name: str) -> Callable[[Any], None]:
    return lambda content: content.pop(name, None) and None


def _no_empty_array(content: Any) -> None:
    for name in ("answers", "recommend_answers"):
        if not content.get("qabot_answers", {}).get(name, True):
            del content["qabot_answers"][name]


def _strangers(original: Any) -> Any:
    def suggestions(self: Dialogue, asked: Any) -> Any:
        if b"limit" in request.get_data():
            raise dialogue.ApiError(dialogue.errors.REQUEST_BODY_INVALID, "limit is unknown")
        return original(self, asked)

    return suggestions


def pairs(change: Callable[[list[Any]], Any]) -> Callable[[Any], None]:
    """A deviation of the pairs that answer."""
    return lambda c: change(c.get("qabot_answers", {}).get("answers", []))


def instead(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    """A function of mockcbs, replaced by what *make* makes of it."""
    return lambda: patch.object(owner, name, make(getattr(owner, name)))


def constant(owner: Any, name: str, value: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(owner, name, value)


def _taken(code: str, tail: str, answer: bytes) -> After:
    """A response that should be a refusal."""

    def after(response: Response) -> None:
        if response.code == code and re.search(tail, response.path):
            response.status, response.body = 200, answer

    return after


def _dashless(content: Any) -> None:
    content["session_id"] = content["session_id"].replace("-", "")


def _hex_id(content: Any) -> None:
    content["request_id"] = content["request_id"][:32]


def _seconds_id(content: Any) -> None:
    content["request_id"] = content["request_id"][:-3]


def _same_id(content: Any) -> None:
    content["request_id"] = "0a1b12ad-8448-4c95-8c13-fb1997" + "62f451" + content["request_id"][-13:]


def dated(change: Callable[[int], int]) -> Callable[[], AbstractContextManager[Any]]:
    """Request ids of another instant."""

    def make(original: Any) -> Any:
        def made(self: Dialogue, *numbered: Any) -> Any:
            return original(replace(self, now=change(self.now)), *numbered)

        return made

    return instead(Dialogue, "_id", make)


def _all_members(content: Any) -> None:
    content.setdefault("chat_answers", {"answer": "", "score": 0})


def _local_time(content: Any) -> None:
    hour = int(content["updated_time"][11:13]) + 8
    content["updated_time"] = f"{content['updated_time'][:11]}{hour:02d}{content['updated_time'][13:]}"


def _flushed(original: Any) -> Any:
    """What is asked shows in the third statistics after it."""
    waiting: list[list[Any]] = []
    read = TrafficLog.bot

    def record(self: TrafficLog, turn: Any, scope: str) -> None:
        waiting.append([0, turn, scope])

    def bot(self: TrafficLog, *args: Any) -> Any:
        for late in [*waiting]:
            late[0] += 1
            if late[0] > 2:
                waiting.remove(late)
                original(self, *late[1:])
        return read(self, *args)

    record.bot = bot  # type: ignore[attr-defined]
    return record


def late() -> AbstractContextManager[Any]:
    record = _flushed(TrafficLog.record)
    return patch.multiple(TrafficLog, record=record, bot=record.bot)  # type: ignore[attr-defined]


def _opened_unasked(original: Any) -> Any:
    def execute_session(self: Dialogue, session_id: str, asked: Any) -> Any:
        if self._living(session_id) is None:
            self._put("session", session_id, {"answered_at": self.now})
        return original(self, session_id, asked)

    return execute_session


def _needs_no_key(environ: Environ) -> None:
    if environ["PATH_INFO"].endswith("/chat") and not environ.get("HTTP_AUTHORIZATION"):
        environ.setdefault("HTTP_X_AUTH_TOKEN", mutants.TOKEN)


def by_default(name: str, operation: str, value: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Another default of a member of a body."""

    def make(original: Any) -> Any:
        def asked(self: Dialogue, *args: Any) -> Any:
            stated = name.encode() in request.get_data()
            return original(self, *args) if stated else original(self, *args[:-1], {**args[-1], name: value})

        return asked

    return instead(Dialogue, operation, make)


DIALOGUE = [
    # shape
    Mutant("chat says no session", "cbs.D-20", after=good(CHAT, without("session_id"))),
    Mutant("chat says no request", "cbs.D-20", after=good(CHAT, without("request_id"))),
    Mutant("chat leaves empty arrays out", "cbs.chat-arrays", after=good(CHAT, _no_empty_array)),
    Mutant("reply_type is a string", "cbs.number-integers", after=good(CHAT, lambda c: c.update(reply_type=str(c["reply_type"])))),
    Mutant("reply_type is always 0", "cbs.reply-type", after=good(CHAT, lambda c: c.update(reply_type=0))),
    Mutant("every kind of answer is there", "cbs.reply-type", after=good(CHAT, _all_members)),
    Mutant("recommend_answers is spelt otherwise", "cbs.shape-extra", after=good(CHAT, lambda c: c["qabot_answers"].update(recommended=[]) if "qabot_answers" in c else None)),
    Mutant("scores have four decimals", "cbs.number-scores", after=good(CHAT, pairs(lambda found: [p.update(score=Decimal("0.9876")) for p in found]))),
    Mutant("scores are percentages", "cbs.number-scores", after=good(CHAT, pairs(lambda found: [p.update(score=100) for p in found]))),
    Mutant("an exact match scores 0.999", "cbs.exact-match", after=good(CHAT, pairs(lambda found: [p.update(score=Decimal("0.999")) for p in found if p["score"] == 1]))),
    Mutant("an exact match scores 0.999 in sessions", "cbs.exact-match", after=good(EXECUTE, pairs(lambda found: [p.update(score=Decimal("0.999")) for p in found if p["score"] == 1]))),
    Mutant("pairs have no category", "cbs.shape-chat", after=good(CHAT, pairs(lambda found: [p.pop("domain") for p in found]))),
    Mutant("answers have no answer", "cbs.direct-or-recommended", after=good(CHAT, pairs(lambda found: [p.pop("answer", 1) for p in found]))),
    Mutant("recommendations have answers", "cbs.direct-or-recommended", after=good(CHAT, lambda c: [p.update(answer="x") for p in c.get("qabot_answers", {}).get("recommend_answers", [])] and None)),
    Mutant("an exact match scores 1.0", "cbs.exact-match", after=good(CHAT, pairs(lambda found: [p.update(score=Decimal("1.0")) for p in found if p["score"] == 1]))),
    Mutant("request ids tell of a minute ago", "cbs.request-id-form", patched=dated(lambda now: now - 60_000)),
    Mutant("request ids end in microseconds", "cbs.request-id-form", after=good(CHAT, lambda c: c.update(request_id=c["request_id"] + "000"))),
    Mutant("session ids have no dashes", "cbs.D-16", after=good(OPEN, _dashless)),
    Mutant("session ids of chat have no dashes", "cbs.D-16", after=good(CHAT, _dashless)),
    Mutant("request ids are 32 digits", "cbs.request-id-form", after=good(CHAT, _hex_id)),
    Mutant("request ids end in seconds", "cbs.request-id-form", after=good(SINGLE, _seconds_id)),
    Mutant("one request id for all questions", "cbs.request-id-new", after=good(SINGLE, _same_id)),
    Mutant("a greeting is missing", "cbs.shape-open", after=good(OPEN, without("greeting"))),
    Mutant("a session's answer has no reply_type", "cbs.shape-execute", after=good(EXECUTE, without("reply_type"))),
    Mutant("the request id is at the top only", "cbs.D-19", after=good(EXECUTE, lambda c: c.get("qabot_answers", {}).pop("request_id", None) and None)),
    Mutant("two request ids for one question", "cbs.D-19", after=good(EXECUTE, lambda c: c["qabot_answers"].update(request_id=c["request_id"][::-1]) if "qabot_answers" in c else None)),
    Mutant("a session's answers have recommend_answers", "cbs.shape-extra", after=good(EXECUTE, lambda c: c["qabot_answers"].update(recommend_answers=[]) if "qabot_answers" in c else None)),
    Mutant("single round answers an object", "cbs.shape-single", after=good(SINGLE, lambda c: c.update(answers={"answers": c["answers"]}))),
    Mutant("updated_time has a blank", "cbs.D-18", after=good(TAGS, lambda c: c.update(updated_time=c["updated_time"].replace("T", " T")))),
    Mutant("updated_time has milliseconds", "cbs.D-18", after=good(TAGS, lambda c: c.update(updated_time=c["updated_time"].replace("Z", ".000Z")))),
    Mutant("updated_time is local", "cbs.tag-time", after=good(TAGS, _local_time)),
    Mutant("labor answers nothing", "cbs.shape-tag", after=good(LABOR, lambda _: {})),
    Mutant("a tag says another request", "cbs.tag-echo", after=good(RATING, lambda c: c.update(request_id=c["request_id"][::-1]))),
    Mutant("members of chat are sorted", "http.member-order", after=good(CHAT, lambda c: dict(sorted(c.items())))),
    Mutant("an opened session is 201", "cbs.shape-success", after=when(lambda r: r.status == 200 and r.path.endswith("/sessions"), status(201))),
    Mutant("closing is 204", "cbs.close", after=when(lambda r: r.status == 200 and r.environ["REQUEST_METHOD"] == "DELETE", status(204))),
    Mutant("closing answers an object", "cbs.close", after=when(lambda r: r.status == 200 and r.environ["REQUEST_METHOD"] == "DELETE", body(b"{}"))),
    # refusals
    Quiet("suggestions without a question are empty", "cbs.suggestions-question", after=_taken("CBS.0022", SUGGESTIONS, b'{"questions":[]}')),
    Quiet("an empty question suggests nothing but an error", "cbs.suggested-nothing", patched=constant(dialogue_schemas.SuggestionsQuestion, "MAY_BE_EMPTY", False)),
    Quiet("a missing question is answered in Chinese", "cbs.question-required", after=on_error("CBS.0022", member("error_msg", "请求参数内容错误"))),
    Quiet("a missing question is CBS.0021", "cbs.question-required", after=on_error("CBS.0022", member("error_code", "CBS.0021"))),
    Quiet("a missing question is 422", "cbs.suggestions-question", after=on_error("CBS.0022", status(422))),
    Quiet("a bad body is CBS.0022", "cbs.bad-body", after=on_error("CBS.0099", member("error_code", "CBS.0022"))),
    Quiet("a bad body has no full stop", "cbs.bad-rating", after=on_error("CBS.0099", member("error_msg", "request body invalid"))),
    Quiet("a bad body is 500", "cbs.bad-body", after=on_error("CBS.0099", status(500))),
    Quiet("numbers are questions", "cbs.bad-body", patched=lambda: patch.object(dialogue_schemas.fields.String, "_deserialize", lambda self, value, *_, **__: value if isinstance(value, list | dict) else str(value))),
    Quiet("a degree of 0 is accepted", "cbs.D-17", after=when(lambda r: r.code == "CBS.0099" and r.path.endswith("satisfaction"), member("error_code", "CBS.2344"))),
    Quiet("an unknown request is CBS.3254", "cbs.unknown-request", after=on_error("CBS.2344", member("error_code", "CBS.3254"))),
    Quiet("labor on an unknown request is 200", "cbs.unknown-request", after=_taken("CBS.2344", LABOR, b'{"request_id":"x","updated_time":"2026-11-22T00:00:00Z"}')),
    Quiet("an unknown request is rated", "cbs.unknown-request-rated", after=_taken("CBS.2344", RATING, b'{"request_id":"x","updated_time":"2026-11-22T00:00:00Z"}')),
    Quiet("labor wants a body", "cbs.body-none", after=when(lambda r: r.path.endswith("/labor") and not int(r.environ.get("CONTENT_LENGTH") or 0), status(415))),
    Quiet("single round needs no session", "cbs.D-11", after=when(lambda r: b"session_id can not be null" in r.body, status(200))),
    Quiet("suggestions take 513 characters", "cbs.suggestions-length", patched=constant(dialogue_schemas, "MAX_QUESTION", 513)),
    Quiet("suggestions take 511 characters", "cbs.suggestions-length", patched=constant(dialogue_schemas, "MAX_QUESTION", 511)),
    Quiet("suggestions take eleven", "cbs.suggestions-top", patched=instead(dialogue_schemas, "_check_range", lambda f: lambda d, m, low, high: f(d, m, low, high + 1))),
    Quiet("suggestions take none", "cbs.suggestions-top", patched=instead(dialogue_schemas, "_check_range", lambda f: lambda d, m, low, high: f(d, m, low - 1, high))),
    Quiet("the body is looked at before credentials", "cbs.body-order", after=when(lambda r: r.status == 401 and r.environ["REQUEST_METHOD"] == "POST" and "/v1/" in r.path, status(400))),
    Quiet("chat needs no credentials", "auth.missing", before=_needs_no_key),
    Quiet("GET is 405 for chat", "http.wrong-method", after=when(lambda r: r.status == 404 and r.path.endswith("/chat"), status(405))),
    Quiet("chat with a slash is chat", "http.trailing-slash", before=lambda e: e.update(PATH_INFO=e["PATH_INFO"].replace("/chat/", "/chat"))),
    Mutant("a session is opened by being used", "cbs.unknown-session", patched=instead(Dialogue, "execute_session", _opened_unasked)),
    Mutant("an unknown session is 404", "cbs.unknown-session", after=on_error("CBS.3254", status(404))),
    Mutant("an unknown session has another text", "cbs.unknown-session", after=on_error("CBS.3254", member("error_msg", "resource not exist"))),
    Mutant("chat takes 511 characters", "cbs.question-length", patched=constant(dialogue_schemas, "MAX_QUESTION", 511)),
    Mutant("eleven categories are accepted", "cbs.chat-limits", patched=constant(dialogue_schemas, "MAX_DOMAINS", 11)),
    Mutant("nine categories are the most", "cbs.chat-limits", patched=constant(dialogue_schemas, "MAX_DOMAINS", 9)),
    Mutant("query type 6 is accepted", "cbs.chat-limits", patched=constant(dialogue_schemas, "KINDS", (0, 1, 2, 3, 4, 5, 6, -1))),
    Mutant("chat takes 600 characters", "cbs.question-length", patched=constant(dialogue_schemas, "MAX_QUESTION", 600)),
    Mutant("single round takes eleven", "cbs.single-limits", patched=instead(dialogue_schemas, "_check_range", lambda f: lambda d, m, low, high: f(d, m, low, high + 1))),
    Mutant("yes is a boolean", "cbs.bad-body", patched=lambda: patch.object(dialogue_schemas.TrueOrFalse, "_deserialize", lambda self, value, *_, **__: bool(value))),
    # bodies
    Quiet("escapes are not undone", "cbs.body-escapes", patched=instead(Dialogue, "suggestions", lambda f: lambda self, asked: f(self, asked) if b"\\u" not in request.get_data() else {"questions": []})),
    Quiet("a charset is unsupported in a POST", "cbs.body-type", after=when(lambda r: "charset" in r.environ.get("CONTENT_TYPE", "") and r.environ["REQUEST_METHOD"] == "POST", status(415))),
    Quiet("strangers are refused", "cbs.body-stranger", patched=instead(Dialogue, "suggestions", _strangers)),
    # suggestions
    Quiet("one suggestion more than asked for", "cbs.suggested-top", patched=instead(answering.Answerer, "suggestions", lambda f: lambda self, text, top: f(self, text, top + 1))),
    Quiet("ten suggestions by default", "cbs.suggestions-top", patched=by_default("top", "suggestions", 10)),
    Quiet("suggestions are repeated", "cbs.suggested-top", after=good(SUGGESTIONS, lambda c: c["questions"].extend(c["questions"][:1] if len(c["questions"]) < 5 else []))),
    Quiet("suggestions are objects", "cbs.shape-suggestions", after=good(SUGGESTIONS, lambda c: c.update(questions=[{"question": q} for q in c["questions"]]))),
    Quiet("everything is suggested", "cbs.suggested-nothing", after=good(SUGGESTIONS, lambda c: c.update(questions=c["questions"] or ["怎么开发票"]))),
    Quiet("nothing is suggested", "cbs.suggested", after=good(SUGGESTIONS, lambda c: c.update(questions=[]))),
]  # fmt: skip
