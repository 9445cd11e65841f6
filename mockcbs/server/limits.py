"""The limits of the server for clients; `docs/limits.md` lists them."""

MAX_URI = 32 * 1024
"""The maximum size of the request target, in bytes."""
MAX_HEADER = 32 * 1024
"""The maximum size of one header (name and value), in bytes."""
MAX_HEAD = 128 * 1024
"""The maximum size of a request without its body, and of all trailers, in bytes."""
MAX_HEADERS = 1000
"""The maximum number of headers and trailers of one request."""
MAX_CHUNK_FRAMING = 8
"""The maximum framing (lengths, extensions, trailers) for each byte of a chunked body, beyond `MAX_HEAD`,
in bytes.
"""
MAX_UNKNOWN_BODY = 2**20
"""The maximum size of a body for no service, in bytes."""
MAX_CONTROL_BODIES = {"/_mockcbs/dataset": 32 * 2**20}
"""Bytes of bodies of the control API that may be larger, by their paths."""

MAX_WAITING = 16
"""The maximum number of requests that a connection reads ahead while a response is sent."""

HEAD_TIMEOUT = 60.0
"""The time from the first byte of a request to the end of its headers, in s."""
BODY_TIMEOUT = 300.0
"""The time from the end of the headers to the end of the body, in s."""
WRITE_TIMEOUT = 60.0
"""The time that a client may leave a response unread, in s."""
DISCARD_TIMEOUT = 2.0
"""The time that the rest of a rejected request is read, so that its client can read the response, in s."""
STOP_TIMEOUT = 0.5
"""The time that a client has to read the last response when the server stops, in s."""

MAX_ACCEPTED, MAX_ACCEPTED_SHARED = 64, 4
"""The maximum number of connections accepted in one turn of the loop; the second is for sockets that
workers share.
"""
BACKLOG = 2048
"""The maximum number of connections that wait to be accepted, unless the system's limit is lower."""
RESERVED_FILES = 8
"""The number of descriptors that connections leave for the files of requests."""
ACCEPT_PAUSE = 1.0
"""The time without new connections after the process ran out of file descriptors, in s."""

MAX_THREADS = 10
"""The maximum number of requests that one process answers in threads, if a response may wait for a
database.
"""

MAX_READ = 32 * 1024
"""Bytes that are read of one connection before others have their turn."""
MAX_UNREAD = 2
"""Reads of one connection that wait for a check of what other replicas have changed; then no more is read."""
MAX_PARSED = 16
"""The maximum number of requests of one connection that are parsed before others have their turn."""
