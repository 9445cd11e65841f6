"""HTTP rules of the gateway for every operation."""

from mockcbs.contract.cbs import Cbs
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up
from mockcbs.contract.targets import Answer, query

_CONDITIONS = (
    {"If-None-Match": "*", "If-Modified-Since": "Tue, 19 Jan 2038 03:14:07 GMT"},
    {"Range": "bytes=0-3"},
    {"Accept": "text/html,application/xml;q=0.9", "Accept-Language": "en"},
    {"Accept-Encoding": "identity", "Origin": "https://example.com"},
)
_STRANGERS = "START_TIME=1&End_time=2&Interval=year&TOP=1"
_AGAIN = "start_time=1&end_time=2&interval=year&top=1&time_zone=UTC&exclude=yes"
_NOTHING = query(start_time=0, end_time=1, interval="day", time_zone="UTC")


def _gateway_error(kit: Kit, clause: str, answer: Answer, status: int, number: str, message: str) -> None:
    kit.expect(clause, answer, answer.status, status, "status")
    content = answer.json
    kit.expect(
        clause, answer, str(content.get("error_code")).partition(".")[2], number, "number in error_code"
    )
    kit.expect(clause, answer, content.get("error_msg"), message, "error_msg")


@checks("http.unknown-path")
def test_unknown_path(kit: Kit) -> None:
    """The gateway rejects an unknown path."""
    message = "The API does not exist or has not been published in the environment."
    cbs = Cbs.of(kit)

    for tail in ("requests/no-such-stats", "no/such/thing", "requests/SESSION-STATS", "session-stats"):
        answer = kit.call("cbs", "GET", cbs.path(tail), _NOTHING)
        _gateway_error(kit, "http.unknown-path", answer, 404, "0101", message)
    answer = kit.call("cbs", "GET", f"/v1/{kit.project_id}/no-such-thing")
    _gateway_error(kit, "http.unknown-path", answer, 404, "0101", message)


@checks("http.trailing-slash")
def test_trailing_slash(kit: Kit) -> None:
    """A path with a slash at the end is unknown; there is no redirect."""
    for operation in ("requests/session-stats", "requests/reply-rates", "qa-pairs/hots", "requests/keywords"):
        answer = Cbs.of(kit).get(f"{operation}/", _NOTHING)

        kit.expect("http.trailing-slash", answer, answer.status, 404, "status")


@checks("cbs.D-15")
def test_misspelt_paths(kit: Kit) -> None:
    """The misspelt paths of API Explorer's samples are unknown."""
    for tail in ("qa-pairs/session_stats", "qa-pairs/reply_rates"):
        answer = Cbs.of(kit).get(tail, _NOTHING)

        kit.expect("cbs.D-15", answer, answer.status, 404, "status")


