"""Ctrl-C while modules are imported."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click


@contextmanager
def importing() -> Iterator[None]:
    """A block in which Ctrl-C ends the process, because Python may lose an exception during an import."""

    def end(*_: Any) -> NoReturn:
        click.echo("mockcbs: interrupted", err=True)
        os._exit(130)

    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
