"""The limits of the server, over real sockets; `tests/docs/test_limits.py` shows the others."""

import contextlib
import socket
import subprocess
import sys
import time

import pytest
import requests

from mockcbs.server import accepting, limits, timeouts
from mockcbs.server.tls import make_context
from mockcbs.services import registry
from mockcbs.settings import ServerSettings
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, NOW, PROJECT
from tests.docs.limits import KB, MB, row

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=week"
GET = f"GET {PATH} HTTP/1.1\r\nHost: mock\r\nX-Auth-Token: any\r\n"
CHUNKED = b"POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def server():
    with LiveServer(now=NOW) as server:
        yield server


@contextlib.contextmanager
def connected(server, *, buffer: int | None = None):
    """A connection that takes *buffer* bytes which the client has not read, by default any."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.socket() as connection:
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(10)
        connection.connect((host, int(port)))
        yield connection


def exchange(server, *sent: bytes) -> str:
    """All that the server answers before it closes, or falls silent."""
    with connected(server) as connection:
        with contextlib.suppress(ConnectionError):
            for piece in sent:
                connection.sendall(piece)
        received = b""
        connection.settimeout(30)
        with contextlib.suppress(TimeoutError):
            while piece := connection.recv(65536):
                received += piece
                connection.settimeout(1)
                if b"Connection: keep-alive" in received:
                    break
    return received.decode()


def status(server, *sent: bytes) -> int:
    return int(exchange(server, *sent).split()[1])


@row("request target", "32 KB")
def test_target(server):
    """A longer request target is answered 414, and the connection is closed."""
    target = f"{PATH}&x=" + "a" * (limits.MAX_URI - len(PATH) - 3)

    assert limits.MAX_URI == 32 * KB
    assert status(server, GET.replace(PATH, target).encode() + b"\r\n") == 200
    received = exchange(server, GET.replace(PATH, target + "a").encode() + b"\r\n")
    assert received.startswith("HTTP/1.1 414")
    assert "Connection: close" in received


@row("one header", "32 KB")
def test_header(server):
    """A longer header is answered in the words of the service."""
    value = "a" * (limits.MAX_HEADER - 1)

    assert limits.MAX_HEADER == 32 * KB
    assert status(server, f"{GET}X: {value}\r\n\r\n".encode()) == 200
    assert status(server, f"{GET}X: {value}a\r\n\r\n".encode()) == 494
    coze = f"GET /v3/chat HTTP/1.1\r\nHost: mock\r\nX: {value}a\r\n\r\n"
    assert status(server, coze.encode()) == 400


@row("request line and headers", "128 KB")
@pytest.mark.parametrize("endless", [b"a" * KB, b"a: b\r\n" * 100])
def test_head(server, endless):
    """A request head that is too long is refused, also if a header never ends."""
    assert limits.MAX_HEAD == 128 * KB
    assert status(server, GET.encode(), *[endless] * 300) == 494


@row("headers of a request", "1,000")
def test_headers(server):
    """A request with one header more is refused, with the reason."""
    more = "a: b\r\n" * (limits.MAX_HEADERS - 2)

    assert limits.MAX_HEADERS == 1000
    assert status(server, f"{GET}{more}\r\n".encode()) == 200
    received = exchange(server, f"{GET}{more}a: b\r\n\r\n".encode())
    assert received.startswith("HTTP/1.1 494")
    assert "X-Mockcbs-Reason: the request has more than 1000 headers" in received


@row("lengths, extensions and trailers of chunks", "128 KB, and 8 bytes for each byte of the body")
@pytest.mark.parametrize("endless", [b"0\r\nT: ", b"1;"], ids=["trailer", "extension"])
def test_chunks(server, endless):
    """A trailer or an extension of a chunk without an end is refused."""
    assert limits.MAX_CHUNK_FRAMING == 8
    assert status(server, CHUNKED, endless, *[b"a" * KB] * 300) == 494


@pytest.mark.parametrize(
    ("path", "allowed"), [("/v3/auth/tokens", 12 * MB), ("/v3/chat", 20 * MB), ("/nowhere", MB)]
)
@row("body for CBS and IAM", "12 MB")
@row("body for Coze", "20 MB")
@row("body for no service", "1 MB")
def test_body(server, path, allowed):
    """The length is enough to be refused; a body in chunks is read up to the limit."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\n"

    said = exchange(server, f"{head}Expect: 100-continue\r\nContent-Length: {allowed + 1}\r\n\r\n".encode())

    assert {one.max_body for one in registry.services() if one.name in {"cbs", "iam"}} == {12 * MB}
    assert limits.MAX_UNKNOWN_BODY == MB
    assert said.startswith("HTTP/1.1 413")
    assert "Connection: close" in said
    chunk = b"%x\r\n%b\r\n" % (MB, bytes(MB))
    sent = [chunk] * (allowed // MB)
    begun = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status(server, begun, *sent, b"1\r\na\r\n") == 413


@row("dataset for `PUT /_mockcbs/dataset`", "32 MB")
def test_dataset(server):
    """Larger ones are refused by their length."""
    head = "PUT /_mockcbs/dataset HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"

    refused = exchange(server, f"{head}Content-Length: {32 * MB + 1}\r\n\r\n".encode())
    accepted = exchange(server, f"{head}Connection: close\r\nContent-Length: {32 * MB}\r\n\r\n".encode())

    assert refused.startswith("HTTP/1.1 413")
    assert accepted.startswith("HTTP/1.1 100")


@row("file uploaded to Coze", "512 MB")
def test_file_for_coze(server):
    """The form around a file may have one more megabyte."""
    head = "POST /v1/files/upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"

    refused = exchange(server, f"{head}Content-Length: {513 * MB + 1}\r\n\r\n".encode())
    accepted = exchange(server, f"{head}Connection: close\r\nContent-Length: {513 * MB}\r\n\r\n".encode())

    assert '"code":4302' in refused
    assert accepted.startswith("HTTP/1.1 100")


@row("body for OSS", "1 GB")
def test_body_for_oss(server):
    """An object in one request has at most 1 GB."""
    head = "PUT /bucket/key HTTP/1.1\r\nHost: oss.localhost\r\nExpect: 100-continue\r\n"

    refused = exchange(server, f"{head}Content-Length: {1024 * MB + 1}\r\n\r\n".encode())
    accepted = exchange(server, f"{head}Connection: close\r\nContent-Length: 1\r\n\r\n".encode())

    assert refused.startswith("HTTP/1.1 400")
    assert "<Code>EntityTooLarge</Code>" in refused
    assert accepted.startswith("HTTP/1.1 100")


@row("parts of a form", "1,000")
@row("bytes of a form outside of its files", "500,000")
@pytest.mark.parametrize(
    "form", [{f"part{number}": (None, "x") for number in range(1001)}, {"a": (None, "x" * 500_001)}]
)
def test_form(server, form):
    """Uploads of Coze have other sizes for the files themselves."""
    url = f"{server.url}/v1/files/upload"

    response = requests.post(url, files=form, headers={"Authorization": "Bearer t"}, timeout=10)

    assert response.status_code == 413
    assert "1000 parts, and 500000 bytes" in response.headers["X-Mockcbs-Reason"]


@row("requests read ahead", "16")
def test_reading_ahead(server):
    """Behind a delayed response, further bytes stay in the sockets, so the client cannot send more."""
    server.scenario({"rules": [{"latency": {"fixed_ms": 5000}}]})
    try:
        with connected(server) as connection:
            connection.settimeout(0.3)
            sent = 0
            with contextlib.suppress(TimeoutError):
                while sent < 64 * MB:
                    sent += connection.send(GET.encode() + b"X: " + b"a" * 4000 + b"\r\n\r\n")
    finally:
        server.scenario(None)

    assert limits.MAX_WAITING == 16
    assert sent < 16 * MB


@row("time for the TLS handshake", "60 s")
def test_handshake(monkeypatch, tmp_path):
    """A TLS handshake that takes too long ends the connection, also if no byte arrives."""
    monkeypatch.setattr(accepting, "HEAD_TIMEOUT", 0.1)
    server = LiveServer()
    server._server.config.ssl, _ = make_context(ServerSettings(tls=True), tmp_path)
    with server, connected(server) as connection, contextlib.suppress(ConnectionResetError):
        assert connection.recv(1) == b""


@row("time for the headers", "60 s")
@row("time for the body", "300 s")
@pytest.mark.parametrize(
    ("name", "sent"),
    [("HEAD_TIMEOUT", GET.encode()), ("BODY_TIMEOUT", GET.encode() + b"Content-Length: 9\r\n\r\n")],
)
def test_times(server, monkeypatch, caplog, name, sent):
    """A client that does not finish its request in time is disconnected without a response."""
    assert (limits.HEAD_TIMEOUT, limits.BODY_TIMEOUT) == (60, 300)
    monkeypatch.setattr(timeouts, name, 0.1)
    with connected(server) as connection:
        connection.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""

    assert "connection closed: the client 127.0.0.1 did not end" in caplog.text


@row("time without reading a response", "60 s")
def test_unread(server, monkeypatch, caplog):
    """The server gives up a client that does not read, and logs it."""
    assert limits.WRITE_TIMEOUT == 60
    monkeypatch.setattr(timeouts, "WRITE_TIMEOUT", 0.1)
    with connected(server, buffer=4096) as connection, contextlib.suppress(ConnectionError):
        for _ in range(5000):
            connection.sendall((GET.encode() + b"\r\n") * 100)

    assert "did not read a response" in caplog.text


@row("time without a request", "75 s")
def test_keep_alive(monkeypatch):
    """An idle connection is closed, also if it never had a request."""
    assert ServerSettings().keep_alive == 75
    server = LiveServer()
    monkeypatch.setattr(server._server.config, "timeout_keep_alive", 0.1)
    with server, connected(server) as connection:
        assert connection.recv(1) == b""


@row("connections that wait", "2,048")
def test_waiting(server):
    """As many connections can wait as the system allows."""
    assert limits.BACKLOG == 2048
    assert status(server, GET.encode() + b"\r\n") == 200


CALL_OF_COZE = b"GET /v1/users/me HTTP/1.1\r\nHost: api.coze.cn\r\nAuthorization: Bearer a\r\n\r\n"


@pytest.mark.slow
@row("open connections", "the process's limit of open files (`ulimit -n`), less 8 for files")
def test_descriptors():
    """A server without free descriptors logs this, serves those that are connected, also if it needs files
    for that, and accepts again when some are free.
    """
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48)); "
        "from mockcbs.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        many = [socket.create_connection(address, timeout=5) for _ in range(60)]
        time.sleep(0.3)
        many[0].sendall(CALL_OF_COZE)  # imports the views of Coze
        connected = many[0].recv(12)
        for connection in many:
            connection.close()
        served = requests.get(url + PATH, headers={"X-Auth-Token": "t"}, timeout=10).status_code
    finally:
        process.terminate()
        errors = process.communicate(timeout=10)[1]

    assert served == 200
    assert connected == b"HTTP/1.1 200"
    assert "no new connections for 1 s: Too many open files; raise the limit of open files" in errors
