"""The bodies of requests: small ones are read whole, large ones in pieces."""

from collections.abc import Iterator

from werkzeug import Request

MAX_IN_MEMORY = 2**20
"""The maximum size of a body that is read whole, in bytes; a larger one is stored in a file while it
arrives.
"""
LARGE_BODY = 8 * 1024
"""The size in bytes of a JSON body that may take over 20 ms to handle, such as a batch of 100 records."""
_PIECE = 256 * 1024


def is_large(request: Request) -> bool:
    """Whether the body of *request* must be read in pieces."""
    return (request.content_length or 0) > MAX_IN_MEMORY


def pieces(request: Request) -> Iterator[bytes]:
    """The body of *request* in pieces; a large one can be read only once."""
    if not is_large(request):
        yield request.get_data()
        return
    while piece := request.stream.read(_PIECE):
        yield piece


def beginning(request: Request, size: int) -> bytes:
    """The first bytes of the body of *request*, for patterns and the journal; for a large body, its size."""
    if is_large(request):
        return b"%d bytes" % (request.content_length or 0)
    return request.get_data()[:size]
