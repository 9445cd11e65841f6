"""Calls of `httpx` clients, answered in process."""

import asyncio
import time
from functools import cached_property

import httpx

from mockcbs.faults.httpx_delivery import seconds_of
from mockcbs.testing.exchange import Received, exchange
from mockcbs.testing.hosts import real, refusal
from mockcbs.web.cache.response_cache import ResponseCache


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport, synchronous and asynchronous, that sends requests for the real hosts to a mock."""

    def __init__(self, cache: ResponseCache, passthrough: tuple[str, ...] = ()) -> None:
        """Requests whose URLs begin with one of *passthrough* leave the process; all others are refused."""
        self._cache = cache
        self._passthrough = passthrough

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if self._goes_out(request):
            return self._out.handle_request(request)
        received = self._exchange(request, request.read())
        time.sleep(_wait(received, request))
        return _response(received)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request of an asynchronous client."""
        if self._goes_out(request):
            return await self._async_out.handle_async_request(request)
        received = self._exchange(request, await request.aread())
        await asyncio.sleep(_wait(received, request))
        return _response(received)

    def close(self) -> None:
        """Close the connections of requests that left the process."""
        if "_out" in vars(self):
            self._out.close()

    async def aclose(self) -> None:
        """Close the connections of asynchronous requests that left the process."""
        if "_async_out" in vars(self):
            await self._async_out.aclose()

    @cached_property
    def _out(self) -> httpx.HTTPTransport:
        return httpx.HTTPTransport()

    @cached_property
    def _async_out(self) -> httpx.AsyncHTTPTransport:
        return httpx.AsyncHTTPTransport()

    def _goes_out(self, request: httpx.Request) -> bool:
        """Whether *request* leaves the process; raises if it is refused."""
        url = str(request.url)
        if real().match(url):
            return False
        if url.startswith(self._passthrough):
            return True
        raise httpx.ConnectError(refusal(url), request=request)

    def _exchange(self, request: httpx.Request, body: bytes) -> Received:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        return exchange(self._cache, request.method, str(request.url), headers, body)


def _wait(received: Received, request: httpx.Request) -> float:
    """Seconds that the client waits; raises the error of the client instead if there is one."""
    timeout = request.extensions.get("timeout", {}).get("read")
    return seconds_of(received.delivery, len(received.body), timeout, request)


def _response(received: Received) -> httpx.Response:
    return httpx.Response(received.status, headers=received.headers, content=received.body)
