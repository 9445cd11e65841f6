"""The hours of one bot."""

from functools import cache
from statistics import mean

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic import bits
from mockcbs.traffic.amounts.characters import CHARACTERS
from mockcbs.traffic.amounts.hours import WORDS, own_hours
from mockcbs.traffic.bots import ANY
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from tests.traffic.worlds import DAYS, KNOWLEDGE, LOCAL_DAYS, SEEDS, WEEKDAY, begins

_QUARTER = DAY // 96


def hours_of(name: str) -> list[np.ndarray]:
    """The hours of sixty bots of one character."""
    one = CHARACTERS[name]
    usual = np.array(one.working_day) * 1024
    return [own_hours(usual, one.peaks, one.lunch, bits.words(bot, np.arange(WORDS))) for bot in range(60)]


BOTS = hours_of("office")


def test_bots_differ():
    """Two bots of one character have hours of their own, the same bot always has the same."""
    assert (np.array(hours_of("office")) == np.array(BOTS)).all()
    assert len({tuple(hours.tolist()) for hours in BOTS}) == len(BOTS)


def test_hours_stay_those_of_the_character():
    """Forenoons are far busier than nights for every bot."""
    for hours in BOTS:
        assert hours.min() >= 0
        assert hours[8:12].sum() > 5 * hours[0:5].sum()


@pytest.mark.parametrize("name", CHARACTERS)
def test_hours_are_no_comb(name):
    """Besides lunch, few hours have less than half of what comes within three hours before and after."""
    dips = [
        sum(
            hours[hour] < min(hours[hour - 3 : hour].max(), hours[hour + 1 : hour + 4].max()) / 2
            for hour in {*range(8, 21)} - {12, 13}
        )
        for hours in hours_of(name)
    ]

    assert np.mean(dips) < 1.2
    assert max(dips) <= 3
    assert np.mean(np.array(dips) > 2) < 0.05


OFFICES = ("303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "7389589103588700001", "5" * 16, "6" * 16)
"""Two listed bots of the default data, and two others."""


@cache
def on_working_days(seed: int, bot: str, character: str) -> np.ndarray:
    """The sessions of a bot of the default data by quarter of an hour; places are those of their ends."""
    bots = load("everyday").bots
    profile = (bots.get(bot) or bots[ANY]).profile._replace(character=character)
    start = begins(Generator(seed, bot, profile, KNOWLEDGE).turns_of(DAYS)[0])
    working = np.isin(start // DAY, LOCAL_DAYS[WEEKDAY])
    return np.bincount(start[working] % DAY // _QUARTER, minlength=96)


def of_an_hour(quarters: np.ndarray) -> np.ndarray:
    """The sessions of the hour around the begin of each quarter."""
    return np.convolve(quarters, np.ones(4), "same")


@pytest.mark.parametrize("bot", OFFICES)
def test_offices_are_quiet_at_noon(bot):
    """Their quietest hour from 10:00 to 16:00 is around 11:45 to 13:30, with a third to six tenths of the
    afternoon.
    """
    ratios = []
    for seed in SEEDS:
        quarters = on_working_days(seed, bot, "office")
        quietest = 42 + of_an_hour(quarters)[42:63].argmin()
        ratios.append(quarters[48:54].sum() / quarters[56:62].sum())
        assert 11.75 * 4 <= quietest <= 13.5 * 4

    assert min(ratios) > 0.25
    assert max(ratios) < 0.6
    assert 0.35 < mean(ratios) < 0.5


@pytest.mark.parametrize("bot", OFFICES)
def test_offices_are_busiest_in_the_middle_of_morning_and_afternoon(bot):
    """The busiest hours are around 9:15 to 11:30 and 14:00 to 17:00, for nine of ten bots."""
    curves = [of_an_hour(on_working_days(seed, bot, "office")) for seed in SEEDS]
    peaks = [(32 + hours[32:50].argmax(), 50 + hours[50:76].argmax()) for hours in curves]

    assert mean(int(37 <= morning <= 46) for morning, _ in peaks) >= 0.9
    assert mean(int(56 <= afternoon <= 68) for _, afternoon in peaks) >= 0.9


@pytest.mark.parametrize("character", ["shop", "student", "service_desk"])
def test_others_have_no_hole_in_the_afternoon(character):
    """No hour from 14:30 to 18:00 has less than half of the hours beside it."""
    for seed in SEEDS:
        hours = of_an_hour(on_working_days(seed, OFFICES[-1], character))
        for place in range(58, 72):
            assert hours[place] > min(hours[place - 6 : place].max(), hours[place + 1 : place + 7].max()) / 2
