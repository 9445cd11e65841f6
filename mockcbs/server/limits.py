"""What the server accepts of a client; `docs/limits.md` lists it."""

MAX_URI = 32 * 1024
"""Bytes of the request target."""
MAX_HEADER = 32 * 1024
"""Bytes of one header, name and value."""
MAX_HEAD = 128 * 1024
"""Bytes of a request up to its body, from the first one; also those of all trailers."""
MAX_HEADERS = 1000
"""Headers of one request, trailers too."""
MAX_CHUNK_FRAMING = 8
"""Bytes of framing for each byte of a chunked body, beyond `MAX_HEAD`: lengths, extensions, trailers."""
MAX_UNKNOWN_BODY = 2**20
"""Bytes of a body that is for no service."""
MAX_CONTROL_BODIES = {"/_mockcbs/dataset": 32 * 2**20}
"""Bytes of bodies of the control API that may be larger, by their paths."""

MAX_WAITING = 16
"""Requests that a connection reads ahead while a response is being delivered; then reading pauses."""

HEAD_TIMEOUT = 60.0
"""Seconds from the first byte of a request to the end of its headers."""
BODY_TIMEOUT = 300.0
"""Seconds from the end of the headers to the end of the body."""
WRITE_TIMEOUT = 60.0
"""Seconds that a client may leave a response unread."""
DISCARD_TIMEOUT = 2.0
"""Seconds that a refused request is read on, so that its client can read why it was refused."""
STOP_TIMEOUT = 0.5
"""Seconds that a client has to read the last response when the server stops."""

MAX_ACCEPTED, MAX_ACCEPTED_SHARED = 64, 4
"""Connections accepted in one turn of the loop; fewer where workers share the socket."""
BACKLOG = 2048
"""Connections that wait to be accepted, if the system allows so many."""
ACCEPT_PAUSE = 1.0
"""Seconds without new connections after the process ran out of descriptors."""

MAX_THREADS = 10
"""Requests of one process that are answered at once, if their answers may wait for a database."""
