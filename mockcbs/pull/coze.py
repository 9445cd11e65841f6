"""Usage statistics of Coze bots and workflows: metrics by day or hour, and raw events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, timezone, tzinfo
from typing import Any, Literal

from mockcbs.pull import days as calendar
from mockcbs.pull.client import Body, Client
from mockcbs.pull.errors import PullError
from mockcbs.pull.tables import Column, Row, Table, columns

Granularity = Literal["day", "hour"]

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time zone of Coze's days; it has no daylight saving time."""

MAX_PAGE_SIZE = 100
_MAX_READINGS = 5
"""The maximum number of readings of a day whose pages shift while they are read."""
_MAX_PAGES = 1_000_000

_FIGURES = (
    *columns("integer", "timestamp total_messages total_calls unique_users total_sessions"),
    *columns("number", "success_rate error_rate avg_response_time_ms"),
)


@dataclass(frozen=True)
class Kind:
    """Bots or workflows, and their tables."""

    path: str
    """The part of the path before an id."""
    member: str
    """The member of responses that contains the id."""
    metrics: Mapping[Granularity, Table]
    events: Table


def _kind(path: str, member: str, prefix: str, executions: tuple[Column, ...]) -> Kind:
    """A kind whose tables have names with *prefix*; *executions* are the columns with ids of executions."""
    keys = (*columns("text", member), *columns("date", "date"))
    events = (
        *columns("text", f"event_id event_type {member} session_id"),
        *executions,
        *columns("text", "user_id connector_id"),
        *columns("integer", "trigger_time timestamp"),
        *columns("text", "status"),
        *columns("text", "role message_id", optional=True),
        *columns("integer", "duration_ms error_code", optional=True),
        *columns("text", "error_message", optional=True),
    )
    return Kind(
        path,
        member,
        {
            "day": Table(f"{prefix}metrics-day", (*keys, *_FIGURES), 180),
            "hour": Table(f"{prefix}metrics-hour", (*keys, *columns("integer", "hour"), *_FIGURES), 31),
        },
        Table(f"{prefix}events", events),
    )


BOTS = _kind("bots", "bot_id", "", columns("text", "chat_id"))
WORKFLOWS = _kind(
    "workflows", "workflow_id", "workflow-", columns("text", "chat_id execute_id", optional=True)
)
"""Runs of workflows have an ``execute_id``, those of chatflows a ``chat_id``."""


def published_bots(client: Client, space: str) -> list[str]:
    """The ids of the published bots of a workspace. Raises `PullError`."""
    found: dict[str, None] = {}
    for page in range(1, _MAX_PAGES):
        page_of = {"page_num": page, "page_size": MAX_PAGE_SIZE}
        data = _data(client.get("/v1/bots", {"workspace_id": space, **page_of}))
        items = _items(data, "items")
        found |= dict.fromkeys(str(item.get("id")) for item in items)
        if not items or not _has_more(data, page * MAX_PAGE_SIZE):
            break
    return list(found)


