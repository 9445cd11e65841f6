"""Relations that need the right figures, which they read from the mock."""

from hypothesis import strategies as st

from mockcbs.examining import columns, compare
from mockcbs.examining.bench import Bench, broken, outputs
from mockcbs.examining.output import Output, Row, key_of, number
from mockcbs.examining.probe import LONG_DAYS, Profile
from mockcbs.examining.relations.base import Relation, needs_range
from mockcbs.examining.relations.ranges import check_parts, cut
from mockcbs.examining.service import Service
from mockcbs.examining.strategies import Case, ranges
from mockcbs.examining.traffic import Question, Session
from mockcbs.examining.world import Run, World

_FEW = (1, 2)
"""Numbers of rows that cut off a ranking."""
_LONG_CUTS = (10, 41, 99)
"""The indices of the days that divide a long range."""


def _alike(question: Question) -> Case:
    """A case in which each of two days has one session with only this question."""
    return Case((Session(0, questions=(question,)), Session(1, user=2, questions=(question,))), None, 0, 1)


_EXTREMES = (_alike(Question(failed=True)), _alike(Question()), _alike(Question(outcome="notmatch")))
"""Cases in which every rate is 0 or 1, for clients that take zero for a missing value."""


def _figures(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    granularities = bench.profile.granularities if bench.names("granularity") else ("day",)
    choices = [asked.but(granularity=name) for name in granularities]
    if bench.names("top"):
        choices += [asked.but(top=number) for number in _FEW]
    with bench.world(traffic) as world:
        runs = world.run_all(choices)
        for run, printed in zip(runs, outputs(traffic, runs), strict=True):
            if text := _against_service(bench.profile, world, run, printed):
                raise broken(text, traffic, [run])


def _against_service(profile: Profile, world: World, run: Run, printed: Output) -> str:
    """The difference between a client's rows and those of the service for the same range."""
    service = Service(profile.service, world)
    if printed.item == "event_id":
        right = {str(row["event_id"]) for row in service.events(run.asked).rows}
        strange = [row for row in printed.rows if str(row["event_id"]) not in right]
        return f"the service has no event {strange[0]['event_id']}" if strange else ""
    if printed.item is not None:
        return _ranking_differs(service.ranking(run.asked, printed.item), printed)
    rows = service.periods(run.asked)
    if rows is None:
        return ""
    by_day = profile.prints_days or run.asked.granularity != "day"
    return _figures_differ(rows, printed, by_period=by_day)


def _ranking_differs(right: Output, printed: Output) -> str:
    """The difference between a ranking and the first rows of the service's, of which ties may be others."""
    right_names, names = ([key_of(row)[0][1] for row in output.rows] for output in (right, printed))
    if not set(names) <= set(right_names):
        return f"the rows are {names}, the service has {right_names}"
    for column in sorted(printed.columns & right.columns & columns.COUNTS):
        first, found = (
            sorted((number(row[column]) or 0 for row in output.rows), reverse=True)[: len(names)]
            for output in (right, printed)
        )
        if first != found:
            one, other = (", ".join(map(str, values)) for values in (found, first))
            return f"{column} of the rows is {one}, that of the first rows of the service {other}"
    return ""


def _figures_differ(right: Output, printed: Output, *, by_period: bool) -> str:
    """The first wrong or missing figure; *by_period* says whether rows have the periods of the service."""
    if any(name in columns.GROUPS for name in printed.columns):
        return ""
    if printed.total is not None and right.total is not None:
        return _row_differs("the whole", printed.total, right.total)
    if not by_period:
        return ""
    found = {_moment(row): row for row in printed.rows if key_of(row)}
    for row in right.rows:
        if not key_of(row):
            continue
        where, shown = compare.named(key_of(row)), found.get(_moment(row))
        if shown and (text := _row_differs(where, shown, row)):
            return text
        if not shown and _counted(row, printed):
            return f"{where}: no row, the service gives {_counted(row, printed)}"
    return ""


def _counted(row: Row, printed: Output) -> str:
    """The first count of *row* that is not zero and that the client prints for other periods."""
    names = sorted(printed.columns & columns.COUNTS & row.keys())
    return next((f"{name}={row[name]}" for name in names if number(row[name])), "")


def _moment(row: Row) -> tuple[str, str]:
    return str(row.get("date", row.get("start", "")))[:10], str(row.get("hour", ""))


def _row_differs(where: str, row: Row, right: Row) -> str:
    for name in sorted(row.keys() & right.keys() & columns.FIGURES):
        if name in columns.WEIGHTS and compare.is_empty(right):
            continue
        equal = (
            compare.close(name, row[name], right[name])
            if name in columns.WEIGHTS
            else (number(row[name]) == number(right[name]))
        )
        if not equal:
            return f"{where}: {name} is {row[name]}, the service gives {right[name]}"
    return ""


def _long(bench: Bench, case: Case) -> None:
    check_parts(bench, case, *cut(bench, case))
    traffic, asked = bench.traffic(case), bench.asked(case)
    with bench.world(traffic) as world:
        runs = [world.run(asked)]
        (printed,) = outputs(traffic, runs)
        if text := _against_service(bench.profile, world, runs[0], printed):
            raise broken(text, traffic, runs)


@st.composite
def _long_cases(draw: st.DrawFn) -> Case:
    """A session on most days of a long range, which is cut into parts."""
    numbers = [draw(st.integers(0, 9)) for _ in range(LONG_DAYS)]
    filled = tuple(Session(day) for day, number in enumerate(numbers) if number)
    return Case(filled, None, 0, LONG_DAYS - 1, _LONG_CUTS, season="long")


def _too_long(profile: Profile) -> str:
    if reason := needs_range(profile):
        return reason
    return "" if profile.reads_long_ranges else f"the client rejects a range of {LONG_DAYS} days"


RELATIONS = (
    Relation(
        "service-figures",
        "A column has the value of the API member with the same name, for the same range.",
        needs_range,
        lambda _: ranges(10),
        _figures,
        share=2,
        always=_EXTREMES,
    ),
    Relation(
        "long-ranges",
        f"A range of {LONG_DAYS} days is the sum of its parts, and has the figures of the service.",
        _too_long,
        lambda _: _long_cases(),
        _long,
        share=0.34,
    ),
)
