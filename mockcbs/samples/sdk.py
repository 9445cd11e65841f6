"""The SDK of a vendor, as far as it can be written for a request."""

from collections.abc import Callable
from dataclasses import dataclass

from mockcbs.samples.request import Request
from mockcbs.settings import Settings


@dataclass(frozen=True)
class Sdk:
    """An SDK for Python."""

    package: str
    """As pip installs it."""
    write: Callable[[Request, Settings], str | None]
    """A program that sends the request with the SDK; `None` if the SDK has no method for it."""
