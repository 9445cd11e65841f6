"""Relations between a whole and its parts, and relations for single runs."""

from typing import Any

from hypothesis import strategies as st

from mockcbs.examining import columns, compare
from mockcbs.examining.bench import Bench, broken, outputs
from mockcbs.examining.output import Output, Row, key_of
from mockcbs.examining.probe import Profile
from mockcbs.examining.relations.base import Relation, needs_word
from mockcbs.examining.service import Service
from mockcbs.examining.strategies import Case, ranges, sessions, several
from mockcbs.examining.traffic import QUESTIONS, Traffic, session_ids
from mockcbs.examining.words import FILTERS, Asked
from mockcbs.examining.world import World

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


def _other_bots(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    runs = []
    for others in (False, True):
        with bench.world(traffic, others=others) as world:
            runs.append(world.run(asked))
    if text := compare.differs(*outputs(traffic, runs)):
        raise broken(f"without another bot, then with one: {text}", traffic, runs)


def _no_bot(profile: Profile) -> str:
    if "bot_id" in profile.words:
        return ""
    return "the command does not contain {bot_id}, so the client may read every bot"


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
        "other-bots",
        "The traffic of another bot changes nothing.",
        _no_bot,
        lambda _: ranges(_DAYS),
        _other_bots,
        share=0.34,
    ),
)
