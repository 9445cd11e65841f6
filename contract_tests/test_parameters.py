"""Parameters of the statistics operations: accepted values, errors and defaults."""

from uuid import uuid4

from mockcbs.contract.cbs import TAILS, ZONES, Cbs
from mockcbs.contract.cbs_shapes import check_shape
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.targets import query
from mockcbs.core.clock import real_now

_LONG = 2**63 - 1
_BAD_TIMES = ["abc", "-1", "1.5", "1e3", " 1", "+1", "0x10", str(_LONG + 1), "12345678901234567890", "１２"]
_BAD_INTERVALS = ["hour", "minute", "quarter", "days", "1d", "0"]
_BAD_ZONES = [
    "Mars",
    "Asia/Shanghai",
    "GMT",
    "Z",
    "+8:00",
    "+0800",
    "08:00",
    "+18:01",
    "+19:00",
    "-18:30",
    "+08:60",
    "8",
]
_ODD_ZONES = ("+00:00", "-00:30", "+05:45", "Utc")
_MAX_SKEW = 5 * 60_000
_SETTLED = 5
"""The largest accepted change of the difference between the two clocks, in ms."""


def _refused(kit: Kit, clause: str, operation: str, text: str) -> None:
    answer = Cbs.of(kit).get(operation, text)
    kit.expect(clause, answer, answer.status, 400, "status")
    body = {"error_code": "CBS.0021", "error_msg": "request parameter error"}
    kit.expect("cbs.bad-parameter", answer, answer.json, body, "body")


def _accepted(kit: Kit, clause: str, operation: str, text: str) -> None:
    answer = Cbs.of(kit).get(operation, text)
    kit.expect(clause, answer, answer.status, 200, "status")
    if answer.status == 200:
        check_shape(kit, operation, answer)


@checks("cbs.bad-parameter", "cbs.bad-time", "cbs.reversed")
def test_bad_times(kit: Kit) -> None:
    """A time consists of digits and fits into a Java long, and a range does not end before it starts."""
    for operation in TAILS:
        for value in _BAD_TIMES:
            _refused(kit, "cbs.bad-time", operation, query(start_time=value))
            _refused(kit, "cbs.bad-time", operation, query(start_time=0, end_time=value))
        _refused(
            kit, "cbs.reversed", operation, query(start_time=1_613_059_200_001, end_time=1_613_059_200_000)
        )


@checks("cbs.bad-parameter", "cbs.bad-interval", "cbs.interval-case", "cbs.bad-zone", "cbs.D-6")
def test_bad_periods(kit: Kit) -> None:
    """Unknown intervals and zones are rejected."""
    for operation in ("session-stats", "reply-rates"):
        for value in _BAD_INTERVALS:
            _refused(kit, "cbs.bad-interval", operation, query(start_time=0, end_time=1, interval=value))
        for value in ("DAY", "Week", "day ", " month"):
            _refused(kit, "cbs.interval-case", operation, query(start_time=0, end_time=1, interval=value))
        for value in _BAD_ZONES:
            _refused(kit, "cbs.bad-zone", operation, query(start_time=0, end_time=1, time_zone=value))
        _refused(kit, "cbs.D-6", operation, "start_time=0&end_time=1&time_zone=+08:00")


@checks("cbs.bad-parameter", "cbs.hots-top", "cbs.keywords-top", "cbs.hots-exclude", "cbs.domain-ids")
def test_bad_lists(kit: Kit) -> None:
    """Wrong lengths, flags and numbers of ids are rejected."""
    for value in ("0", "21", "-1", "1.5", "abc", "99999999999"):
        _refused(kit, "cbs.hots-top", "hots", query(start_time=0, end_time=1, top=value))
    for value in ("51", "-1", "1.5", "abc", "99999999999"):
        _refused(kit, "cbs.keywords-top", "keywords", query(start_time=0, end_time=1, top=value))
    for value in ("yes", "1", "TRUE", "null"):
        _refused(kit, "cbs.hots-exclude", "hots", query(start_time=0, end_time=1, exclude=value))
    _refused(
        kit, "cbs.domain-ids", "hots", query(start_time=0, end_time=1, domain_id=";".join("abcdefghijk"))
    )


