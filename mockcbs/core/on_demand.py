"""Names of other modules that are imported when they are first used, so that a mock starts fast."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class OnDemand:
    """A function or a class of another module, which is imported by the first call."""

    module: str
    name: str

    @property
    def target(self) -> Any:
        """The function or the class; raises `ImportError` or `AttributeError` if it does not exist.

        It waits for another thread that is importing the module.
        """
        return getattr(import_module(self.module), self.name)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call it."""
        return self.target(*args, **named)
