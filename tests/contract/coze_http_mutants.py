"""Servers of Coze whose HTTP, or whom they let in, is right but for one small thing."""

import json
import re
from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode

from tests.contract.coze_deviations import (
    STATS,
    answers,
    asked,
    bad,
    code_of,
    data,
    good,
    header,
    is_for,
    refusing,
    sent,
    when,
)
from tests.contract.mutants import After, Environ, Mutant, Response


def _constant_logid() -> After:
    def after(response: Response) -> None:
        logid = "20261122080000" + "A" * 20
        response.headers["X-Tt-Logid"] = logid
        response.body = re.sub(rb'"logid":"[^"]*"', f'"logid":"{logid}"'.encode(), response.body)

    return after


def _lower_logid(response: Response) -> None:
    response.headers["X-Tt-Logid"] = response.headers.get("X-Tt-Logid", "").lower()


def _in_utc(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%d%H%M%S}"


def _silent(environ: Environ) -> None:
    if environ["PATH_INFO"] == "/v1/users/me":
        raise RuntimeError("gone")


def _slash(status: int) -> After:
    return when(lambda r: r.path.endswith("/"), answers(status))


def _unslash(response: Response) -> None:
    response.status = 301
    response.headers["Location"] = response.path.rstrip("/")


def _basic(environ: Environ) -> None:
    environ["HTTP_AUTHORIZATION"] = environ.get("HTTP_AUTHORIZATION", "").replace("Basic ", "Bearer ")


def _any_token(environ: Environ) -> None:
    if environ.get("HTTP_AUTHORIZATION", "").endswith("expired-token") and environ["PATH_INFO"] != "/v3/chat":
        environ["HTTP_AUTHORIZATION"] = "Bearer pat_mockcbs"


def _api_key(environ: Environ) -> None:
    if key := environ.get("HTTP_X_API_KEY"):
        environ["HTTP_AUTHORIZATION"] = f"Bearer {key}"


def _unauthorized(response: Response) -> bool:
    return code_of(response) == 4100


def _first_wins(environ: Environ) -> None:
    pairs = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
    environ["QUERY_STRING"] = urlencode(dict(reversed(pairs)))


def _any_case(environ: Environ) -> None:
    pairs = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
    environ["QUERY_STRING"] = urlencode([(name.lower(), value) for name, value in pairs])


def _escaped(response: Response) -> None:
    response.body = json.dumps(json.loads(response.body), separators=(",", ":")).encode()


def _kept_empty(query: dict[str, str]) -> None:
    if query.get("session_id") == "":
        query["session_id"] = "-"


