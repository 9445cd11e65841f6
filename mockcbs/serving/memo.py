"""The memo: repeated reads, answered without asking the application again."""

import threading
import time
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from mockcbs import services
from mockcbs.control import hooks
from mockcbs.control.hooks import REPEATABLE, Repeatable
from mockcbs.control.journal import Answer
from mockcbs.faults.inject import DRAWN
from mockcbs.faults.scenario import Fault, Run
from mockcbs.state import State, new_request_id

KEY = "mockcbs.key"
"""Key of the WSGI environment for what tells a request from all that are not the same to the last byte."""

_MOST = 2_000
"""Answers remembered; beyond that the oldest is forgotten."""
_LONGEST = 64 * 1024
"""Bytes of the largest body remembered."""
_MOST_BYTES = 32 * 2**20
"""Bytes of all bodies together."""
_MOST_SEEN = 20_000
"""Requests seen once; beyond that all of them are forgotten."""


class Memo:
    """A mock as a WSGI application that gives an answer again while it stays true (law 7).

    Whoever serves it tells requests apart by a key, and asks `recall` first. If that knows nothing, the memo
    is called as any application, with the key in the environment, and remembers the answer if it is the
    second time and the views said how long it stays true (`mockcbs.state.repeatable`). What is answered from
    memory is in the journal, the log and the figures as everything else; scenarios are asked before it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._mock: State = app.extensions["mockcbs"]
        self._memories: dict[Hashable, _Memory] = {}
        self._bytes = 0
        self._seen: set[int] = set()
        self._drawn: dict[Hashable, tuple[Run, Fault]] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application answer, and remember what it says if that is worth while."""
        key: Hashable = environ.get(KEY)
        if key is None or not self._mock.settings.memo:
            return self._app(environ, start_response)
        if drawn := self._drawn.pop(key, None):
            environ[DRAWN] = drawn
        elif self._is_seen(key):
            return self._remembering(key, environ, start_response)
        return self._app(environ, start_response)

    def recall(self, key: Hashable) -> "Recalled | None":
        """The answer to the request with this *key*, if it is known and still true."""
        memory = self._memories.get(key)
        if memory is None:
            return None
        began = time.perf_counter()
        mock, first = self._mock, memory.first
        now = mock.clock_of(first.scope).now()
        if not memory.holds(now, mock.versions.cells):
            self._forget(key)
            return None
        run = mock.stage.run(first.scope)
        if run and (fault := run.fault(memory.call, now, memory.codes)):
            self._drawn[key] = run, fault
            return None
        recalled = memory.recalled(now)
        took = time.perf_counter() - began
        mock.journal.repeat(first, now, took * 1000, recalled.answer)
        hooks.count(mock, first, took)
        return recalled

    def _is_seen(self, key: Hashable) -> bool:
        """Whether such a request came before; what never comes again is not worth remembering."""
        digest = hash(key)
        if digest in self._seen:
            return True
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(digest)
        return False

    def _remembering(
        self, key: Hashable, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        head: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = status, headers
            return start_response(status, headers, exc_info)

        environ[REPEATABLE] = None
        parts = self._app(environ, listen)
        repeatable: Repeatable | None = environ[REPEATABLE]
        if repeatable is None:
            return parts
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        if len(body) <= _LONGEST:
            status, headers = head
            self._remember(key, _Memory(repeatable, status, headers, body))
        return [body]

    def _remember(self, key: Hashable, memory: "_Memory") -> None:
        with self._lock:
            self._drop(key)
            self._memories[key] = memory
            self._bytes += memory.size
            while len(self._memories) > _MOST or self._bytes > _MOST_BYTES:
                self._drop(next(iter(self._memories)))

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        if dropped := self._memories.pop(key, None):
            self._bytes -= dropped.size


class _Memory:
    """One answer, with holes where it is new every time: templates of ``bytes %``, holes by their number."""

    def __init__(
        self, repeatable: Repeatable, status: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> None:
        lasting = repeatable.lasting
        self.first, self.call = repeatable.entry, repeatable.call
        self.codes: Mapping[str, Any] = services.named(self.first.service).codes
        self.size = len(body)
        self.status = status
        self._since, self._until = lasting.since, lasting.until
        self._cells, self._seen = lasting.cells, list(lasting.seen)
        self._makers = [(b"%d" % place, maker) for place, maker in enumerate(lasting.fresh.values())]
        texts = list(lasting.fresh)
        self.names = [name for name, _ in headers]
        self.values = [_template(value.encode("latin-1"), texts) for _, value in headers]
        self.lines = b"".join(
            b"%b: %b\r\n" % (name.encode("latin-1"), value)
            for name, value in zip(self.names, self.values, strict=True)
        )
        self.body = _template(body, texts)

    def holds(self, now: int, cells: Sequence[int]) -> bool:
        """Whether it is still true *now* (ms UTC)."""
        return self._since <= now < self._until and [cells[cell] for cell in self._cells] == self._seen

    def recalled(self, now: int) -> "Recalled":
        """It, as it is to be given *now* (ms UTC)."""
        request_id = new_request_id()
        return Recalled(self, {name: maker(now, request_id).encode() for name, maker in self._makers})


def _template(content: bytes, texts: Iterable[str]) -> bytes:
    content = content.replace(b"%", b"%%")
    for place, text in enumerate(texts):
        content = content.replace(text.encode(), b"%%(%d)b" % place)
    return content


class Recalled:
    """An answer given from memory."""

    __slots__ = ("_filling", "_memory")

    def __init__(self, memory: _Memory, filling: Mapping[bytes, bytes]) -> None:
        self._memory, self._filling = memory, filling

    @property
    def status(self) -> str:
        """Number and phrase."""
        return self._memory.status

    @property
    def lines(self) -> bytes:
        """The headers as lines of HTTP/1.1."""
        return self._memory.lines % self._filling

    @property
    def body(self) -> bytes:
        """The body."""
        return self._memory.body % self._filling

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers as in WSGI."""
        values = (value % self._filling for value in self._memory.values)
        return [
            (name, value.decode("latin-1")) for name, value in zip(self._memory.names, values, strict=True)
        ]

    def answer(self) -> Answer:
        """What the journal keeps of it."""
        return self.headers, self.body
