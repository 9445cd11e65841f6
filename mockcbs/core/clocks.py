"""The clock of the whole mock, and the clocks of scopes (a project, a token)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from typing import Protocol

from mockcbs.core.budget import Budget
from mockcbs.core.clock import Clock

_SIZE = 100
"""The bytes that count for a clock."""


class Clocks(Protocol):
    """The clocks of one mock, in any backend."""

    everybody: Clock
    """The clock of the whole mock, which scopes without a clock follow."""

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope, or else that of the whole mock."""

    def change(self, scope: str | None) -> AbstractContextManager[Clock]:
        """A context in which a clock can be changed; a scope without a clock gets one."""

    def share(self, scope: str) -> None:
        """Remove the clock of a scope, which follows the clock of the whole mock again."""

    def reset(self, scope: str | None = None) -> None:
        """Return to the state at the start, in one scope or in all."""


class MemoryClocks:
    """The clocks of one mock, in the memory of this process."""

    def __init__(self, start: Callable[[], Clock], budget: Budget | None = None) -> None:
        """*start* returns the clock of the whole mock at the start; *budget* limits those of scopes."""
        self._budget = budget or Budget()
        self._start = start
        self.everybody = start()
        self._own: dict[str, Clock] = {}
        self._lock = threading.RLock()
        """Held by the thread that changes a clock."""

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope, or else that of the whole mock."""
        return self._own.get(scope, self.everybody) if scope else self.everybody

    @contextmanager
    def change(self, scope: str | None) -> Iterator[Clock]:
        """A context in which a clock can be changed; a scope without a clock gets one."""
        with self._lock:  # or of two threads that advance a clock, one does so in vain
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
        """Remove the clock of a scope, which follows the clock of the whole mock again."""
        if self._own.pop(scope, None):
            self._budget.give_back(_SIZE)

    def reset(self, scope: str | None = None) -> None:
        """Return to the state at the start, in one scope or in all."""
        if scope is not None:
            self.share(scope)
        else:
            for own in list(self._own):
                self.share(own)
            self.everybody = self._start()
