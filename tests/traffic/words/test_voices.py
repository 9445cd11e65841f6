"""What the texts of one bot's users depend on."""

import numpy as np

from mockcbs.traffic.turns import turns
from mockcbs.traffic.words.voices import TOGETHER, together_since


def test_questions_within_eight_seconds_belong_together():
    """The words of a question are those from the last multiple of 2**13 ms on."""
    begin = 5 << TOGETHER
    at = begin + np.array([-1, 0, 1, 8191, 8192])
    none = np.zeros(len(at), np.int64)

    since = together_since(turns(at, none, none, none, none))

    assert since.tolist() == [begin - 8192, begin, begin, begin, begin + 8192]
