"""Selections of calls, and how they are looked up without masking each call."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mockcbs.core import queries
from mockcbs.core.patterns import Pattern
from mockcbs.journal.entry import Entry, Repeat

Call = Entry | Repeat
Condition = Callable[[Call], bool]


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions that select calls of the journal."""

    pattern: Pattern | None = None
    scope: str | None = None
    """The scope; `None` selects all."""
    since: int | None = None
    """Calls with a response at this time or later, ms UTC."""
    until: int | None = None
    """Calls with a response before this time, ms UTC."""
    after: int | None = None
    """Calls with a greater id."""
    scenario: str | None = None
    """Calls whose response this scenario changed."""

    def packed(self) -> dict[str, Any]:
        """The selection as JSON values, for another worker."""
        return asdict(self)

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Selection":
        """The selection that was `packed`."""
        pattern = packed["pattern"]
        return cls(**{**packed, "pattern": Pattern(**pattern) if pattern else None})

    def condition(self) -> Condition:
        """A function that returns whether a call is selected.

        Masking a call and rendering a cached response cost time, so cheap conditions are checked first, and
        what repeated calls have in common is checked once.
        """
        conditions: list[Condition] = [
            *self._of_numbers(),
            *(_of_pattern(self.pattern) if self.pattern else ()),
        ]
        if not conditions:
            return lambda _: True
        if len(conditions) == 1:
            return conditions[0]
        return lambda call: all(condition(call) for condition in conditions)

    def _of_numbers(self) -> list[Condition]:
        scope, since, until, after, scenario = self.scope, self.since, self.until, self.after, self.scenario
        found: list[Condition] = []
        if scope is not None:
            found.append(lambda call: call.scope == scope)
        if since is not None:
            found.append(lambda call: call.at >= since)
        if until is not None:
            found.append(lambda call: call.at < until)
        if after is not None:
            found.append(lambda call: call.id > after)
        if scenario is not None:
            found.append(lambda call: (call.fault or "").startswith(f"{scenario}:"))
        return found


def _of_pattern(pattern: Pattern) -> list[Condition]:
    found: list[Condition] = []
    if pattern.query:
        may_hold = queries.may_hold(pattern.query)
        found.append(
            lambda call: may_hold(call.query) and pattern.fits_query(call.first.query_used(call.query))
        )
    if pattern.without_query.conditions:
        found.append(_Common(pattern))
    return found


class _Common:
    """The conditions on all that repeated calls have in common, which is everything but the query."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._known: dict[int, bool] = {}

    def __call__(self, call: Call) -> bool:
        """Whether *call* fits."""
        first = call.first
        if first is call:
            return self._fits(first)
        known = self._known.get(first.id)
        if known is None:
            known = self._known[first.id] = self._fits(first)
        return known

    def _fits(self, entry: Entry) -> bool:
        pattern = self._pattern
        return (
            pattern.fits_plain(entry)
            and (not pattern.header or entry.fits_headers(pattern))
            and (pattern.body is None or entry.fits_body(pattern.body))
        )
