"""A client of CBS statistics that checks the shape of every response."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from mockcbs.contract.cbs_shapes import check_shape
from mockcbs.contract.client import Client
from mockcbs.contract.kit import Kit, made_up, not_reached
from mockcbs.contract.lacking import Lacking, known, need
from mockcbs.contract.targets import Answer, query
from mockcbs.core.clock import instant
from mockcbs.traffic.periods import DAY, HOUR, MINUTE

TAILS = {
    "session-stats": "requests/session-stats",
    "reply-rates": "requests/reply-rates",
    "hots": "qa-pairs/hots",
    "keywords": "requests/keywords",
}
INTERVALS = ("day", "week", "month", "year")
ZONES = ("+08:00", "UTC", "-05:00")
INTERVALS_AND_ZONES = tuple(product(INTERVALS, ZONES))

_MAX_DAYS = 45
_MAX_TIE_DAYS = 8


def first_day(day: date, interval: str) -> date:
    """The first day of the period that contains *day*."""
    if interval == "week":
        return day - timedelta(days=day.weekday())
    if interval == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if interval == "year" else day


@dataclass(frozen=True)
class Span:
    """A range of time with inclusive ends, ms UTC."""

    start: int
    end: int

    @property
    def query(self) -> dict[str, int]:
        """The range as query parameters."""
        return {"start_time": self.start, "end_time": self.end}


class Cbs(Client):
    """The statistics operations on one bot."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._answers: dict[tuple[str, str], Answer] = {}

    def get(self, operation: str, query_text: str = "", *, bare: bool = False, **options: Any) -> Answer:
        """Call one operation; *query_text* must be encoded already.

        session-stats requires an interval, so ``interval=day`` is added unless *bare*.
        """
        method = options.pop("method", "GET")
        if operation == "session-stats" and not bare and "interval=" not in query_text:
            query_text = "&".join(filter(None, (query_text, "interval=day")))
        return self.kit.call("cbs", method, self.path(TAILS.get(operation, operation)), query_text, **options)

    def path(self, tail: str, qabot_id: str = "") -> str:
        """The path of an operation."""
        return f"/v1/{self.kit.project_id}/qabots/{qabot_id or self.kit.qabot_id}/{tail}"

    def read(self, operation: str, *, fresh: bool = False, **parameters: Any) -> Any:
        """The content of a successful response; a range with an end is read only once unless *fresh*."""
        return self.answer(operation, fresh=fresh, **parameters).json

    def answer(self, operation: str, *, fresh: bool = False, **parameters: Any) -> Answer:
        """The response to valid parameters, after a check of its shape."""
        text = query(**parameters)
        if "end_time" in parameters and not fresh and (operation, text) in self._answers:
            return self._answers[operation, text]
        answer = self.get(operation, text)
        check_shape(self.kit, operation, answer)
        self._answers[operation, text] = answer
        if operation in {"session-stats", "reply-rates"} and "end_time" not in parameters:
            ends: list[Answer] = self.kit.memory.setdefault("ends", [])
            ends.append(answer)
        return answer

    @cached_property
    def trusting(self) -> bool:
        """Whether the target accepts invented tokens, as a mock without ``--strict`` does."""
        headers = {"X-Auth-Token": made_up()}
        answer = self.get("session-stats", query(start_time=0, end_time=1), headers=headers, auth=False)
        return answer.status == 200

    # The data of the bot

    @cached_property
    def span(self) -> Span:
        """A range of up to 45 past days with data."""
        answer = self.answer("session-stats", interval="day", time_zone="UTC")
        now = known(answer.json["endutc"], self.kit.present(answer))
        days = self._busy_days(answer)
        if not days:
            not_reached("the bot has no traffic")
        start = max(0, instant(days[-_MAX_DAYS:][0]) - 5 * HOUR - 25 * MINUTE + 1)
        quiet = Span(start, max(start, now - HOUR))
        return quiet if known(self._count(quiet.start, quiet.end), 1) else Span(start, now)

    def _busy_days(self, sessions: Answer) -> list[str]:
        """The days with traffic: those with sessions, or else those with questions."""
        for answer in (sessions, None):
            content = answer.json if answer else self.read("reply-rates", interval="day", time_zone="UTC")
            periods = known(content["intervals"], [None])
            days = [period["start"] for period in periods if isinstance(period and period["start"], str)]
            if days or periods == []:
                return days
        day = datetime.fromtimestamp(self.kit.present(sessions) / 1000, UTC).date()
        return [f"{day - timedelta(_MAX_DAYS - 1)}"]

    def stats(self, **parameters: Any) -> Answer:
        """The response of session-stats for the span."""
        return self.answer("session-stats", **{**self.span.query, **parameters})

    def rates(self, **parameters: Any) -> Answer:
        """The response of reply-rates for the span."""
        return self.answer("reply-rates", **{**self.span.query, **parameters})

    def sessions(self, start: int, end: int) -> int:
        """The number of sessions that begin in a range."""
        if start > end:
            return 0
        count: int = self._count(start, end)
        return count

    def _count(self, start: int, end: int) -> Any:
        content = self.read("session-stats", start_time=start, end_time=end, interval="day", time_zone="UTC")
        return total_of(content, "session_count")

    def questions(self, start: int, end: int) -> int:
        """The number of questions in a range."""
        if start > end:
            return 0
        content = self.read("reply-rates", start_time=start, end_time=end, interval="day", time_zone="UTC")
        count: int = total_of(content, "question_count")
        return count

    def ranges_of_16(
        self, read: Callable[..., Answer], count: Callable[[int, int], int], member: str
    ) -> Iterator[Answer]:
        """The responses for the first 16 sessions or questions (*member*) of some busy days.

        A quotient of 16 can lie midway between two thousandths, which shows how the target rounds.
        """
        days = read(interval="day", time_zone="UTC").json["intervals"]
        for day in [day for day in days if day[member] >= 20][:_MAX_TIE_DAYS]:
            low = max(self.span.start, instant(need(day["start"])))
            high = min(self.span.end, low + DAY - 1)
            end = earliest(lambda at, low=low: count(low, at) >= 16, low, high)
            yield read(start_time=low, end_time=end, interval="day", time_zone="UTC")

    @cached_property
    def instants(self) -> list[int]:
        """Some start times of sessions, ms UTC."""
        days = self._busy_midnights()
        found = []
        for place in sorted({0, len(days) // 2, len(days) - 1}):
            low = max(self.span.start, days[place])
            high = min(self.span.end, days[place] + DAY - 1)
            if self.sessions(low, high):
                found.append(earliest(lambda end, low=low: self.sessions(low, end) >= 1, low, high))
        return found or not_reached("no session could be found")

    def _busy_midnights(self) -> list[int]:
        """The starts (ms UTC) of the days with sessions, or of all days if the target does not name them."""
        periods = known(self.stats(interval="day", time_zone="UTC").json["intervals"], [None])
        days = [period["start"] for period in periods if isinstance(period and period["start"], str)]
        return [instant(day) for day in days] or list(
            range(self.span.start // DAY * DAY, self.span.end + 1, DAY)
        )

    def next_sessions(self, at: int, most: int) -> Iterator[int]:
        """Up to *most* start times of sessions in the four hours after *at*, ms UTC."""
        high = min(self.span.end, at + 4 * HOUR)
        for _ in range(most):
            low = at + 1
            if low > high or not self.sessions(low, high):
                return
            at = earliest(lambda end, low=low: self.sessions(low, end) >= 1, low, high)
            yield at


def total_of(content: Any, member: str) -> Any:
    """A count for the whole range: from the total, or summed over the periods if the total has none."""
    total = content["total"][member]
    if not isinstance(total, Lacking):
        return total
    periods = content["intervals"]
    return total if isinstance(periods, Lacking) else sum(period[member] for period in periods)


def range_of(content: Any) -> Any:
    """The figures for the whole range: the total, or the only period if the total is missing."""
    total, periods = content["total"], known(content["intervals"], [])
    return periods[0] if isinstance(total, Lacking) and len(periods) == 1 else total


def earliest(reached: Any, low: int, high: int) -> int:
    """The first time from *low* to *high* (ms) at which *reached* is true, found by bisection."""
    first, last = low // 1000, -(-high // 1000)
    while first < last:
        middle = (first + last) // 2
        first, last = (first, middle) if reached(min(high, max(low, middle * 1000))) else (middle + 1, last)
    whole = min(high, max(low, last * 1000))
    if whole == low or not reached(whole - 1):
        return whole
    first, last = max(low, whole - 1000), whole - 1
    while first < last:
        middle = (first + last) // 2
        first, last = (first, middle) if reached(middle) else (middle + 1, last)
    return last


def numerators(mean: Decimal, count: int, step: int = 1) -> list[int]:
    """The multiples of *step* that, divided by *count*, round to *mean* under some rule for ties."""
    half, mean, count = Decimal("0.0005"), need(mean), need(count)
    low = ((mean - half) * count / step).to_integral_value(ROUND_CEILING)
    high = ((mean + half) * count / step).to_integral_value(ROUND_FLOOR)
    return [step * number for number in range(int(low), min(int(high), int(low) + 20_000) + 1)]


def tie(numerator: int, denominator: int) -> Fraction | None:
    """The upper thousandth if the quotient lies midway between two; else `None`."""
    doubled = Fraction(2000 * numerator, denominator)
    if doubled.denominator != 1 or doubled.numerator % 2 == 0:
        return None
    return Fraction(doubled.numerator + 1, 2000)
