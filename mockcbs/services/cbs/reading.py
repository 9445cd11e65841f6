"""A statistics operation as it is asked of one bot, with whatever query."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from mockcbs.services.cbs import statistics
from mockcbs.state import RESETS, State
from mockcbs.traffic.log import BotLog
from mockcbs.web.arguments import plain
from mockcbs.web.validity import Validity

Operation = Callable[[BotLog, statistics.Range, statistics.Query], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A `mockcbs.web.validity.Reading`."""

    mock: State
    project_id: str
    bot_id: str
    schema: type[Schema]
    operation: Operation

    def parse(self, raw: str) -> statistics.Query | None:
        """What the query *raw* asks; `None` if there is anything to be said of it but the answer."""
        return plain(raw, self.schema)

    def answer(self, query: statistics.Query, now: int) -> tuple[dict[str, Any], Validity]:
        """The answer *now* (ms UTC), and how long it stays true; raises `mockcbs.core.errors.ApiError`."""
        default_start = self.mock.default_start
        asked = statistics.resolve(query, now, default_start)
        watched = self.mock.changes.watch(RESETS, (self.project_id, self.bot_id))
        bot = self.mock.log.bot(self.bot_id, now, self.project_id)
        until, fresh = bot.true_until, {}
        if query["end_time"] is None:
            until = min(until, statistics.next_start(query, now, default_start))
            fresh[f'"endutc":{now}'] = lambda at, _: f'"endutc":{at}'
        return self.operation(bot, asked, query), Validity(now, watched, until, fresh)
