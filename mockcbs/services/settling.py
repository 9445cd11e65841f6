"""Ends executions when the clock reaches their end, even if no client retrieves them."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockcbs.backend.documents import Document
from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn
from mockcbs.web import context

_KIND = "running"


class Settling:
    """Ends executions when the clock of their scope has passed their end."""

    def __init__(self, mock: State) -> None:
        self._mock = mock

    def note(self, turn: Turn, scope: str, before: Turn | None) -> None:
        """Note that an execution was recorded or amended in *scope*. An unfinished one ends at its time."""
        documents = self._mock.documents
        key = f"{scope}/{turn.key}"
        if turn.said.unfinished:
            end = turn.at_ms + turn.latency_ms
            documents.put(_KIND, "", key, {"key": key, "bot": turn.bot_id, "scope": scope, "end": end})
        elif before and before.said.unfinished:
            documents.delete(_KIND, "", key)

    def is_up_to_date(self) -> bool:
        """Whether no noted execution is still to be ended."""
        return not self._due()

    def work(self) -> None:
        """End the noted executions whose time is over."""
        due = self._due()
        for bot, scope in {(one["bot"], one["scope"]): None for one in due}:
            service = registry.with_bot(bot)
            if service and service.settle:
                with self._acting_in(scope):
                    service.settle()
        for one in due:
            self._mock.documents.delete(_KIND, "", one["key"])

    def _due(self) -> list[Document]:
        running = self._mock.documents.select(_KIND, "")
        return [one for one in running if one["end"] <= self._mock.clock_of(one["scope"]).now()]

    @contextmanager
    def _acting_in(self, scope: str) -> Iterator[None]:
        """A context in which the code of a service runs as in a request of *scope*."""
        with context.resumed(context.Context(scope=scope, caller=self), self._mock):
            yield
