"""Relations about time: zones, and later runs."""

from calendar import isleap
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from mockcbs.examining import compare
from mockcbs.examining.bench import Bench, broken, outputs
from mockcbs.examining.output import Output, key_of
from mockcbs.examining.probe import Profile
from mockcbs.examining.relations.base import Relation, always, needs_range
from mockcbs.examining.strategies import Case, ranges, sessions, several
from mockcbs.examining.traffic import Session
from mockcbs.examining.words import midnight

ZONES = ("+08:00", "+00:00", "-05:00", "+05:30", "+14:00")
MACHINE_ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")

_DAYS = 6
_EDGES = (0, 1439, 30, 1410, 450, 1020)
"""Minutes of the day at which other zones have another date."""
_TODAY = 3
"""The day of the traffic on which the first run of `later-now` takes place."""
_NOON = 12 * 3_600_000
_RANKING_ROWS = 10
_FEBRUARY = 2
_LONG_MS = 90_000
"""How long an answer takes, in ms, so that it begins on one day and ends on the next."""


def _zones(bench: Bench, case: Case) -> None:
    """Check that a session counts equally at noon and at any other time of the same local day, in every
    zone.
    """
    noon = tuple(replace(one, minute=_NOON // 60_000) for one in case.sessions)
    first = bench.traffic(case).but(sessions=noon)
    asked = bench.asked(case)
    with bench.world(first) as world:
        one = world.run(asked)
    (at_noon,) = outputs(first, [one])
    for zone in _zones_of(bench.profile):
        second = bench.traffic(case).but(zone=zone)
        with bench.world(second) as world:
            other = world.run(asked.but(zone=zone))
        (at_any_time,) = outputs(second, [other])
        if text := compare.differs(at_noon, at_any_time, labels=False):
            lines = [f"  {line}" for line in second.lines()]
            raise broken(text, first, [one, other], "the same sessions at other times of their days:", *lines)


def _zones_of(profile: Profile) -> tuple[str, ...]:
    shows_zones = profile.service == "cbs" or any("logs" in name for name in profile.operations)
    return ZONES if "zone" in profile.words and shows_zones else (profile.zone,)


def _zone_cases(profile: Profile) -> Any:
    del profile
    single = st.builds(
        lambda one, minute: Session(
            one.day, minute, one.user, (replace(one.questions[0], latency_ms=_LONG_MS),)
        ),
        sessions(range(_DAYS), outcome="direct"),
        st.sampled_from(_EDGES),
    )
    return st.builds(
        lambda some, days: Case(some, None, days[0], days[1]),
        several(single),
        st.sampled_from([(1, 4), (2, 2), (1, 2), (2, 4)]),
    )


def _machine_zone(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    with bench.world(traffic) as world:
        first = world.run(asked, {"TZ": MACHINE_ZONES[0]})
        for zone in MACHINE_ZONES[1:]:
            runs = [first, world.run(asked, {"TZ": zone})]
            one, other = outputs(traffic, runs)
            if text := compare.differs(one, other):
                raise broken(f"with TZ={MACHINE_ZONES[0]}, then TZ={zone}: {text}", traffic, runs)
        zone = _long_day(traffic.day(case.start))
        runs = [first, world.run(asked, {"TZ": zone})]
        if runs[1].output is None:
            return  # not every client understands zones without a name
        if text := compare.differs(*outputs(traffic, runs)):
            what = "a zone where clocks go back on the first day of the range"
            raise broken(f"with TZ={MACHINE_ZONES[0]}, then TZ={zone}, {what}: {text}", traffic, runs)


def _long_day(day: date) -> str:
    """A POSIX zone in which *day* has 25 hours and other days have 24."""
    number = day.timetuple().tm_yday - (day.month > _FEBRUARY and isleap(day.year))
    return f"STD-8DST,J1/0,J{number}/3"


def _later(bench: Bench, case: Case) -> None:
    traffic, asked = bench.traffic(case), bench.asked(case)
    zone = bench.profile.zone
    earlier = midnight(traffic.day(_TODAY), zone) + _NOON
    with bench.world(traffic, now=earlier) as world:
        first = world.run(asked)
        world.server.clock.freeze(bench.now)
        second = world.run(asked)
    runs = [first, second]
    before, after = outputs(traffic, runs)
    if text := _grows(before, after, case, str(traffic.day(_TODAY))):
        raise broken(
            text, traffic, runs, f"the first run at noon of {traffic.day(_TODAY)}, the second a week later"
        )


def _grows(before: Output, after: Output, case: Case, today: str) -> str:
    """The difference between a later output and the earlier one plus the added traffic."""
    ranked = before.item not in {None, "event_id"}
    if ranked and len(after.rows) >= _RANKING_ROWS:
        return ""
    if text := compare.holds(after, before):
        return text
    past = [_before(output, today) for output in (before, after)]
    if text := compare.differs(*past):
        return f"figures of past days have changed: {text}"
    new = [one for one in case.sessions if one.day == _TODAY and one.minute > 720]
    added = {
        "session_count": len(new),
        "question_count": sum(len(one.questions) for one in new),
        "total_calls": sum(len(one.questions) for one in new),
    }
    for name in after.counts():
        grown = after.count(name) - before.count(name)
        if name in added and grown != added[name]:
            return f"{name} was {before.count(name)}, then {after.count(name)}; {added[name]} were added"
    if before.item == "event_id" and new and len(after.rows) <= len(before.rows):
        return f"{len(before.rows)} rows, then {len(after.rows)}, although {len(new)} sessions were added"
    return ""


def _before(output: Output, today: str) -> Output:
    """The rows of the days that had ended at the time of the first run."""
    rows = [row for row in output.rows if (key := key_of(row)) and key[0][0] in {"date", "start"}]
    return Output(tuple(row for row in rows if key_of(row)[0][1][:10] < today))


def _later_cases(profile: Profile) -> Any:
    del profile
    sure = st.builds(
        lambda one, minute: Session(_TODAY, minute, one.user, one.questions),
        sessions(range(_DAYS), outcome="direct"),
        st.sampled_from([780, 1080, 1410]),
    )
    earlier = st.builds(
        lambda one, day, minute: Session(day, minute, one.user, one.questions),
        sessions(range(_DAYS), outcome="direct"),
        st.integers(0, _TODAY),
        st.sampled_from([540, 30, 600]),
    )
    return st.builds(
        lambda old, new: Case((*old, *new), None, 1, _TODAY),
        several(earlier),
        st.lists(sure, min_size=1, max_size=3),
    )


def _machine_cases(profile: Profile) -> Any:
    del profile
    return ranges(_DAYS, seeded=False)


RELATIONS = (
    Relation(
        "zones",
        "A session counts on its local day, at any time of that day and in any zone.",
        needs_range,
        _zone_cases,
        _zones,
        share=0.7,
    ),
    Relation(
        "machine-zone",
        "The time zone of the machine (TZ) changes nothing.",
        always,
        _machine_cases,
        _machine_zone,
        share=0.5,
    ),
    Relation(
        "later-now",
        "A later run shows the new traffic in addition, and nothing else changes.",
        needs_range,
        _later_cases,
        _later,
    ),
)
