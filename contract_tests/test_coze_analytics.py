"""Usage statistics of a bot: rules that hold for any data."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from itertools import islice, pairwise
from typing import Any

from mockcbs.contract.coze import MAX_DAYS, Coze
from mockcbs.contract.coze_figures import COUNTS, Row, data_of, day_of, figures, is_busy, rows_of
from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.lacking import Lacking, decimal, known, need
from mockcbs.contract.targets import Answer, query

_DAY = timedelta(1)
_NOTHING = {**dict.fromkeys(COUNTS, 0), "success_rate": 1, "error_rate": 0, "avg_response_time_ms": 0}
_HALF_RATE, _HALF_MEAN = Decimal("0.00005"), Decimal("0.005")
_BUSY = 200
"""With this many calls, some users must have returned on another day."""
_MAX_QUOTIENT = 2000
_SLACK = 60
"""The accepted difference between the two clocks, in s."""
_TIES_LOOKED_AT = 3
_EARLY = date(2023, 1, 1)


def days(first: date, last: date) -> list[str]:
    """All days from *first* to *last*, inclusive."""
    return [(first + n * _DAY).isoformat() for n in range((last - first).days + 1)]


def starts_of(first: date, last: date, *, hourly: bool = False) -> list[int]:
    """The start of each bucket of a range in Shanghai time, as a Unix time in s."""
    width = 3600 if hourly else 86_400
    begin = ((first - date(1970, 1, 1)).days * 24 - 8) * 3600
    return list(range(begin, begin + ((last - first).days + 1) * 86_400, width))


def _several(coze: Coze) -> Iterator[Answer]:
    """Responses by day and by hour for several ranges in the past."""
    yield coze.days_of(*coze.past)
    yield coze.days_of(*coze.recent)
    yield coze.days_of(*coze.recent, granularity="hour")


@checks("coze.analytics.figures")
def test_what_the_article_shows(kit: Kit) -> None:
    """Each row has the figures shown in the article, as numbers."""
    coze = Coze.of(kit)
    first, last = coze.today - 7 * _DAY, coze.today - _DAY
    answer = coze.get(f"{coze.bot}/analytics", query(start_date=first, end_date=last, granularity="day"))
    data = coze.succeeded(answer).get("data")
    if not isinstance(data, dict) or not isinstance(data.get("metrics"), list):
        data = coze.good("analytics", answer)  # which states what is wrong
    found = need(data["metrics"])
    names = ("total_messages", "success_rate", "avg_response_time_ms")
    odd = [row for row in found if not all(isinstance(row.get(name), int | Decimal) for name in names)]
    kit.expect("coze.analytics.figures", answer, odd[:1], [], f"rows without the numbers {', '.join(names)}")


@checks("coze.analytics.echo", "coze.analytics.inclusive", "coze.analytics.rows")
def test_rows(kit: Kit) -> None:
    """There is one row for each day of the range, also for days without data."""
    coze = Coze.of(kit)
    first, last = coze.past
    longest = max(last - 179 * _DAY, _EARLY)
    for low, high in ((first, last), (last, last), (_EARLY, _EARLY + 6 * _DAY), (longest, last)):
        answer = coze.days_of(low, high)
        rows, _ = data_of(answer)
        echoed = {name: answer.json["data"][name] for name in ("bot_id", "start_date", "end_date")}
        asked = {"bot_id": kit.coze_bot_id, "start_date": low.isoformat(), "end_date": high.isoformat()}
        kit.expect("coze.analytics.echo", answer, echoed, asked)
        found = [answer.json["data"][name] for name in ("granularity", "timezone")]
        kit.expect("coze.analytics.echo", answer, found, ["day", "Asia/Shanghai"])
        found = [row["date"] for row in rows]
        ends = [found[0], found[-1], len(found)] if found else []
        expected = days(low, high)
        kit.expect(
            "coze.analytics.inclusive", answer, ends, [expected[0], expected[-1], len(expected)], "ends"
        )
        kit.expect("coze.analytics.rows", answer, found, expected, "dates")


@checks("coze.analytics.timestamp", "coze.analytics.hours", "coze.analytics.rows", "coze.analytics.echo")
def test_hours(kit: Kit) -> None:
    """By hour, each day has 24 rows in Shanghai time."""
    coze = Coze.of(kit)
    first, last = coze.recent
    by_day, by_hour = coze.days_of(first, last), coze.days_of(first, last, granularity="hour")
    kit.expect("coze.analytics.echo", by_hour, by_hour.json["data"]["granularity"], "hour", "granularity")
    for answer, hourly in ((by_day, False), (by_hour, True)):
        rows, _ = data_of(answer)
        stamps = [row["timestamp"] for row in rows]
        kit.expect(
            "coze.analytics.timestamp", answer, stamps, starts_of(first, last, hourly=hourly), "timestamps"
        )
        labels = [(row["date"], row.get("hour")) for row in rows]
        hours = list(range(24)) if hourly else [None]
        expected = [(day, hour) for day in days(first, last) for hour in hours]
        kit.expect("coze.analytics.hours", answer, labels, expected, "dates and hours")
        kit.expect("coze.analytics.rows", answer, len(rows), len(expected), "rows")


@checks("coze.analytics.future", "coze.analytics.rows")
def test_what_has_not_begun(kit: Kit) -> None:
    """There are rows up to the current hour and none after it."""
    coze = Coze.of(kit)
    today = coze.today
    for granularity in ("day", "hour"):
        answer = coze.days_of(today - _DAY, today + _DAY, granularity=granularity, fresh=True)
        rows, _ = data_of(answer)
        standing = kit.now is not None
        at = int(coze.now.timestamp()) if standing else answer.sent // 1000
        slack = 0 if standing else _SLACK
        if not rows:
            kit.judge("coze.analytics.future", answer, "rows up to now", "none", held=False)
            continue
        last, width = rows[-1]["timestamp"], 3600 if granularity == "hour" else 86_400
        held = last <= at + slack and at - slack < last + width
        found = f"last row {rows[-1]['date']} {rows[-1].get('hour', '')}"
        kit.judge("coze.analytics.future", answer, f"last row about {coze.now:%Y-%m-%d %H}", found, held=held)
        steps = {other["timestamp"] - one["timestamp"] for one, other in pairwise(rows)}
        kit.expect("coze.analytics.rows", answer, sorted(steps), [width], "seconds between rows")
    answer = coze.days_of(today + 2 * _DAY, today + 3 * _DAY)
    rows, summary = data_of(answer)
    kit.expect("coze.analytics.future", answer, rows, [], "rows of a future range")
    kit.expect("coze.analytics.future", answer, figures(summary), _NOTHING, "summary of a future range")


@checks(
    "coze.analytics.rates-add", "coze.analytics.silence", "coze.analytics.bounds", "coze.analytics.quotients"
)
def test_each_row(kit: Kit) -> None:
    """The figures of each row are consistent."""
    coze = Coze.of(kit)
    first, last = coze.past
    month = coze.days_of(max(first, last - 30 * _DAY), last, granularity="hour")
    for answer in (*_several(coze), month, coze.days_of(_EARLY, _EARLY + 6 * _DAY)):
        summary = data_of(answer)[1]
        for row in (*rows_of(answer), *_known(summary)):
            where = f"{row.get('date', 'summary')} {row.get('hour', '')}".strip()
            added = row["success_rate"] + row["error_rate"]
            kit.expect("coze.analytics.rates-add", answer, added, 1, f"sum of the rates ({where})")
            if not is_busy(row):
                kit.expect("coze.analytics.silence", answer, figures(row), _NOTHING, where)
                continue
            with kit.part("coze.analytics.bounds"):
                _check_bounds(kit, answer, row, where)
            with kit.part("coze.analytics.quotients"):
                _check_rate(kit, answer, row, where)
            with kit.part("coze.analytics.quotients"):
                _check_mean(kit, answer, row, where)


def _known(part: Any) -> list[Any]:
    return [] if isinstance(part, Lacking) else [part]


def _check_bounds(kit: Kit, answer: Answer, row: Row, where: str) -> None:
    calls = row["total_calls"]
    for name, low in (("unique_users", 0), ("total_sessions", 1)):
        with kit.part("coze.analytics.bounds"):
            found = f"{calls} calls, {row[name]} {name} ({where})"
            expected = f"{low} <= {name} <= calls"
            kit.judge("coze.analytics.bounds", answer, expected, found, held=low <= row[name] <= calls)


def _check_rate(kit: Kit, answer: Answer, row: Row, where: str) -> None:
    calls = row["total_calls"]
    if calls <= _MAX_QUOTIENT:
        held = _is_quotient(decimal(row["success_rate"]), calls)
        found = f"{row['success_rate']} ({where})"
        kit.judge("coze.analytics.quotients", answer, f"n/d, d <= {calls}", found, held=held)


def _check_mean(kit: Kit, answer: Answer, row: Row, where: str) -> None:
    if ended := _ended(row):
        held = _is_mean(decimal(row["avg_response_time_ms"]), ended)
        found = f"{row['avg_response_time_ms']} ({where})"
        kit.judge("coze.analytics.quotients", answer, f"n/{ended}, rounded half up", found, held=held)


@checks("coze.analytics.quotients", "coze.analytics.rates-add")
def test_ties_of_rates(kit: Kit) -> None:
    """A success_rate midway between two ten-thousandths is rounded up; error_rate is 1 - success_rate."""
    coze = Coze.of(kit)
    day = coze.span[1]
    rows, _ = data_of(coze.days_of(max(day - (MAX_DAYS - 1) * _DAY, _EARLY), day))
    for first, last, upper in islice(_ties(rows), _TIES_LOOKED_AT):
        answer = coze.days_of(first, last)
        _, summary = data_of(answer)
        found = [summary[name] for name in ("success_rate", "error_rate")]
        kit.expect("coze.analytics.quotients", answer, found[0], upper, "success_rate")
        kit.expect("coze.analytics.rates-add", answer, found[1], 1 - upper, "error_rate")


def _ties(rows: list[Row]) -> Iterator[tuple[str, str, Decimal]]:
    """Ranges whose rate is a tie: the first day, the last day, and the upper ten-thousandth."""
    for place, first in enumerate(rows):
        ended = completed = 0
        for last in rows[place:]:
            if not (more := _ended(last)):
                break
            ended, completed = ended + more, completed + last["total_messages"] - last["total_calls"]
            doubled, rest = divmod(20_000 * completed, ended)
            if not rest and doubled % 2:
                yield day_of(first), day_of(last), Decimal(doubled + 1) / 20_000


def _ended(row: Row) -> int:
    """The number of completed and failed executions, derived from messages and rate; 0 if it is
    ambiguous.
    """
    completed = row["total_messages"] - row["total_calls"]
    if not 0 < completed <= min(_MAX_QUOTIENT, row["total_calls"]):
        return 0
    low, high = (completed / (row["success_rate"] + half) for half in (_HALF_RATE, -_HALF_RATE))
    first, last = int(low.to_integral_value(ROUND_CEILING)), int(high)
    return last if first == last <= row["total_calls"] else 0


def _is_mean(mean: Decimal, count: int) -> bool:
    """Whether an integer divided by *count* can round to *mean*."""
    low, high = (Decimal(mean) + half for half in (-_HALF_MEAN, _HALF_MEAN))
    return int((low * count).to_integral_value(ROUND_CEILING)) < high * count


def _is_quotient(rate: Decimal, most: int) -> bool:
    """Whether a quotient with a denominator up to *most* can round to *rate*."""
    low, high = Fraction(rate) - Fraction(1, 20_000), Fraction(rate) + Fraction(1, 20_000)
    return any(-(-low.numerator * d // low.denominator) <= high * d for d in range(1, most + 1))


@checks(
    "coze.analytics.sums",
    "coze.analytics.distinct",
    "coze.analytics.people",
    "coze.analytics.weighted",
    "coze.analytics.weighted-rates",
)
def test_summary(kit: Kit) -> None:
    """The summary agrees with its rows: counts are sums, users are distinct, means are weighted."""
    coze = Coze.of(kit)
    for answer in _several(coze):
        rows, summary = data_of(answer)
        _check_whole(kit, answer, summary, rows, "coze.analytics.sums", "coze.analytics.distinct")
        _check_means(kit, answer, summary, rows, "coze.analytics.weighted", "coze.analytics.weighted-rates")
    rows, summary = data_of(coze.days_of(*coze.span))
    if max(known(summary["total_calls"], 0), known(summary["total_messages"], 0) // 2) >= _BUSY:
        users = sum(row["unique_users"] for row in rows)
        found = str(summary["unique_users"])
        with kit.part("coze.analytics.people"):
            held = len(rows) == 1 or 0 < summary["unique_users"] < users
            answer = coze.days_of(*coze.span)
            kit.judge("coze.analytics.people", answer, f"fewer than {users} users", found, held=held)


def _check_whole(kit: Kit, answer: Answer, whole: Row, parts: list[Row], sums: str, distinct: str) -> None:
    for name in ("total_messages", "total_calls"):
        kit.expect(sums, answer, whole[name], sum(part[name] for part in parts), f"{name} of the whole range")
    for name in ("unique_users", "total_sessions"):
        with kit.part(distinct):
            counts = [part[name] for part in parts]
            low, high = max(counts, default=0), sum(counts)
            found = f"{name} {whole[name]}"
            kit.judge(distinct, answer, f"{low} to {high} {name}", found, held=low <= whole[name] <= high)


def _check_means(kit: Kit, answer: Answer, whole: Row, parts: list[Row], means: str, rates: str) -> None:
    """If nearly all executions have ended, check that the mean is the weighted mean of the parts."""
    calls = sum(part["total_calls"] for part in parts)
    if not known(calls, 1):
        return
    for clause, name, half in (
        (means, "avg_response_time_ms", _HALF_MEAN),
        (rates, "success_rate", _HALF_RATE),
    ):
        with kit.part(clause):
            values = [decimal(part[name]) for part in parts if part["total_calls"]]
            mean = sum(decimal(part[name]) * part["total_calls"] for part in parts) / calls
            unended = _most_unended(whole)
            slack = 2 * half + (max(values) - min(values)) * unended / calls
            expected = f"{name} {mean:.4f} ± {slack:.4f}"
            kit.judge(clause, answer, expected, str(whole[name]), held=abs(whole[name] - mean) <= slack)


def _most_unended(whole: Row) -> int:
    """The maximum number of executions that have neither completed nor failed.

    An execution has a question, and an answer if it completed, so calls + completed = messages.
    """
    calls = whole["total_calls"]
    completed = whole["total_messages"] - calls
    if not 0 < completed <= calls or not whole["success_rate"]:
        return calls
    ended = int(completed / (whole["success_rate"] + _HALF_RATE))
    return max(0, calls - ended)


@checks("coze.analytics.hours-sum")
def test_hours_add_up_to_days(kit: Kit) -> None:
    """The 24 hours of a day add up to that day."""
    coze = Coze.of(kit)
    clause = "coze.analytics.hours-sum"
    by_hour = coze.days_of(*coze.recent, granularity="hour")
    hours: dict[str, list[Row]] = defaultdict(list)
    for row in data_of(by_hour)[0]:
        hours[day_of(row)].append(row)
    by_day = coze.days_of(*coze.recent)
    for day in data_of(by_day)[0]:
        _check_whole(kit, by_day, day, hours[day_of(day)], clause, clause)
        _check_means(kit, by_day, day, hours[day_of(day)], clause, clause)
    one, other = (figures(data_of(answer)[1]) for answer in (by_day, by_hour))
    kit.expect(clause, by_hour, other, one, "summary by hour")


@checks("coze.analytics.adjoining", "coze.analytics.single-day")
def test_ranges(kit: Kit) -> None:
    """Adjacent ranges add up to the whole, and a day is the same in every range."""
    coze = Coze.of(kit)
    first, last = coze.span
    for cut in {first, first + (last - first) // 2, last - _DAY}:
        if first <= cut < last:
            answer = coze.days_of(first, last)
            parts = [data_of(coze.days_of(*ends))[1] for ends in ((first, cut), (cut + _DAY, last))]
            clause = "coze.analytics.adjoining"
            _check_whole(kit, answer, data_of(answer)[1], parts, clause, clause)
            _check_means(kit, answer, data_of(answer)[1], parts, clause, clause)
    rows = {day_of(row): row for row in data_of(coze.days_of(first, last))[0]}
    for day in {first, last, last - (last - first) // 3}:
        answer = coze.days_of(day, day)
        found, summary = data_of(answer)
        kit.expect("coze.analytics.single-day", answer, found, [rows[day.isoformat()]], "row")
        kit.expect("coze.analytics.single-day", answer, figures(summary), figures(found[0]), "summary")


@checks("coze.analytics.idempotent")
def test_reads_change_nothing(kit: Kit) -> None:
    """Repeated requests about the past return the same figures."""
    coze = Coze.of(kit)
    for granularity in ("day", "hour"):
        once = coze.days_of(*coze.recent, granularity=granularity)
        for _ in range(2):
            again = coze.days_of(*coze.recent, granularity=granularity, fresh=True)
            kit.expect("coze.analytics.idempotent", again, again.json["data"], once.json["data"], "data")


@checks("coze.analytics.default-granularity")
def test_granularity_unsaid(kit: Kit) -> None:
    """Without granularity, and with an empty granularity, rows are by day."""
    coze = Coze.of(kit)
    first, last = coze.recent
    explicit = coze.days_of(first, last, granularity="day")

    answer = coze.days_of(first, last, fresh=True)

    clause = "coze.analytics.default-granularity"
    kit.expect(clause, answer, answer.json["data"], explicit.json["data"], "data")


@checks("coze.analytics.unknown-filter")
def test_unknown_filters(kit: Kit) -> None:
    """Unknown users, sessions and channels have rows of zeros."""
    coze = Coze.of(kit)
    first, last = coze.recent
    for filters in ({"session_id": made_up()}, {"user_id": made_up()}, {"connector_id": "99999999999"}):
        answer = coze.days_of(first, last, **filters)
        rows, summary = data_of(answer)
        with kit.part("coze.analytics.unknown-filter"):
            found = [figures(row) for row in rows]
            expected = [_NOTHING] * len(days(first, last))
            kit.expect("coze.analytics.unknown-filter", answer, found, expected, "rows")
        kit.expect("coze.analytics.unknown-filter", answer, figures(summary), _NOTHING, "summary")
