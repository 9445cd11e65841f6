"""Hours of the week at which users ask more about a question category, such as Monday morning."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import Ints
from mockcbs.traffic.words.frequencies import SLOTS

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(?:([a-z]{3}):)?([0-9]{1,2})-([0-9]{1,2})")
_WEEK, _DAY = 168, 24
_BEFORE_1970 = 72
"""The hours from a Monday until 1970."""
_SHARE = 36
"""The number of `SLOTS` sessions that are about a category in its hours, beside those that are so anyway."""
_SPREAD = 167
"""An odd number, so that these sessions come from all categories."""


def hours_of(text: str) -> tuple[int, ...]:
    """The hours of the week, from Monday, 0:00, in a text such as ``mon:8-11 19-23``.

    A span without a weekday is that of every day; its end is excluded.

    Raises `ValueError` for any other text.
    """
    found: set[int] = set()
    for span in text.split():
        match = _SPAN.fullmatch(span)
        if match is None or match[1] not in {None, *_WEEKDAYS} or not int(match[2]) < int(match[3]) <= _DAY:
            raise ValueError(f"{span!r} is not a span of hours such as '19-23' or 'mon:8-11'")
        days = [_WEEKDAYS.index(match[1])] if match[1] else range(len(_WEEKDAYS))
        found |= {_DAY * day + hour for day in days for hour in range(int(match[2]), int(match[3]))}
    return tuple(sorted(found))


class Rhythms:
    """The busy hours of the categories of one knowledge base."""

    def __init__(self, categories: Sequence[str | None], hours: Mapping[str, tuple[int, ...]]) -> None:
        """*hours* are those of the week, by category."""
        self.is_empty = not any(name in hours for name in categories)
        self._table: npt.NDArray[np.int16] = np.full((_WEEK, SLOTS), -1, np.int16)
        rank = np.arange(SLOTS) * _SPREAD % SLOTS
        for place, name in enumerate(categories):
            for hour in hours.get(str(name), ()):
                row = self._table[hour]
                taken = np.count_nonzero(row >= 0)
                row[(rank >= taken) & (rank < taken + _SHARE)] = place

    def of(self, at: Ints, slots: Ints) -> Ints:
        """The category in whose busy hours each session begins, else -1, given its local hour since 1970 and
        the slot that chooses its usual category: sessions with one slot have one category.
        """
        found: Ints = self._table.take((at + _BEFORE_1970) % _WEEK * SLOTS + slots).astype(np.int64)
        return found
