"""The checks that run on every response of Coze (contract 2.3, 2.7)."""

import re
from datetime import datetime, timedelta
from typing import Any

from mockcbs.contract.credentials import with_header
from mockcbs.contract.kit import Kit
from mockcbs.contract.shapes import escapes, leaves
from mockcbs.contract.targets import Answer, Call, Number
from mockcbs.services.coze.envelope import BILL_FILES_PATH, OAUTH_PATHS, SHANGHAI

_LOGID = re.compile(r"(\d{14})[0-9A-F]{18,20}")
_TOKEN = re.compile(r'"(?:access_token|refresh_token|device_code|user_code)"\s*:\s*"([^"]{6,})"')
_TOLERANCE = timedelta(minutes=15)
"""The accepted difference between the server's clock and ours."""
_OTHER_CLOCK = 2 * 86_400_000
"""A clock that differs from ours by more than this, in ms, was set on purpose."""
_FIRST_YEAR = 2021
_OLDER_CHAT = "/open_api/v2/chat"
"""A path whose responses lack the envelope of version 3, except for errors."""
_TOP_LEVEL = {
    "first_id",
    "last_id",
    "has_more",
    "message",
    "debug_url",
    "execute_id",
    "usage",
    "interrupt_data",
}
"""Members that some successes have besides ``code``, ``msg``, ``data`` and ``detail`` (contract 2.3.1)."""


def authenticate(kit: Kit, call: Call) -> Call:
    """Add the token to *call*."""
    return with_header(call, "Authorization", f"Bearer {kit.credentials.coze_token}")


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check headers and envelope; mask the tokens in the response from now on."""
    for token in _TOKEN.findall(answer.text):
        kit.mask.add(token, "****")
    kit.judge("coze.http.answered", answer, "a response", f"HTTP {answer.status}", held=True)
    _log_id(kit, answer)
    redirected = 300 <= answer.status < 400 and not answer.call.path.endswith("/authorize")
    kit.judge("coze.http.no-redirect", answer, "no 3xx", f"HTTP {answer.status}", held=not redirected)
    if not redirected and answer.status != 302 and not is_stream(answer) and not _is_file(answer):
        _body(kit, answer)


def is_stream(answer: Answer) -> bool:
    """Whether the response is a stream of events."""
    return "event-stream" in answer.headers.get("Content-Type", "")


def _is_file(answer: Answer) -> bool:
    """Whether the response is a file, downloaded through a link."""
    return answer.status == 200 and answer.call.path.startswith(BILL_FILES_PATH)


def _log_id(kit: Kit, answer: Answer) -> None:
    found = answer.headers.get("X-Tt-Logid", "")
    shown = f"X-Tt-Logid: {found or '(none)'}"
    kit.judge("coze.http.logid", answer, "X-Tt-Logid", shown, held=bool(found))
    if not found:
        return
    form = _LOGID.fullmatch(found)
    expected = "14 digits, then 18 to 20 upper-case hexadecimal digits"
    kit.judge("coze.http.logid-form", answer, expected, shown, held=form is not None)
    seen: set[str] = kit.memory.setdefault("log ids", set())
    kit.judge("coze.http.logid-fresh", answer, "a new id", shown, held=found not in seen)
    seen.add(found)
    if form:
        now = datetime.fromtimestamp(kit.present(answer) / 1000, SHANGHAI)
        expected = f"begins about {now:%Y%m%d%H%M%S}"
        held = abs(_time_of(form[1]) - now) <= _TOLERANCE
        kit.judge("coze.http.logid-time", answer, expected, shown, held=held)


def _time_of(digits: str) -> datetime:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        return datetime.min.replace(tzinfo=SHANGHAI)


def standing_clock(answer: Answer) -> int | None:
    """The time of the server's clock (ms UTC) from its log id, if it differs from ours by days."""
    form = _LOGID.fullmatch(answer.headers.get("X-Tt-Logid", ""))
    at = _time_of(form[1]) if form else datetime.min.replace(tzinfo=SHANGHAI)
    if at.year < _FIRST_YEAR:
        return None
    at_ms = int(at.timestamp() * 1000)
    return at_ms if abs(at_ms - answer.received) > _OTHER_CLOCK else None


def _body(kit: Kit, answer: Answer) -> None:
    kind = answer.headers.get("Content-Type", "(none)")
    held = kind.lower().replace(" ", "") == "application/json;charset=utf-8"
    kit.judge("coze.http.json", answer, "application/json; charset=utf-8", f"Content-Type: {kind}", held=held)
    try:
        content: Any = answer.json
    except ValueError as error:
        kit.judge("coze.http.json", answer, "a JSON object in UTF-8", f"{error}", held=False)
        return
    held = isinstance(content, dict)
    kit.judge("coze.http.json", answer, "a JSON object", kit.beginning(answer), held=held)
    kit.expect("coze.http.raw-text", answer, escapes(answer.text)[:3], [], "characters escaped without need")
    if held and not answer.call.path.startswith((OAUTH_PATHS, _OLDER_CHAT)):
        _envelope(kit, answer, content)
    wrong = [
        f"{name} = {getattr(value, 'text', value)!r}"
        for name, value in leaves(content)
        if _no_id(name, value)
    ]
    kit.expect("coze.http.ids", answer, wrong[:3], [], "ids that are not strings")


def _no_id(name: str, value: object) -> bool:
    member = name.rpartition(".")[2]
    return (member == "id" or member.endswith("_id")) and isinstance(value, int | Number)


def _envelope(kit: Kit, answer: Answer, content: dict[str, Any]) -> None:
    code, message, detail = (content.get(name) for name in ("code", "msg", "detail"))
    whole = type(code) is int
    kit.judge("coze.http.code", answer, "code: an integer", f"code = {code!r}", held=whole)
    log_id = detail.get("logid") if isinstance(detail, dict) else None
    kit.expect("coze.http.detail", answer, log_id, answer.headers.get("X-Tt-Logid"), "detail.logid")
    if not whole:
        return
    if code == 0:
        kit.expect("coze.http.success", answer, [answer.status, message], [200, ""], "status and msg")
        more = sorted(content.keys() - {"code", "msg", "data", "detail"} - _TOP_LEVEL)
        kit.expect("coze.http.success", answer, more, [], "further members")
    else:
        held = isinstance(message, str) and bool(message)
        kit.judge("coze.http.failure", answer, "msg: a text", f"msg = {message!r}", held=held)
        members = sorted(content.keys() - {"debug_url", "execute_id"})
        kit.expect("coze.http.failure", answer, members, ["code", "detail", "msg"], "members")
