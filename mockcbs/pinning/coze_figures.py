"""The figures of a published analytics response, row by row (contract 1.4.3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mockcbs.core.numbers import rounded
from mockcbs.pinning.reading import LAST_INSTANT, MAX_TURNS, PinError, count, members, scaled, shown, span
from mockcbs.pinning.shares import Bounds, behind_mean
from mockcbs.services.coze.analytics import OFFSET, TIME_ZONE, WIDTHS, label
from mockcbs.services.coze.schemas.analytics import EARLIEST_DAY, LONGEST_RANGE
from mockcbs.traffic.periods import DAY

_DATA = ("start_date", "end_date", "granularity", "timezone", "metrics", "summary")
_ECHOED = _DATA[:3]
_FIGURES = (
    "total_messages",
    "total_calls",
    "unique_users",
    "total_sessions",
    "success_rate",
    "error_rate",
    "avg_response_time_ms",
)
MAX_ANSWER = 86_400_000
"""The maximum of ``latency_ms`` in a dataset."""

ONE = 10_000
"""A rate of 1.0, in units of its last digit."""


@dataclass(frozen=True)
class Row:
    """The figures of one period, or of the whole range."""

    place: str
    messages: int
    calls: int
    users: int
    sessions: int
    success: int
    """The success rate, in ten-thousandths."""
    mean: int
    """The mean response time, in hundredths of a ms."""
    nothing_ended: bool
    """Whether the mean is printed as 0 instead of 0.0, which means that no execution has ended."""
    low: int
    high: int
    """The first and the last time, ms UTC."""

    def times(self, finished: int) -> Bounds:
        """The possible sums of the response times of *count* executions, in ms."""
        if not finished:
            return Bounds(0, -1 if self.mean else 0)
        sums = behind_mean(self.mean, finished, 100)
        return Bounds(sums.low, min(sums.high, finished * MAX_ANSWER))

    @property
    def answered(self) -> int:
        """The number of executions that a bot completed; each has an answer besides the question."""
        return self.messages - self.calls


@dataclass(frozen=True)
class Published:
    """One published response."""

    echoed: Mapping[str, str]
    """The request parameters that the response repeats: bot, range and granularity."""
    now: int
    """A possible time of the response, ms UTC: the last period has begun, the next has not."""
    rows: tuple[Row, ...]
    total: Row
    of_workflow: bool
    """Whether the figures belong to a workflow, according to the name of the id member."""
    silent: bool
    """Whether executions have no messages, as executions of plain workflows."""


def published(answer: Any) -> Published:
    """Read a response, with or without its envelope; raises `PinError`."""
    content = _data(answer)
    owner = "workflow_id" if isinstance(content, dict) and "workflow_id" in content else "bot_id"
    data = members(content, "data", (owner, *_DATA))
    owner_id = data[owner]
    if not isinstance(owner_id, str) or not re.fullmatch("[0-9]{16,20}", owner_id):
        raise PinError(f"data: {owner} {shown(owner_id)} is not text of 16 to 20 digits")
    if data["timezone"] != TIME_ZONE:
        raise PinError(f"data: timezone {shown(data['timezone'])} is not {TIME_ZONE!r}")
    starts, low, width = _buckets(data)
    rows = data["metrics"]
    if not isinstance(rows, list):
        raise PinError("data: metrics is not a list of rows")
    if len(rows) > len(starts):
        raise PinError(f"metrics has {len(rows)} rows, but its dates have {len(starts)} buckets")
    found = tuple(
        _labelled(row, f"metrics[{number}]", start, data["granularity"], width)
        for number, (row, start) in enumerate(zip(rows, starts, strict=False))
    )
    now = low + len(found) * width - 1
    total = _row(members(data["summary"], "summary", _FIGURES), "summary", Bounds(low, max(low, now)))
    silent = total.calls > 0 and not any(row.messages for row in found)
    if total.calls > MAX_TURNS:
        raise PinError(f"{total.calls} calls are too many for a dataset file; the limit is {MAX_TURNS}")
    for row in (*found, total):
        _check_messages(row, silent=silent)
    echoed = {"id": owner_id, **{name: data[name] for name in _ECHOED}}
    return Published(echoed, now, found, total, owner == "workflow_id", silent)


def _data(answer: Any) -> Any:
    """The data of a response; raises `PinError` for error responses."""
    if not isinstance(answer, dict) or "metrics" in answer:
        return answer
    if code := answer.get("code"):
        raise PinError(f"an error response (code {shown(code)}: {shown(answer.get('msg'))}) has no figures")
    if "data" not in answer:
        raise PinError("not a response of Coze analytics: no object 'data'")
    return answer["data"]


def _buckets(data: Mapping[str, Any]) -> tuple[range, int, int]:
    """The starts of the periods (ms UTC), the start of the first one, and the length of a period (ms)."""
    granularity = data["granularity"]
    if not isinstance(granularity, str) or granularity not in WIDTHS:
        raise PinError(f"data: granularity {shown(granularity)} is not one of {', '.join(WIDTHS)}")
    first, last = (_day(data, member) for member in ("start_date", "end_date"))
    if first < EARLIEST_DAY:
        raise PinError(f"data: start_date {data['start_date']} is before {EARLIEST_DAY}")
    if last < first:
        raise PinError(f"data: end_date {data['end_date']} is before start_date {data['start_date']}")
    days = (last - first).days + 1
    if days > LONGEST_RANGE[granularity]:
        raise PinError(
            f"data: {days} days are more than {LONGEST_RANGE[granularity]}, the maximum by {granularity}"
        )
    low = (first - date(1970, 1, 1)).days * DAY - OFFSET
    high = low + days * DAY
    if high > LAST_INSTANT:
        raise PinError(f"data: end_date {data['end_date']} is after 2099")
    return range(low, high, WIDTHS[granularity]), low, WIDTHS[granularity]


def _day(data: Mapping[str, Any], member: str) -> date:
    text = data[member]
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if day is None or str(day) != text:
        raise PinError(f"data: {member} {shown(text)} is not a date such as 2025-12-15")
    return day


def _labelled(row: Any, place: str, start: int, granularity: str, width: int) -> Row:
    expected = label(start, granularity)
    members(row, place, (*expected, *_FIGURES))
    for member, value in expected.items():
        if type(row[member]) is not type(value) or row[member] != value:
            raise PinError(
                f"{place}: {member} is {shown(row[member])}, but buckets must be complete and in order, "
                f"so {shown(value)} is expected here"
            )
    return _row(row, place, Bounds(start, start + width - 1))


def _row(row: Mapping[str, Any], place: str, width: Bounds) -> Row:
    messages, calls, users, sessions = (count(row, member, place) for member in _FIGURES[:4])
    success, error = (scaled(row, member, place, 4) for member in ("success_rate", "error_rate"))
    if success > ONE:
        raise PinError(f"{place}: success_rate {row['success_rate']} is above 1.0, the maximum")
    if success + error != ONE:
        expected = float(rounded(ONE - success, ONE, 4))
        raise PinError(f"{place}: error_rate {row['error_rate']} is not 1 - success_rate; that is {expected}")
    mean = scaled(row, "avg_response_time_ms", place, 2)
    if mean > 100 * MAX_ANSWER:
        raise PinError(
            f"{place}: avg_response_time_ms {row['avg_response_time_ms']} is above {MAX_ANSWER}.0, "
            "a day, the maximum in a dataset"
        )
    for member, value, least in (("unique_users", users, 0), ("total_sessions", sessions, min(calls, 1))):
        if not least <= value <= calls:
            raise PinError(
                f"{place}: {member} {value} is impossible with {calls} calls; {span(least, calls)}"
            )
    plain = type(row["avg_response_time_ms"]) is int and not mean
    return Row(place, messages, calls, users, sessions, success, mean, plain, width.low, width.high)


def _check_messages(row: Row, *, silent: bool) -> None:
    """Check total_messages: one question per execution, one answer per completed one; 0 for a workflow."""
    if not silent and not row.calls <= row.messages <= 2 * row.calls:
        raise PinError(
            f"{row.place}: total_messages {row.messages} is impossible with {row.calls} calls, each of which "
            f"has a question and, if completed, an answer; {span(row.calls, 2 * row.calls)}"
        )
    if silent and row.messages:
        raise PinError(f"{row.place}: total_messages {row.messages}, but no row has messages; 0 is possible")
