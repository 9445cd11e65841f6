"""Executions that run until a time of the clock."""

from collections.abc import Callable
from itertools import islice
from typing import Protocol, TypeVar

from mockcbs.core.waiting import leave_loop
from mockcbs.services.coze.records import Records
from mockcbs.web import context
from mockcbs.web.atomic import atomic
from mockcbs.web.cache import caching


class Running(Protocol):
    """A running execution."""

    @property
    def until(self) -> int:
        """The time at which it ends by itself, ms UTC."""


T = TypeVar("T", bound=Running)


def settle(running: Records[T], end: Callable[[T], object], together: int) -> None:
    """Call *end* for everything in *running* whose time is over; it removes the execution from there.

    Up to *together* executions, which take about 20 ms, end in one transaction. If there are more, they are
    not ended on the event loop.
    """
    due = _due(running)
    if due > together:
        leave_loop()
    for _ in range(0, due, together):
        _settle(running, end, together)


@atomic
def _settle(running: Records[T], end: Callable[[T], object], together: int) -> None:
    """End up to *together* of those whose time is over; other requests may have ended some meanwhile."""
    now = context.now()
    for one in islice((one for one in running.each() if one.until <= now), together):
        end(one)


def _due(running: Records[T]) -> int:
    """How many have to end now. The response depends on the time at which the next one ends."""
    now, ends = context.now(), running.values("until")
    if not ends:
        return 0
    caching.expires(min((at for at in ends if at > now), default=None))
    return sum(at <= now for at in ends)
