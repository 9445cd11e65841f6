"""The hypothesis strategies for the cases of an exam. Only this module and `search` import hypothesis."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from hypothesis import strategies as st

from mockcbs.examining.traffic import QUESTIONS, Question, Session

_OUTCOMES = ("direct", "notmatch", "recommend", "chat", "invalid", "dialog")
_MINUTES = (720, 0, 1438, 1439, 30, 1410, 450, 510, 960)
"""Noon, the ends of a day in Shanghai, and the ends of a day in UTC and other zones in Shanghai time."""


Season = Literal["", "year", "month", "long"]
"""Recently, around the first of January, from the first of a month that is a Monday, or over months."""
_SEASONS: tuple[Season, ...] = ("", "", "year", "month")


@dataclass(frozen=True)
class Case:
    """The input of one check of a relation."""

    sessions: tuple[Session, ...] = ()
    seed: int | None = None
    start: int = 0
    """The first day of the range, as an index of the days of the traffic."""
    end: int = 0
    cuts: tuple[int, ...] = ()
    """The indices of the days on which a new part of the range begins."""
    number: int = 0
    """An additional number that a relation may vary."""
    season: Season = ""
    """Where in the calendar the traffic lies."""


def questions() -> st.SearchStrategy[Question]:
    """One question; the simplest has a direct answer."""
    return st.builds(
        Question,
        number=st.integers(0, len(QUESTIONS) - 1),
        outcome=st.sampled_from(_OUTCOMES),
        failed=st.sampled_from([False, False, False, True]),
        latency_ms=st.sampled_from([800, 100, 2_500, 31_007]),
    )


def sessions(days: range, *, outcome: str = "") -> st.SearchStrategy[Session]:
    """One session on one of *days*."""
    asked = st.builds(Question, number=st.integers(0, len(QUESTIONS) - 1)) if outcome else questions()
    return st.builds(
        Session,
        day=st.sampled_from(days),
        minute=st.sampled_from(_MINUTES) | st.integers(0, 1439),
        user=st.sampled_from([1, 2, 3] if outcome else [1, 2, 3, 0]),
        questions=st.lists(asked, min_size=1, max_size=4).map(tuple),
    )


_SIZES = (1, 2, 3, 6, 9, 12, 12, 12)
"""Numbers of sessions. hypothesis prefers small numbers, but small numbers rarely show an error."""

_T = TypeVar("_T")


@st.composite
def several(draw: st.DrawFn, one: st.SearchStrategy[_T]) -> tuple[_T, ...]:
    """A list of values, usually a long one."""
    return tuple(draw(one) for _ in range(draw(st.sampled_from(_SIZES))))


@st.composite
def ranges(draw: st.DrawFn, days: int, *, seeded: bool = True, min_cuts: int = 0, length: int = 1) -> Case:
    """Traffic of some days, a range of at least *length* of these days, and the days that divide the
    range.
    """
    seed = draw(st.sampled_from([None, None, 1, 2, 3])) if seeded else None
    season = draw(st.sampled_from(_SEASONS))
    start, end = 0, days - 1
    if season != "month":  # of a month, the first and the tenth must be read
        start = draw(st.integers(0, days - max(length, 1 + min_cuts)))
        end = draw(st.integers(start + max(length - 1, min_cuts), days - 1))
    near = range(max(0, start - 1), min(days, end + 2))
    some = draw(several(sessions(near))) if seed is None else ()
    cuts: list[int] = []
    if min_cuts:
        cuts = sorted(draw(st.sets(st.integers(start + 1, end), min_size=1, max_size=3)))
    return Case(some, seed, start, end, tuple(cuts), season=season)
