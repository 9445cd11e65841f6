"""Parameters of the usage statistics: limits and errors."""

from datetime import date, timedelta

from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.targets import query

NOBODY = "1"
"""A well-formed id of no existing object."""
_DAY = timedelta(1)
_EARLY = date(2023, 1, 1)
_DATES = {"start_date": "2025-03-01", "end_date": "2025-03-02"}


def _refused(kit: Kit, clause: str, **parameters: object) -> None:
    coze = Coze.of(kit)
    coze.serves(f"{coze.bot}/analytics", query(**_DATES))
    coze.refused(clause, coze.get(f"{coze.bot}/analytics", query(**{**_DATES, **parameters})), 400, 4000)


def _accepted(kit: Kit, clause: str, **parameters: object) -> None:
    coze = Coze.of(kit)
    answer = coze.get(f"{coze.bot}/analytics", query(**{**_DATES, **parameters}))
    kit.expect(clause, answer, [answer.status, answer.json.get("code")], [200, 0], "status and code")


@checks("coze.analytics.required")
def test_required_dates(kit: Kit) -> None:
    """Both dates are required."""
    for name in ("start_date", "end_date"):
        for value in (None, ""):
            _refused(kit, "coze.analytics.required", **{name: value})
    _refused(kit, "coze.analytics.required", start_date=None, end_date=None)


@checks("coze.analytics.bad-date")
def test_bad_dates(kit: Kit) -> None:
    """A date has ten characters and is a real day."""
    for bad in (
        "2025/03/01",
        "2025-3-1",
        "20250301",
        "2025-03-01T00:00:00",
        "2025-02-30",
        "2025-02-29",
        "01-03-2025",
        "1740758400",
        "1740758400000",
        "today",
        " 2025-03-01",
        "2025-03-01 ",
        "2025-W09-6",
        "２０２５-03-01",
    ):
        _refused(kit, "coze.analytics.bad-date", start_date=bad, end_date="2025-03-02")
        _refused(kit, "coze.analytics.bad-date", start_date="2025-02-27", end_date=bad)
    _accepted(kit, "coze.analytics.bad-date", start_date="2024-02-29", end_date="2024-02-29")


@checks("coze.analytics.reversed", "coze.analytics.first-date")
def test_order_of_dates(kit: Kit) -> None:
    """The end is not before the start, and the start is not before 2023."""
    _refused(kit, "coze.analytics.reversed", start_date="2025-03-02", end_date="2025-03-01")
    _refused(
        kit, "coze.analytics.reversed", start_date="2025-03-02", end_date="2025-03-01", granularity="hour"
    )
    _accepted(kit, "coze.analytics.reversed", start_date="2025-03-02", end_date="2025-03-02")
    _refused(kit, "coze.analytics.first-date", start_date="2022-12-31", end_date="2023-01-01")
    _accepted(kit, "coze.analytics.first-date", start_date="2023-01-01", end_date="2023-01-01")


@checks("coze.analytics.longest-days", "coze.analytics.longest-hours")
def test_longest_ranges(kit: Kit) -> None:
    """The longest allowed range is accepted, and one more day is rejected."""
    for clause, granularity, most in (
        ("coze.analytics.longest-days", "day", 180),
        ("coze.analytics.longest-hours", "hour", 31),
    ):
        for start in (_EARLY, date(2024, 2, 1)):
            good, bad = start + (most - 1) * _DAY, start + most * _DAY
            _accepted(kit, clause, start_date=start, end_date=good, granularity=granularity)
            _refused(kit, clause, start_date=start, end_date=bad, granularity=granularity)
    _refused(kit, "coze.analytics.longest-days", start_date=_EARLY, end_date=_EARLY + 180 * _DAY)
    _refused(kit, "coze.analytics.longest-days", start_date=_EARLY, end_date=_EARLY + 1000 * _DAY)


@checks("coze.analytics.bad-granularity")
def test_bad_granularity(kit: Kit) -> None:
    """The only granularities are day and hour, in lower case."""
    for bad in ("DAY", "Hour", "week", "month", "minute", "days", "1", "hour ", "day,hour"):
        _refused(kit, "coze.analytics.bad-granularity", granularity=bad)


@checks(
    "coze.analytics.alias-conflict",
    "coze.analytics.long-filter",
    "coze.analytics.control-characters",
    "coze.analytics.bad-connector",
)
def test_bad_filters(kit: Kit) -> None:
    """Filters have a maximum length; two names of one filter must have the same value."""
    _refused(kit, "coze.analytics.alias-conflict", session_id="s-A", conversation_id="s-B")
    _accepted(kit, "coze.analytics.alias-conflict", session_id="s-A", conversation_id="")
    for name, most in (("session_id", 64), ("conversation_id", 64), ("user_id", 256)):
        for text in ("x", "会"):
            _accepted(kit, "coze.analytics.long-filter", **{name: text * most})
            _refused(kit, "coze.analytics.long-filter", **{name: text * (most + 1)})
        for bad in ("a\nb", "a\x00", "\x7f"):
            _refused(kit, "coze.analytics.control-characters", **{name: bad})
    for bad in ("api", "10.5", "-1", "1" * 21):
        _refused(kit, "coze.analytics.bad-connector", connector_id=bad)
    _accepted(kit, "coze.analytics.bad-connector", connector_id="1024")


@checks("coze.analytics.bad-bot", "coze.analytics.unknown-bot", "coze.analytics.syntax-first")
def test_bad_bots(kit: Kit) -> None:
    """Malformed bot ids and unknown bots have different errors; parameters are checked before the bot."""
    coze = Coze.of(kit)
    for bad in ("abc", "-1", "1.5", "1" * 21, "303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "%EF%BC%91"):
        answer = coze.get(f"/v1/bots/{bad}/analytics", query(**_DATES))
        coze.refused("coze.analytics.bad-bot", answer, 400, 4000)
    for granularity in ("day", "hour"):
        answer = coze.get(f"/v1/bots/{NOBODY}/analytics", query(**_DATES, granularity=granularity))
        coze.refused("coze.analytics.unknown-bot", answer, 404, 4200)
    answer = coze.get(f"/v1/bots/{NOBODY}/analytics", query(start_date="never", end_date="2025-03-01"))
    coze.refused("coze.analytics.syntax-first", answer, 400, 4000)
