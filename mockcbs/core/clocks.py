"""Everybody's clock, and those of scopes (a project, a token) that were given their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy

from mockcbs.core.clock import Clock


class Clocks:
    """The clocks of one mock, in this process."""

    def __init__(self, start: Callable[[], Clock]) -> None:
        """*start* makes everybody's clock as it is at the start."""
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
        clock = self._own.get(scope) or copy(self.everybody)
        yield clock
        self._own[scope] = clock

    def share(self, scope: str) -> None:
        """Let a scope follow everybody's clock again."""
        self._own.pop(scope, None)

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""
        if scope is not None:
            self.share(scope)
        else:
            self._own.clear()
            self.everybody = self._start()
