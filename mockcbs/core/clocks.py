"""Everybody's clock, and those of scopes (a project, a token) that were given their own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from typing import Protocol

from mockcbs.core.budget import Budget
from mockcbs.core.clock import Clock

_SIZE = 100
"""Bytes counted for a clock."""


class Clocks(Protocol):
    """The clocks of one mock, wherever they are kept."""

    everybody: Clock
    """The clock of every scope that was not given its own."""

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""

    def change(self, scope: str | None) -> AbstractContextManager[Clock]:
        """The clock of a scope, its own from now on, to be changed; or everybody's."""

    def share(self, scope: str) -> None:
        """Let a scope follow everybody's clock again."""

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""


class MemoryClocks:
    """The clocks of one mock, in this process."""

    def __init__(self, start: Callable[[], Clock], budget: Budget | None = None) -> None:
        """*start* makes everybody's clock as it is at the start; *budget* bounds those of scopes."""
        self._budget = budget or Budget()
        self._start = start
        self.everybody = start()
        self._own: dict[str, Clock] = {}

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""
        return self._own.get(scope, self.everybody) if scope else self.everybody

    @contextmanager
    def change(self, scope: str | None) -> Iterator[Clock]:
        """The clock of a scope, its own from now on, to be changed; or everybody's."""
        if scope is None:
            yield self.everybody
            return
        known = self._own.get(scope)
        clock = known or copy(self.everybody)
        if known is None:
            self._budget.take("a clock", _SIZE)
        try:
            yield clock
        except BaseException:
            if known is None:
                self._budget.give_back(_SIZE)
            raise
        self._own[scope] = clock

    def share(self, scope: str) -> None:
        """Let a scope follow everybody's clock again."""
        if self._own.pop(scope, None):
            self._budget.give_back(_SIZE)

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""
        if scope is not None:
            self.share(scope)
        else:
            for own in list(self._own):
                self.share(own)
            self.everybody = self._start()
