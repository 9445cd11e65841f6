"""How often users ask about each subject: it differs between bots and changes from week to week."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.turns import Ints, Places

SLOTS = 256
"""The number of entries in the table of a section; each entry is a subject."""
WEEKS, DOMAIN_WEEKS = 4, 16
"""The number of weeks in which the frequency of a subject, and that of a domain, changes once."""


def drift(key: int, weeks: range, count: int, percent: int, once: int = WEEKS) -> Ints:
    """The relative frequency of each of *count* subjects (columns) in each week (rows); 1024 is usual.

    It changes direction *once* in so many weeks.
    """
    knots = range(weeks.start // once, (weeks.stop - 1) // once + 2)
    heights = bits.signed(bits.words(key, np.array(knots)[:, None] * 4096 + np.arange(count)))
    week = np.array(weeks)[:, None]
    low, part = week // once - knots.start, week % once
    low = low[:, 0]
    height = (heights[low] * (once - part) + heights[low + 1] * part) // once
    drifted: Ints = np.maximum(64, 1024 + height * percent // 50)
    return drifted


def entries(weights: Ints, edges: Ints) -> Places:
    """For each row and section, `SLOTS` numbers of columns, each repeated in proportion to its weight.

    Sections are the columns from each of *edges* to the next.
    """
    running = np.zeros((len(weights), weights.shape[1] + 1), np.int64)
    np.cumsum(weights, axis=1, out=running[:, 1:])
    before, widths = running[:, edges], np.diff(edges)
    share = (running[:, 1:] - np.repeat(before[:, :-1], widths, axis=1)) * SLOTS
    share //= np.repeat(np.diff(before), widths, axis=1)
    share += np.repeat(SLOTS * np.arange(len(widths)), widths)
    counts = np.diff(share, axis=1, prepend=0)
    small = np.min_scalar_type(-weights.shape[1])
    columns = np.tile(np.arange(weights.shape[1], dtype=small), len(weights))
    return np.repeat(columns, counts.ravel()).reshape(len(weights), len(widths), SLOTS)
