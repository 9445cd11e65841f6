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
    """Half of a user's sessions are about the usual topic, most others about a second; all have one pace."""
    words = Users(3, 300, 0).habits(np.full(2_000, 7, np.int32), WORDS[:2_000])

    topics = np.unique(words >> np.uint64(31) & np.uint64(0xFF), return_counts=True)[1]
    usual, second = sorted(topics.tolist())[:-3:-1]
    assert 0.45 < usual / 2_000 < 0.56
    assert 0.33 < second / 2_000 < 0.42
    assert len(set((words >> np.uint64(40) & np.uint64(0xFF)).tolist())) == 1
    assert (words >> np.uint64(52) == WORDS[:2_000] >> np.uint64(52)).all()


@pytest.mark.parametrize("stay_days", [0, 15, 200])
@pytest.mark.parametrize("places", [300, 5_000])
def test_numbers_of_users_are_in_the_order_of_registration(places, stay_days):
    """Each user has a number of its own; users who come later to a place have higher ones."""
    people = Users(3, places, stay_days)
    turns = 12 if stay_days else 1
    users = np.arange(turns * 2 * places)
    found = people.registered(users)

    assert len(set(found.tolist())) == len(users)
    assert 0 <= found.min() <= found.max() < MAX_GENERATED
    if stay_days:
        one_place = people.registered(np.arange(turns) * 2 * places)
        assert (np.diff(one_place) > 0).all()


@pytest.mark.parametrize("stay_days", [0, 15, 200])
def test_most_users_have_registered_lately(stay_days):
    """Of the users of 90 days, more than half are in the newer third of the numbers; few are old."""
    people = Users(3, 900, stay_days)
    found = np.unique(people.registered(people.of(WORDS, 1_800 + FIRST_DAY + DAYS % 90, USUAL, ANY)))

    age = (found - found.min()) / (found.max() - found.min())
    assert (age > 2 / 3).mean() > 0.5
    assert 0.005 < (age < 1 / 3).mean() < 0.2


def test_ways():
    """All ways are equally likely; half of those with a rare one are of users who always have one."""
    numbers = np.repeat(np.arange(20_000, dtype=np.int32), 8)
    words = bits.words(5, np.arange(len(numbers)))

    found = Users(3, 300, 0).ways(numbers, words, 160)

    rare = (found >= 4096 - 160).reshape(-1, 8)
    assert set(found.tolist()) == {*range(4096)}
    assert rare.mean() == pytest.approx(160 / 4096, rel=0.1)
    assert rare.all(axis=1).mean() == pytest.approx(80 / 4096, rel=0.2)
    assert not (Users(3, 300, 0).ways(numbers, words, 0) >= 4096).any()
