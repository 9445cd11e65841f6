"""The other workers of the same server, as one of them knows them."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Answers(list[Any]):
    """What the other workers answered."""

    missing: tuple[int, ...] = ()
    """The numbers of those that are alive but did not answer in time."""


class Peers(Protocol):
    """Who else serves this mock.

    What is written at every call each worker keeps for itself, and tells when it is asked.
    """

    def join(self, slot: int) -> None:
        """Be the worker with that number, and answer the others from now on."""

    def tell(self, what: str, answer: Callable[..., Any]) -> None:
        """Let the others ask *what* of this one."""

    def ask(self, what: str, *details: Any) -> Answers:
        """What each of the others answers within a short time."""

    def numbers(self) -> Iterator[int]:
        """Ascending numbers that none of the others has; of two calls, the later gets the greater."""


class Nobody:
    """The peers of a mock that is served by one process."""

    def join(self, slot: int) -> None:
        """Be the only one."""

    def tell(self, what: str, answer: Callable[..., Any]) -> None:
        """Nobody will ask."""

    def ask(self, what: str, *details: Any) -> Answers:
        """Nobody answers."""
        del what, details
        return Answers()

    def numbers(self) -> Iterator[int]:
        """From 1."""
        return itertools.count(1)
