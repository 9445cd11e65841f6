"""Finds how executions ended that give published figures: how many, how many successful, and times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isqrt

from mockcbs.core.numbers import rounded
from mockcbs.pinning.coze_figures import MAX_ANSWER, ONE, Published, Row
from mockcbs.pinning.coze_meeting import Way, matching
from mockcbs.pinning.reading import PinError
from mockcbs.pinning.shares import Bounds, behind_mean

_MAX_STEPS = 1_000_000
"""The maximum number of combinations to examine in total; each period gets an equal share."""
_MIN_STEPS = 2_000
"""The minimum number of combinations to examine for each period."""


@dataclass(frozen=True)
class Ending:
    """How the executions of one period, or of several, ended."""

    finished: int
    completed: int
    times: Bounds
    """The possible sums of the response times of ended executions, in ms."""

    def changed(self, part: "Ending", sign: int) -> "Ending":
        """The ending with the executions of *part* added, or subtracted."""
        low, high = self.times.low + sign * part.times.low, self.times.high + sign * part.times.high
        finished, completed = self.finished + sign * part.finished, self.completed + sign * part.completed
        return Ending(finished, completed, Bounds(low, high))

    @property
    def success(self) -> int:
        """The success rate, in units of its last digit."""
        return int(rounded(self.completed, self.finished, 4) * ONE) if self.finished else ONE

    def means_near(self, mean: int) -> Iterator[int]:
        """The possible mean response times nearest to *mean*, in units of the last digit."""
        sums = behind_mean(mean, self.finished, 100) if self.finished else Bounds(0, 0)
        for spent in (sums.low - 1, sums.low, sums.high, sums.high + 1):
            possible = max(self.times.low, min(spent, self.times.high))
            yield int(rounded(possible, self.finished, 2) * 100)


@dataclass(frozen=True)
class Sum:
    """The sum of the endings of all periods."""

    whole: Ending
    other_than: "Sum | None" = None
    """The combination that differs in one period."""
    place: int = 0
    """The index of the period that differs."""
    way: int = 0
    """The index of the ending that is chosen for this period."""

    @classmethod
    def of(cls, parts: Iterable[Ending]) -> "Sum":
        """The sum of the endings."""
        whole = Ending(0, 0, Bounds(0, 0))
        for part in parts:
            whole = whole.changed(part, 1)
        return cls(whole)

    def choices(self, buckets: int) -> list[int]:
        """The index of the ending of each period."""
        chosen = [0] * buckets
        here: Sum | None = self
        while here and here.other_than:
            chosen[here.place] = here.way
            here = here.other_than
        return chosen


def endings(given: Published) -> list[Ending]:
    """How the executions of each period ended, so that each row and the summary have their figures.

    Most rows allow one ending. Of several, the one with the fewest running executions is tried first. If the
    summary does not match, the other endings are tried period by period, and a beam of the combinations
    nearest to the summary is kept; then two halves of the periods are matched. Raises `PinError` if none
    matches.
    """
    ways = [list(_ways(row, silent=given.silent)) for row in given.rows]
    for row, found in zip(given.rows, ways, strict=True):
        if not found:
            raise _impossible_row(row, silent=given.silent)
    # A mean printed as 0 instead of 0.0 shows that nothing has ended, unless the summary contradicts that.
    printed = [
        [way for way in found if (way.finished == 0) == row.nothing_ended] or found
        for row, found in zip(given.rows, ways, strict=True)
    ]
    for allowed in (printed, ways):
        sums = _nearest(allowed, given.total)
        if _fits(sums[0].whole, given.total):
            chosen: list[int] | None = sums[0].choices(len(ways))
        else:
            chosen = _meeting(allowed, given.total)
        if chosen is not None:
            return [found[number] for found, number in zip(allowed, chosen, strict=True)]
    raise _impossible_summary([one.whole for one in sums], given.total)


def _nearest(ways: Sequence[Sequence[Ending]], total: Row) -> list[Sum]:
    """Combinations near the summary, the nearest first."""
    sums = [Sum.of(found[0] for found in ways)]
    most = max(_MIN_STEPS, _MAX_STEPS // max(1, len(ways)))
    for place, found in enumerate(ways):
        if _fits(sums[0].whole, total):
            break
        sums += [
            Sum(before.whole.changed(found[0], -1).changed(way, 1), before, place, number)
            for before in sums
            for number, way in enumerate(found[1 : most // len(sums)], 1)
        ]
        distinct = {one.whole: one for one in reversed(sums)}.values()
        ordered = sorted(distinct, key=lambda one: _distance(one.whole, total))
        half = isqrt(most)
        others = ordered[half:]
        sums = ordered[:half] + others[:: 1 + len(others) // half]
    return sums


def _meeting(ways: Sequence[Sequence[Ending]], total: Row) -> list[int] | None:
    """The index of an ending for each period so that the summary fits, searching many combinations."""

    def target(finished: int, completed: int) -> tuple[int, int] | None:
        if Ending(finished, completed, Bounds(0, 0)).success != total.success:
            return None
        times = total.times(finished)
        return times.low, times.high

    return matching(
        [
            [Way(way.finished, way.completed, way.times.low, way.times.high) for way in found]
            for found in ways
        ],
        target,
    )


def _fits(whole: Ending, total: Row) -> bool:
    """Whether the sum can have the figures of the summary."""
    expected, possible = total.times(whole.finished), whole.times
    common = max(expected.low, possible.low) <= min(expected.high, possible.high)
    return whole.success == total.success and common


def _distance(whole: Ending, total: Row) -> tuple[int, float]:
    """The distance from the figures of the summary: in the success rate, then in the response times."""
    spent = total.mean * whole.finished / 100
    return abs(whole.success - total.success), max(whole.times.low - spent, spent - whole.times.high, 0)


def _ways(row: Row, *, silent: bool) -> Iterator[Ending]:
    """The possible endings of a period, those with the fewest running executions first."""
    for ending in _ways_by_rate(row, silent=silent):
        if ending.success == row.success and (times := row.times(ending.finished)):
            yield Ending(ending.finished, ending.completed, times)


def _ways_by_rate(row: Row, *, silent: bool) -> Iterator[Ending]:
    """All endings that match the counts; for a workflow, which has no messages, the endings near the rate."""
    numbers = range(row.calls, -1, -1)
    for finished in reversed(numbers) if row.nothing_ended else numbers:
        times = Bounds(0, finished * MAX_ANSWER)
        if not silent:
            if row.answered <= finished:
                yield Ending(finished, row.answered, times)
            continue
        near = behind_mean(row.success, finished, ONE)
        for completed in range(min(near.high + 1, finished), max(near.low - 2, -1), -1):
            yield Ending(finished, completed, times)


def _impossible_summary(sums: Sequence[Ending], total: Row) -> PinError:
    right = [whole for whole in sums if whole.success == total.success]
    if not right:
        rates = {whole.success for whole in sums}
        return _impossible("the rows do not add up to success_rate", total.success, rates, 4, total)
    means = {mean for whole in right for mean in whole.means_near(total.mean)}
    wrong = "avg_response_time_ms is not the weighted average of the rows:"
    return _impossible(wrong, total.mean, means, 2, total)


def _impossible_row(row: Row, *, silent: bool) -> PinError:
    ways = list(_ways_by_rate(row, silent=silent))
    right = [ending for ending in ways if ending.success == row.success]
    calls = f"{row.calls} calls" + ("" if silent else f", {row.answered} of them answered,")
    if not right:
        return _impossible(
            f"{calls} cannot give success_rate", row.success, {way.success for way in ways}, 4, row
        )
    means = {mean for ending in right for mean in ending.means_near(row.mean)}
    what = (
        "no whole number of ms gives"
        if any(way.finished for way in right)
        else "without an execution that ended,"
    )
    return _impossible(f"{what} avg_response_time_ms", row.mean, means, 2, row)


def _impossible(reason: str, wrong: int, possible: Iterable[int], digits: int, row: Row) -> PinError:
    """The error that states why no ending matches, and the nearest possible figures."""
    below = max((value for value in possible if value < wrong), default=None)
    above = min((value for value in possible if value > wrong), default=None)
    near = " and ".join(
        str(float(rounded(value, 10**digits, digits))) for value in (below, above) if value is not None
    )
    return PinError(
        f"{row.place}: {reason} {float(rounded(wrong, 10**digits, digits))}; nearest possible: {near}"
    )
