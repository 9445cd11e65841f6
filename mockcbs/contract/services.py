"""What the kit knows of a service beside its clauses and checks."""

from collections.abc import Callable
from dataclasses import dataclass

from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, Call


@dataclass(frozen=True)
class KitService:
    """A service that the kit checks."""

    name: str
    every_answer: Callable[[Kit, Answer], None]
    """The check of every response."""
    authenticate: Callable[[Kit, Call], Call]
    """A call with credentials."""
    look: Callable[[Kit], None]
    """Logs in, and raises `CannotRunError` if the target is not the service or does not let the kit in."""
