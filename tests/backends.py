"""Backends for mocks of tests: the one that `pytest --backend` names, in memory otherwise."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from mockcbs import app
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.budget import DEFAULT_MEMORY, Budget
from mockcbs.core.peers import NoPeers
from mockcbs.state import State

NAMES = ("memory", "sqlite", "postgres")
_SCHEMAS = itertools.count(1)

Make = Callable[[Budget | None], Any]


def fresh_schema(url: str) -> str:
    """The URL of a new schema of a PostgreSQL server."""
    return f"{url}?schema=test_{next(_SCHEMAS)}"


class Chosen:
    """Makes the backends of all mocks that are given none, and closes them after the test that made them.

    That of a server lasts as long as the server, which tests may share.
    """

    def __init__(self, name: str, postgres_url: Callable[[], str]) -> None:
        self._name, self._postgres_url = name, postgres_url
        self._made: list[tuple[Any, ExitStack]] = []
        self._started: set[int] = set()

    @contextmanager
    def used(self) -> Iterator[None]:
        """A context in which `create_app` makes backends of the chosen kind."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "MemoryBackend", self._make)
            start = State.start

            def noted(mock: State, *args: Any, **kwargs: Any) -> Any:
                self._started.add(id(mock.backend))
                return start(mock, *args, **kwargs)

            patch.setattr(State, "start", noted)
            try:
                yield
            finally:
                self._started.clear()
                self._close([])

    @contextmanager
    def closed_after(self) -> Iterator[None]:
        """A context after which the backends that were made in it are closed."""
        before = list(self._made)
        try:
            yield
        finally:
            self._close(before)

    def _make(self, budget: Budget | None = None) -> Any:
        with ExitStack() as stack:
            if self._name == "sqlite":
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mockcbs-test-")))
                memory = budget.limit if budget else DEFAULT_MEMORY
                backend: Any = SqliteBackend(folder / "state", folder, NoPeers(), memory)
            else:
                from mockcbs.backend.postgres.backend import PostgresBackend

                backend = PostgresBackend(fresh_schema(self._postgres_url()))
            stack.callback(backend.close)
            self._made.append((backend, stack.pop_all()))
        return backend

    def _close(self, kept: list[tuple[Any, ExitStack]]) -> None:
        """Close all but those *kept* and those of servers."""
        closing = [one for one in self._made if one not in kept and id(one[0]) not in self._started]
        self._made = [one for one in self._made if one not in closing]
        for _, stack in reversed(closing):
            stack.close()
