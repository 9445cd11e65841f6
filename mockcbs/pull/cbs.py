"""Statistics of CBS bots: the four operations, one call a day."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any

from mockcbs.pull.client import Body, Client
from mockcbs.pull.days import ONE_DAY, epoch_ms, midnight
from mockcbs.pull.errors import PullError
from mockcbs.pull.tables import Row, Table, columns

_KEYS = (*columns("text", "bot_id"), *columns("date", "date"))

SESSION_STATS = Table(
    "session-stats",
    (
        *_KEYS,
        *columns("integer", "session_count user_count"),
        *columns("number", "avg_request_count avg_session_time"),
    ),
)
REPLY_RATES = Table(
    "reply-rates",
    (
        *_KEYS,
        *columns("integer", "question_count direct_count recommend_count notmatch_count"),
        *columns("integer", "chat_count invalid_count dialog_count"),
        *columns("number", "direct_rate recommend_rate notmatch_rate dialog_rate chat_rate invalid_rate"),
    ),
)
HOT_QUESTIONS = Table(
    "hot-questions",
    (*_KEYS, *columns("integer", "rank"), *columns("text", "qa_pair_id st_question domain")),
)
KEYWORDS = Table(
    "keywords",
    (*_KEYS, *columns("integer", "rank"), *columns("text", "keyword"), *columns("integer", "freq")),
)

OPERATIONS = {table.kind: table for table in (SESSION_STATS, REPLY_RATES, HOT_QUESTIONS, KEYWORDS)}

_TOTALS = {"session-stats": "requests/session-stats", "reply-rates": "requests/reply-rates"}
_LISTS = {
    "hot-questions": ("qa-pairs/hots", "questions", 20),
    "keywords": ("requests/keywords", "keywords", 50),
}
"""Path, the member that holds the list, and the highest ``top`` that the service accepts."""


class Cbs:
    """Reads the statistics of CBS."""

    def __init__(self, client: Client, project: str, tables: Sequence[Table], zone: tzinfo) -> None:
        """*zone* says when days begin and end."""
        self.tables, self.zone = tuple(tables), zone
        self._client, self._project = client, project

    def rows(self, table: Table, bot: str, days: Sequence[date]) -> dict[date, list[Row]]:
        """The rows of *days*, by day."""
        return {day: self._day(table, bot, day) for day in days}

    def _day(self, table: Table, bot: str, day: date) -> list[Row]:
        begin, end = midnight(day, self.zone), midnight(day + ONE_DAY, self.zone)
        within = {"start_time": epoch_ms(begin), "end_time": epoch_ms(end) - 1}
        base = f"/v1/{self._project}/qabots/{bot}/"
        keys = {"bot_id": bot, "date": day}
        if table.kind in _TOTALS:
            path = base + _TOTALS[table.kind]
            body = self._client.get(path, {**within, "interval": "day"})
            start, end = within.values()
            if (body.get("startutc", start), body.get("endutc", end)) != (start, end):
                raise PullError(f"{path}: startutc and endutc of the response are not those of {day}")
            total = body.get("total")
            return [table.row({**_object(total, f"{path}: total"), **keys}, f"{path}: total")]
        part, member, top = _LISTS[table.kind]
        path = base + part
        items = self._client.get(path, {**within, "top": top}).get(member)
        if not isinstance(items, list):
            raise PullError(f"{path}: {member} is {items!r}, not a list")
        return [
            table.row({**_object(item, where), **keys, "rank": rank}, where)
            for rank, item in enumerate(items, 1)
            for where in (f"{path}: {member}[{rank - 1}]",)
        ]


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PullError(f"{where} is {value!r}, not an object")
    body: Body = value
    return body
