"""The figures of published statistics answers, and the whole numbers that can stand behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

import numpy as np

from mockcbs.errors import UserError
from mockcbs.traffic import periods
from mockcbs.traffic.turns import OUTCOMES
from mockcbs.wire import rounded

_LAST_INSTANT = 4_102_444_799_999
"""The end of 2099, ms UTC: datasets go no further."""


class PinError(UserError):
    """Figures that no traffic can produce; the message says why, and what comes nearest."""


@dataclass(frozen=True)
class Bounds:
    """Whole numbers from *low* to *high*."""

    low: int
    high: int

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.low <= self.high


@dataclass(frozen=True)
class Sessions:
    """Figures of session-stats."""

    count: int
    users: int
    rounds: Bounds
    """The questions that the mean may stand for."""
    seconds: Bounds
    """The summed duration that the mean may stand for, in seconds."""


NO_SESSIONS = Sessions(0, 0, Bounds(0, 0), Bounds(0, 0))


@dataclass(frozen=True)
class Period:
    """What is published of one period, or of the whole range."""

    name: str
    low: int
    high: int
    """First and last instant, clipped to the range, ms UTC."""
    sessions: Sessions
    outcomes: tuple[int, ...] | None
    """How many questions ended each way, in the order of `OUTCOMES`; `None` if not published."""

    @property
    def questions(self) -> int | None:
        """How many questions were asked."""
        return None if self.outcomes is None else sum(self.outcomes)


@dataclass(frozen=True)
class Published:
    """One or two answers about the same range."""

    start: int
    end: int
    zone_offset: int
    total: Period
    periods: tuple[Period, ...]
    has_sessions: bool


def published(answers: Sequence[Mapping[str, Any]]) -> Published:
    """Read one answer of session-stats or of reply-rates, or one of each; raises `PinError`."""
    stats = [answer for answer in answers if "session_count" in _object(answer, "total")]
    rates = [answer for answer in answers if "question_count" in _object(answer, "total")]
    if len(stats) > 1 or len(rates) > 1 or len(stats) + len(rates) != len(answers) or not answers:
        raise PinError("give one answer of session-stats, or of reply-rates, or one of each")
    first = answers[0]
    zone_offset, interval = _zone(first), str(first.get("interval"))
    if interval not in periods.INTERVALS:
        raise PinError(f"interval {interval!r} is not one of {', '.join(periods.INTERVALS)}")
    for other in answers[1:]:
        if (other.get("interval"), other.get("startutc"), _zone(other)) != (
            interval,
            first.get("startutc"),
            zone_offset,
        ):
            raise PinError("the two answers differ in interval, time_zone or startutc")
    ends = [_count(answer, "endutc", "") for answer in answers]
    start, end = _count(first, "startutc", ""), min(ends)
    if not start <= end <= _LAST_INSTANT:
        raise PinError(f"the range from {start} to {end} is none that a dataset can hold")
    whole = [_object(found[0], "total") if found else None for found in (stats, rates)]
    rows_s, rows_r = (_rows(found) for found in (stats, rates))
    spans = {label: _span(label, interval, zone_offset, start, end) for label in sorted({*rows_s, *rows_r})}
    return Published(
        start,
        max(ends),
        zone_offset,
        _period("total", (start, end), whole[0], whole[1]),
        tuple(
            _period(label, span, rows_s.get(label), rows_r.get(label), counted=bool(rates))
            for label, span in spans.items()
        ),
        bool(stats),
    )


def _period(
    name: str,
    span: tuple[int, int],
    stats: Mapping[str, Any] | None,
    rates: Mapping[str, Any] | None,
    *,
    counted: bool = False,
) -> Period:
    """What two rows say; if questions were *counted*, a period without a row has none."""
    outcomes: tuple[int, ...] | None = (0,) * len(OUTCOMES) if counted else None
    if rates is not None:
        outcomes = _outcomes(rates, name)
    return Period(name, *span, NO_SESSIONS if stats is None else _sessions(stats, name), outcomes)


def _sessions(row: Mapping[str, Any], name: str) -> Sessions:
    count, users = _count(row, "session_count", name), _count(row, "user_count", name)
    rounds = _means(row, "avg_request_count", name, count, 1)
    seconds = _means(row, "avg_session_time", name, count, 1000)
    if count and rounds.high < count:
        raise PinError(
            f"{name}: avg_request_count {row['avg_request_count']} is below 1.000, the least possible"
        )
    if users > rounds.high:
        raise PinError(f"{name}: user_count {users} is above {rounds.high}, the number of questions")
    return Sessions(count, users, Bounds(max(rounds.low, count), rounds.high), seconds)


def _means(row: Mapping[str, Any], member: str, name: str, count: int, unit: int) -> Bounds:
    """The sums, in *unit*, whose mean over *count* is printed as the member says."""
    thousandths = _thousandths(row, member, name)
    if not count:
        if thousandths:
            raise PinError(f"{name}: {member} of no session can only be 0.000")
        return Bounds(0, 0)
    scale = 2000 * unit
    bounds = Bounds(-(-(2 * thousandths - 1) * count // scale), ((2 * thousandths + 1) * count - 1) // scale)
    if not bounds:
        nearest = sorted({max(0, bounds.high), bounds.high + 1})
        shown = " and ".join(str(rounded(unit * number, count, 3)) for number in nearest)
        what = "whole number of questions" if unit == 1 else "whole number of seconds"
        raise PinError(
            f"{name}: no {what} in {count} sessions gives {member} {row[member]}; nearest are {shown}"
        )
    return Bounds(max(0, bounds.low), bounds.high)


def _outcomes(row: Mapping[str, Any], name: str) -> tuple[int, ...]:
    counts = tuple(_count(row, f"{outcome}_count", name) for outcome in OUTCOMES)
    questions = _count(row, "question_count", name)
    if sum(counts) != questions:
        raise PinError(f"{name}: the six outcomes add up to {sum(counts)}, not to question_count {questions}")
    for outcome, count in zip(OUTCOMES, counts, strict=True):
        expected = rounded(count, questions, 3)
        if Decimal(_thousandths(row, f"{outcome}_rate", name)) != expected * 1000:
            printed = row[f"{outcome}_rate"]
            raise PinError(f"{name}: {outcome}_rate {printed} is not {count}/{questions}; that is {expected}")
    return counts


def _rows(answers: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    rows = answers[0].get("intervals") if answers else []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PinError("intervals is not a list of periods")
    found = {str(row.get("start")): row for row in rows}
    if len(found) != len(rows):
        raise PinError("a period stands twice in intervals")
    return found


def _span(label: str, interval: str, zone_offset: int, start: int, end: int) -> tuple[int, int]:
    """The instants of a period, clipped to the range."""
    try:
        day = int(np.datetime64(label, "D").astype(np.int64))
    except ValueError:
        raise PinError(f"start {label!r} is not a date such as 2021-02-14") from None
    at = day * periods.DAY - zone_offset
    opening, closing = (int(edge) for edge in periods.buckets(interval, zone_offset, at, at)[:2])  # type: ignore[arg-type]
    if opening != day:
        raise PinError(f"start {label} is not the first day of a {interval}")
    low = max(start, opening * periods.DAY - zone_offset)
    high = min(end, closing * periods.DAY - zone_offset - 1)
    if low > high:
        raise PinError(f"the {interval} of {label} lies outside the range")
    return low, high


def _object(answer: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    value = answer.get(member) if isinstance(answer, dict) else None
    if not isinstance(value, dict):
        raise PinError(f"not an answer of session-stats or reply-rates: no object {member!r}")
    return value


def _zone(answer: Mapping[str, Any]) -> int:
    try:
        return periods.offset(str(answer.get("time_zone")))
    except ValueError as error:
        raise PinError(f"time_zone {error}") from None


def _count(row: Mapping[str, Any], member: str, name: str) -> int:
    value = row.get(member)
    if type(value) is not int or value < 0:
        raise PinError(f"{name}: {member} {value!r} is not a whole number".removeprefix(": "))
    return value


def _thousandths(row: Mapping[str, Any], member: str, name: str) -> int:
    value = row.get(member)
    try:
        scaled = Decimal(str(value)) * 1000
    except InvalidOperation:
        scaled = Decimal("NaN")
    if isinstance(value, bool | str) or not scaled.is_finite() or scaled < 0 or scaled % 1:
        raise PinError(f"{name}: {member} {value!r} is not a number with up to three decimals")
    return int(scaled)


def adjacent(rows: Sequence[Period]) -> list[bool]:
    """For each period but the last, whether the next begins where it ends."""
    return [one.high + 1 == other.low for one, other in pairwise(rows)]
