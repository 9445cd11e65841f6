"""The hours of one bot."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.hours import own_hours

USUAL = np.array([4, 2, 1, 1, 1, 2, 6, 20, 60, 90, 95, 80, 40, 60, 85, 90, 80, 60, 30, 18, 14, 10, 8, 6]) * 10
BOTS = [
    own_hours(USUAL, bits.words(bot, np.array([99])), bits.words(bot, np.arange(40))) for bot in range(60)
]


def test_bots_differ():
    """Two bots of one character have hours of their own, the same bot always has the same."""
    again = own_hours(USUAL, bits.words(0, np.array([99])), bits.words(0, np.arange(40)))

    assert (again == BOTS[0]).all()
    assert len({tuple(hours.tolist()) for hours in BOTS}) == len(BOTS)


def test_hours_stay_those_of_the_character():
    """Forenoons are far busier than nights for every bot."""
    for hours in BOTS:
        assert hours.min() >= 0
        assert hours[8:12].sum() > 5 * hours[0:5].sum()


def test_hours_are_no_comb():
    """Besides lunch, few hours have less than half of what comes within three hours before and after."""
    dips = [
        sum(
            hours[hour] < min(hours[hour - 3 : hour].max(), hours[hour + 1 : hour + 4].max()) / 2
            for hour in range(8, 21)
        )
        for hours in BOTS
    ]

    assert np.mean(dips) < 1.2
    assert max(dips) <= 3
