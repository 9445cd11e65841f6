"""Authentication: tokens and signatures."""

import hashlib
import re
from dataclasses import replace
from urllib.parse import quote
from uuid import uuid4

from mockcbs.contract.cbs import TAILS, Cbs
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.core.clock import real_now

_NOTHING = query(start_time=0, end_time=1, interval="day")
_TAIL = ", canonicalRequest:"
_OLD_TEXT = re.compile(
    r"calc aksk signature fail:signature expired, signature time:(\w+),server time:\d{8}T\d{6}Z"
)
_PREFIX = "Incorrect IAM authentication information"
_OLD = 20 * 60_000
_RECENT = 13 * 60_000


def _refused(kit: Kit, clause: str, answer: Answer, detail: str | None) -> None:
    """Check that *answer* is 401 APIG.0301, with the message *detail* if the contract defines one."""
    kit.expect(clause, answer, answer.status, 401, "status")
    kit.expect(
        clause, answer, str(answer.json.get("error_code")).partition(".")[2], "0301", "number in error_code"
    )
    message = str(answer.json.get("error_msg"))
    if detail is None:
        held = message.startswith(_PREFIX)
        kit.judge(clause, answer, f"error_msg begins with {_PREFIX!r}", message, held=held)
    else:
        said = message.partition(_TAIL)[0]
        kit.expect(clause, answer, said, f"{_PREFIX}: {detail}", "error_msg without the canonical request")


def _no_trust(kit: Kit) -> None:
    """End the check if the target accepts any credentials."""
    if Cbs.of(kit).trusting:
        raise NotApplicableError("the target accepts any token, as mockcbs does without --strict")


def _send(kit: Kit, call: Call) -> Answer:
    return kit.call(
        "cbs", call.method, call.path, call.query, headers=call.headers, body=call.body, auth=False
    )


@checks("auth.missing", "auth.empty")
def test_no_credentials(kit: Kit) -> None:
    """Every operation requires credentials."""
    for operation in TAILS:
        answer = Cbs.of(kit).get(operation, _NOTHING, auth=False)
        _refused(kit, "auth.missing", answer, "x-auth-token not found")

    call = Call("GET", Cbs.of(kit).path(TAILS["session-stats"]), _NOTHING, {"X-Auth-Token": ""})
    _refused(kit, "auth.empty", _send(kit, call), "x-auth-token not found")


@checks("auth.bad-token")
def test_bad_token(kit: Kit) -> None:
    """An invalid token is rejected."""
    for operation in TAILS:
        answer = Cbs.of(kit).get(operation, _NOTHING, headers={"X-Auth-Token": "expired-token"}, auth=False)
        _refused(kit, "auth.bad-token", answer, None)


@checks("auth.undecodable")
def test_undecodable_token(kit: Kit) -> None:
    """A text that is not a token gets a different error from an expired token."""
    _no_trust(kit)
    answer = Cbs.of(kit).get("session-stats", _NOTHING, headers={"X-Auth-Token": made_up()}, auth=False)
    _refused(kit, "auth.undecodable", answer, "decrypt token fail")


@checks("auth.token-first")
def test_token_goes_before_signature(kit: Kit) -> None:
    """If the request has a valid token, its signature is not checked."""
    if not kit.token:
        raise NotApplicableError("no token is given")

    answer = Cbs.of(kit).get("session-stats", _NOTHING, headers={"Authorization": "SDK-HMAC-SHA256 nonsense"})

    kit.expect("auth.token-first", answer, answer.status, 200, "status")


@checks("auth.signature")
def test_signature(kit: Kit) -> None:
    """Requests signed in the ways of the official SDKs are accepted."""
    path = Cbs.of(kit).path
    for tail, text in (
        (TAILS["session-stats"], query(start_time=0, end_time=1, interval="day", time_zone="+08:00")),
        (TAILS["reply-rates"], f"domain={quote('桌面云 a+b~*')}&end_time=1&start_time=0"),
        (TAILS["hots"], "domain_id=a%3Bb&end_time=1&exclude=true&start_time=0"),
    ):
        call = Call("GET", path(tail), text, {"Content-Type": "application/json"})
        answer = _send(kit, kit.signed("cbs", call))
        kit.expect("auth.signature", answer, answer.status, 200, "status")


