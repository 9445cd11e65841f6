"""What is known of generated turns before their words and times."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.bits import Words
from mockcbs.traffic.turns import Ints

Numbers = npt.NDArray[np.int32]
"""The number of the utterance of each turn."""

TOPIC_BITS, PACE_BITS = 31, 40
"""The places of the eight bits of a session's word that choose its topic, and the pace of its user."""
TOPIC, PACE = np.uint64(0xFF << TOPIC_BITS), np.uint64(0xFF << PACE_BITS)
"""These bits."""


class Draft(NamedTuple):
    """Turns in the order of their sessions."""

    session: Ints
    step: Ints
    """The step of a script, for each turn."""
    again: Ints
    """The turns about the subject of an earlier one."""
    words: Words
    """The random word of each turn. Bits 10 to 21 choose the latency, 22 to 35 whether the answer fails,
    36 to 47 the time until the next question, 48 to 55 the wording, and 56 to 63 the subject.
    """
    topics: Words
    """The random word of each session. Bits 0 to 7 choose whether its user is anonymous, 8 to 11 the part of
    the day, 12 to 15 and 48 to 51 a user who comes again, 16 to 18 which of the user's topics it has, 16 to
    19 a holiday, 20 whether it is about an incident, 22 to 29 its other topic, 31 to 38 its topic, 40 to 47
    the pace, and 52 to 63 the script.
    """
    week: Ints
    """The week of each session, since that of 1 January 1970; weeks begin on Monday."""
    starts: Ints
    """The begin of each session, ms UTC."""
    opening: Ints
    """The first turn of each session, and the number of turns."""
    until: Ints
    """The row after the last one of each day."""