@checks("http.wrong-method")
def test_wrong_method(kit: Kit) -> None:
    """A wrong method returns 404, never 405."""
    for operation in ("session-stats", "reply-rates", "hots", "keywords"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = Cbs.of(kit).get(operation, _NOTHING, method=method)

            _gateway_error(kit, "http.wrong-method", answer, 404, "0101", "The API does not exist.")


@checks("http.no-options")
def test_options_and_head(kit: Kit) -> None:
    """OPTIONS and HEAD return 404."""
    for operation in ("session-stats", "reply-rates", "hots", "keywords"):
        for method in ("OPTIONS", "HEAD"):
            answer = Cbs.of(kit).get(operation, _NOTHING, method=method)

            kit.expect("http.no-options", answer, answer.status, 404, f"status of {method}")


@checks("http.timings")
def test_timings_on_request(kit: Kit) -> None:
    """The timing headers are present only if the request asks for them."""
    answer = Cbs.of(kit).get("session-stats", _NOTHING, headers={"X-Apig-Mode": "debug"})

    names = ["X-Apig-Latency", "X-Apig-Upstream-Latency", "X-Apig-RateLimit-api"]
    kit.expect("http.timings", answer, [name for name in names if name not in answer.headers], [], "missing")


@checks("http.content-type", "http.get-body", "http.conditions")
def test_lenient_get(kit: Kit) -> None:
    """Headers and bodies that real clients send with a GET have no effect."""
    cbs = Cbs.of(kit)
    for operation in ("session-stats", "reply-rates", "hots", "keywords"):
        usual = cbs.get(operation, _NOTHING)

        for kind in (None, "application/json;charset=utf-8", "application/json; charset=UTF-8"):
            answer = cbs.get(operation, _NOTHING, headers={"Content-Type": kind})
            kit.expect("http.content-type", answer, (answer.status, answer.text), (200, usual.text), "answer")
        for asked in _CONDITIONS:
            answer = cbs.get(operation, _NOTHING, headers=asked)
            kit.expect("http.conditions", answer, (answer.status, answer.text), (200, usual.text), "answer")
        for body in (b'{"interval": "year", "top": 99}', b"no json"):
            answer = cbs.get(operation, _NOTHING, body=body)
            kit.expect("http.get-body", answer, (answer.status, answer.text), (200, usual.text), "answer")


@checks("http.unknown-parameter", "http.empty-parameter", "http.repeated-parameter", "http.parameter-order")
def test_lenient_query(kit: Kit) -> None:
    """Parameters are accepted in the forms that real clients send."""
    cbs = Cbs.of(kit)
    fixed = query(**cbs.span.query)
    for operation, more in (
        ("session-stats", "interval=week&time_zone=%2B08%3A00"),
        ("reply-rates", "interval=week&time_zone=%2B08%3A00"),
        ("hots", "top=3&exclude=false"),
        ("keywords", "top=3"),
    ):
        usual = cbs.get(operation, f"{fixed}&{more}")
        for clause, text in (
            ("http.unknown-parameter", f"{_STRANGERS}&{fixed}&{more}&inteval=day&limit=1"),
            ("http.repeated-parameter", f"{fixed}&{more}&{_AGAIN}"),
            ("http.parameter-order", "&".join(reversed(f"{fixed}&{more}".split("&")))),
        ):
            answer = cbs.get(operation, text)
            kit.expect(clause, answer, (answer.status, answer.text), (200, usual.text), "answer")
        for name in ("start_time", "interval", "time_zone", "domain", "domain_id", "top", "exclude"):
            absent = "&".join(
                part for part in f"{fixed}&{more}".split("&") if not part.startswith(f"{name}=")
            )
            one, other = (cbs.get(operation, text, bare=True) for text in (absent, f"{absent}&{name}="))
            status = 400 if (operation, name) == ("session-stats", "interval") else 200
            kit.expect(
                "http.empty-parameter", other, (other.status, other.text), (status, one.text), "answer"
            )
        now = cbs.get(operation, f"{more}&end_time=")
        kit.expect("http.empty-parameter", now, now.status, 200, "status without an end")


@checks("http.repeated-parameter")
def test_two_categories(kit: Kit) -> None:
    """If domain is repeated, the first value is used, even if it is unknown."""
    cbs = Cbs.of(kit)
    named = [hot["domain"] for hot in cbs.read("hots", **cbs.span.query)["questions"] if hot["domain"]]
    for operation in ("reply-rates", "hots") if named else ():
        unknown = query(**cbs.span.query, domain=made_up())
        one, other = cbs.get(operation, unknown), cbs.get(operation, f"{unknown}&{query(domain=named[0])}")
        kit.expect("http.repeated-parameter", other, (other.status, other.text), (200, one.text), "answer")


@checks("http.date")
def test_date(kit: Kit) -> None:
    """Date is the time of the response."""
    if not kit.targets["cbs"].wire:
        raise NotApplicableError("only a server adds Date; an application in this process does not")
    Cbs.of(kit).get("session-stats", _NOTHING)


@checks(
    "http.member-order",
    "http.no-coding",
    "http.answered",
    "http.request-id",
    "http.request-id-fresh",
    "http.json",
    "http.one-line",
    "http.raw-text",
    "http.server",
    "http.no-redirect",
    "http.service-envelope",
    "http.gateway-envelope",
    "http.envelope",
    "http.code-prefix",
    "cbs.shape-success",
    "cbs.shape-session-stats",
    "cbs.shape-reply-rates",
    "cbs.shape-hots",
    "cbs.shape-keywords",
    "cbs.shape-extra",
    "cbs.shape-no-error",
    "cbs.number-integers",
    "cbs.number-decimals",
)
def test_every_answer(kit: Kit) -> None:
    """A valid and an invalid request of each operation follow the rules of every response.

    These rules are checked on all other requests of the kit, too.
    """
    cbs = Cbs.of(kit)

    for operation in ("session-stats", "reply-rates", "hots", "keywords"):
        cbs.answer(operation)
        cbs.answer(operation, **cbs.span.query)
        cbs.get(operation, query(start_time="abc"))
    cbs.get("session-stats", auth=False)
    kit.call("iam", "GET", "/v3/auth/tokens", headers={"X-Subject-Token": "no-token"})