@checks(
    "auth.bad-signature",
    "auth.canonical-request",
    "auth.old-signature",
    "auth.old-signature-text",
    "auth.algorithm",
)
def test_bad_signature(kit: Kit) -> None:
    """A wrong signature is rejected. Valid requests in between keep the access key from being locked."""
    plain = Call("GET", Cbs.of(kit).path(TAILS["session-stats"]), _NOTHING)
    detail = "verify aksk signature fail"

    forged = kit.signed("cbs", plain, secret_key="wrong")
    refused = _send(kit, forged)
    _refused(kit, "auth.bad-signature", refused, detail)
    _check_tail(kit, refused, forged)
    _send(kit, kit.signed("cbs", plain))
    now = kit.now if kit.now is not None else real_now()
    for at in (min(now, real_now()) - _OLD, max(now, real_now()) + _OLD):
        old = kit.signed("cbs", plain, at=at)
        refused = _send(kit, old)
        _refused(kit, "auth.old-signature", refused, None)
        message = str(refused.json.get("error_msg")).removeprefix(f"{_PREFIX}: ")
        found = _OLD_TEXT.fullmatch(message)
        held = found is not None and found[1] == old.headers["X-Sdk-Date"]
        date = old.headers["X-Sdk-Date"]
        kit.judge("auth.old-signature-text", refused, f"signature time:{date}", message, held=held)
        recent = _send(kit, kit.signed("cbs", plain, at=real_now() - _RECENT))
        kit.expect("auth.old-signature", recent, recent.status, 200, "status")
        _send(kit, kit.signed("cbs", plain))
    good = kit.signed("cbs", plain)
    other = good.headers["Authorization"].replace("SDK-HMAC-SHA256", "SDK-HMAC-SM3")
    answer = _send(kit, Call("GET", good.path, good.query, {**good.headers, "Authorization": other}))
    _refused(kit, "auth.algorithm", answer, None)
    _send(kit, kit.signed("cbs", plain))


def _check_tail(kit: Kit, answer: Answer, call: Call) -> None:
    """Check the canonical request in the message: method, path, query, date, signed headers and hash of
    the body.
    """
    message = str(answer.json.get("error_msg"))
    lines = message.partition(_TAIL)[2].split("|")
    signed = call.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0]
    wanted = [call.method, f"{call.path}/", *signed.split(";"), signed, hashlib.sha256(call.body).hexdigest()]
    found = [*lines[:2], *(line.partition(":")[0] for line in lines[3:-3]), *lines[-2:]]
    kit.expect("auth.canonical-request", answer, found, wanted, "canonical request without its values")


@checks("auth.signed-whole", "auth.signature", "auth.unknown-key")
def test_what_is_signed(kit: Kit) -> None:
    """A signature is not valid for another request. Valid requests in between keep the access key from
    being locked.
    """
    path = Cbs.of(kit).path
    plain = Call("GET", path(TAILS["session-stats"]), _NOTHING, {"Content-Type": "application/json"})
    asked = replace(plain, method="POST", path=path("suggestions"), query="", body=b'{"question": "x"}')
    good, posted = kit.signed("cbs", plain), kit.signed("cbs", asked)
    moved = {**good.headers, "X-Project-Id": "0" * 32}
    for genuine, forged in (
        (good, replace(good, query=query(start_time=0, end_time=2, interval="day", time_zone="UTC"))),
        (good, replace(good, path=path(TAILS["reply-rates"]))),
        (good, replace(good, headers=moved)),
        (posted, replace(posted, body=b'{"question": "y"}')),
    ):
        answer = _send(kit, genuine)
        kit.expect("auth.signature", answer, answer.status == 401, False, "refused")
        _refused(kit, "auth.signed-whole", _send(kit, forged), "verify aksk signature fail")
    _send(kit, good)
    stranger = f"MOCKCBS{made_up()[-8:].upper()}"
    unknown = {**good.headers, "Authorization": _with_key(good.headers["Authorization"], stranger)}
    _no_trust(kit)
    answer = _send(kit, replace(good, headers=unknown))
    _refused(kit, "auth.unknown-key", answer, f"Get secretKey failed,ak:{stranger},err:ak not exist")


def _with_key(header: str, access_key: str) -> str:
    return re.sub(r"Access=[^,]*", f"Access={access_key}", header)


@checks("auth.project")
def test_another_project(kit: Kit) -> None:
    """A token is valid only for its own project."""
    if not kit.token:
        raise NotApplicableError("no token is given")
    _no_trust(kit)
    for tail in TAILS.values():
        path = f"/v1/{uuid4().hex}/qabots/{kit.qabot_id}/{tail}"
        answer = kit.call("cbs", "GET", path, _NOTHING)
        body = {"error_code": "CBS.0011", "error_msg": "auth failed"}
        kit.expect("auth.project", answer, (answer.status, answer.json), (401, body), "status and body")


@checks("auth.before-parameters", "auth.after-route")
def test_order_of_checks(kit: Kit) -> None:
    """The server checks the path, then the credentials, then parameters and bot."""
    cbs = Cbs.of(kit)
    for answer in (
        cbs.get("session-stats", query(interval="hour"), auth=False),
        kit.call("cbs", "GET", cbs.path(TAILS["session-stats"], "no-such-bot"), auth=False),
    ):
        kit.expect("auth.before-parameters", answer, answer.status, 401, "status")
    answer = cbs.get("requests/no-such-stats", auth=False)
    kit.expect("auth.after-route", answer, answer.status, 404, "status")
