"""The other workers of the same server, as one of them knows them."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Peers(Protocol):
    """Who else serves this mock. Each keeps for itself what is written at every call, and tells when asked."""

    def tell(self, what: str, answer: Callable[..., Any]) -> None:
        """Let the others ask *what* of this one."""

    def ask(self, what: str, *details: Any) -> list[Any]:
        """What each of the others answers."""

    def numbers(self) -> Iterator[int]:
        """Ascending numbers that none of the others has; of two calls, the later gets the greater."""


class Nobody:
    """The peers of a mock that is served by one process."""

    def tell(self, what: str, answer: Callable[..., Any]) -> None:
        """Nobody will ask."""

    def ask(self, what: str, *details: Any) -> list[Any]:
        """Nobody answers."""
        del what, details
        return []

    def numbers(self) -> Iterator[int]:
        """From 1."""
        return itertools.count(1)
