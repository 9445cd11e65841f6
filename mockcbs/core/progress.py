"""How far the reading of a large file has come, for a user who waits."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Listener = Callable[[float], None]
"""Called now and then with the share of the work that is done, from 0 to 1."""

LARGE = 500_000
"""Characters of a file that takes long enough to be worth it."""

PARSED, CHECKED, CONSTRUCTED = 0.25, 0.35, 0.6
"""Shares of the work that are done after each step, as measured; the rest is validation."""

_STEPS = 500
"""Validated mappings between two reports."""

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
            self.listener(CONSTRUCTED + (1 - CONSTRUCTED) * share)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """A context in which *listener* learns of the reading of large files."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def reading(text: str) -> Iterator[None]:
    """A context in which *text* is read.

    Of a large one, no garbage is collected meanwhile: that would take most of the time, and find none.
    Nor is it looked for in what was read later, as each search would stop all threads for that long.
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
    """Note that this share of the work is done."""
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
    """Note that one more mapping is being validated."""
    if running := _validation.get():
        running.step()
