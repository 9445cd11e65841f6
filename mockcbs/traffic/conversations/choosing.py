"""Which subject each question of a session has.

Users stay with what they are at: many later questions are about subjects related to the first one. They
rarely ask what was just answered.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.bits import Words
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.turns import Ints, Places

RELATED = 8
"""The number of related subjects of a subject."""
_STAYS = 10
"""The number of 16 later questions that are about a related subject, if there are any."""
_FAR = 101
"""How far another entry is from one whose subject was just asked about."""
_RETRIES, _ENTRIES = 4, 256
"""How often another entry is tried, and the entries of a row."""
_MIXER = np.uint64(0x9E3779B97F4A7C15)


def subjects_of(
    table: Places,
    row: Ints,
    related: npt.NDArray[np.int32],
    words: Words,
    step: Ints,
    *,
    topics: int,
    again: Ints,
    renew: Callable[[Places, int], None] = lambda _, __: None,
) -> Places:
    """The subject of each turn, given its word and its step, from the *table* whose row begins at *row*.

    Rows have 256 entries, each equally likely; those of each week begin with as many *topics*. Each row of
    *related* lists the subjects that belong to one. The turns *again* have the subject of an earlier one. If
    a row has hardly anything but what was just asked about, the subject is from the next topic. *renew*
    replaces subjects that nobody asks about on that day. It gets the subjects, and how far from its own the
    first other entry is that a turn tries.
    """
    steps = pool()
    entry = (words >> np.uint64(56)).view(np.int64)
    found = table.take(row + entry)
    renew(found, 0)
    turn = np.flatnonzero(steps.follows.take(step))
    which, entry = step.take(turn), entry.take(turn)
    own = (words.take(turn) * _MIXER >> np.uint64(57)).view(np.int64)
    first = turn - steps.since.take(which)
    near = related[found.take(first), own & 7]
    begins, row = row.take(first), row.take(turn)
    stays = np.flatnonzero((own >> 3 < _STAYS) & (near >= 0) & (begins == row))
    found[turn.take(stays)] = near.take(stays)
    before = turn - steps.before.take(which, axis=1)
    for retry in range(_RETRIES):
        same = np.flatnonzero((found.take(before) == found.take(turn)).any(axis=0))
        entry[same] += _FAR
        if retry > 0:
            section = row[same] // _ENTRIES % table.shape[1]
            row[same] += np.where(section < topics, (section + 1) % topics - section, 0) * _ENTRIES
        found[turn[same]] = table.take(row[same] + (entry[same] & 255))
    renew(found, _FAR // 2)
    found[again] = found[again - steps.back.take(step[again])]
    return found