@checks(
    "cbs.time-limits",
    "cbs.zone-limits",
    "cbs.D-3",
    "cbs.hots-top",
    "cbs.keywords-top",
    "cbs.domain-ids",
    "cbs.D-9",
)
def test_limits_are_accepted(kit: Kit) -> None:
    """Values at the limits are accepted."""
    for operation in TAILS:
        _accepted(kit, "cbs.time-limits", operation, query(start_time=0, end_time=_LONG))
        _accepted(kit, "cbs.time-limits", operation, query(start_time=_LONG, end_time=_LONG))
        _accepted(kit, "cbs.time-limits", operation, query(start_time="0000000000000000001", end_time=1))
    for operation in ("session-stats", "reply-rates"):
        for zone in ("+18:00", "-18:00", "+00:00", "-00:30", "+05:45", "utc", "Utc"):
            _accepted(kit, "cbs.zone-limits", operation, query(start_time=0, end_time=1, time_zone=zone))
        _accepted(kit, "cbs.zone-limits", operation, "start_time=0&end_time=1&time_zone=%2b08%3a00")
        _accepted(kit, "cbs.D-3", operation, query(start_time=0, end_time=1, interval="year"))
    for top in (1, 20):
        _accepted(kit, "cbs.hots-top", "hots", query(start_time=0, end_time=1, top=top))
    for top in (1, 50):
        _accepted(kit, "cbs.keywords-top", "keywords", query(start_time=0, end_time=1, top=top))
    _accepted(
        kit, "cbs.domain-ids", "hots", query(start_time=0, end_time=1, domain_id=",".join("abcdefghij"))
    )
    for text in ("domain_id=a;b", "domain_id=a%3Bb", "domain_id=a%2Cb", "domain_id=a&domain_id=b"):
        _accepted(kit, "cbs.D-9", "hots", f"start_time=0&end_time=1&{text}")


@checks("cbs.D-1", "cbs.D-2", "cbs.D-5")
def test_defaults(kit: Kit) -> None:
    """A missing parameter gets its documented default."""
    cbs = Cbs.of(kit)
    for operation, zone in (("session-stats", "utc"), ("reply-rates", "UTC")):
        bare = cbs.answer(operation)
        kit.expect("cbs.D-1", bare, bare.json["startutc"], 0, "startutc")
        kit.expect("cbs.D-5", bare, bare.json["time_zone"], zone, "time_zone")
        fixed = cbs.answer(operation, **cbs.span.query).json
        stated = cbs.answer(operation, **cbs.span.query, interval="day", time_zone="UTC")
        for member in ("total", "intervals"):
            kit.expect("cbs.D-5", stated, fixed[member], stated.json[member], member)
    since_epoch, bare = cbs.answer("session-stats", start_time=0), cbs.answer("session-stats")
    kit.judge(
        "cbs.D-1",
        bare,
        "at least the sessions since start_time=0",
        str(bare.json["total"]["session_count"]),
        held=bare.json["total"]["session_count"] >= since_epoch.json["total"]["session_count"],
    )


@checks("cbs.bad-parameter", "cbs.D-2")
def test_missing_interval(kit: Kit) -> None:
    """session-stats requires an interval; reply-rates defaults to day and returns it."""
    cbs = Cbs.of(kit)
    for text in ("", query(start_time=0, end_time=1), query(interval="", time_zone="UTC")):
        answer = cbs.get("session-stats", text, bare=True)
        kit.expect("cbs.D-2", answer, answer.status, 400, "status")
        body = {"error_code": "CBS.0021", "error_msg": "request parameter error"}
        kit.expect("cbs.bad-parameter", answer, answer.json, body, "body")
    bare = cbs.answer("reply-rates", **cbs.span.query)
    stated = cbs.answer("reply-rates", **cbs.span.query, interval="day")
    for member in ("interval", "total", "intervals"):
        kit.expect("cbs.D-2", bare, bare.json[member], stated.json[member], member)


