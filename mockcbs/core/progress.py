"""The progress of reading a large file, for a waiting user."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Listener = Callable[[float], None]
"""Called repeatedly with the finished share of the work, from 0 to 1."""

LARGE = 500_000
"""The number of characters from which a file is worth a progress report."""

PARSED = 0.45
"""The finished share when the text has been parsed, as measured; the rest is validation."""

_STEPS = 500
"""The number of validated mappings between two reports."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_validation: ContextVar["_Validation | None"] = ContextVar("validation", default=None)


@dataclass
class _Validation:
    listener: Listener
    total: int
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.done % _STEPS == 0:
            share = min(self.done / max(self.total, 1), 1.0)
            self.listener(PARSED + (1 - PARSED) * share)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """A context in which *listener* gets the progress of reading large files."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def reading(text: str) -> Iterator[None]:
    """A context in which *text* is read.

    For a large text garbage collection is paused: it would take most of the time and find nothing.
    Later collections skip what was read, because each of them would stop all threads for that long.
    """
    if len(text) < LARGE:
        token = _listener.set(None)
        try:
            yield
        finally:
            _listener.reset(token)
        return
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        report(1.0)
    finally:
        if collects:
            gc.freeze()
            gc.enable()


def report(share: float) -> None:
    """Report the finished share."""
    if listener := _listener.get():
        listener(share)


@contextmanager
def validating(total: int) -> Iterator[None]:
    """A context in which about *total* mappings are validated; each calls `validated`."""
    listener = _listener.get()
    token = _validation.set(_Validation(listener, total) if listener else None)
    try:
        yield
    finally:
        _validation.reset(token)


def validated() -> None:
    """Count one validated mapping."""
    if running := _validation.get():
        running.step()
