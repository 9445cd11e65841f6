"""The functions that connect the kit to one service."""

from collections.abc import Callable
from dataclasses import dataclass

from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, Call


@dataclass(frozen=True)
class KitService:
    """The functions of one service that the kit checks."""

    name: str
    every_answer: Callable[[Kit, Answer], None]
    """The check that runs on every response."""
    authenticate: Callable[[Kit, Call], Call]
    """Adds credentials to a call."""
    look: Callable[[Kit], None]
    """Logs in; raises `CannotRunError` if the target is another service or refuses the credentials."""
