"""Relations between ranges: repeated runs, parts of ranges, granularities and pages."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from mockcbs.examining import columns, compare
from mockcbs.examining.bench import Bench, broken, outputs
from mockcbs.examining.output import Output, Row, key_of
from mockcbs.examining.probe import Profile
from mockcbs.examining.relations.base import Relation, always, needs_range
from mockcbs.examining.strategies import Case, ranges
from mockcbs.examining.traffic import Session
from mockcbs.examining.words import Asked

_WEEK = 7
_MANY_PAGES = 12
"""A number of pages that finds clients which stop after some pages."""
_FEW = 10
"""A ranking with fewer rows is complete, as clients and services cut rankings to ten rows or more."""


def _repeat(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    with bench.world(traffic) as world:
        runs = [world.run(asked), world.run(asked)]
        first, second = outputs(traffic, runs)
        if text := compare.differs(first, second, order=first.item not in {None, "event_id"}):
            raise broken(text, traffic, runs)


def _cut(bench: Bench, case: Case) -> None:
    check_parts(bench, case, *cut(bench, case))


def cut(bench: Bench, case: Case) -> tuple[Asked, list[Asked]]:
    """The range of *case*, and the parts into which its cuts divide it."""
    traffic, whole = bench.traffic(case), bench.asked(case)
    edges = [case.start, *case.cuts, case.end + 1]
    return whole, [
        whole.but(start=traffic.day(first), end=traffic.day(after - 1)) for first, after in pairwise(edges)
    ]


def _week(bench: Bench, case: Case) -> None:
    whole = bench.asked(case)
    check_parts(bench, case, whole, [whole.but(start=day, end=day) for day in whole.days])
    for granularity in bench.profile.granularities:
        if granularity != "day":
            _check_granularity(bench, case, granularity)


def check_parts(bench: Bench, case: Case, whole: Asked, parts: list[Asked]) -> None:
    """Check that the output for the *whole* range is the sum of those for its *parts*."""
    traffic = bench.traffic(case)
    with bench.world(traffic) as world:
        runs = world.run_all([whole, *parts])
        one, *others = outputs(traffic, runs)
        if one.item not in {None, "event_id"} and len(one.rows) >= _FEW:
            return
        if text := compare.adds_up(one, others):
            filled = [run for run in runs[1:] if run.output and run.output.rows]
            raise broken(text, traffic, [runs[0], *filled])


def _check_granularity(bench: Bench, case: Case, granularity: str) -> None:
    """Check that rows by day are sums of rows by hour, and rows by week and month are sums of rows by day."""
    traffic, days = bench.traffic(case), bench.asked(case)
    with bench.world(traffic) as world:
        runs = world.run_all([days, days.but(granularity=granularity)])
        by_day, other = outputs(traffic, runs)
        fine, coarse = (other, by_day) if granularity == "hour" else (by_day, other)
        if text := _nests(fine, coarse, "day" if granularity == "hour" else granularity):
            raise broken(text, traffic, runs)


def _nests(fine: Output, coarse: Output, granularity: str) -> str:
    """The difference between the rows of longer periods and the sums of the shorter ones."""
    groups: dict[str, list[Row]] = {}
    for row in fine.rows:
        if key_of(row):
            groups.setdefault(_period(row, granularity), []).append(row)
    rows: dict[str, Row] = {}
    for row in coarse.rows:
        if key_of(row):
            period = _period(row, granularity)
            if period in rows:
                both = f"{compare.shown(rows[period])}; {compare.shown(row)}"
                return f"the {granularity} of {period} occurs twice: {both}"
            rows[period] = row
    for period in sorted(rows.keys() | groups.keys()):
        pieces = [_plain(row) for row in groups.get(period, [])]
        if text := compare.row_adds_up(f"{granularity} of {period}", _plain(rows.get(period, {})), pieces):
            return text
    if fine.total is not None and coarse.total is not None:
        return compare.differs(Output((fine.total,)), Output((coarse.total,)))
    return ""


def _plain(row: Row) -> Row:
    """The figures of a row without its labels."""
    return {name: value for name, value in row.items() if name in columns.FIGURES}


def _period(row: Row, granularity: str) -> str:
    """The first day of the period of a row, or `None` if its label cannot be read."""
    label = str(row.get("date", row.get("start", row.get("timestamp", ""))))
    try:
        day = _day(label)
    except ValueError:
        return label
    if granularity == "week":
        return str(day - timedelta(days=day.weekday()))
    return str(day.replace(day=1) if granularity == "month" else day)


def _day(label: str) -> date:
    """A day in the period with that label: a date, a month, or a week of ISO 8601."""
    if len(label) == len("2026-11"):
        return date.fromisoformat(f"{label}-01")
    return date.fromisoformat(label[:10])


def _pages(bench: Bench, case: Case) -> None:
    whole = bench.asked(case)
    check_parts(bench, case, whole, [whole.but(start=day, end=day) for day in whole.days])
    if bench.names("page_size"):
        _check_page_sizes(bench, case)


def _check_page_sizes(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    with bench.world(traffic) as world:
        runs = world.run_all([asked.but(page_size=size) for size in (100, 50, 7)])
        first, *others = outputs(traffic, runs)
        for other, run in zip(others, runs[1:], strict=True):
            if text := compare.differs(first, other):
                raise broken(text, traffic, [runs[0], run])


def _page_cases(profile: Profile) -> Any:
    """Cases whose days fit on a page each, and together fill pages exactly or with one row more or less."""
    page, rows = profile.page_size or 1, profile.rows_per_session
    one = max(1, page // rows)
    counts = st.sampled_from(
        sorted(
            {_MANY_PAGES * one + 1, 3 * one, 2 * one + 1, 2 * one, max(1, 2 * one - 1), one + 1, one},
            reverse=True,
        )
    )

    def spread(count: int) -> Case:
        days = -(-count // one)
        sessions = (
            Session(number % days, minute=1 + number // days % 1400, user=1 + number % 5)
            for number in range(count)
        )
        return Case(tuple(sessions), None, 0, days - 1)

    return counts.map(spread)


def _no_pages(profile: Profile) -> str:
    if profile.page_size is None:
        return "the client does not read pages"
    return needs_range(profile)


RELATIONS = (
    Relation(
        "repeat",
        "A repeated run gives equal rows.",
        always,
        lambda _: ranges(10),
        _repeat,
    ),
    Relation(
        "days-week",
        "Seven days equal their week, and rows of hours, days, weeks and months add up.",
        needs_range,
        lambda _: ranges(_WEEK, length=_WEEK),
        _week,
        share=0.5,
    ),
    Relation(
        "cuts",
        "A range is the sum of its parts, wherever it is cut; means are weighted.",
        needs_range,
        lambda _: ranges(10, min_cuts=1),
        _cut,
    ),
    Relation(
        "pages",
        "A range of many pages has the same rows as its days on one page each.",
        _no_pages,
        _page_cases,
        _pages,
    ),
)
