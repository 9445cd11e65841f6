"""Integers that give published figures: bounds, shares, and new and returning users."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mockcbs.pinning.reading import PinError


@dataclass(frozen=True)
class Bounds:
    """Whole numbers from *low* to *high*."""

    low: int
    high: int

    def __bool__(self) -> bool:
        """Whether the bounds contain a number."""
        return self.low <= self.high


def behind_mean(printed: int, count: int, unit: int) -> Bounds:
    """The sums whose mean over *count*, in units of 1 / *unit*, rounds half up to *printed*.

    So ``behind_mean(2333, 3, 1000)`` contains only 7, as 7 / 3 is 2.333.
    """
    low, high = (2 * printed - 1) * count, (2 * printed + 1) * count
    return Bounds(max(0, -(-low // (2 * unit))), (high - 1) // (2 * unit))


def shared(bounds: Sequence[Bounds], total: int) -> list[int]:
    """Numbers within *bounds* that add up to *total*."""
    missing = total - sum(b.low for b in bounds)
    numbers = []
    for b in bounds:
        more = max(0, min(missing, b.high - b.low))
        numbers.append(b.low + more)
        missing -= more
    return numbers


def evenly(total: int, parts: int) -> list[int]:
    """*total* divided into integers that differ by at most 1, the larger ones first."""
    if not parts:
        return []
    share, more = divmod(total, parts)
    return [share + (number < more) for number in range(parts)]


@dataclass(frozen=True)
class Present:
    """The users of one period, by number."""

    new: range
    returning: range

    def __iter__(self) -> Iterator[int]:
        """All users, new ones first."""
        yield from self.new
        yield from self.returning


def present(member: str, total: int, parts: Sequence[int], place: str) -> list[Present]:
    """The users of each period, so that there are *total* different users; raises `PinError`."""
    most = max(parts, default=0)
    if not most <= total <= sum(parts):
        raise PinError(
            f"{place}.{member} {total} is impossible: possible are {most}, the maximum of the periods, "
            f"to {sum(parts)}, their sum"
        )
    new: list[int] = []
    for part in parts:
        new.append(min(part, total - sum(new)))
    before = accumulate(new, initial=0)
    return [
        Present(range(known, known + fresh), range(part - fresh))
        for part, fresh, known in zip(parts, new, before, strict=False)
    ]


def check_sum(member: str, total: int, parts: int, place: str) -> None:
    """Raise `PinError` if *total* is not the sum of its parts."""
    if total != parts:
        raise PinError(f"{place}.{member} is {total}, but its periods add up to {parts}")
