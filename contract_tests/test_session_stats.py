"""session-stats: rules that hold for any data."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mockcbs.contract.cbs import (
    INTERVALS,
    INTERVALS_AND_ZONES,
    ZONES,
    Cbs,
    first_day,
    numerators,
    range_of,
    total_of,
)
from mockcbs.contract.kit import Kit, checks, not_reached
from mockcbs.contract.lacking import Lacking, known, need
from mockcbs.contract.targets import Answer
from mockcbs.traffic.periods import DAY, offset

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIGURES = ("session_count", "user_count", "avg_request_count", "avg_session_time")
_IDLE = 120_000
_BUSY = 1000
_HALF = Decimal("0.0005")
_HOUR = 3_600_000
_SESSIONS_LOOKED_AT = 12
_FOLLOWERS = 4
_ENOUGH = 4


def _all(cbs: Cbs) -> list[tuple[Answer, str, str]]:
    periods = INTERVALS_AND_ZONES
    return [(cbs.stats(interval=interval, time_zone=zone), interval, zone) for interval, zone in periods]


def _local(at: int, zone: str) -> date:
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at + offset(zone))).date()


@checks("cbs.S-1", "cbs.S-2", "cbs.S-9", "cbs.S-10", "cbs.S-18", "cbs.single-period")
def test_periods_and_total(kit: Kit) -> None:
    """Periods add up to the total for every interval."""
    cbs = Cbs.of(kit)
    first = cbs.stats(interval="day", time_zone="UTC").json["total"]
    for answer, interval, zone in _all(cbs):
        total, periods = answer.json["total"], answer.json["intervals"]
        where = f"{interval}, {zone}"
        kit.expect("cbs.S-18", answer, total, first, f"total ({where})")
        if isinstance(periods, Lacking):
            continue
        sessions = [period["session_count"] for period in periods]
        kit.expect("cbs.S-1", answer, total["session_count"], sum(sessions), f"total.session_count ({where})")
        with kit.part("cbs.S-2"):
            users = [period["user_count"] for period in periods]
            kit.judge(
                "cbs.S-2",
                answer,
                f"{max(users, default=0)} <= total.user_count <= {sum(users)}",
                str(total["user_count"]),
                held=max(users, default=0) <= total["user_count"] <= sum(users),
            )
        with kit.part("cbs.S-9"):
            empty = [p["start"] for p in periods if not p["session_count"]]
            kit.expect("cbs.S-9", answer, empty, [], "empty periods")
        with kit.part("cbs.S-10"):
            starts = [period["start"] for period in periods]
            kit.expect("cbs.S-10", answer, starts, sorted(set(starts)), "starts")
        if len(periods) == 1:
            only = {name: periods[0][name] for name in _FIGURES}
            kit.expect("cbs.single-period", answer, only, total, f"the only period ({where})")
    for period in cbs.stats(interval="day", time_zone="UTC").json["intervals"][:3]:
        with kit.part("cbs.single-period"):
            start, day = cbs.span.start, _midnight(need(period["start"]))
            answer = cbs.stats(start_time=max(start, day), end_time=min(cbs.span.end, day + DAY - 1))
            expected = {name: period[name] for name in _FIGURES}
            kit.expect("cbs.single-period", answer, answer.json["total"], expected, "total")


def _midnight(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1000


@checks("cbs.S-2", "cbs.S-2-people")
def test_users(kit: Kit) -> None:
    """Each user is counted once, and only after a question."""
    cbs = Cbs.of(kit)
    answer = cbs.stats(interval="day", time_zone="+08:00")
    for figures in (answer.json["total"], *known(answer.json["intervals"], [])):
        with kit.part("cbs.S-2"):
            most = numerators(figures["avg_request_count"], figures["session_count"])
            kit.judge(
                "cbs.S-2",
                answer,
                "user_count is at most the number of questions",
                f"{figures['user_count']} users",
                held=not most or figures["user_count"] <= most[-1],
            )
    answer = cbs.stats(interval="year", time_zone="+08:00")
    total = range_of(answer.json)
    if total["session_count"] >= _BUSY:
        kit.judge(
            "cbs.S-2-people",
            answer,
            f"fewer than {total['session_count']} users in as many sessions",
            str(total["user_count"]),
            held=0 < total["user_count"] < total["session_count"],
        )


def _about_midnights(cbs: Cbs) -> list[Answer]:
    """Short ranges around midnight with few sessions; with many sessions, any average could be a quotient."""
    days = known(cbs.stats(interval="day", time_zone="UTC").json["intervals"], [])
    midnights = [_midnight(day["start"]) for day in days[-4:] if isinstance(day["start"], str)]
    return [
        cbs.stats(start_time=at - 2 * _HOUR, end_time=at + 2 * _HOUR, interval="day", time_zone="UTC")
        for at in midnights
        if cbs.span.start < at - 2 * _HOUR and at + 2 * _HOUR < cbs.span.end
    ]


@checks("cbs.S-3", "cbs.S-5", "cbs.S-6", "cbs.S-7", "cbs.S-8")
def test_averages(kit: Kit) -> None:
    """Averages are quotients of integers; durations are whole seconds."""
    cbs = Cbs.of(kit)
    for answer in (*(one for one, _, _ in _all(cbs)), *_about_midnights(cbs)):
        for figures in (answer.json["total"], *known(answer.json["intervals"], [])):
            count, rounds, time = (
                figures[n] for n in ("session_count", "avg_request_count", "avg_session_time")
            )
            where = f"{figures.get('start', 'total')}: {count} sessions"
            if not known(count, 1):
                continue
            with kit.part("cbs.S-3"):
                held, expected = rounds >= 1 and bool(numerators(rounds, count)), f"n/{count}, n >= {count}"
                kit.judge("cbs.S-3", answer, f"{expected}, rounded", f"{where}, {rounds}", held=held)
            with kit.part("cbs.S-5", "cbs.S-8"):
                whole, quotient = bool(numerators(time, count, 1000)), bool(numerators(time, count))
                kit.judge("cbs.S-8", answer, f"1000·n/{count} rounded", f"{where}, {time} ms", held=whole)
                kit.judge("cbs.S-5", answer, f"n/{count} rounded", f"{where}, {time}", held=quotient)
            most = (rounds - 1 + _HALF) * _IDLE + _HALF
            kit.judge("cbs.S-6", answer, f"at most {most} ms", f"{where}, {time} ms", held=time <= most)
            with kit.part("cbs.S-7"):
                if rounds == 1:
                    kit.expect("cbs.S-7", answer, time, 0, f"avg_session_time ({where})")


@checks("cbs.S-4", "cbs.S-5")
def test_weighted(kit: Kit) -> None:
    """The total average agrees with the averages of the periods, weighted by sessions."""
    for answer, interval, zone in _all(Cbs.of(kit)):
        total, periods = answer.json["total"], answer.json["intervals"]
        for clause, name in (("cbs.S-4", "avg_request_count"), ("cbs.S-5", "avg_session_time")):
            count = sum(period["session_count"] for period in periods)
            if len(periods) < 2 or not known(count, 1):
                continue
            mean = sum(period["session_count"] * period[name] for period in periods) / count
            held = abs(mean - total[name]) <= 2 * _HALF
            kit.judge(
                clause,
                answer,
                f"total.{name} = {mean:.4f} ± 0.001 ({interval}, {zone})",
                str(total[name]),
                held=held,
            )


@checks("cbs.S-11", "cbs.S-12", "cbs.S-15", "cbs.S-3", "cbs.S-7", "cbs.S-8")
def test_one_session(kit: Kit) -> None:
    """A range of 1 ms at the start of a session counts the whole session in its local period."""
    cbs = Cbs.of(kit)
    for at in cbs.instants:
        here = cbs.stats(start_time=at, end_time=at, interval="day", time_zone="UTC")
        total, count = range_of(here.json), total_of(here.json, "session_count")
        words = "a session that begins at this instant"
        kit.judge("cbs.S-15", here, words, f"{count} sessions", held=count >= 1)
        with kit.part():
            if count == 1:
                _check_figures(kit, here, total)
        with kit.part("cbs.S-11", "cbs.S-12"):
            _check_labels(kit, at)


def _check_labels(kit: Kit, at: int) -> None:
    """Check the labels of the periods that contain one instant."""
    for zone in _telling_zones(at):
        for interval in INTERVALS:
            answer = Cbs.of(kit).stats(start_time=at, end_time=at, interval=interval, time_zone=zone)
            starts = [period["start"] for period in answer.json["intervals"]]
            expected = [first_day(_local(at, zone), interval).isoformat()]
            clause = "cbs.S-11" if interval == "day" else "cbs.S-12"
            kit.expect(clause, answer, starts, expected, f"labels ({interval}, {zone})")


@checks("cbs.S-3", "cbs.S-7", "cbs.S-8")
def test_one_question(kit: Kit) -> None:
    """A session with a single question has the duration 0."""
    cbs = Cbs.of(kit)
    for at in cbs.next_sessions(cbs.instants[0], _SESSIONS_LOOKED_AT):
        answer = cbs.stats(start_time=at, end_time=at, interval="day", time_zone="UTC")
        total = range_of(answer.json)
        with kit.part():
            if total_of(answer.json, "session_count") == 1:
                _check_figures(kit, answer, total)
                if total["avg_request_count"] == 1:
                    return


@checks("cbs.S-16")
def test_sessions_lie_ahead(kit: Kit) -> None:
    """The questions of a session follow its start; the last is at the end of its duration."""
    cbs = Cbs.of(kit)
    looked_at = 0
    for at in (at for first in cbs.instants for at in (first, *cbs.next_sessions(first, _FOLLOWERS))):
        answer = cbs.stats(start_time=at, end_time=at, interval="day", time_zone="UTC")
        total, sessions = range_of(answer.json), total_of(answer.json, "session_count")
        rounds, end = int(total["avg_request_count"]), at // 1000 * 1000 + int(total["avg_session_time"])
        if sessions == 1 < rounds and end + 999 <= cbs.span.end and looked_at < _ENOUGH:
            looked_at += 1
            asked, at_end = cbs.questions(at, end + 999), cbs.questions(end, end + 999)
            words = f"from {at} to {end}"
            kit.judge("cbs.S-16", answer, f"{rounds} questions {words}", str(asked), held=asked >= rounds)
            kit.judge("cbs.S-16", answer, f"a question at {end}", str(at_end), held=at_end >= 1)


def _check_figures(kit: Kit, answer: Answer, total: dict[str, Any]) -> None:
    rounds, time = total["avg_request_count"], total["avg_session_time"]
    kit.judge(
        "cbs.S-3", answer, "a whole number of questions", str(rounds), held=rounds % 1 == 0 and rounds >= 1
    )
    kit.judge("cbs.S-8", answer, "whole seconds in ms", str(time), held=time % 1000 == 0)
    if rounds == 1:
        kit.expect("cbs.S-7", answer, time, 0, "avg_session_time")


def _telling_zones(at: int) -> list[str]:
    """Zones in which *at* (ms UTC) is just before or just after local midnight."""
    minutes = at % DAY // 60_000
    forward, back = 24 * 60 - minutes, -(minutes + 1)
    zones = [forward if forward <= 18 * 60 else None, back if -back <= 18 * 60 else None, 0, 480, -300]
    return [f"{'+' if m >= 0 else '-'}{abs(m) // 60:02d}:{abs(m) % 60:02d}" for m in zones if m is not None]


@checks("cbs.S-1", "cbs.S-2", "cbs.S-4", "cbs.S-5", "cbs.S-15")
def test_adjoining_ranges(kit: Kit) -> None:
    """Two adjacent ranges count each session once, wherever the boundary is."""
    cbs = Cbs.of(kit)
    for at in cbs.instants:
        for cut in (at - 1, at, at + 1, *cbs.next_sessions(at, _FOLLOWERS)):  # some have several questions
            low, high = max(cbs.span.start, at - DAY), min(cbs.span.end, at + DAY)
            if not low <= cut < high:
                continue
            whole, left, right = (
                cbs.stats(start_time=a, end_time=b, interval="year", time_zone="UTC")
                for a, b in ((low, high), (low, cut), (cut + 1, high))
            )
            _check_parts(kit, whole, left, right)


def _check_parts(kit: Kit, whole: Answer, left: Answer, right: Answer) -> None:
    total, one, other = (range_of(answer.json) for answer in (whole, left, right))
    label = f"cut at {left.json['endutc']}"
    sessions, users = ([part[name] for part in (one, other)] for name in ("session_count", "user_count"))
    for clause in ("cbs.S-1", "cbs.S-15"):
        kit.expect(clause, whole, total["session_count"], sum(sessions), f"session_count ({label})")
    with kit.part("cbs.S-2"):
        expected, found = f"{max(users)} to {sum(users)} users ({label})", str(total["user_count"])
        kit.judge("cbs.S-2", whole, expected, found, held=max(users) <= total["user_count"] <= sum(users))
    for clause, name in (("cbs.S-4", "avg_request_count"), ("cbs.S-5", "avg_session_time")):
        found = total[name] * total["session_count"]
        parts = one[name] * one["session_count"] + other[name] * other["session_count"]
        slack = _HALF * (total["session_count"] + sum(sessions))
        held = abs(found - parts) <= slack
        kit.judge(clause, whole, f"sum {parts} ± {slack} ({label})", f"{found}", held=held)
        kit.judge("cbs.S-15", whole, f"sum of {name} {parts} ± {slack} ({label})", f"{found}", held=held)


@checks("cbs.S-20", "cbs.S-12", "cbs.S-11", "cbs.S-2")
def test_longer_periods_are_sums_of_days(kit: Kit) -> None:
    """Weeks, months and years are sums of the sessions of their days; labels are their first days."""
    cbs = Cbs.of(kit)
    for zone in ZONES:
        days = cbs.stats(interval="day", time_zone=zone).json["intervals"]
        for interval in INTERVALS:
            answer = cbs.stats(interval=interval, time_zone=zone)
            whole, parts = (
                sum(p["session_count"] for p in some) for some in (answer.json["intervals"], days)
            )
            kit.expect("cbs.S-20", answer, whole, parts, f"sessions of all periods by {interval} ({zone})")
            sums: dict[str, int] = defaultdict(int)
            most: dict[str, int] = defaultdict(int)
            for day in days:
                label = first_day(date.fromisoformat(need(day["start"])), interval).isoformat()
                sums[label] += day["session_count"]
                most[label] = max(most[label], known(day["user_count"], 0))
            found = {period["start"]: period["session_count"] for period in answer.json["intervals"]}
            kit.expect("cbs.S-20", answer, found, dict(sums), f"sessions by {interval} ({zone})")
            kit.expect("cbs.S-12", answer, list(found), list(sums), f"labels ({interval}, {zone})")
            with kit.part("cbs.S-2"):
                fewer = [p["start"] for p in answer.json["intervals"] if p["user_count"] < most[p["start"]]]
                where = f"periods with fewer users than one of their days ({zone})"
                kit.expect("cbs.S-2", answer, fewer, [], where)
        low, high = (_local(at, zone).isoformat() for at in (cbs.span.start, cbs.span.end))
        answer = cbs.stats(interval="day", time_zone=zone)
        outside = [day["start"] for day in days if not low <= day["start"] <= high]
        kit.expect("cbs.S-11", answer, outside, [], f"days outside {low} to {high} ({zone})")


@checks("cbs.S-11", "cbs.S-20")
def test_zones_shift_days(kit: Kit) -> None:
    """A local day has the figures of the range from its start to its end."""
    cbs = Cbs.of(kit)
    for zone in (*ZONES, "+05:45", "-11:30"):
        answer = cbs.stats(interval="day", time_zone=zone)
        days = answer.json["intervals"]
        for day in days[:: max(1, len(days) // 3)]:
            for clause in ("cbs.S-11", "cbs.S-20"):
                _check_alone(kit, clause, answer, day, zone)


@checks("cbs.S-20")
def test_longer_periods_alone(kit: Kit) -> None:
    """A longer period has the same figures as its range alone, including users and averages."""
    cbs = Cbs.of(kit)
    for interval in INTERVALS[1:]:
        for zone in ("UTC", "+08:00"):
            answer = cbs.stats(interval=interval, time_zone=zone)
            periods = answer.json["intervals"]
            for period in {p["start"]: p for p in (periods[:1] + periods[-2:])}.values():
                _check_alone(kit, "cbs.S-20", answer, period, zone)


def _check_alone(kit: Kit, clause: str, answer: Answer, period: dict[str, Any], zone: str) -> None:
    """Check that the figures of a period equal those of its range."""
    cbs, first = Cbs.of(kit), date.fromisoformat(need(period["start"]))
    start, after = (_midnight(day.isoformat()) - offset(zone) for day in (first, _next(first, answer)))
    low, high = max(start, cbs.span.start), min(after - 1, cbs.span.end)
    alone = cbs.stats(start_time=low, end_time=high, interval="year", time_zone="UTC")
    expected = {name: alone.json["total"][name] for name in _FIGURES}
    kit.expect(clause, answer, {n: period[n] for n in _FIGURES}, expected, f"{period['start']} {zone}")


def _next(first: date, answer: Answer) -> date:
    """The first day after the period that starts on *first*."""
    interval = answer.json["interval"]
    longest = {"day": 1, "week": 7, "month": 31, "year": 366}[interval]
    return first_day(first + timedelta(longest), interval)


@checks("cbs.S-17")
def test_no_data(kit: Kit) -> None:
    """Without data, figures are zero and intervals is empty."""
    cbs = Cbs.of(kit)
    for interval in INTERVALS:
        answer = cbs.answer("session-stats", start_time=0, end_time=1, interval=interval, time_zone="UTC")
        for name in _FIGURES:
            expected = "0" if name.endswith("count") and "avg" not in name else "0.000"
            value = answer.json["total"][name]
            found = value if isinstance(value, Lacking) else str(value)
            kit.expect("cbs.S-17", answer, found, expected, f"total.{name}")
        kit.expect("cbs.S-17", answer, answer.json["intervals"], [], "intervals")


@checks("cbs.idempotent")
def test_reads_change_nothing(kit: Kit) -> None:
    """Repeated requests about the past return the same body."""
    cbs = Cbs.of(kit)
    for operation, more in (
        ("session-stats", {"interval": "week", "time_zone": "+08:00"}),
        ("reply-rates", {"interval": "week", "time_zone": "+08:00"}),
        ("hots", {"top": 20}),
        ("keywords", {"top": 50}),
    ):
        once = cbs.answer(operation, **cbs.span.query, **more)
        for _ in range(2):
            again = cbs.answer(operation, fresh=True, **cbs.span.query, **more)
            kit.expect("cbs.idempotent", again, again.text, once.text, "body")


@checks("cbs.S-10", "cbs.S-9")
def test_order_in_a_long_range(kit: Kit) -> None:
    """Periods are in order, and empty periods are omitted, also in a range that starts at the epoch."""
    answer = Cbs.of(kit).answer("session-stats", start_time=0, interval="day", time_zone="+08:00")
    starts = [period["start"] for period in answer.json["intervals"]]
    if not starts:
        not_reached("the bot has no traffic")
    with kit.part("cbs.S-10"):
        held = all(one < other for one, other in pairwise(starts)) and all(map(_DATE.fullmatch, starts))
        kit.judge("cbs.S-10", answer, "ascending yyyy-MM-dd", " ".join(map(need, starts[:5])), held=held)
    empty = [period["start"] for period in answer.json["intervals"] if not known(period["session_count"], 1)]
    kit.expect("cbs.S-9", answer, empty, [], "empty periods")
