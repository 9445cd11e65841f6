"""Random words by key and place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic import bits

MANY = bits.words(bits.key("test"), np.arange(200_000))


def test_a_word_is_the_same_forever():
    """The first words of SplitMix64 from state 0, as its author publishes them."""
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]

    assert bits.words(0, [1, 2, 3]).tolist() == published


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(0, 5))
def test_a_group_has_the_same_words_in_any_company(counts, number):
    """The words of a day do not depend on the days that are drawn with it."""
    keys = bits.words(7, np.arange(len(counts)))

    together = bits.Columns(keys, np.array(counts)).column(number)

    alone = [
        bits.Columns(keys[place : place + 1], np.array([n])).column(number) for place, n in enumerate(counts)
    ]
    assert together.tolist() == np.concatenate(alone).tolist()


@pytest.mark.parametrize("limit", [1, 2, 7, 3_600_000, 2**32])
def test_numbers_stay_below_their_limit(limit):
    """Numbers are from 0 to below the limit, and all parts of it occur."""
    numbers = bits.below(MANY, limit)

    assert numbers.min() >= 0
    assert numbers.max() < limit
    assert abs(numbers.mean() / limit - 0.5 * (limit - 1) / limit) < 0.005


def test_normal_numbers_are_normal():
    """Mean 0, deviation 64, and the tails of a normal distribution."""
    numbers = bits.normal(MANY)

    assert abs(numbers.mean()) < 1
    assert numbers.std() == pytest.approx(64, rel=0.02)
    assert (abs(numbers) > 2 * 64).mean() == pytest.approx(0.0455, abs=0.006)


def test_skewed_numbers_prefer_small_ones():
    """A few users come often, and many seldom."""
    counts = np.bincount(bits.skewed(MANY, 100), minlength=100)

    assert counts[0] > 5 * counts[50]
    assert counts[-1] < counts[50]
    assert len(counts) == 100


def test_keys_differ():
    """Another seed, bot or purpose has another key."""
    keys = {bits.key(seed, bot) for seed in range(20) for bot in ("a", "b", "a/b")}

    assert len(keys) == 60


def test_bits_of_a_word():
    """Some bits of each word, as numbers."""
    words = np.array([0xABCD, 0xFFFF_0000_0000_0000], np.uint64)

    assert bits.field(words, 4, 8).tolist() == [0xBC, 0]
    assert bits.field(words, 48, 16).tolist() == [0, 0xFFFF]