class Coze:
    """Reads the analytics calls of Coze."""

    def __init__(
        self,
        client: Client,
        table: Table,
        filters: Mapping[str, str],
        page_size: int = MAX_PAGE_SIZE,
        *,
        kind: Kind = BOTS,
    ) -> None:
        """*table* is a table of *kind*; *filters* are sent with every call."""
        self.tables: tuple[Table, ...] = (table,)
        self._kind = kind
        self._client, self._filters, self._page_size = client, filters, page_size
        self.zone: tzinfo = ZONE

    def rows(self, table: Table, bot: str, days: Sequence[date]) -> dict[date, list[Row]]:
        """The rows of consecutive *days*, by day.

        Raises `PullError` if a figure is missing: a gap is not a zero.
        """
        if table is self._kind.events:
            return {day: self._events(bot, day) for day in days}
        return self._metrics(table, bot, days)

    def _path(self, bot: str) -> str:
        return f"/v1/{self._kind.path}/{bot}/analytics"

    def _metrics(self, table: Table, bot: str, days: Sequence[date]) -> dict[date, list[Row]]:
        granularity = "hour" if table is self._kind.metrics["hour"] else "day"
        path, member = self._path(bot), self._kind.member
        data = _data(self._client.get(path, {**self._range(days[0], days[-1]), "granularity": granularity}))
        _check_same(data.get(member), bot, f"{path}: {member}")
        found: dict[date, list[Row]] = {day: [] for day in days}
        hours: dict[date, list[Any]] = {day: [] for day in days}
        for number, item in enumerate(_items(data, "metrics")):
            where = f"{path}: metrics[{number}]"
            day = _date(item.get("date"), where)
            if day not in found:
                raise PullError(f"{where} is of {day}, outside {days[0]} to {days[-1]}")
            found[day].append(table.row({**item, "date": day, member: bot}, where))
            hours[day].append(item.get("hour"))
        for day in days:
            _check_complete(path, day, hours[day], list(range(24)) if granularity == "hour" else [None])
        return found

    def _events(self, bot: str, day: date) -> list[Row]:
        """All events of a day, in the order of the service.

        New questions move events to other pages; the day is then read again.
        """
        path, member, table = f"{self._path(bot)}/logs", self._kind.member, self._kind.events
        for _ in range(_MAX_READINGS):
            total, items = self._reading(path, day)
            for item in items:
                _check_same(item.get(member), bot, f"{path}: {member}")
            rows = [table.row(item, f"{path}: items[{number}]") for number, item in enumerate(items)]
            found = {row[0]: row for row in rows}
            if len(found) == total:
                return list(found.values())
        raise PullError(f"{path}: the events of {day} changed during each of {_MAX_READINGS} readings")

    def _reading(self, path: str, day: date) -> tuple[int, list[Body]]:
        """The number of events that the last page states, and the events of all pages."""
        read: list[Body] = []
        total: Any = 0
        for page in range(1, _MAX_PAGES):
            parameters = {**self._range(day, day), "page_num": page, "page_size": self._page_size}
            data = _data(self._client.get(path, parameters))
            items, total = _items(data, "items"), data.get("total")
            if not isinstance(total, int):
                raise PullError(f"{path}: data.total is {total!r}, not an integer")
            read += items
            if not items or not _has_more(data, page * self._page_size):
                break
        return total, read

    def _range(self, first: date, last: date) -> dict[str, str | int]:
        return {"start_date": str(first), "end_date": str(last), **self._filters}


def _check_complete(path: str, day: date, hours: list[Any], expected: list[Any]) -> None:
    """Raise `PullError` unless there is a row for the day, or for each hour.

    Today only needs rows for the hours that have begun.
    """
    if day >= calendar.today(ZONE):
        expected = expected[: len(hours)] if hours else expected[:1]
    if hours != expected:
        raise PullError(f"{path}: the rows of {day} are not complete ({len(hours)} of {len(expected)})")


def _data(body: Body) -> Body:
    data = body.get("data")
    if not isinstance(data, dict):
        raise PullError(f"the response has no object data, but {data!r}")
    return data


def _items(data: Body, name: str) -> list[Body]:
    items = data.get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise PullError(f"data.{name} is not a list of objects")
    return items


def _has_more(data: Body, seen: int) -> bool:
    """Whether more pages follow; *seen* is the number of items that the pages so far could contain."""
    if "has_more" in data:
        return bool(data["has_more"])
    return not isinstance(data.get("total"), int) or data["total"] > seen


def _check_same(value: Any, expected: str, what: str) -> None:
    """Raise `PullError` if the response does not belong to the request, for example because of a proxy."""
    if value != expected:
        raise PullError(f"{what} of the response is {value!r}, not {expected!r}")


def _date(text: Any, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise PullError(f"{where}: date is {text!r}, not a date such as 2026-02-28") from None
