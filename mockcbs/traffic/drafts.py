"""Turns before their words and times are known."""

from typing import NamedTuple

from mockcbs.traffic.bits import Words
from mockcbs.traffic.turns import Ints


class Draft(NamedTuple):
    """Turns in the order of their sessions."""

    session: Ints
    step: Ints
    """The step of a script, for each turn."""
    again: Ints
    """The turns about the subject of an earlier one."""
    words: Words
    topics: Words
    """The word of each session."""
    week: Ints
    """The week of each session, since that of 1 January 1970; weeks begin on Monday."""
    starts: Ints
    """The begin of each session, ms UTC."""
    opening: Ints
    """The first turn of each session, and the number of turns."""
    until: Ints
    """The row after the last one of each day."""
