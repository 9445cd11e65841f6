"""The SDK of a vendor, for requests that it supports."""

from collections.abc import Callable
from dataclasses import dataclass

from mockcbs.samples.request import Request
from mockcbs.settings import Settings


@dataclass(frozen=True)
class Sdk:
    """An SDK for Python."""

    package: str
    """The name of the package for pip."""
    write: Callable[[Request, Settings], str | None]
    """Writes a program that sends the request with the SDK; `None` if the SDK has no method for it."""
