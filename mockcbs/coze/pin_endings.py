"""How the executions behind published figures ended: how many, how many of them well, and after how long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NoReturn

from mockcbs.coze.pin_figures import LONGEST_ANSWER, ONE, Published, Row
from mockcbs.traffic.pin_reading import PinError
from mockcbs.traffic.shares import Bounds, behind_mean
from mockcbs.wire import rounded

_MOST_SUMS = 200
"""Of the buckets so far, how many combinations are followed."""
_MOST_STEPS = 20_000
"""How many combinations of these with the next bucket are looked at."""


@dataclass(frozen=True)
class Ending:
    """How the executions of a bucket, or of several, ended."""

    finished: int
    completed: int
    times: Bounds
    """What the response times of the finished ones may add up to, in ms."""

    @property
    def success(self) -> int:
        """The success rate, in its last digit."""
        return int(rounded(self.completed, self.finished, 4) * ONE) if self.finished else ONE

    def means_near(self, mean: int) -> Iterator[int]:
        """The mean response times it can have that are nearest to *mean*, in the last digit."""
        sums = behind_mean(mean, self.finished, 100) if self.finished else Bounds(0, 0)
        for spent in (sums.low - 1, sums.low, sums.high, sums.high + 1):
            possible = max(self.times.low, min(spent, self.times.high))
            yield int(rounded(possible, self.finished, 2) * 100)


@dataclass(frozen=True)
class Sum:
    """The endings of the first buckets, taken together."""

    ending: Ending
    departures: int = 0
    """How far they are from the likeliest ones, in all."""
    before: "Sum | None" = None
    last: Ending | None = None

    def plus(self, way: Ending, departure: int) -> "Sum":
        """With one more bucket."""
        here = self.ending
        times = Bounds(here.times.low + way.times.low, here.times.high + way.times.high)
        whole = Ending(here.finished + way.finished, here.completed + way.completed, times)
        return Sum(whole, self.departures + departure, self, way)

    def parts(self) -> list[Ending]:
        """The endings of the buckets, one by one."""
        found: list[Ending] = []
        here = self
        while here.before and here.last:
            found.append(here.last)
            here = here.before
        return found[::-1]


def endings(given: Published) -> list[Ending]:
    """How the executions of each bucket ended, so that each row and the summary have their figures.

    Nearly always a row leaves one way. Where it leaves many, those with the fewest executions still running
    are followed, and some of the others. Raises `PinError`.
    """
    sums = [Sum(Ending(0, 0, Bounds(0, 0)))]
    for row in given.rows:
        sums = _kept(sums)
        ways = list(islice(_ways(row, silent=given.silent), max(20, _MOST_STEPS // len(sums))))
        if not ways:
            _refuse_row(row, silent=given.silent)
        longer = (before.plus(way, place) for before in sums for place, way in enumerate(ways))
        sums = list({found.ending: found for found in longer}.values())
    return _fitting(sums, given.total).parts()


def _kept(sums: list[Sum]) -> list[Sum]:
    half = _MOST_SUMS // 2
    ordered = sorted(sums, key=lambda found: found.departures)
    others = ordered[half:]
    return ordered[:half] + others[:: 1 + len(others) // half]


def _fitting(sums: list[Sum], total: Row) -> Sum:
    """The first that has the figures of the summary."""
    right = [found for found in sums if found.ending.success == total.success]
    if not right:
        rates = {found.ending.success for found in sums}
        raise _impossible("the rows do not add up to success_rate", total.success, rates, 4, total)
    for found in right:
        expected, possible = total.times(found.ending.finished), found.ending.times
        if max(expected.low, possible.low) <= min(expected.high, possible.high):
            return found
    means = {mean for found in right for mean in found.ending.means_near(total.mean)}
    raise _impossible(
        "avg_response_time_ms is not the weighted average of the rows:", total.mean, means, 2, total
    )


def _ways(row: Row, *, silent: bool) -> Iterator[Ending]:
    """How the executions of a bucket may have ended, those that leave the fewest running first."""
    for ending in _ways_by_rate(row, silent=silent):
        if ending.success == row.success and (times := row.times(ending.finished)):
            yield Ending(ending.finished, ending.completed, times)


def _ways_by_rate(row: Row, *, silent: bool) -> Iterator[Ending]:
    """All ways that the counts leave; of a workflow's, whose answers are not counted, those near the rate."""
    numbers = range(row.calls, -1, -1)
    for finished in reversed(numbers) if row.nothing_ended else numbers:
        times = Bounds(0, finished * LONGEST_ANSWER)
        if not silent:
            if row.answered <= finished:
                yield Ending(finished, row.answered, times)
            continue
        near = behind_mean(row.success, finished, ONE)
        for completed in range(min(near.high + 1, finished), max(near.low - 2, -1), -1):
            yield Ending(finished, completed, times)


def _refuse_row(row: Row, *, silent: bool) -> NoReturn:
    ways = list(_ways_by_rate(row, silent=silent))
    right = [ending for ending in ways if ending.success == row.success]
    calls = f"{row.calls} calls" + ("" if silent else f", {row.answered} of them answered,")
    if not right:
        raise _impossible(
            f"{calls} cannot give success_rate", row.success, {way.success for way in ways}, 4, row
        )
    means = {mean for ending in right for mean in ending.means_near(row.mean)}
    what = (
        "no whole number of ms gives"
        if any(way.finished for way in right)
        else "without an execution that ended,"
    )
    raise _impossible(f"{what} avg_response_time_ms", row.mean, means, 2, row)


def _impossible(reason: str, wrong: int, possible: Iterable[int], digits: int, row: Row) -> PinError:
    """Why, and what comes nearest."""
    below = max((value for value in possible if value < wrong), default=None)
    above = min((value for value in possible if value > wrong), default=None)
    near = " and ".join(
        str(float(rounded(value, 10**digits, digits))) for value in (below, above) if value is not None
    )
    return PinError(
        f"{row.place}: {reason} {float(rounded(wrong, 10**digits, digits))}; nearest possible: {near}"
    )
