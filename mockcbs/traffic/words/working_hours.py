"""When users are at work: on working days, from morning till evening."""

from mockcbs.traffic.amounts import calendar
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import Ints
from mockcbs.traffic.words.seasons import Flags

_BEGIN, _END = 7, 21
"""The hours between which some users are at work."""


def are_at_work(local: Ints, *, has_holidays: bool) -> Flags:
    """Whether users are at work at each *local* time (ms since 1970), in China if it *has_holidays*."""
    hour = local // HOUR % 24
    works = calendar.are_worked(local // DAY, has_holidays=has_holidays)
    at_work: Flags = works & (hour >= _BEGIN) & (hour < _END)
    return at_work
