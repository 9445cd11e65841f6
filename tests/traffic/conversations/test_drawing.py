"""Draws whose results are as frequent as stated."""

from collections import Counter
from statistics import mean

import pytest

from mockcbs.traffic.conversations.drawing import draws

NAMES = [f"name {number}" for number in range(20)]


@pytest.mark.parametrize("name", NAMES)
def test_shares_are_exact(name):
    """The stated share of all draws each result; so does that of those who have drawn the same so far."""
    found = Counter(
        (draw.happens(9), draw.among(60, 10, 5, 14, 5), draw.happens(3, of=8)) for draw in draws(name, 900, 8)
    )

    greets = sum(count for (greets, _, _), count in found.items() if greets)
    assert greets == pytest.approx(81, abs=1)
    for number, share in enumerate((60, 10, 5, 14, 5, 6)):
        here = {last: found[False, number, last] for last in (True, False)}
        assert sum(here.values()) == pytest.approx(819 * share / 100, abs=2)
        assert here[True] == pytest.approx(sum(here.values()) * 3 / 8, abs=2)


def test_later_draws_are_random():
    """When everybody has drawn something else, the next draws are still as frequent as stated."""
    later = [[draw.happens(30) for _ in range(60)][20:] for name in NAMES for draw in draws(name, 100, 60)]

    assert mean(map(mean, later)) == pytest.approx(0.3, abs=0.01)
    assert len({*map(tuple, later)}) == len(later)
    for place in range(39):
        both = mean(one[place] and one[place + 1] for one in later)
        assert both == pytest.approx(0.09, abs=0.025)


def test_draws_are_always_the_same():
    """The same name has the same draws, another name has others."""
    first, same, other = (
        [draw.among(*[10] * 9) for draw in draws(name, 50, 4) for _ in range(3)] for name in ("a", "a", "b")
    )

    assert first == same != other


def test_more_draws_than_expected():
    """One who draws more often than most others is served, too."""
    (draw,) = draws("long", 1, 2)

    assert 0.2 < mean(draw.happens(50) for _ in range(200)) < 0.8
