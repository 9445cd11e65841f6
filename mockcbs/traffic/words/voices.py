"""What the texts of one bot's users depend on, beside what they say."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.periods import HOUR
from mockcbs.traffic.turns import Ints, Turns

Flags = npt.NDArray[np.bool_]

_EIGHT_HOURS = 8 * HOUR
"""The offset of China's time zone, ms."""
TOGETHER = 13
"""Questions of one user within 2**13 ms, such as one that is sent twice, have the same phrasing."""


class Voice(NamedTuple):
    """What the words of one bot's users depend on."""

    key: int = 0
    """A key of seed and bot."""
    utc_offset: int = _EIGHT_HOURS
    """The offset of the users' time zone, ms."""
    understands: bool = False
    """Whether the bot understands long texts, as language models do."""


NO_BOT = Voice()
"""The voice of texts that belong to no bot."""


def together_since(turns: Turns) -> Ints:
    """From when on questions have the words of each of *turns*, ms UTC.

    A session that begins then has the words of a first question: one that is sent twice stays the same.
    """
    return turns.at >> TOGETHER << TOGETHER
