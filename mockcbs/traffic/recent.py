"""What is computed for ranges of numbers, such as days or weeks: the last few ranges are kept."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

_KEPT = 5
"""The number of ranges that are kept: enough for 90 days."""


class Recent(Generic[Value]):
    """The values of the last few ranges, of *together* numbers each."""

    def __init__(self, together: int) -> None:
        """A shorter range is computed *together* with its neighbours: the next requests mostly need them."""
        self._together = together
        self._kept: tuple[tuple[range, Value], ...] = ()

    def around(self, numbers: range, compute: Callable[[range], Value]) -> tuple[range, Value]:
        """A range that contains *numbers*, and its value: a kept one, or what *compute* returns."""
        kept = self._kept  # read once, as an export in another thread may replace it
        for known, value in kept:
            if known.start <= numbers.start and numbers.stop <= known.stop:
                return known, value
        known = numbers
        if len(numbers) < self._together:
            start = numbers.start // self._together * self._together
            known = range(start, max(numbers.stop, start + self._together))
        value = compute(known)
        if len(known) <= self._together:  # longer ones are made with the index, and are large
            self._kept = ((known, value), *kept[: _KEPT - 1])
        return known, value
