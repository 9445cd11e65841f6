"""The search for the smallest case that breaks a relation."""

from datetime import date

from hypothesis import strategies as st

from mockcbs.examining.search import MAX_SMALLER, BrokenError, smallest
from mockcbs.examining.traffic import Traffic

TRAFFIC = Traffic(date(2026, 11, 2))


def at_least(limit, seen):
    def check(case):
        seen.append(case)
        if case >= limit:
            raise BrokenError(f"{case} is too much", "", TRAFFIC)

    return check


def test_the_smallest_is_found():
    """The same seed and name find the same smallest case."""
    runs = []
    for _ in range(2):
        seen = []
        found = smallest(st.integers(0, 1000), at_least(300, seen), cases=50, seed=1, name="x")
        runs.append((found.reason, seen))

    assert runs[0] == runs[1]
    reason, seen = runs[0]
    broken = [case for case in seen if case >= 300]
    assert reason == f"{min(broken)} is too much"
    assert min(broken) < broken[0] or broken[0] == 300


def test_what_holds_is_not_broken():
    """All cases are tried once, and none breaks a relation that holds."""
    seen = []

    assert smallest(st.integers(0, 10**9), at_least(2 * 10**9, seen), cases=20, seed=1, name="x") is None
    assert len(seen) == len(set(seen)) > 15


def test_the_search_ends():
    """The search ends even if smaller cases can always be found."""
    seen = []

    smallest(st.text(min_size=1000), at_least("", seen), cases=5, seed=1, name="x")

    assert len(seen) <= MAX_SMALLER + 7
