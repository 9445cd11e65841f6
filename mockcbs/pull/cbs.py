"""Statistics of CBS bots: four operations, each with one call per day."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo

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
"""The path, the member with the list, and the maximum of ``top`` that the service accepts."""


class Cbs:
    """Reads the statistics of CBS."""

    def __init__(self, client: Client, project: str, tables: Sequence[Table], zone: tzinfo) -> None:
        """*zone* is the time zone of the days."""
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
            where, values = (
                f"{base}{_TOTALS[table.kind]}: total",
                self._total(base + _TOTALS[table.kind], within),
            )
            return [table.row({**values, **keys}, where)]
        part, member, top = _LISTS[table.kind]
        items = self._list(base + part, {**within, "top": top}, member)
        return [
            table.row({**item, **keys, "rank": rank}, f"{base}{part}: {member}[{rank - 1}]")
            for rank, item in enumerate(items, 1)
        ]

    def _total(self, path: str, within: Mapping[str, int]) -> Body:
        """The figures of the whole range, which do not depend on the interval."""
        body = self._client.get(path, {**within, "interval": "day"})
        for name, expected in zip(("startutc", "endutc"), within.values(), strict=True):
            if body.get(name, expected) != expected:
                raise PullError(f"{path}: {name} of the response is {body[name]!r}, not {expected}")
        total = body.get("total")
        if not isinstance(total, dict):
            raise PullError(f"{path}: total is {total!r}, not an object")
        return total

    def _list(self, path: str, parameters: Mapping[str, int], member: str) -> list[Body]:
        items = self._client.get(path, parameters).get(member)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise PullError(f"{path}: {member} is not a list of objects")
        return items
