"""The other workers of the same server, as one of them sees them."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Responses(list[Any]):
    """The responses of the other workers."""

    missing: tuple[str, ...] = ()
    """The names of those that did not respond, so that the responses are not all there is."""


class Peers(Protocol):
    """The other workers that serve this mock.

    What changes with every call, such as the journal, each worker keeps for itself and sends on request.
    Details of a request and its responses are JSON values.
    """

    @property
    def name(self) -> str:
        """The name of this worker, by which others report that it did not respond."""

    def join(self, slot: int) -> None:
        """Become the worker with that number, and respond to the others from now on."""

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Call *handler* with the details of every request about *subject*, and send what it returns."""

    def request(self, subject: str, *details: Any) -> Responses:
        """Ask every other worker about *subject*; those that do not respond in time are left out."""

    def numbers(self) -> Iterator[int]:
        """Ascending numbers that no other worker has; of two calls, the later gets the greater."""

    def forget_lost(self) -> None:
        """Name those no more that have ended, with what they kept for themselves."""


class NoPeers:
    """The peers of a mock that is served by one process."""

    name = "the only worker"

    def join(self, slot: int) -> None:
        """Become the only worker."""

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Do nothing, as no request will come."""

    def request(self, subject: str, *details: Any) -> Responses:
        """Return no response."""
        del subject, details
        return Responses()

    def numbers(self) -> Iterator[int]:
        """Count from 1."""
        return itertools.count(1)

    def forget_lost(self) -> None:
        """Do nothing, as there are no others."""
