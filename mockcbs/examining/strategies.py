"""Where hypothesis finds the cases of an exam; only this module and `search` need it."""

from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

from mockcbs.examining.traffic import QUESTIONS, Question, Session

_OUTCOMES = ("direct", "notmatch", "recommend", "chat", "invalid", "dialog")
_MINUTES = (720, 0, 1438, 30, 1410, 450, 510, 960)
"""Noon; the ends of a day in Shanghai; the ends of the days of UTC and others seen from there."""


@dataclass(frozen=True)
class Case:
    """What one run of a relation begins with."""

    sessions: tuple[Session, ...] = ()
    seed: int | None = None
    start: int = 0
    """First day of the range, as a day of the traffic."""
    end: int = 0
    cuts: tuple[int, ...] = ()
    """Days of the range that begin a new part."""
    number: int = 0
    """Whatever else a relation varies."""


def questions() -> st.SearchStrategy[Question]:
    """One question, in the simplest case one that is answered at once."""
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
"""Numbers of sessions: hypothesis begins with few and shrinks to few, but few rarely show a fault."""

_T = TypeVar("_T")


@st.composite
def several(draw: st.DrawFn, one: st.SearchStrategy[_T]) -> tuple[_T, ...]:
    """Some values, mostly many."""
    return tuple(draw(one) for _ in range(draw(st.sampled_from(_SIZES))))


@st.composite
def ranges(draw: st.DrawFn, days: int, *, seeded: bool = True, min_cuts: int = 0, length: int = 1) -> Case:
    """Traffic of some days, a range of at least *length* of them, and cuts of the range."""
    seed = draw(st.sampled_from([None, None, 1, 2, 3])) if seeded else None
    start = draw(st.integers(0, days - max(length, 1 + min_cuts)))
    end = draw(st.integers(start + max(length - 1, min_cuts), days - 1))
    near = range(max(0, start - 1), min(days, end + 2))
    some = draw(several(sessions(near))) if seed is None else ()
    cuts: list[int] = []
    if min_cuts:
        cuts = sorted(draw(st.sets(st.integers(start + 1, end), min_size=1, max_size=3)))
    return Case(some, seed, start, end, tuple(cuts))
