"""Sends the pieces of a response while it is made."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from uvicorn.protocols.http.flow_control import FlowControl

from mockcbs.web.json import PacedStream, Pausing


async def send(
    stream: PacedStream,
    transport: asyncio.Transport,
    flow: FlowControl,
    loop: asyncio.AbstractEventLoop,
    *,
    in_threads: bool,
) -> None:
    """Write *stream* at its pace, until its end or that of the connection."""
    async for piece in pieces(stream, loop, in_threads=in_threads):
        if transport.is_closing():
            return
        transport.write(piece)
        await flow.drain()
        await asyncio.sleep(max(stream.pause, piece.pause if isinstance(piece, Pausing) else 0))


async def pieces(
    stream: PacedStream, loop: asyncio.AbstractEventLoop, *, in_threads: bool
) -> AsyncIterator[bytes]:
    """The pieces of *stream*. *in_threads* makes them in threads, as making one may wait for a database."""
    waiting = iter(stream)
    if not (in_threads or stream.slow):
        for piece in waiting:
            yield piece
        return
    while (made := await loop.run_in_executor(None, _next, waiting)) is not None:
        yield made


def _next(waiting: Iterator[bytes]) -> bytes | None:
    return next(waiting, None)
