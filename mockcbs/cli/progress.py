"""A progress bar on a terminal while a large file is read."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mockcbs.core import progress

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def shown() -> Iterator[None]:
    """A context in which standard error, if it is a terminal, shows how far a large file has been read."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    bar = _Bar()
    try:
        with progress.listening(bar):
            yield
    finally:
        bar.end()


class _Bar:
    """Appears at the first report, because most files are read before anybody could look."""

    def __init__(self) -> None:
        self._shown: tuple[Progress, TaskID] | None = None

    def __call__(self, share: float) -> None:
        if self._shown is None:
            from rich.console import Console  # noqa: PLC0415 - only who waits needs it
            from rich.progress import Progress  # noqa: PLC0415

            made = Progress(console=Console(stderr=True), transient=True)
            self._shown = made, made.add_task("reading", total=1.0)
            made.start()
        made, task = self._shown
        made.update(task, completed=share)
        if share >= 1:
            self.end()

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            self._shown[0].stop()
            self._shown = None