@checks("cbs.hots-top", "cbs.keywords-top", "cbs.hots-exclude")
def test_defaults_of_lists(kit: Kit) -> None:
    """Lists have ten entries by default, and include deleted pairs by default."""
    cbs = Cbs.of(kit)
    span = cbs.span.query
    for operation, clause in (("hots", "cbs.hots-top"), ("keywords", "cbs.keywords-top")):
        bare, ten = cbs.answer(operation, **span), cbs.answer(operation, **span, top=10)
        kit.expect(clause, bare, bare.json, ten.json, "list")
    bare, kept = cbs.answer("hots", **span), cbs.answer("hots", **span, exclude="false")
    kit.expect("cbs.hots-exclude", bare, bare.json, kept.json, "list")
    cbs.answer("hots", **span, exclude="true")


@checks("cbs.zone-echo", "cbs.S-13", "cbs.S-14")
def test_echo(kit: Kit) -> None:
    """The response repeats the parameters of the request."""
    cbs = Cbs.of(kit)
    future = cbs.span.end + 400 * 86_400_000
    for operation in ("session-stats", "reply-rates"):
        for interval in ("day", "week", "month", "year"):
            for zone in (*ZONES, "utc", *_ODD_ZONES):
                answer = cbs.answer(operation, **cbs.span.query, interval=interval, time_zone=zone)
                content = answer.json
                kit.expect("cbs.zone-echo", answer, content["interval"], interval, "interval")
                kit.expect("cbs.zone-echo", answer, content["time_zone"], zone, "time_zone")
                kit.expect("cbs.S-14", answer, content["startutc"], cbs.span.start, "startutc")
                kit.expect("cbs.S-13", answer, content["endutc"], cbs.span.end, "endutc")
        for start, end in ((0, 1), (7, 7), (cbs.span.start, future)):
            answer = cbs.answer(operation, start_time=start, end_time=end)
            kit.expect("cbs.S-14", answer, answer.json["startutc"], start, "startutc")
            kit.expect("cbs.S-13", answer, answer.json["endutc"], end, "endutc")


@checks("cbs.D-13")
def test_unknown_bot(kit: Kit) -> None:
    """An unknown bot id is rejected."""
    for tail in TAILS.values():
        answer = kit.call(
            "cbs", "GET", Cbs.of(kit).path(tail, "no-such-bot"), query(start_time=0, end_time=1)
        )

        kit.expect("cbs.D-13", answer, answer.status, 400, "status")
        body = {"error_code": "CBS.2114", "error_msg": "qabot not exist"}
        kit.expect("cbs.D-13", answer, answer.json, body, "body")
        if not Cbs.of(kit).trusting:
            path = Cbs.of(kit).path(tail, str(uuid4()))
            nobody = kit.call("cbs", "GET", path, query(start_time=0, end_time=1))
            kit.expect("cbs.D-13", nobody, (nobody.status, nobody.json), (400, body), "status and body")


@checks("cbs.S-13")
def test_end_is_now(kit: Kit) -> None:
    """Without end_time a range ends at the time of the request."""
    cbs = Cbs.of(kit)
    for operation in ("session-stats", "reply-rates", "session-stats"):
        cbs.answer(operation)
        cbs.answer(operation, start_time=0, interval="year", time_zone="+08:00")
    answers = kit.memory["ends"]
    if kit.now is not None:
        for answer in answers:
            kit.expect("cbs.S-13", answer, answer.json["endutc"], kit.now, "endutc")
        return
    last = answers[-1]
    slowest = max(answer.json["endutc"] - answer.received for answer in answers)
    fastest = min(answer.json["endutc"] - answer.sent for answer in answers)
    kit.judge(
        "cbs.S-13",
        last,
        "endutc follows the clock (for a frozen clock, set --now)",
        f"over {len(answers)} calls endutc drifted by {slowest - fastest} ms",
        held=slowest <= fastest + _SETTLED,
    )
    skew = last.json["endutc"] - real_now()
    kit.judge(
        "cbs.S-13",
        last,
        "endutc within 5 minutes of this machine's clock",
        f"{skew} ms off",
        held=abs(skew) <= _MAX_SKEW,
    )
