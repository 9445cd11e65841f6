"""What some users always write wrong."""

import numpy as np
import pytest

from mockcbs.traffic.words.habits import _HABITS, habits_of, spelled


def test_each_habit_has_its_users():
    """The share of users with each habit is the stated one, and most users make no mistake or one."""
    words = np.random.default_rng(3).integers(0, 2**64, 40_000, np.uint64)
    habits = habits_of(words)

    for place, (share, _) in enumerate(_HABITS):
        assert abs((habits >> place & 1).mean() - share / 256) < 0.01
    mistakes = habits & (1 << len(_HABITS) - 2) - 1
    assert np.mean([number.bit_count() < 2 for number in mistakes.tolist()]) > 0.7


def test_many_write_latin_words_small():
    """Hardly anybody types Wi-Fi on a phone, and every second user vpn for VPN."""
    small = 1 << len(_HABITS)

    assert spelled("VPN连不上, 单号SF12", small) == "vpn连不上, 单号SF12"
    assert spelled("Wi-Fi密码", small | small >> 1) == "wifi密码"


@pytest.mark.parametrize("place", range(len(_HABITS)))
def test_a_user_with_one_habit_writes_its_words_so(place):
    """All words of the habit, and no others; who has no habit writes as usual."""
    pairs = [[entry.split("/") for entry in entries.split()] for _, entries in _HABITS]
    for number, words in enumerate(pairs):
        for word, wrong in words:
            assert spelled(f"我{word}吗", 1 << place) == f"我{wrong if number == place else word}吗"
            assert spelled(word, 0) == word
