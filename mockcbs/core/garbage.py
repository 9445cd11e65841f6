"""Short pauses of Python's garbage collector, also in a process with millions of objects."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from mockcbs.core.waiting import give_way

_MAX_SECONDS = 0.02
"""The time of a full collection, in s, after which its survivors are not looked at again."""

_NEW = 10_000
"""After so many new objects, garbage is searched for; requests leave hardly any."""

_MANY = 10_000
"""The number of objects that take about 2 ms to free."""
_PIECE = 250
"""The number of objects that are freed before other threads have their turn."""
Container = list[Any] | dict[Any, Any]


@contextmanager
def without_collection() -> Iterator[None]:
    """A context in which garbage is not searched for, such as imports, which make none.

    What was made in it counts as old at its end. Otherwise the next two collections would look at all of it.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # into the oldest generation
            gc.enable()


def free_slowly(owner: object, *containers: Container) -> None:
    """Once *owner* is gone, free its *containers* in pieces if they are large.

    Python frees a container with all it holds at once, and stops all threads meanwhile.
    """
    weakref.finalize(owner, free, *containers).atexit = False


def free(*containers: Container) -> None:
    """Empty *containers* in pieces, in another thread, if they are large; nothing else may use them."""
    if sum(map(len, containers)) > _MANY:
        threading.Thread(target=_empty, args=containers, name="mockcbs freeing", daemon=True).start()


def _empty(*containers: Container) -> None:
    for container in containers:
        while container:
            if isinstance(container, dict):
                for _ in range(min(_PIECE, len(container))):
                    container.popitem()
            else:
                del container[-_PIECE:]
            give_way()


class ShortCollections:
    """Keeps collections few, and full ones short: each looks at every object and stops all threads
    meanwhile.

    The objects that survived a long one are left out from then on. They are still freed when nothing refers
    to them; only those that refer to each other in a circle stay.
    """

    _watching: ClassVar[list["ShortCollections"]] = []
    """Those of the servers that run in this process."""
    _usual: ClassVar[tuple[int, int, int]]
    """The thresholds of the process while no server runs."""

    def __init__(self) -> None:
        self._began = 0.0

    def start(self) -> None:
        """Watch the collections of this process."""
        gc.callbacks.append(self._note)
        if not self._watching:
            ShortCollections._usual = gc.get_threshold()
            gc.set_threshold(_NEW, *self._usual[1:])
        self._watching.append(self)

    def stop(self) -> None:
        """Watch no more."""
        if self not in self._watching:
            return
        gc.callbacks.remove(self._note)
        self._watching.remove(self)
        if not self._watching:
            gc.set_threshold(*self._usual)

    def _note(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] != 2:
            return
        if phase == "start":
            self._began = time.perf_counter()
        elif time.perf_counter() - self._began > _MAX_SECONDS:
            gc.freeze()
