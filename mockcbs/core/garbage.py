"""Short pauses of Python's garbage collector, also in a process with millions of objects."""

import gc
import time

_MAX_SECONDS = 0.02
"""The time of a full collection, in s, after which its survivors are not looked at again."""


class ShortCollections:
    """Keeps full collections short. Each looks at every object and stops all threads meanwhile.

    The objects that survived a long one are left out from then on. They are still freed when nothing refers
    to them; only those that refer to each other in a circle stay.
    """

    def __init__(self) -> None:
        self._began = 0.0

    def start(self) -> None:
        """Watch the collections of this process."""
        gc.callbacks.append(self._note)

    def stop(self) -> None:
        """Watch no more."""
        if self._note in gc.callbacks:
            gc.callbacks.remove(self._note)

    def _note(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] != 2:
            return
        if phase == "start":
            self._began = time.perf_counter()
        elif time.perf_counter() - self._began > _MAX_SECONDS:
            gc.freeze()
