"""Sessions without words, in which all scripts are played."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.conversations.draft import Draft
from mockcbs.traffic.conversations.playing import choose
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.periods import DAY

BEGIN = 20_409 * DAY
"""A Monday, ms UTC."""
_APART_MS = 20_000


def drafted(scripts: np.ndarray, key: int = 5) -> Draft:
    """One session for each of these scripts, twenty seconds apart."""
    rounds = pool().length[scripts]
    session = np.repeat(np.arange(len(scripts)), rounds)
    opening = np.concatenate(([0], np.cumsum(rounds)))
    step = np.arange(len(session)) + (pool().first[scripts] - opening[:-1]).take(session)
    starts = BEGIN + np.arange(len(scripts)) * _APART_MS
    return Draft(
        session,
        step,
        np.flatnonzero(pool().repeats.take(step)),
        bits.words(key, np.arange(len(session))),
        bits.words(key + 1, np.arange(len(scripts))),
        (starts // DAY + 3) // 7,
        starts,
        opening,
        np.array([len(session)]),
    )


def usual(count: int, key: int = 5) -> Draft:
    """So many sessions of a bot with all outcomes."""
    mix = {"direct": 62, "recommend": 8, "notmatch": 14, "chat": 9, "invalid": 3, "dialog": 4}
    table = choose(mix, 23, frozenset({0, 1, 2})).astype(np.int64)
    return drafted(table[np.arange(count) * 4099 % len(table)], key)
