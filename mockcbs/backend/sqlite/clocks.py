"""Clocks that several processes read and change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy

from mockcbs.backend.documents import Store
from mockcbs.core.changes import Versions
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks

_KIND = "live.clock"
_MOST_KNOWN = 10_000
"""Scopes of which a process remembers whether they have a clock of their own."""


class SharedClocks(Clocks):
    """Clocks kept in a store; a process asks it only after one of them was changed."""

    def __init__(self, start: Callable[[], Clock], store: Store, versions: Versions) -> None:
        super().__init__(start)
        self._store, self._cells, self._cell = store, versions.cells, versions.cell("clocks")
        self._first = copy(self.everybody)
        self._known: dict[str, Clock | None] = {}
        self._seen = self._cells[self._cell]

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""
        if self._cells[self._cell] != self._seen:
            self._look_again()
        if not scope:
            return self.everybody
        try:
            clock = self._known[scope]
        except KeyError:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            clock = self._known[scope] = self._kept(scope)
        return clock or self.everybody

    @contextmanager
    def change(self, scope: str | None) -> Iterator[Clock]:
        """The clock of a scope, its own from now on, to be changed; or everybody's."""
        with self._store.transaction():
            clock = copy((self._kept(scope) if scope else None) or self._kept("") or self._first)
            yield clock
            self._keep(scope or "", clock)

    def share(self, scope: str) -> None:
        """Let a scope follow everybody's clock again."""
        with self._store.transaction():
            self._store.delete(_KIND, scope, "")
            self._changed()

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""
        with self._store.transaction():
            if scope is None:
                self._store.drop(_KIND)
                self._keep("", self._start())
            else:
                self.share(scope)

    def _look_again(self) -> None:
        self._seen = self._cells[self._cell]
        self._known.clear()
        self.everybody = self._kept("") or self._first

    def _kept(self, scope: str) -> Clock | None:
        document = self._store.get(_KIND, scope, "")
        return Clock.restored(document) if document else None

    def _keep(self, scope: str, clock: Clock) -> None:
        self._store.put(_KIND, scope, "", clock.snapshot())
        self._changed()

    def _changed(self) -> None:
        self._cells[self._cell] += 1
