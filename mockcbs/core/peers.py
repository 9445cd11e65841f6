"""The other workers of the same server, seen from one worker."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Responses(list[Any]):
    """The responses of the other workers."""

    missing: tuple[str, ...] = ()
    """The names of workers that did not respond; their data is missing."""
    refused: tuple[str, ...] = ()
    """Those of them whose address refused the connection: they were killed, or others cannot reach it."""


class Peers(Protocol):
    """The other workers that serve this mock.

    Each worker keeps data that changes with every call, such as the journal, and sends it on request. Details
    of a request and its responses are JSON values.
    """

    @property
    def name(self) -> str:
        """The name of this worker in reports about workers that did not respond."""

    def join(self, slot: int) -> None:
        """Become the worker with that number; from now on it responds to the others."""

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Call *handler* with the details of every request about *subject*, and send its result."""

    def request(self, subject: str, *details: Any) -> Responses:
        """Ask all other workers about *subject*; late responses are left out."""

    def numbers(self) -> Iterator[int]:
        """Ascending numbers that no other worker gets; a later call gets a greater number."""

    def forget_lost(self, *names: str) -> None:
        """Remove workers that have ended, with the data that only they had, and those with these *names*
        until they are heard of again.
        """


class NoPeers:
    """The peers of a mock in one process."""

    name = "the only worker"

    def join(self, slot: int) -> None:
        """Become the only worker."""

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Do nothing; no request will come."""

    def request(self, subject: str, *details: Any) -> Responses:
        """Return no response."""
        del subject, details
        return Responses()

    def numbers(self) -> Iterator[int]:
        """Count from 1."""
        return itertools.count(1)

    def forget_lost(self, *names: str) -> None:
        """Do nothing; there are no others."""
