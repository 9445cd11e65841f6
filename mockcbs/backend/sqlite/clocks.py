"""Clocks that several processes read and change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy

from mockcbs.backend.documents import Documents
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock

_KIND = "clock"
_KEY = "clocks"
"""What is counted when a clock is changed."""
_MAX_KNOWN = 10_000
"""Scopes of which a process remembers whether they have a clock of their own."""


class SqliteClocks:
    """Clocks kept as documents; a process reads them only after one of them was changed."""

    def __init__(self, start: Callable[[], Clock], documents: Documents, changes: Changes) -> None:
        self._start = start
        self.everybody = start()
        self._documents, self._changes = documents, changes
        self._first = copy(self.everybody)
        self._known: dict[str, Clock | None] = {}
        self._seen = changes.watch((_KEY,))

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""
        if self._changes.changed(self._seen):
            self._read_again()
        if not scope:
            return self.everybody
        try:
            clock = self._known[scope]
        except KeyError:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            clock = self._known[scope] = self._kept(scope)
        return clock or self.everybody

    @contextmanager
    def change(self, scope: str | None) -> Iterator[Clock]:
        """The clock of a scope, its own from now on, to be changed; or everybody's."""
        with self._documents.transaction():
            clock = copy((self._kept(scope) if scope else None) or self._kept("") or self._first)
            yield clock
            self._keep(scope or "", clock)

    def share(self, scope: str) -> None:
        """Let a scope follow everybody's clock again."""
        with self._documents.transaction():
            self._documents.delete(_KIND, scope, "")
            self._changes.bump(_KEY)

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""
        with self._documents.transaction():
            if scope is None:
                self._documents.drop(_KIND)
                self._keep("", self._start())
            else:
                self.share(scope)

    def _read_again(self) -> None:
        self._seen = self._changes.watch((_KEY,))
        self._known.clear()
        self.everybody = self._kept("") or self._first

    def _kept(self, scope: str) -> Clock | None:
        document = self._documents.get(_KIND, scope, "")
        return Clock.restored(document) if document else None

    def _keep(self, scope: str, clock: Clock) -> None:
        self._documents.put(_KIND, scope, "", clock.snapshot())
        self._changes.bump(_KEY)
