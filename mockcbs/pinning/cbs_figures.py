"""The figures of published CBS statistics, and the integers that can produce them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mockcbs.core.numbers import rounded
from mockcbs.pinning.reading import LAST_INSTANT, PinError, count, members, scaled, shown
from mockcbs.pinning.shares import Bounds, behind_mean
from mockcbs.traffic import periods
from mockcbs.traffic.turns import OUTCOMES


@dataclass(frozen=True)
class Sessions:
    """The figures of session-stats for one period."""

    count: int
    users: int
    rounds: Bounds
    """The numbers of questions that match the mean."""
    seconds: Bounds
    """The sums of durations that match the mean, in seconds."""


_ANSWER = ("interval", "total", "intervals", "startutc", "endutc", "time_zone")
_SESSIONS = ("session_count", "user_count", "avg_request_count", "avg_session_time")
_QUESTIONS = ("question_count", *(f"{outcome}_{what}" for what in ("count", "rate") for outcome in OUTCOMES))

NO_SESSIONS = Sessions(0, 0, Bounds(0, 0), Bounds(0, 0))


@dataclass(frozen=True)
class Period:
    """The published figures of one period, or of the whole range."""

    name: str
    low: int
    high: int
    """The first and the last time, clipped to the range, ms UTC."""
    sessions: Sessions
    outcomes: tuple[int, ...] | None
    """Numbers of questions by outcome, in the order of `OUTCOMES`; `None` if not published."""

    @property
    def questions(self) -> int | None:
        """The number of questions."""
        return None if self.outcomes is None else sum(self.outcomes)


@dataclass(frozen=True)
class Published:
    """One or two responses for the same range."""

    start: int
    end: int
    zone_offset: int
    total: Period
    periods: tuple[Period, ...]
    has_sessions: bool


def published(answers: Sequence[Any]) -> Published:
    """Read one response of session-stats or of reply-rates, or one of each; raises `PinError`."""
    stats = [answer for answer in answers if "session_count" in _total(answer)]
    rates = [answer for answer in answers if "question_count" in _total(answer)]
    if len(stats) > 1 or len(rates) > 1 or len(stats) + len(rates) != len(answers) or not answers:
        raise PinError("give one response of session-stats, or of reply-rates, or one of each")
    for answer in answers:
        members(answer, "the response", _ANSWER)
    first = answers[0]
    zone_offset, interval = _zone(first), first["interval"]
    if interval not in periods.INTERVALS:
        raise PinError(f"interval {shown(interval)} is not one of {', '.join(periods.INTERVALS)}")
    for other in answers[1:]:
        for member in ("interval", "time_zone", "startutc"):
            if other[member] != first[member] and (member != "time_zone" or _zone(other) != zone_offset):
                here, there = shown(first[member]), shown(other[member])
                raise PinError(f"the two responses differ in {member}: {here} and {there}")
    ends = [count(answer, "endutc", "the response") for answer in answers]
    start, end = count(first, "startutc", "the response"), min(ends)
    if not start <= end or max(ends) > LAST_INSTANT:
        raise PinError(
            f"the range from startutc {start} to endutc {max(ends)} does not fit into a dataset: "
            f"it must not end before it begins or after {LAST_INSTANT}"
        )
    rows_s, rows_r = (_rows(found) for found in (stats, rates))
    spans = {label: _span(label, interval, zone_offset, start, end) for label in sorted({*rows_s, *rows_r})}
    return Published(
        start,
        max(ends),
        zone_offset,
        _period("total", (start, end), _total(*stats), _total(*rates)),
        tuple(
            _period(label, span, rows_s.get(label), rows_r.get(label), counted=bool(rates))
            for label, span in spans.items()
        ),
        bool(stats),
    )


def _total(answer: Any = None) -> Mapping[str, Any]:
    """The figures of the whole range; `None` without *answer*."""
    if answer is None:
        return {}
    total = answer.get("total") if isinstance(answer, dict) else None
    if isinstance(answer, dict) and "error_code" in answer:
        raise PinError(f"an error response ({shown(answer['error_code'])}) has no figures")
    if not isinstance(total, dict):
        raise PinError("not a response of session-stats or reply-rates: no object 'total'")
    return total


def _period(
    name: str,
    span: tuple[int, int],
    stats: Mapping[str, Any] | None,
    rates: Mapping[str, Any] | None,
    *,
    counted: bool = False,
) -> Period:
    """The figures of two rows; if questions were *counted*, a period without a row has no questions."""
    outcomes: tuple[int, ...] | None = (0,) * len(OUTCOMES) if counted else None
    if rates:
        outcomes = _outcomes(rates, name)
    return Period(name, *span, _sessions(stats, name) if stats else NO_SESSIONS, outcomes)


def _sessions(row: Mapping[str, Any], name: str) -> Sessions:
    members(row, name, _SESSIONS)
    sessions, users = count(row, "session_count", name), count(row, "user_count", name)
    if not sessions and name != "total":
        raise PinError(f"{name}: session_count is 0, but a period without sessions has no row")
    rounds = _sums(row, "avg_request_count", name, sessions, 1)
    seconds = _sums(row, "avg_session_time", name, sessions, 1000)
    if sessions and rounds.high < sessions:
        raise PinError(f"{name}: avg_request_count {row['avg_request_count']} is below 1.000, the minimum")
    if users > rounds.high:
        raise PinError(f"{name}: user_count {users} is above {rounds.high}, the number of questions")
    return Sessions(sessions, users, Bounds(max(rounds.low, sessions, users), rounds.high), seconds)


def _sums(row: Mapping[str, Any], member: str, name: str, sessions: int, unit: int) -> Bounds:
    """The sums, in *unit*, whose mean over the sessions rounds to the value of the member."""
    thousandths = scaled(row, member, name, 3)
    if not sessions:
        if thousandths:
            raise PinError(f"{name}: {member} of 0 sessions must be 0.000")
        return Bounds(0, 0)
    bounds = behind_mean(thousandths, sessions, 1000 * unit)
    if not bounds:
        nearest = sorted({max(0, bounds.high), bounds.high + 1})
        near = " and ".join(str(rounded(unit * number, sessions, 3)) for number in nearest)
        what = "whole number of questions" if unit == 1 else "whole number of seconds"
        raise PinError(
            f"{name}: no {what} in {sessions} sessions gives {member} {row[member]}; nearest are {near}"
        )
    return bounds


def _outcomes(row: Mapping[str, Any], name: str) -> tuple[int, ...]:
    members(row, name, _QUESTIONS)
    counts = tuple(count(row, f"{outcome}_count", name) for outcome in OUTCOMES)
    questions = count(row, "question_count", name)
    if sum(counts) != questions:
        raise PinError(f"{name}: the six outcomes add up to {sum(counts)}, not to question_count {questions}")
    if not questions and name != "total":
        raise PinError(f"{name}: question_count is 0, but a period without questions has no row")
    for outcome, number in zip(OUTCOMES, counts, strict=True):
        expected = rounded(number, questions, 3)
        if scaled(row, f"{outcome}_rate", name, 3) != expected * 1000:
            printed = row[f"{outcome}_rate"]
            raise PinError(
                f"{name}: {outcome}_rate {printed} is not {number}/{questions}; that is {expected}"
            )
    return counts


def _rows(answers: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The rows of a response by the first days of their periods."""
    rows = answers[0]["intervals"] if answers else []
    if not isinstance(rows, list):
        raise PinError("intervals is not a list of periods")
    labels = [_label(row, f"intervals[{place}]") for place, row in enumerate(rows)]
    for earlier, later in pairwise(labels):
        if earlier >= later:
            wrong = "occurs twice" if earlier == later else f"is after {earlier}"
            raise PinError(
                f"intervals: start {later} {wrong}; periods must be in order of time, without duplicates"
            )
    return {
        label: {name: value for name, value in row.items() if name != "start"}
        for label, row in zip(labels, rows, strict=True)
    }


def _label(row: Any, place: str) -> str:
    text = row.get("start") if isinstance(row, dict) else None
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise PinError(f"{place}: start {shown(text)} is not a date such as 2021-02-14")
    return text


def _span(label: str, interval: str, zone_offset: int, start: int, end: int) -> tuple[int, int]:
    """The first and the last time of a period, clipped to the range."""
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
        raise PinError(f"the {interval} of {label} is outside the range")
    return low, high


def _zone(answer: Mapping[str, Any]) -> int:
    try:
        return periods.offset(str(answer.get("time_zone")))
    except ValueError as error:
        raise PinError(f"time_zone {error}") from None


def adjacent(rows: Sequence[Period]) -> list[bool]:
    """For each period except the last, whether the next period begins at its end."""
    return [one.high + 1 == other.low for one, other in pairwise(rows)]
