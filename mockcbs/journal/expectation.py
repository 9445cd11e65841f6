"""Expectations of tests about the calls in the journal."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mockcbs.core.patterns import Pattern
from mockcbs.journal.entry import Entry
from mockcbs.journal.journal import Journal, Page
from mockcbs.journal.selection import Selection

_MAX_SEARCHED = 1_000
"""The number of newest calls that are searched for near misses."""
_MAX_SHOWN = 3
"""The maximum number of near misses in a message."""


@dataclass(frozen=True)
class Expectation:
    """The number of matching calls that a test expects."""

    pattern: Pattern
    at_least: int = 1
    at_most: int | None = None

    def shortfall(self, journal: Journal, scope: str | None = None) -> str | None:
        """Why the journal does not meet the expectation, with near misses; `None` if it does.

        An incomplete journal meets no expectation.
        """
        return self.outcome(journal, scope).shortfall

    def outcome(self, journal: Journal, scope: str | None = None) -> "Outcome":
        """The number of matching calls, and the `shortfall`, from one search."""
        matched = journal.page(Selection(self.pattern, scope), 0)
        return Outcome(matched.count, self._shortfall(matched, journal, scope))

    def _shortfall(self, matched: Page, journal: Journal, scope: str | None) -> str | None:
        found = matched.count
        if matched.missing:
            names = ", ".join(matched.missing)
            return f"it is not certain: {names} did not respond, and their calls are left out; found {found}"
        if self.at_least <= found and (self.at_most is None or found <= self.at_most):
            return None
        wanted = ", ".join(f"{name}={value!r}" for name, value in self.pattern.conditions.items()) or "any"
        lines = [f"wanted {self._wanted} like {wanted}, found {found}"]
        if found < self.at_least:
            newest = journal.page(Selection(scope=scope), _MAX_SEARCHED)
            lines += _near_misses(self.pattern, newest.entries, newest.count - found)
        return "\n".join(lines)

    @property
    def _wanted(self) -> str:
        if self.at_most == self.at_least:
            return "1 call" if self.at_least == 1 else f"{self.at_least} calls"
        if self.at_most is None:
            return f"at least {self.at_least}"
        return f"{self.at_least} to {self.at_most} calls"


class Outcome(NamedTuple):
    """How a journal meets an expectation."""

    matched: int
    """The number of matching calls."""
    shortfall: str | None


def _near_misses(pattern: Pattern, entries: Iterable[Entry], others_in_all: int) -> Iterator[str]:
    """The calls that miss *pattern* by least, each distinct call once, with the differences."""
    near: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for entry in entries:
        call = entry.call_without_body() if pattern.body is None else entry.call
        why = tuple(pattern.misses(call))
        if why and pattern.resembles(call):
            near[entry.summary, why] += 1
    for (summary, why), count in sorted(near.items(), key=lambda row: len(row[0][1]))[:_MAX_SHOWN]:
        yield f"nearest, {count} times: {summary}" if count > 1 else f"nearest: {summary}"
        yield from (f"    {sentence}" for sentence in why)
    if not others_in_all:
        yield "there were no other calls"
    elif not near:
        yield f"there was no similar call; other calls: {others_in_all}"
