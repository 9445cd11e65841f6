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
_RETRIES, _ENTRIES = 3, 256
"""How often another entry is tried, and the entries of a row."""
_APART = np.array([int(f"{number:05b}"[::-1], 2) << 3 for number in range(32)], np.int64)
"""How far the first, second, third … new subject of a session is from the first one: half of the table, then
quarters, then eighths.
"""


def subjects_of(table: Places, row: Ints, topics: int, words: Words, step: Ints, *, again: Ints) -> Places:
    """The subject of each turn, given its word and its step, from the *table* whose row begins at *row*.

    Rows have 256 entries, each equally likely; those of each week begin with as many *topics*. The turns
    *again* have the subject of an earlier one. If a row has hardly anything but what was just asked about,
    the subject is from the next topic.
    """
    steps = pool()
    begin = (words >> np.uint64(56)).view(np.int64)
    found = table.take(row + begin)
    turn = np.flatnonzero(steps.follows.take(step))
    which = step.take(turn)
    entry = begin.take(turn - steps.since.take(which)) + _APART.take(steps.number.take(which))
    entry += (words.take(turn) >> np.uint64(59)).view(np.int64)
    row = row.take(turn)
    found[turn] = table.take(row + (entry & 255))
    before = turn - steps.before.take(which, axis=1)
    for retry in range(_RETRIES):
        same = np.flatnonzero((found.take(before) == found.take(turn)).any(axis=0))
        turn, before, entry = turn.take(same), before.take(same, axis=1), entry.take(same) + _FAR
        row = row.take(same)
        if retry == 1:
            section = row // _ENTRIES % table.shape[1]
            row += np.where(section < topics, (section + 1) % topics - section, 0) * _ENTRIES
        found[turn] = table.take(row + (entry & 255))
    found[again] = found[again - steps.back.take(step[again])]
    return found
