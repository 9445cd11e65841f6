"""Statistics of one bot for any query, in the form that the response cache needs."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from mockcbs.services.cbs import statistics
from mockcbs.state import RESETS, State
from mockcbs.traffic.outside import in_seconds, outside
from mockcbs.web.arguments import parse_query
from mockcbs.web.validity import Validity


@dataclass(frozen=True, slots=True)
class Reading:
    """One statistics operation on one bot (a `mockcbs.web.validity.Reading`)."""

    mock: State
    project_id: str
    bot_id: str
    schema: type[Schema]
    operation: statistics.Operation

    def parse(self, raw: str) -> statistics.Query | None:
        """Check the parameters in *raw*; `None` if one is wrong, or if the response needs a remark."""
        query = parse_query(raw, self.schema)
        if query is None or self.remarks(query, self.mock.clock_of(self.project_id).now()):
            return None
        return query

    def remarks(self, query: statistics.Query, now: int) -> list[str]:
        """Remarks on the response at *now* (ms UTC): times given in seconds, a range without traffic."""
        start, end = query["start_time"], query["end_time"]
        found = [in_seconds("start_time", start), in_seconds("end_time", end)]
        if not any(found):
            span = start or 0, now if end is None else end
            found = [outside(self.mock.log, self.bot_id, self.project_id, span, now)]
        return [remark for remark in found if remark]

    def answer(self, query: statistics.Query, now: int) -> tuple[dict[str, Any], Validity]:
        """The response body at *now* (ms UTC) and its validity; raises `mockcbs.core.errors.ApiError`."""
        default_start = self.mock.default_start
        span = statistics.resolve(query, now, default_start)
        watched = self.mock.changes.watch(RESETS, (self.project_id, self.bot_id))
        bot = self.mock.log.bot(self.bot_id, now, self.project_id)
        until, fresh = bot.true_until, {}
        if query["end_time"] is None:
            until = min(until, statistics.next_start(query, now, default_start))
            fresh[f'"endutc":{now}'] = lambda at, _: f'"endutc":{at}'
        return self.operation(bot, span, query), Validity(now, watched, until, fresh)
