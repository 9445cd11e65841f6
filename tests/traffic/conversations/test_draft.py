"""The bits of a session's word."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.conversations.draft import PACE, PACE_BITS, TOPIC, TOPIC_BITS


def test_topic_and_pace_are_independent():
    """Their bits are not the same, and each mask has those of its field."""
    words = bits.words(7, np.arange(100))

    assert not int(TOPIC) & int(PACE)
    for mask, place in ((TOPIC, TOPIC_BITS), (PACE, PACE_BITS)):
        assert np.array_equal(bits.field(words & mask, place, 8), bits.field(words, place, 8))
        assert not bits.field(words & ~mask, place, 8).any()
