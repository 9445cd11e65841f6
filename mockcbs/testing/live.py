"""A live server inside a test process: it runs in a thread, and its socket is bound at once."""

import threading
import time
from typing import Any, Self

from mockcbs.server.server import Server, bind
from mockcbs.testing.controls import Controls

_TIMEOUT = 60.0
_LOOK_SECONDS = 1.0


class LiveServer(Controls):
    """A mock on a port of 127.0.0.1, as a context manager."""

    def __init__(self, *, port: int = 0, **settings: Any) -> None:
        """*port* 0 picks a free one."""
        super().__init__(**settings)
        self._listener = bind("127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        """The base URL."""
        self._ready = threading.Event()
        self._server = Server(self.cache, on_ready=self._ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), name="mockcbs", daemon=True
        )

    def __enter__(self) -> Self:
        self.state.start()
        self._thread.start()
        began = time.monotonic()
        while not self._ready.wait(_LOOK_SECONDS):
            if not self._thread.is_alive() or time.monotonic() - began > _TIMEOUT:
                raise RuntimeError(f"the server did not start within {_TIMEOUT} s; see the log")
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.should_exit = True
        self._thread.join(_TIMEOUT)
        self.state.close()
