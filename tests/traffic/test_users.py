"""Users arrive, stay and leave."""

import numpy as np
import pytest

from mockcbs.traffic import bits
from mockcbs.traffic.bots import FIRST_DAY
from mockcbs.traffic.numbering import MAX_GENERATED
from mockcbs.traffic.users import Users

WORDS = bits.words(7, np.arange(200_000))
DAYS = FIRST_DAY + np.arange(200_000) // 1000
USUAL = np.full(200_000, 1024)


def test_users_that_stay_for_ever_are_the_stated_number():
    """Without a limit to their stay, the users are those of the first day, and no more than stated."""
    found = Users(3, 300, 0).of(WORDS, DAYS, USUAL)

    assert len(set(found.tolist())) == 300
    assert found.max() == 299


def test_each_place_has_one_user_at_a_time():
    """On one day there are at most as many users as stated; who has left does not come again."""
    found = Users(3, 300, 30).of(WORDS, DAYS, USUAL)

    assert len(set(found[DAYS == FIRST_DAY + 50].tolist())) <= 300
    for place in range(0, 300, 7):
        holders = found[found % 600 == place]
        changes = np.flatnonzero(np.diff(holders)) + 1
        assert len(set(holders.tolist())) == len(changes) + 1
    assert len(set(found.tolist())) > 1000


def test_regular_users_stay_longer():
    """The users who come most often stay several times as long as others."""
    found = Users(3, 300, 30).of(WORDS, DAYS, USUAL)

    stays = [len(set(found[found % 600 == place].tolist())) for place in range(300)]

    assert np.mean(stays[:18]) < 0.4 * np.mean(stays[18:])


def test_reach_brings_new_users():
    """Twice the reach has about twice the users."""
    usual, wide = (Users(3, 300, 0).of(WORDS, DAYS, USUAL * factor) for factor in (1, 2))

    assert len(set(wide.tolist())) > 1.9 * len(set(usual.tolist()))


@pytest.mark.parametrize("places", [1, 400, 10_000_000])
def test_numbers_of_users_are_limited(places):
    """Whatever the number of users and the day, their numbers are those of generated users."""
    days = np.array([FIRST_DAY, FIRST_DAY + 40_000])

    found = Users(3, places, 1).of(WORDS[:2], days, np.array([1024, 1_000_000]))

    assert ((found >= 0) & (found < MAX_GENERATED)).all()
