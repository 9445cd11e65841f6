"""Ranges that are computed together and kept."""

import pytest

from mockcbs.traffic.recent import Recent


class Computing:
    """Notes the ranges that are computed, and returns their numbers."""

    def __init__(self):
        self.recent, self.computed = Recent(4), []

    def around(self, *numbers):
        known, value = self.recent.around(range(*numbers), self._compute)
        assert value == list(known)
        assert set(range(*numbers)) <= set(value)
        return known

    def _compute(self, numbers):
        self.computed.append(numbers)
        return list(numbers)


@pytest.mark.parametrize(
    ("numbers", "known"),
    [
        ((9, 10), range(8, 12)),
        ((8, 12), range(8, 12)),
        ((-1, 0), range(-4, 0)),
        ((10, 13), range(8, 13)),
        ((9, 14), range(9, 14)),
    ],
)
def test_short_ranges_are_computed_with_their_neighbours(numbers, known):
    """Longer ones are computed as they are."""
    assert Computing().around(*numbers) == known


def test_the_last_few_ranges_are_kept():
    """The oldest one is dropped for a sixth."""
    numbers = Computing()
    for start in range(0, 20, 4):
        numbers.around(start, start + 1)
    numbers.around(3, 4)
    assert len(numbers.computed) == 5

    numbers.around(20, 21)
    numbers.around(3, 4)

    assert numbers.computed[5:] == [range(20, 24), range(4)]


def test_long_ranges_are_not_kept():
    """They are large, and are read once."""
    numbers = Computing()

    numbers.around(0, 8)
    numbers.around(0, 8)

    assert numbers.computed == [range(8)] * 2