HTTP = [
    Mutant("coze: a call is never answered", "coze.http.answered", before=_silent),
    Mutant("coze: no log id", "coze.http.logid", after=header("X-Tt-Logid", None)),
    Mutant("coze: no log id on refusals", "coze.http.logid", after=when(lambda r: r.status >= 400, lambda r: r.headers.pop("X-Tt-Logid"))),
    Mutant("coze: log ids in lower case", "coze.http.logid-form", after=_lower_logid),
    Mutant("coze: log ids are UUIDs", "coze.http.logid-form", after=header("X-Tt-Logid", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02")),
    Mutant("coze: one log id for all", "coze.http.logid-fresh", after=_constant_logid()),
    Mutant("coze: log ids in UTC", "coze.http.logid-time", patched=lambda: patch("mockcbs.web.request_ids._in_china", _in_utc)),
    Mutant("coze: another log id in the body", "coze.http.detail", after=lambda r: setattr(r, "body", re.sub(rb'"logid":"\d', b'"logid":"9', r.body))),
    Mutant("coze: no detail", "coze.http.detail", after=good("", lambda c, _: c.pop("detail"))),
    Mutant("coze: log id under error", "coze.http.failure", after=bad(4000, change=lambda c: c.update(error=c.pop("detail")))),
    Mutant("coze: text/plain", "coze.http.json", after=header("Content-Type", "text/plain", STATS)),
    Mutant("coze: no charset", "coze.http.json", after=header("Content-Type", "application/json", STATS)),
    Mutant("coze: an unknown path has an HTML page", "coze.http.json", after=when(lambda r: "no-such" in r.path, answers(404, b"<html>404</html>", "text/html"))),
    Mutant("coze: no detail on refusals", "coze.http.detail", after=bad(4000, change=lambda c: c.pop("detail"))),
    Mutant("coze: no log id on streams", "coze.http.logid", after=when(lambda r: "event-stream" in r.headers.get("Content-Type", ""), lambda r: r.headers.pop("X-Tt-Logid"))),
    Mutant("coze: Chinese is escaped", "coze.http.raw-text", after=when(lambda r: r.headers.get("Content-Type", "").startswith("application/json"), _escaped)),
    Mutant("coze: code is a string", "coze.http.code", after=good("", lambda c, _: c.update(code="0"))),
    Mutant("coze: code of refusals is a string", "coze.http.code", after=bad(4000, change=lambda c: c.update(code="4000"))),
    Mutant("coze: msg is success", "coze.http.success", after=good("", lambda c, _: c.update(msg="success"))),
    Mutant("coze: msg is missing", "coze.http.success", after=good(STATS, lambda c, _: c.pop("msg"))),
    Mutant("coze: an unknown member in the envelope", "coze.http.success", after=good("", lambda c, _: c.update(success=True))),
    Mutant("coze: successes are 201", "coze.shape.success", after=when(is_for(STATS), lambda r: setattr(r, "status", 201 if r.status == 200 else r.status))),
    Mutant("coze: successes of new conversations are 500", "coze.http.success", after=when(lambda r: is_for("/v1/conversation/create")(r) and code_of(r) == 0, answers(500))),
    Mutant("coze: successes of uploads are 201", "coze.shape.success", after=when(lambda r: is_for("/v1/files/upload")(r) and code_of(r) == 0, answers(201))),
    Mutant("coze: refusals have no msg", "coze.http.failure", after=bad(4000, change=lambda c: c.pop("msg"))),
    Mutant("coze: refusals have an empty msg", "coze.http.failure", after=bad(4200, change=lambda c: c.update(msg=""))),
    Mutant("coze: refusals have data", "coze.http.failure", after=bad(4000, change=lambda c: c.update(data=None))),
    Mutant("coze: bot ids are numbers", "coze.http.ids", after=data(STATS, lambda d: d.update(bot_id=int(d["bot_id"])))),
    Mutant("coze: ids of chats are numbers", "coze.http.ids", after=data("/v3/chat$", lambda d: d.update(id=int(d["id"])))),
    Mutant("coze: a slash is redirected", "coze.http.no-redirect", after=when(lambda r: r.path.endswith("/"), _unslash)),
    Mutant("coze: a slash is an unknown path", "coze.http.trailing-slash", after=_slash(404)),
    Mutant("coze: an unknown path is 4200", "coze.http.unknown-path", after=when(lambda r: "no-such" in r.path, refusing(404, 4200))),
    Mutant("coze: an unknown path is 200", "coze.http.unknown-path", after=when(lambda r: "no-such" in r.path, answers(200))),
    Mutant("coze: a wrong method is 404", "coze.http.wrong-method", after=when(lambda r: r.status == 405, answers(404))),
    Mutant("coze: a wrong method is answered without Allow", "coze.http.wrong-method", after=when(lambda r: r.status == 405, lambda r: r.headers.pop("Allow"))),
    Mutant("coze: Allow names HEAD and OPTIONS", "coze.http.wrong-method", after=when(lambda r: r.status == 405, lambda r: r.headers.update(Allow="GET, HEAD, OPTIONS"))),
    Mutant("coze: PATCH is GET", "coze.http.wrong-method", before=lambda e: e.update(REQUEST_METHOD="GET") if e["REQUEST_METHOD"] == "PATCH" else None),
    Mutant("coze: OPTIONS is answered", "coze.http.wrong-method", after=when(lambda r: r.environ["REQUEST_METHOD"] == "OPTIONS", answers(200))),
    Mutant("coze: a GET needs a content type", "coze.http.content-type", after=when(lambda r: not r.environ.get("CONTENT_TYPE") and is_for(STATS)(r), refusing(415))),
    Mutant("coze: a GET must not be a form", "coze.http.content-type", after=when(lambda r: "form" in r.environ.get("CONTENT_TYPE", ""), refusing(415))),
    Mutant("coze: an unknown parameter is bad", "coze.http.unknown-parameter", after=when(lambda r: "limit" in r.query, refusing())),
    Mutant("coze: parameters in any letter case", "coze.http.unknown-parameter", before=_any_case),
    Mutant("coze: the first of repeated values wins", "coze.http.repeated-parameter", before=_first_wins),
    Mutant("coze: an empty filter filters", "coze.http.empty-parameter", before=asked(_kept_empty)),
    Mutant("coze: the order of parameters matters", "coze.http.parameter-order", after=when(lambda r: re.match(r"(granularity|page_size)=\w+&end", r.environ["QUERY_STRING"]), refusing())),
    Mutant("coze: null is a bad value", "coze.http.null-members", before=sent(lambda b: b.update(stream="?") if "stream" in b and b["stream"] is None else None, "/v3/chat$")),
    Mutant("coze: a POST needs a content type", "coze.http.no-body", after=when(lambda r: r.path.endswith("/retrieve") and not r.environ.get("CONTENT_TYPE"), refusing(415))),
    Mutant("coze: a broken body is 500", "coze.http.broken-body", after=when(lambda r: is_for("/v3/chat$")(r) and r.status == 400, answers(500))),
    Mutant("coze: a broken body is empty", "coze.http.broken-body", after=when(lambda r: b"JSON" in r.body, refusing(200, 4006))),
    Mutant("coze: ids must be strings", "coze.http.number-ids", before=sent(lambda b: b.update(bot_id="x") if b.get("bot_id") == 1 else None, "/v3/chat$")),
]  # fmt: skip  # fmt: skip

AUTH = [
    Mutant("coze: a missing token is 403", "coze.auth.missing", after=bad(4100, status=403)),
    Mutant("coze: a missing token is a bad one", "coze.auth.missing", after=bad(4100, becomes=700012006)),
    Mutant("coze: Basic is Bearer", "coze.auth.scheme", before=_basic),
    Mutant("coze: a bare token will do", "coze.auth.scheme", before=lambda e: e.update(HTTP_AUTHORIZATION=f"Bearer {e['HTTP_AUTHORIZATION']}") if e.get("HTTP_AUTHORIZATION", "").startswith("pat") else None),
    Mutant("coze: any token will do", "coze.auth.bad-token", before=_any_token),
    Mutant("coze: a bad token is 4100", "coze.auth.bad-token", after=bad(700012006, becomes=4100)),
    Mutant("coze: a bad token is 200", "coze.auth.bad-token", after=bad(700012006, status=200)),
    Mutant("coze: a chat refuses a bad token with 401", "coze.auth.chat-bad-token", after=bad(4101, pattern="/v3/chat$", status=401)),
    Mutant("coze: a chat refuses a bad token as the rest does", "coze.auth.chat-bad-token", after=bad(4101, pattern="/v3/chat$", status=401, becomes=700012006)),
    Mutant("coze: a chat refuses in a stream", "coze.auth.chat-bad-token", after=when(lambda r: code_of(r) == 4101 and is_for("/v3/chat$")(r), lambda r: r.headers.update({"Content-Type": "text/event-stream"}))),
    Mutant("coze: X-API-Key will do", "coze.auth.other-header", before=_api_key),
    Mutant("coze: parameters come before credentials", "coze.auth.before-parameters", after=when(lambda r: _unauthorized(r) and r.query.get("start_date") == "never", refusing())),
    Mutant("coze: the bot comes before credentials", "coze.auth.before-parameters", after=when(lambda r: _unauthorized(r) and "/bots/1/" in r.path, refusing(404, 4200))),
    Mutant("coze: credentials come before the path", "coze.auth.after-route", after=when(lambda r: "no-such" in r.path and not r.environ.get("HTTP_AUTHORIZATION"), refusing(401, 4100))),
    Mutant("coze: another bot's token is 401", "coze.auth.bot-token", after=bad(4101, pattern="analytics", status=401, becomes=4100)),
    Mutant("coze: another bot's token hides the bot", "coze.auth.bot-token", after=bad(4101, pattern="analytics", status=404, becomes=4200)),
]  # fmt: skip  # fmt: skip

HTTP_MUTANTS = [*HTTP, *AUTH]
