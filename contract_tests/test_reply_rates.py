"""reply-rates: rules that hold for any data."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from mockcbs.contract.cbs import (
    INTERVALS,
    INTERVALS_AND_ZONES,
    ZONES,
    Cbs,
    first_day,
    numerators,
    tie,
    total_of,
)
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import Lacking, known, need
from mockcbs.contract.targets import Answer
from mockcbs.traffic.periods import DAY, offset

_OUTCOMES = ("direct", "recommend", "notmatch", "chat", "invalid", "dialog")
_COUNTS = ("question_count", *(f"{outcome}_count" for outcome in _OUTCOMES))
_HALF = Decimal("0.0005")


def _all(cbs: Cbs) -> list[tuple[Answer, str, str]]:
    periods = INTERVALS_AND_ZONES
    return [(cbs.rates(interval=interval, time_zone=zone), interval, zone) for interval, zone in periods]


def _midnight(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1000


@checks("cbs.R-1", "cbs.R-2", "cbs.R-8")
def test_figures(kit: Kit) -> None:
    """Each question has one of six outcomes; rates are quotients of counts."""
    for answer, _, _ in _all(Cbs.of(kit)):
        for figures in (answer.json["total"], *known(answer.json["intervals"], [])):
            where = figures.get("start", "total")
            parts = sum(figures[f"{outcome}_count"] for outcome in _OUTCOMES)
            kit.expect("cbs.R-1", answer, figures["question_count"], parts, f"question_count ({where})")
            for outcome in _OUTCOMES:
                with kit.part("cbs.R-2"):
                    _check_rate(kit, answer, figures, outcome, where)


def _check_rate(kit: Kit, answer: Answer, figures: dict[str, Any], outcome: str, where: str) -> None:
    count, questions = figures[f"{outcome}_count"], figures["question_count"]
    rate: Decimal = figures[f"{outcome}_rate"]
    clause = "cbs.R-2" if questions else "cbs.R-8"
    exact = Decimal(count) / questions if questions else Decimal(0)
    kit.judge(
        clause,
        answer,
        f"{outcome}_rate ({where}) = {count}/{questions} = {exact:.5f}",
        str(rate),
        held=abs(rate - exact) <= (_HALF if questions else 0),
    )


@checks("cbs.R-5", "cbs.R-10")
def test_periods_and_total(kit: Kit) -> None:
    """Periods add up to the total for every interval; no period is empty, and they are in order."""
    cbs = Cbs.of(kit)
    first = cbs.rates(interval="day", time_zone="UTC").json["total"]
    for answer, interval, zone in _all(cbs):
        total, periods = answer.json["total"], answer.json["intervals"]
        where = f"{interval}, {zone}"
        kit.expect("cbs.R-10", answer, total, first, f"total ({where})")
        for name in _COUNTS:
            kit.expect(
                "cbs.R-5", answer, total[name], sum(p[name] for p in periods), f"total.{name} ({where})"
            )
        with kit.part("cbs.R-10"):
            empty = [period["start"] for period in periods if not period["question_count"]]
            kit.expect("cbs.R-10", answer, empty, [], "empty periods")
        with kit.part("cbs.R-10"):
            starts = [period["start"] for period in periods]
            kit.expect("cbs.R-10", answer, starts, sorted(set(starts)), "starts")
        if len(periods) == 1:
            only = {name: periods[0][name] for name in total}
            kit.expect("cbs.R-10", answer, only, total, "the only period")


@checks("cbs.R-5", "cbs.R-10")
def test_longer_periods_are_sums_of_days(kit: Kit) -> None:
    """Weeks, months and years are sums of their days."""
    cbs = Cbs.of(kit)
    for zone in ZONES:
        days = cbs.rates(interval="day", time_zone=zone).json["intervals"]
        for interval in INTERVALS[1:]:
            answer = cbs.rates(interval=interval, time_zone=zone)
            sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(_COUNTS))
            for day in days:
                label = first_day(date.fromisoformat(need(day["start"])), interval).isoformat()
                sums[label] = [a + day[name] for a, name in zip(sums[label], _COUNTS, strict=True)]
            found = {
                period["start"]: [period[name] for name in _COUNTS] for period in answer.json["intervals"]
            }
            kit.expect("cbs.R-10", answer, found, dict(sums), f"counts by {interval} ({zone})")


@checks("cbs.R-5", "cbs.R-10")
def test_zones_shift_days(kit: Kit) -> None:
    """A local day has the figures of the range from its start to its end."""
    cbs = Cbs.of(kit)
    for zone in (*ZONES, "+05:45"):
        answer = cbs.rates(interval="day", time_zone=zone)
        days = answer.json["intervals"]
        for day in days[:: max(1, len(days) // 3)]:
            start = _midnight(need(day["start"])) - offset(zone)
            low, high = max(start, cbs.span.start), min(start + DAY - 1, cbs.span.end)
            alone = cbs.rates(start_time=low, end_time=high, interval="year", time_zone="UTC").json["total"]
            kit.expect(
                "cbs.R-10", answer, {name: day[name] for name in alone}, alone, f"{day['start']} {zone}"
            )


@checks("cbs.R-5", "cbs.R-10")
def test_adjoining_ranges(kit: Kit) -> None:
    """Two adjacent ranges count each question once; both ends are inclusive."""
    cbs = Cbs.of(kit)
    for at in cbs.instants:
        here = cbs.rates(start_time=at, end_time=at, interval="day", time_zone="UTC")
        asked = total_of(here.json, "question_count")
        kit.judge(
            "cbs.R-10", here, "the question that opens a session", f"{asked} questions", held=asked >= 1
        )
        for cut in (at - 1, at, at + 1):
            low, high = max(cbs.span.start, at - DAY), min(cbs.span.end, at + DAY)
            if low <= cut < high:
                whole, left, right = (
                    cbs.rates(start_time=a, end_time=b, interval="day", time_zone="UTC")
                    for a, b in ((low, high), (low, cut), (cut + 1, high))
                )
                for name in _COUNTS:
                    found, *parts = (total_of(answer.json, name) for answer in (whole, left, right))
                    kit.expect("cbs.R-5", whole, found, sum(parts), f"{name} (cut at {cut})")


@checks("cbs.R-6")
def test_questions_are_rounds(kit: Kit) -> None:
    """The number of questions equals the number of rounds of all sessions."""
    cbs = Cbs.of(kit)
    before = cbs.answer("reply-rates", start_time=0, interval="year", time_zone="UTC")
    stats = cbs.answer("session-stats", start_time=0, interval="day", time_zone="UTC")
    after = cbs.answer("reply-rates", start_time=0, interval="year", time_zone="UTC")
    periods = known(stats.json["intervals"], [stats.json["total"]])
    if not periods:
        not_reached("the bot has no traffic")
    choices = [numerators(p["avg_request_count"], p["session_count"]) or [0] for p in periods]
    fewest, most = sum(choice[0] for choice in choices), sum(choice[-1] for choice in choices)
    low, high = (total_of(answer.json, "question_count") for answer in (before, after))
    held = fewest <= high and low <= most
    kit.judge("cbs.R-6", stats, f"{low} to {high} rounds", f"{fewest} to {most} rounds", held=held)


@checks("cbs.R-9", "cbs.unknown-domain")
def test_domain(kit: Kit) -> None:
    """A category contains only questions that matched one of its pairs."""
    cbs = Cbs.of(kit)
    unknown = cbs.rates(interval="day", time_zone="UTC", domain=made_up())
    counts = {name: total_of(unknown.json, name) for name in _COUNTS}
    kit.expect("cbs.unknown-domain", unknown, counts, dict.fromkeys(_COUNTS, 0), "total")
    kit.expect("cbs.unknown-domain", unknown, unknown.json["intervals"], [], "intervals")
    everything = cbs.rates(interval="day", time_zone="UTC").json
    total = {name: total_of(everything, name) for name in _COUNTS}
    hots = cbs.read("hots", **cbs.span.query, top=20)["questions"]
    domains = sorted({question["domain"] for question in hots if question["domain"]})
    sums = dict.fromkeys(_COUNTS, 0)
    for domain in domains:
        answer = cbs.rates(interval="day", time_zone="UTC", domain=domain)
        part = {name: total_of(answer.json, name) for name in _COUNTS}
        sums = {name: sums[name] + part[name] for name in _COUNTS}
        kit.judge(
            "cbs.R-9",
            answer,
            f"1 to {total['direct_count']} direct answers in {domain}",
            str(part["direct_count"]),
            held=0 < part["direct_count"] <= total["direct_count"],
        )
        unmatched = [part[f"{outcome}_count"] for outcome in ("notmatch", "chat", "invalid", "dialog")]
        kit.expect("cbs.R-9", answer, unmatched, [0] * 4, "notmatch, chat, invalid, dialog")
        parts = sum(part[f"{outcome}_count"] for outcome in _OUTCOMES)
        kit.expect("cbs.R-9", answer, part["question_count"], parts, "question_count")
    if domains:
        held = all(sums[name] <= total[name] for name in _COUNTS)
        kit.judge("cbs.R-9", answer, f"categories together at most {total}", str(sums), held=held)


@checks("cbs.R-8")
def test_no_data(kit: Kit) -> None:
    """Without data, figures are zero and intervals is empty."""
    cbs = Cbs.of(kit)
    answer = cbs.answer("reply-rates", start_time=0, end_time=1, interval="day", time_zone="UTC")
    total = answer.json["total"]

    kit.expect("cbs.R-8", answer, [total[name] for name in _COUNTS], [0] * len(_COUNTS), "counts")
    kit.expect("cbs.R-8", answer, [_text(total[f"{o}_rate"]) for o in _OUTCOMES], ["0.000"] * 6, "rates")
    kit.expect("cbs.R-8", answer, answer.json["intervals"], [], "intervals")


def _text(value: Any) -> Any:
    return value if isinstance(value, Lacking) else str(value)


@checks("cbs.number-ties")
def test_ties_of_rates(kit: Kit) -> None:
    """Rates of 16 questions can lie midway between two thousandths; they are rounded up."""
    cbs = Cbs.of(kit)
    found = False
    for answer, _, _ in _all(cbs):
        for figures in (answer.json["total"], *known(answer.json["intervals"], [])):
            with kit.part():
                found = _check_ties(kit, answer, figures) or found
    if not found:
        responses = cbs.ranges_of_16(cbs.rates, cbs.questions, "question_count")
        any(_check_ties(kit, answer, answer.json["total"]) for answer in responses)


def _check_ties(kit: Kit, answer: Answer, figures: dict[str, Any]) -> bool:
    """Check the rounding of ties, and return whether a figure distinguished half up from half even."""
    telling = False
    for outcome in _OUTCOMES:
        count, questions = figures[f"{outcome}_count"], figures["question_count"]
        upper = tie(need(count), questions) if questions else None
        if upper is not None:
            rate = figures[f"{outcome}_rate"]
            expected = Decimal(f"{float(upper):.3f}")
            kit.judge(
                "cbs.number-ties",
                answer,
                f"{expected}",
                f"{count}/{questions} rounded to {rate}",
                held=rate == expected,
            )
            telling = telling or int(expected * 1000) % 2 == 1
    return telling
