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
"""What is counted when a clock is changed."""
_MAX_KNOWN = 10_000
"""Scopes of which a process remembers whether they have a clock of their own."""


@dataclass
class _Known:
    """What a process has read of the clocks, and since when."""

    token: Token
    everybody: Clock
    own: dict[str, Clock | None] = field(default_factory=dict)


class DocumentClocks:
    """Clocks kept as documents; a process reads them only after one of them was changed.

    What threads read is put in place together with the token it was read under, so that a slow thread cannot
    put an older clock in the place of a newer one.
    """

    def __init__(self, start: Callable[[], Clock], documents: Documents, changes: Changes) -> None:
        self._start = start
        self._documents, self._changes = documents, changes
        self._first = start()
        self._held = self._read_again()

    @property
    def everybody(self) -> Clock:
        """The clock of the whole mock, which scopes without a clock follow."""
        return self._held.everybody

    @everybody.setter
    def everybody(self, clock: Clock) -> None:
        self._held.everybody = clock

    def of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""
        held = self._held
        if self._changes.changed(held.token):
            held = self._held = self._read_again()
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

    def share_start(self) -> None:
        """Let processes that start later begin with the clock of this one, unless they find another."""
        with self._documents.transaction():
            if self._kept("") is None:
                self._keep("", self._first)

    def _read_again(self) -> _Known:
        token = self._changes.watch((_KEY,))
        return _Known(token, self._kept("") or self._first)

    def _kept(self, scope: str) -> Clock | None:
        document = self._documents.get(_KIND, scope, "")
        return Clock.restored(document) if document else None

    def _keep(self, scope: str, clock: Clock) -> None:
        self._documents.put(_KIND, scope, "", clock.snapshot())
        self._changes.bump(_KEY)
