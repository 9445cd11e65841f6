"""Java programs: ``HttpURLConnection`` as the vendor's samples use it, and ``java.net.http.HttpClient``."""

import contextlib
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="java is not installed")

SOURCES = Path(__file__).parent / "java"


def _java(program: str, *arguments: str) -> list[str]:
    """Run a single-file program; return the lines it prints."""
    command = ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", str(SOURCES / program), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_url_connection_as_documented(server):
    """The vendor's Java sample works: token, status code, answer in one line."""
    status, request_id, *answer = _java("SessionStats.java", server.url, "interval=day&time_zone=%2B08%3A00")

    assert status == "200"
    assert len(request_id) == 32
    assert len(answer) == 1
    stats = json.loads(answer[0])
    assert stats["time_zone"] == "+08:00"
    assert stats["total"]["session_count"] == sum(day["session_count"] for day in stats["intervals"]) > 0


def test_url_connection_reads_the_error_stream(server):
    """A refused call gives its status code and, on the error stream, the vendor's body in one line."""
    status, request_id, *answer = _java("SessionStats.java", server.url, "interval=hour", "any-token")

    assert (status, len(request_id)) == ("400", 32)
    assert answer == ['{"error_code":"CBS.0021","error_msg":"request parameter error"}']


def test_url_connection_without_token(server):
    """A call without a token gives 401 and the gateway's body, though Java looks for WWW-Authenticate."""
    status, request_id, *answer = _java("SessionStats.java", server.url, "interval=day", "")

    assert status == "401"
    assert [json.loads(line) for line in answer] == [
        {
            "error_msg": "Incorrect IAM authentication information: x-auth-token not found",
            "error_code": "APIG.0301",
            "request_id": request_id,
        }
    ]


@pytest.mark.parametrize("token", [("any-token",), ()], ids=["token", "login"])
def test_http_client_that_offers_http2(server, token):
    """HttpClient offers h2c with each call, GET or POST: all go over one connection, in HTTP/1.1."""
    with _counting_relay(server.port) as (port, accepted):
        calls = _java("TwoCalls.java", f"http://127.0.0.1:{port}", *token)

    assert len(calls) == 2
    assert len(accepted) == 1
    for start, line in enumerate(calls, 1):
        status, version, body = line.split(" ", 2)
        assert (status, version) == ("200", "HTTP_1_1")
        assert json.loads(body)["startutc"] == start


@contextlib.contextmanager
def _counting_relay(port: int) -> Iterator[tuple[int, list[socket.socket]]]:
    """A relay to *port* that remembers the connections it accepted."""
    accepted: list[socket.socket] = []
    threads: list[threading.Thread] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                accepted.append(client)
                upstream = socket.create_connection(("127.0.0.1", port))
                for source, sink in ((client, upstream), (upstream, client)):
                    threads.append(threading.Thread(target=_pump, args=(source, sink), daemon=True))
                    threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1], accepted
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(10)
        for thread in threads:
            thread.join(10)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Copy bytes until the end; then close the sink's side, and the source."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
    source.close()
