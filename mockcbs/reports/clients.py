"""HTTP clients of this very mock and of other servers."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.test import run_wsgi_app

from mockcbs.services.reporting import Session
from mockcbs.web import context
from mockcbs.web.context import KEY, Context

if TYPE_CHECKING:
    from ssl import SSLContext

_TIMEOUT = 5.0


class Clients:
    """Clients of this very mock and of other servers."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @contextmanager
    def session(self, url: str, *, counted: bool = True) -> Iterator[Session]:
        """Calls to *url*, or without one to this mock itself, whose rate limits may count them."""
        import httpx  # noqa: PLC0415 - 50 ms at start that only reports need

        transport = httpx.WSGITransport(partial(self._apart, counted))
        way = {"verify": self._tls} if url else {"transport": transport}
        with httpx.Client(
            base_url=url or "http://localhost", timeout=_TIMEOUT, trust_env=False, **way
        ) as client:
            yield Session(client)

    @contextmanager
    def sessions(self) -> Iterator[Callable[[str], Session]]:
        """Gives the session of each URL, one for all calls; limits of calls a second do not count them.

        When the clock is moved, the calls of days come within seconds of real time.
        """
        with ExitStack() as stack:
            yield cache(lambda url: stack.enter_context(self.session(url, counted=False)))

    @cached_property
    def _tls(self) -> "SSLContext":
        """Made once, as it takes longer than a call."""
        import httpx  # noqa: PLC0415

        return httpx.create_ssl_context(trust_env=False)

    def _apart(
        self, counted: bool, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """The application, in a context apart from that of a request that is being answered.

        That request notes the calls that were made on its behalf. Raises the errors of `httpx` that a
        scenario wants.
        """
        from mockcbs.faults.httpx_delivery import seconds_of  # noqa: PLC0415 - it loads httpx

        outer = context.current() if context.is_present() else None
        environ[KEY] = inner = Context(delivers=True, counted=counted)
        with self._app.app_context():
            body, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        if outer is not None and inner.entry is not None:
            outer.calls.append(inner.entry.id)
        if inner.delivery is not None:
            time.sleep(seconds_of(inner.delivery, sum(map(len, body)), _TIMEOUT))
        start_response(status, headers.to_wsgi_list())
        return body
