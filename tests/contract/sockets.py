"""Servers that speak for themselves, byte by byte."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Handler = Callable[[socket.socket], None]
Respond = Callable[[bytes, bytes], bytes | None]
_TLS = b"\x16\x03"


@contextmanager
def listening(handler: Handler) -> Iterator[str]:
    """Hand every connection to *handler*, in a thread of its own; gives the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[tuple[socket.socket, threading.Thread]] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            handler(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(60)
                thread = threading.Thread(target=serve, args=(connection,))
                taken.append((connection, thread))
                thread.start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for end in (listener, *(connection for connection, _ in taken)):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        acceptor.join()
        for _, thread in taken:
            thread.join()


def read_request(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """Head and body of the next request; `None` at the end, and when a client begins TLS instead."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (got := connection.recv(65536)) or got.startswith(_TLS):
            return None
        data += got
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        if not (got := connection.recv(65536)):
            return None
        body += got
    return head, body


def responding(respond: Respond) -> Handler:
    """Answer each request of a connection with what *respond* makes of it; with nothing, hang up."""

    def handler(connection: socket.socket) -> None:
        while request := read_request(connection):
            if (answer := respond(*request)) is None:
                return
            connection.sendall(answer)

    return handler


def response(status: int, body: str = "", kind: str = "application/json", **headers: str) -> bytes:
    """The bytes of a response."""
    content = body.encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def dripping(first: bytes, tick: threading.Event) -> Handler:
    """Begin with *first*, then send a byte every 50 ms until *tick* is set."""

    def handler(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(first)
        while not tick.wait(0.05):
            connection.sendall(b"x")

    return handler
