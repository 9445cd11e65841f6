"""Random draws by many: each result comes as often as stated, with as little deviation as possible."""

from collections.abc import Callable
from itertools import cycle

import numpy as np

from mockcbs.traffic import bits

_WHOLE, _LAST = 22, 11
"""The bits of a place, so few that most products are small whole numbers, and how many of them are new after
each draw.
"""


class Draw:
    """The draws of one of many, whose places lie evenly between 0 and 2**22.

    A draw divides this range by the shares of its results. The part with the place is stretched to the whole
    range of the next draw, so those who have drawn the same so far are divided evenly, too.
    """

    __slots__ = ("_later", "_place")

    def __init__(self, place: int, later: Callable[[], int]) -> None:
        """*later* gives the last bits of the place after each draw."""
        self._place, self._later = place, later

    def happens(self, share: int, of: int = 100) -> bool:
        """Whether something happens that does so in *share* cases *of* so many."""
        place, share_end = self._place * of, share << _WHOLE
        if place < share_end:
            self._place = place // share >> _LAST << _LAST | self._later()
            return True
        self._place = (place - share_end) // (of - share) >> _LAST << _LAST | self._later()
        return False

    def among(self, *shares: int, of: int = 100) -> int:
        """The number of one of *shares* of a whole; if it is the rest of the whole, how many they are."""
        place, number, rest = self._place * of, 0, of
        for share in shares:
            share_end = share << _WHOLE
            if place < share_end:
                rest = share
                break
            place -= share_end
            rest -= share
            number += 1
        self._place = place // rest >> _LAST << _LAST | self._later()
        return number


def draws(name: str, count: int, most: int) -> list[Draw]:
    """Draws for so many, of whom each draws about *most* times at most; always the same for one *name*."""
    words = bits.words(bits.key(name), np.arange(count * (most + 4) // 4))
    parts = np.concatenate([bits.field(words, shift, _LAST) for shift in (0, 16, 32, 48)])
    later = cycle(parts.astype(np.uint16).data)  # not a list, which would be large
    within = bits.field(bits.words(bits.key(name, "within"), np.arange(count)), 0, _WHOLE).tolist()
    places = [(number << _WHOLE | one) // count for number, one in enumerate(within)]
    return [Draw(place, later.__next__) for place in places]
