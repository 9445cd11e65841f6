"""Reads the pieces of a response that is sent while it is made."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from mockcbs.web.json import PacedStream


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
