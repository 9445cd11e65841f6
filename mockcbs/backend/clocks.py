"""Clocks that several processes read and change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field

from mockcbs.backend.documents import Documents
from mockcbs.core.changes import Changes, Token
from mockcbs.core.clock import Clock

_KIND = "clock"
_KEY = "clocks"
"""The key of `changes` that is counted up when a clock changes."""
_MAX_KNOWN = 10_000
"""The number of scopes for which a process remembers whether they have a clock."""


@dataclass
class _Known:
    """The clocks that a process has read, and the token under which it read them."""

    token: Token
    total: int
    """The number of all changes when the token was last compared. Until it grows, the clocks are current."""
    everybody: Clock
    own: dict[str, Clock | None] = field(default_factory=dict)


class DocumentClocks:
    """Clocks kept as documents; a process reads them only after one of them was changed.

    Threads store what they read together with the token under which they read it, so that a slow thread
    cannot replace a newer clock by an older one.
    """

    def __init__(self, start: Callable[[], Clock], documents: Documents, changes: Changes) -> None:
        self._start = start
        self._documents, self._changes = documents, changes
        self._first = start()
        self._held = self._read_again()

    @property
    def everybody(self) -> Clock:
        """The clock of the whole mock, used by every scope without a clock."""
        return self._held.everybody

    @everybody.setter
    def everybody(self, clock: Clock) -> None:
        self._held.everybody = clock

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope; the clock of the whole mock if the scope has none."""
        held = self._held
        if held.total != self._changes.total:
            held = self._compared(held)
        if not scope:
            return held.everybody
        try:
            clock = held.own[scope]
        except KeyError:
            if len(held.own) >= _MAX_KNOWN:
                held.own.clear()
            clock = held.own[scope] = self._kept(scope)
        return clock or held.everybody

    @contextmanager
    def change(self, scope: str | None) -> Iterator[Clock]:
        """A clock to be changed: that of a scope, created if it has none, or that of the whole mock."""
        with self._documents.transaction():
            clock = copy((self._kept(scope) if scope else None) or self._kept("") or self._first)
            yield clock
            self._keep(scope or "", clock)

    def share(self, scope: str) -> None:
        """Remove the clock of a scope, so that it uses the clock of the whole mock again."""
        with self._documents.transaction():
            self._documents.delete(_KIND, scope, "")
            self._changes.bump(_KEY)

    def reset(self, scope: str | None = None) -> None:
        """Restore the clock of the start, in one scope or everywhere."""
        with self._documents.transaction():
            if scope is None:
                self._documents.drop(_KIND)
                self._keep("", self._start())
            else:
                self.share(scope)

    def share_start(self) -> None:
        """Store this process's clock for processes that start later, unless one is stored already."""
        with self._documents.transaction():
            if self._kept("") is None:
                self._keep("", self._first)

    def _compared(self, held: _Known) -> _Known:
        """The known clocks, read again if one of them has changed."""
        total = self._changes.total
        if self._changes.changed(held.token):
            held = self._held = self._read_again()
        else:
            held.total = total
        return held

    def _read_again(self) -> _Known:
        total, token = self._changes.total, self._changes.watch((_KEY,))
        return _Known(token, total, self._kept("") or self._first)

    def _kept(self, scope: str) -> Clock | None:
        document = self._documents.get(_KIND, scope, "")
        return Clock.restored(document) if document else None

    def _keep(self, scope: str, clock: Clock) -> None:
        self._documents.put(_KIND, scope, "", clock.snapshot())
        self._changes.bump(_KEY)
