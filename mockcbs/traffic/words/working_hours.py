"""When users are at work: on working days, from morning till evening."""

import numpy as np

from mockcbs.traffic.amounts import calendar
from mockcbs.traffic.amounts.calendar import Kind
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import Ints
from mockcbs.traffic.words.seasons import Flags

_BEGIN, _END = 7, 21
"""The hours between which some users are at work."""


def are_at_work(local: Ints, *, has_holidays: bool) -> Flags:
    """Whether users are at work at each *local* time (ms since 1970), in China if it *has_holidays*."""
    day, hour = local // DAY, local // HOUR % 24
    kind = calendar.kinds(day) if has_holidays else np.zeros(len(day), np.int8)
    weekend = (day + 3) % 7 > 4
    works = np.where(weekend, kind == Kind.WORKED, kind == Kind.ORDINARY)
    at_work: Flags = works & (hour >= _BEGIN) & (hour < _END)
    return at_work
