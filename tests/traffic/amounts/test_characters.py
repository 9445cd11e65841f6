"""Characters of bots."""

import pytest

from mockcbs.traffic.amounts.characters import CHARACTERS, DRAWN
from mockcbs.traffic.turns import OUTCOMES


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_character_is_whole(name):
    """Every hour has a number, every weekday a part, every pair of bounds ascends."""
    one = CHARACTERS[name]

    assert len(one.working_day) == len(one.free_day) == 24
    assert len(one.week) == 5
    assert sum(one.outcomes.values()) == 100
    assert one.outcomes.keys() == set(OUTCOMES)
    pairs = (one.weekend, one.sunday, one.holiday, one.spring_festival, one.rounds, one.campaigns)
    assert all(low <= high for low, high in pairs)


def test_characters_differ():
    """An office sleeps at the weekend, a shop does not."""
    office, shop = CHARACTERS["office"], CHARACTERS["shop"]

    assert max(office.weekend) < 50
    assert min(shop.weekend) > 100
    assert set(DRAWN) <= CHARACTERS.keys()
