"""Relations between a whole and its parts, and relations for single runs."""

from typing import Any

from hypothesis import strategies as st

from mockcbs.examining import columns, compare
from mockcbs.examining.bench import Bench, broken, outputs
from mockcbs.examining.output import Output, Row, key_of, number
from mockcbs.examining.probe import Profile
from mockcbs.examining.relations.base import Relation, needs_range, needs_word
from mockcbs.examining.service import Service
from mockcbs.examining.strategies import Case, ranges, sessions, several
from mockcbs.examining.traffic import QUESTIONS, Traffic, session_ids
from mockcbs.examining.words import FILTERS, Asked
from mockcbs.examining.world import Run, World

_DAYS = 4


def _top(bench: Bench, case: Case) -> None:
    traffic, asked, top = bench.traffic(case), bench.asked(case), case.number
    with bench.world(traffic) as world:
        runs = world.run_all([asked.but(top=top), asked.but(top=top + 1)])
        fewer, more = outputs(traffic, runs)
        if len(fewer.rows) > top:
            raise broken(f"top {top} has {len(fewer.rows)} rows", traffic, runs[:1])
        names, longer = _names(fewer), _names(more)
        if names != longer[: len(names)] or len(longer) - len(names) not in {0, 1}:
            raise broken(f"top {top} is {names}, top {top + 1} is {longer}", traffic, runs)


def _names(output: Output) -> list[str]:
    """The items of a ranking, in order."""
    return [compare.named(key_of(row)) for row in output.rows]


def _top_cases(profile: Profile) -> Any:
    del profile
    return st.builds(
        lambda some, top: Case(some, None, 0, _DAYS - 1, (), top),
        several(sessions(range(_DAYS), outcome="direct")),
        st.integers(1, 4),
    )


def _filters(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    for word in (word for word in FILTERS if bench.names(word)):
        with bench.world(traffic) as world:
            values = _values(word, traffic, world, bench.profile)
            runs = world.run_all([asked, *(asked.but(**{word: value}) for value in values)])
            whole, *parts = outputs(traffic, runs)
            if text := _partition(whole, parts):
                raise broken(f"{word}: {text}", traffic, runs)


def _values(word: str, traffic: Traffic, world: World, profile: Profile) -> list[str]:
    """All values that a filter can have in this traffic."""
    if word == "user_id":
        return sorted({f"user-{one.user}" for one in traffic.sessions})
    if word == "session_id":
        return session_ids(traffic, profile.target.bot_id)
    if word == "domain":
        return sorted({domain for _, domain in QUESTIONS})
    days = [traffic.day(one.day) for one in traffic.sessions]
    events = Service(profile.service, world).events(Asked(min(days), max(days)))
    return sorted({str(row["connector_id"]) for row in events.rows})


def _partition(whole: Output, parts: list[Output]) -> str:
    """The difference between the counts of a whole and the sums of its parts. Only counts are compared."""
    if whole.item == "event_id":
        together = Output(tuple(row for part in parts for row in part.rows))
        return compare.differs(whole, together)
    if whole.item is not None:
        return ""
    for key in sorted(whole.keyed.keys() | {key for part in parts for key in part.keyed}):
        rows = whole.keyed.get(key, [])
        pieces = [row for part in parts for row in part.keyed.get(key, [])]
        if text := compare.row_adds_up(
            compare.named(key), _counts(rows[0]) if rows else {}, [*map(_counts, pieces)]
        ):
            return text
    totals = [_counts(part.total) for part in parts if part.total is not None]
    return compare.row_adds_up("the whole", _counts(whole.total), totals) if whole.total is not None else ""


def _counts(row: Row) -> Row:
    return {name: value for name, value in row.items() if name in columns.COUNTS}


def _no_filters(profile: Profile) -> str:
    named = ", ".join(f"{{{word}}}" for word in FILTERS)
    return "" if profile.words & set(FILTERS) else f"the command contains none of {named}"


def _filter_cases(profile: Profile) -> Any:
    del profile
    return st.builds(
        lambda some: Case(some, None, 0, _DAYS - 1),
        several(sessions(range(_DAYS), outcome="direct")),
    )


def _whole_numbers(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    with bench.world(traffic) as world:
        runs = [world.run(asked)]
        (output,) = outputs(traffic, runs)
        for row in output.rows:
            for name in sorted(row.keys() & columns.WHOLE_NUMBERS):
                if row[name] is not None and not isinstance(row[name], int):
                    raise broken(f"{name} is {row[name]!s}", traffic, runs)


def _no_counts(profile: Profile) -> str:
    return "" if profile.columns & columns.WHOLE_NUMBERS else "the client prints no counts"


_FEW = (1, 2)
"""Numbers of rows that cut off a ranking."""


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
    return _figures_differ(rows, printed) if rows is not None else ""


def _ranking_differs(right: Output, printed: Output) -> str:
    """The difference between a ranking and the first rows of the service's, of which ties may be others."""
    right_names, names = _names(right), [key_of(row)[0][1] for row in printed.rows]
    if not all(any(name in one for one in right_names) for name in names):
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


def _figures_differ(right: Output, printed: Output) -> str:
    if any(name in columns.GROUPS for name in printed.columns):
        return ""
    if printed.total is not None and right.total is not None:
        return _row_differs("the whole", printed.total, right.total)
    by_period = {_moment(row): row for row in right.rows if key_of(row)}
    for row in printed.rows:
        expected = by_period.get(_moment(row))
        if expected and (text := _row_differs(compare.named(key_of(row)), row, expected)):
            return text
    return ""


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


def _figure_cases(profile: Profile) -> Any:
    del profile
    return ranges(10)


RELATIONS = (
    Relation(
        "top",
        "The top n rows of a ranking are the first n of its top n + 1 rows.",
        needs_word("top"),
        _top_cases,
        _top,
    ),
    Relation(
        "filters",
        "The counts of all values of a filter add up to the count without the filter.",
        _no_filters,
        _filter_cases,
        _filters,
    ),
    Relation(
        "whole-numbers",
        "Counts are whole numbers, printed without a decimal point.",
        _no_counts,
        lambda _: ranges(4),
        _whole_numbers,
        share=0.5,
    ),
    Relation(
        "service-figures",
        "A column has the value of the API member with the same name, for the same range.",
        needs_range,
        _figure_cases,
        _figures,
        share=2,
    ),
)
