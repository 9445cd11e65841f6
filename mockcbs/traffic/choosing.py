"""Which entry of a table of subjects each question of a session takes.

Equal subjects stand together in a table. So the entries of one session are far from each other, and users
rarely ask what was just answered.
"""

import numpy as np

from mockcbs.traffic.bits import Words
from mockcbs.traffic.scripts import pool
from mockcbs.traffic.turns import Ints, Places

_FAR = 101
"""How far another entry is from one whose subject was just asked about."""
_APART = np.array([int(f"{number:05b}"[::-1], 2) << 3 for number in range(32)], np.int64)
"""How far the first, second, third … new subject of a session is from the first one: half of the table, then
quarters, then eighths.
"""


def subjects_of(table: Places, row: Ints, beside: Ints, words: Words, step: Ints) -> Places:
    """The subject of each turn, given its word and its step, from its *row* of the *table*.

    Rows have 256 entries, each equally likely. A step that repeats an earlier one has its subject. If a row
    has hardly anything but what was just asked about, the subject is from the row *beside*.
    """
    steps = pool()
    begin = (words >> np.uint64(56)).view(np.int64)
    found = table.take(row + begin)
    turn = np.flatnonzero(steps.since.take(step))
    which = step.take(turn)
    entry = begin.take(turn - steps.since.take(which)) + _APART.take(steps.number.take(which))
    entry += (words.take(turn) >> np.uint64(59)).view(np.int64)
    found[turn] = table.take(row.take(turn) + (entry & 255))
    before = turn - steps.before.take(which, axis=1)
    for base in row, beside, beside:
        same = np.flatnonzero((found.take(before) == found.take(turn)).any(axis=0))
        turn, before, entry = turn.take(same), before.take(same, axis=1), entry.take(same) + _FAR
        found[turn] = table.take(base.take(turn) + (entry & 255))
    again = np.flatnonzero(steps.back.take(step))
    found[again] = found[again - steps.back.take(step[again])]
    return found
