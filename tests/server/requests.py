"""Requests as bytes."""

from mockcbs.server.reader import Reader

GET = b"GET /v3/chat HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"POST /v3/chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(*pieces: bytes):
    """The requests in *pieces*, and the reader after them."""
    requests = []
    reader = Reader(requests.append, lambda: None)
    for piece in pieces:
        if not reader.ended:
            reader.feed(piece, 0.0)
    return requests, reader
