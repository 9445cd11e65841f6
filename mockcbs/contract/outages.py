"""Notices that a target stops serving during a run: expired credentials, an outage, a proxy page."""

import re

from mockcbs.contract import diagnosis
from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, Call, CannotRunError, NoAnswerError

_REPEATS = 3
"""How often an earlier call must fail before the target counts as out of service."""
_REFUSED = re.compile(r'"code"\s*:\s*(4100|700012006|999916(61|63|68|71|77))\b')
"""The errors of Coze and Feishu for invalid tokens; some have HTTP status 200."""
_REFUSALS = {401, 403}
_CLIENT_ERRORS = {*_REFUSALS, 402, 407}
_MARK = "breaks before the first bad response"
"""The key in the memory of a kit."""


def check(kit: Kit, service: str, answer: Answer, auth: bool) -> None:
    """Raise `CannotRunError` if the target does not serve any more; retract what its last responses broke.

    A response that may be a sign of that is not enough, as it may also be drift of one operation: a call
    that has worked in this run must fail, too. *auth* says whether the call had valid credentials.
    """
    if not _is_bad(answer):
        kit.memory.pop(_MARK, None)
        return
    mark = kit.memory.setdefault(_MARK, kit.ledger.breaks)
    earlier = _earlier(kit, service) if auth or answer.status not in _REFUSALS else None
    if earlier is not None and (reason := _fails(kit, service, earlier)):
        kit.ledger.retract(mark, reason)
        raise CannotRunError(reason)


def _fails(kit: Kit, service: str, call: Call) -> str:
    """Why *call* fails now; empty if it does not fail, or not each time."""
    try:
        again = [kit.targets[service].send(kit.authenticated(service, call)) for _ in range(_REPEATS)]
    except NoAnswerError:
        return ""
    bad = all(_is_bad(one) for one in again)
    return f"after {kit.calls} calls, {_reason(kit, service, again[-1])}" if bad else ""


def _earlier(kit: Kit, service: str) -> Call | None:
    """The last GET with a good response, in this run or when the target was opened."""
    calls = (
        call
        for name, call, answer in reversed(kit.heard)
        if name == service and call is not None and call.method == "GET" and not _is_bad(answer)
    )
    return next(calls, kit.opened.get(service))


def _is_bad(answer: Answer) -> bool:
    """Whether a response may come from a target that does not serve, or from a proxy."""
    if answer.status in _CLIENT_ERRORS or answer.status >= 500 or 300 <= answer.status < 400:
        return True
    return "html" in answer.headers.get("Content-Type", "") or _REFUSED.search(answer.text) is not None


def _reason(kit: Kit, service: str, answer: Answer) -> str:
    try:
        diagnosis.recognize(kit, kit.targets[service].name, answer)
        diagnosis.check_works(kit, service, [answer])
    except CannotRunError as error:
        return str(error)
    words = str(diagnosis.refused(kit, service, answer))
    return words.replace("bad credentials", "credentials have expired or were revoked")
