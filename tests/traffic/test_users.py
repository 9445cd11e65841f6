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
ANY = np.full(200_000, -1)


def test_users_that_stay_for_ever_are_the_stated_number():
    """Users without a limited stay are those of the first day, and no more than stated."""
    found = Users(3, 300, 0).of(WORDS, DAYS, USUAL, ANY)

    assert len(set(found.tolist())) == 300
    assert found.max() == 299


def test_each_place_has_one_user_at_a_time():
    """A day has at most the stated number of users, and a user who has left does not return."""
    found = Users(3, 300, 30).of(WORDS, DAYS, USUAL, ANY)

    assert len(set(found[DAYS == FIRST_DAY + 50].tolist())) <= 300
    for place in range(0, 300, 7):
        holders = found[found % 600 == place]
        changes = np.flatnonzero(np.diff(holders)) + 1
        assert len(set(holders.tolist())) == len(changes) + 1
    assert len(set(found.tolist())) > 1000


def test_regular_users_stay_longer():
    """The users who come most often stay several times as long as others."""
    found = Users(3, 300, 30).of(WORDS, DAYS, USUAL, ANY)

    stays = [len(set(found[found % 600 == place].tolist())) for place in range(300)]

    assert np.mean(stays[:18]) < 0.4 * np.mean(stays[18:])


def test_reach_brings_new_users():
    """Twice the reach has about twice the users."""
    usual, wide = (Users(3, 300, 0).of(WORDS, DAYS, USUAL * factor, ANY) for factor in (1, 2))

    assert len(set(wide.tolist())) > 1.9 * len(set(usual.tolist()))


@pytest.mark.parametrize("places", [1, 400, 10_000_000])
def test_numbers_of_users_are_limited(places):
    """For any number of users and any day, the numbers are those of generated users."""
    days = np.array([FIRST_DAY, FIRST_DAY + 40_000])

    found = Users(3, places, 1).of(WORDS[:2], days, np.array([1024, 1_000_000]), np.array([-1, 5]))

    assert ((found >= 0) & (found < MAX_GENERATED)).all()


def test_users_come_in_their_part_of_the_day():
    """Each part of a day has its own users; their total is the same as without parts."""
    parts = np.arange(200_000) * 8 // 1000 % 8

    found = Users(3, 300, 0).of(WORDS, DAYS, USUAL, parts)

    for part in range(8):
        here = set(found[(parts == part) & (found < 296)].tolist())
        assert {user % 8 for user in here} == {part}
    assert len(set(found.tolist())) == 300


def test_users_have_a_usual_topic():
    """Half of a user's sessions are about the usual topic, and all have the same pace."""
    words = Users(3, 300, 0).habits(np.full(2_000, 7, np.int32), WORDS[:2_000])

    topics = np.unique(words >> np.uint64(31) & np.uint64(0xFF), return_counts=True)[1]
    assert 0.45 < topics.max() / 2_000 < 0.56
    assert len(set((words >> np.uint64(40) & np.uint64(0xFF)).tolist())) == 1
    assert (words >> np.uint64(52) == WORDS[:2_000] >> np.uint64(52)).all()


def test_numbers_of_users_have_no_pattern():
    """All numbers differ and are spread over the whole range; those of users who arrived together, too."""
    for places in (300, 5_000):
        users = np.arange(12 * places)
        found = Users(3, places, 30).scattered(users)

        assert len(set(found.tolist())) == len(users)
        assert 0 <= found.min() <= found.max() < MAX_GENERATED
        parts = np.bincount(found * 64 // MAX_GENERATED, minlength=64)
        assert parts.max() < 1.8 * parts.mean()
        assert parts.min() > 0.4 * parts.mean()
        gaps = np.diff(np.sort(found))
        assert 0.6 < gaps.std() / gaps.mean() < 1.4
        assert 0.4 < (np.diff(found) > 0).mean() < 0.6
