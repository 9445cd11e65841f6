"""The checks that run on every response of Huawei's API gateway (contract 2.4, 6.1)."""

import re
from typing import Any

from werkzeug.http import parse_date

from mockcbs.contract.credentials import with_header
from mockcbs.contract.kit import Kit
from mockcbs.contract.shapes import escapes
from mockcbs.contract.targets import Answer, Call

_SKEW = 5 * 60
_ID = re.compile(r"[0-9a-f]{32}")


def authenticate(service: str, kit: Kit, call: Call) -> Call:
    """Add the token of IAM to *call* if there is one, else a signature."""
    return with_header(call, "X-Auth-Token", kit.token) if kit.token else kit.signed(service, call)


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check the headers and the form of the body."""
    _headers(kit, answer)
    kit.judge("http.answered", answer, "a response", f"HTTP {answer.status}", held=True)
    redirected = 300 <= answer.status < 400
    kit.judge("http.no-redirect", answer, "no 3xx", f"HTTP {answer.status}", held=not redirected)
    closed = answer.call.method == "DELETE" and answer.status == 200 and not answer.body
    if answer.call.method != "HEAD" and not closed:
        _body(kit, answer)


def _headers(kit: Kit, answer: Answer) -> None:
    request_id = answer.headers.get("X-Request-Id", "")
    well_formed = _ID.fullmatch(request_id) is not None
    kit.judge(
        "http.request-id",
        answer,
        "X-Request-Id: 32 lower-case hexadecimal digits",
        f"X-Request-Id: {request_id or '(none)'}",
        held=well_formed,
    )
    seen: set[str] = kit.memory.setdefault("request ids", set())
    if well_formed:
        kit.judge(
            "http.request-id-fresh",
            answer,
            "a new id",
            f"X-Request-Id: {request_id}",
            held=request_id not in seen,
        )
        seen.add(request_id)
    kit.expect("http.no-coding", answer, answer.headers.get("Content-Encoding", ""), "", "Content-Encoding")
    if kit.targets["cbs"].wire:
        _date(kit, answer)
    kit.expect("http.server", answer, answer.headers.get("Server", "(none)"), "api-gateway", "Server")
    asked = answer.call.headers.get("X-Apig-Mode") == "debug"
    if not asked:
        timings = [name for name, _ in answer.headers.items() if name.lower().startswith("x-apig-")]
        kit.expect("http.timings", answer, timings, [], "X-Apig-… headers")


def _date(kit: Kit, answer: Answer) -> None:
    date = parse_date(answer.headers.get("Date"))
    now = answer.received / 1000
    held = date is not None and (kit.now is not None or abs(date.timestamp() - now) <= _SKEW)
    kit.judge(
        "http.date",
        answer,
        "Date: the current time",
        f"Date: {answer.headers.get('Date', '(none)')}",
        held=held,
    )


def _body(kit: Kit, answer: Answer) -> None:
    kind = answer.headers.get("Content-Type", "(none)")
    parts = [part.strip().lower() for part in kind.split(";")]
    kit.judge(
        "http.json",
        answer,
        "Content-Type: application/json",
        f"Content-Type: {kind}",
        held=parts[0] == "application/json" and parts[1:] in ([], ["charset=utf-8"]),
    )
    try:
        content: Any = answer.json
    except ValueError as error:
        kit.judge("http.json", answer, "a JSON object in UTF-8", f"{error}", held=False)
        return
    kit.judge("http.json", answer, "a JSON object", kit.beginning(answer), held=isinstance(content, dict))
    blanks = re.findall(r"[\s\ufeff]+", re.sub(r'"(?:[^"\\]|\\.)*"', "", answer.text))
    kit.expect("http.one-line", answer, blanks[:3], [], "whitespace around or between members")
    kit.expect("http.raw-text", answer, escapes(answer.text)[:3], [], "characters escaped without need")
    if answer.status >= 400 and isinstance(content, dict):
        _envelope(kit, answer, content)


def _envelope(kit: Kit, answer: Answer, content: dict[str, Any]) -> None:
    code = str(content.get("error_code", ""))
    if code.startswith("CBS."):
        members = ["error_code", "error_msg"]
        kit.expect("http.service-envelope", answer, sorted(content), members, "members")
        if sorted(content) == members:
            kit.expect("http.member-order", answer, list(content), members, "members")
        held = isinstance(content.get("error_msg"), str)
        kit.judge("http.service-envelope", answer, "error_msg: a string", kit.beginning(answer), held=held)
    elif code.startswith(("APIG.", "APIGW.")):
        members = ["error_code", "error_msg", "request_id"]
        kit.expect("http.gateway-envelope", answer, sorted(content), members, "members")
        if sorted(content) == members:
            order = ["error_msg", "error_code", "request_id"]
            kit.expect("http.member-order", answer, list(content), order, "members")
        kit.expect(
            "http.gateway-envelope",
            answer,
            content.get("request_id"),
            answer.headers.get("X-Request-Id"),
            "request_id",
        )
        kit.expect("http.code-prefix", answer, code.partition(".")[0], "APIG", "prefix of error_code")
    else:
        error = content.get("error")
        held = (
            isinstance(error, dict)
            and sorted(content) == ["error"]
            and sorted(error) == ["code", "message", "title"]
            and type(error["code"]) is int
            and error["code"] == answer.status
        ) or code.startswith("IAM.")
        kit.judge(
            "http.envelope",
            answer,
            "an envelope of CBS, the gateway or IAM",
            kit.beginning(answer),
            held=held,
        )
