"""Posts to an endpoint that behaves in any way, within the time limit."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import trustme

from mockcbs.webhooks.posting import MAX_RESPONSE, Endpoint

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset="
Talk = Callable[[socket.socket, bytes], object]
"""What a server does with a connection and a request."""


@contextmanager
def serving(talk: Talk, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[list[bytes]]:
    """The requests that a server gets; the first element is its URL."""
    listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    named = f"[{host}]" if ":" in host else host
    seen = [f"{'https' if tls else 'http'}://{named}:{listener.getsockname()[1]}".encode()]

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            seen.append(b"connected")
            with connection, suppress(OSError), _secured(connection, tls) as wrapped:
                while request := wrapped.recv(1 << 16):
                    while not request.endswith(b"{}"):
                        request += wrapped.recv(1 << 16)
                    seen.append(request)
                    talk(wrapped, request)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(30)


def _secured(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return tls.wrap_socket(connection, server_side=True) if tls else connection


def post(url: str, seconds: float = 30, **headers: str):
    with Endpoint(url) as endpoint:
        return endpoint.post(headers, b"{}", seconds)


def send(*pieces: bytes, pause: float = 0.0) -> Talk:
    def talk(connection: socket.socket, _: bytes) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return talk


def test_one_connection_carries_post_after_post():
    """Endpoints keep their connection, and open another one when the receiver has closed it."""
    is_closed = threading.Event()

    def talk(connection: socket.socket, request: bytes) -> None:
        connection.sendall(OK)
        if b"Last: 1" in request:
            connection.shutdown(socket.SHUT_RDWR)
            is_closed.set()

    with serving(talk) as seen, Endpoint(f"{seen[0].decode()}/hook?a=1#b") as endpoint:
        outcomes = [endpoint.post({"X-Coze-Nonce": "n", "Last": last}, b"{}", 30) for last in ("0", "1")]
        assert is_closed.wait(30)
        outcomes.append(endpoint.post({"X-Coze-Nonce": "n", "Last": "0"}, b"{}", 30))

    assert [(one.status, one.answer, one.reason) for one in outcomes] == [(200, "ok", "")] * 3
    assert [one[:9] for one in seen[1:]] == [
        b"connected",
        b"POST /hoo",
        b"POST /hoo",
        b"connected",
        b"POST /hoo",
    ]
    assert seen[2].startswith(b"POST /hook?a=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"X-Coze-Nonce: n\r\n" in seen[2]
    assert b"Content-Type: application/json; charset=utf-8\r\n" in seen[2]


def test_a_post_is_written_at_once():
    """A receiver that reads once has head and body."""
    with serving(send(OK)) as seen:
        post(seen[0].decode().replace("//", "//a:b@") + "/hook", A="b")

    assert seen[2].partition(b"\r\nHost: ")[0] == b"POST /hook HTTP/1.1"
    assert seen[2].partition(b"\r\nAccept-Encoding: ")[2] == (
        b"identity\r\nContent-Length: 2\r\nAccept: */*\r\nUser-Agent: mockcbs\r\n"
        b"Content-Type: application/json; charset=utf-8\r\nauthorization: Basic YTpi\r\nA: b\r\n\r\n{}"
    )
    assert seen[3:] == []


@pytest.mark.parametrize("cut", [9, 30, -4, -1])
def test_a_response_may_come_in_pieces(cut):
    """A response is read to its end, wherever the network divides it."""
    with serving(send(OK[:cut], OK[cut:], pause=0.05)) as seen, Endpoint(seen[0].decode()) as endpoint:
        outcomes = [endpoint.post({}, b"{}", 30) for _ in range(2)]

    assert [(one.status, one.answer) for one in outcomes] == [(200, "ok")] * 2
    assert seen.count(b"connected") == 1


@pytest.mark.parametrize(
    "prefix", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"], ids=["head", "body"]
)
def test_a_response_that_trickles_in_is_too_late(prefix):
    """The time limit is one of the whole response, however often a byte of it arrives."""
    with serving(send(prefix, *[b"HTTP/1.1"[:1]] * 40, pause=0.05)) as seen:
        outcome = post(seen[0].decode(), 0.3)

    assert (outcome.status, outcome.reason) == (None, "no answer within 0.3 s")
    assert outcome.took_ms >= 300


@pytest.mark.parametrize(
    ("response", "found"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", (200, "ok")),
        (PLAIN + b"gbk\r\nContent-Length: 4\r\n\r\n\xc4\xe3\xba\xc3", (200, "你好")),
        (PLAIN + b"x\r\nContent-Length: 1\r\n\r\n\xff", (200, "\ufffd")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, "")),
        (b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", (302, "")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, (200, "ok")),
        (PLAIN + b"utf-8\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n\xe4\xbd\xa0", (200, "你")),
        (b"HTTP/1.1 200\r\n" + b"A: b\r\n" * 98 + b"content-length:2\r\n\r\nok", (200, "ok")),
        (b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!", (200, "ok")),
    ],
)
def test_correct_responses(response, found):
    """Any correct response is read; redirects are not followed."""
    with serving(send(response)) as seen:
        outcome = post(seen[0].decode())

    assert (outcome.status, outcome.answer) == found
    assert seen[1:2] == [b"connected"]
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "IncompleteRead: "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok", "IncompleteRead: "),
        (b"hello\r\n\r\n", "BadStatusLine: hello"),
        (b"http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "BadStatusLine: http/1.1 200 OK"),
        (b"HTTP/1.1 2000\r\nContent-Length: 0\r\n\r\n", "BadStatusLine: HTTP/1.1 2000"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n", "HTTPException: got more than 100 headers"),
        (b"", "RemoteDisconnected: "),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", "LineTooLong: "),
    ],
)
def test_wrong_responses(response, reason):
    """A response that is cut off or not HTTP is a failed attempt."""

    def talk(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response)
        connection.shutdown(socket.SHUT_RDWR)

    with serving(talk) as seen:
        outcome = post(seen[0].decode())

    assert outcome.status is None
    assert outcome.reason.startswith(reason)


def test_a_huge_response_is_not_read_to_its_end():
    """A receiver cannot fill the memory; the next post uses another connection."""
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000000\r\n\r\n" + b"x" * 3 * MAX_RESPONSE
    with serving(send(endless)) as seen, Endpoint(seen[0].decode()) as endpoint:
        outcomes = [endpoint.post({}, b"{}", 30) for _ in range(2)]

    assert [(one.status, len(one.answer)) for one in outcomes] == [(200, MAX_RESPONSE)] * 2
    assert seen.count(b"connected") == 2


def test_urls_of_all_kinds(monkeypatch):
    """IPv6, credentials in the URL and other letters work; a proxy of the environment is not used."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(send(OK), "::1") as seen:
        url = seen[0].decode().replace("//", "//us%40er:pass@") + "/钩?问=1"
        status = post(url).status

    assert status == 200
    assert seen[2].startswith(b"POST /%E9%92%A9?%E9%97%AE=1 HTTP/1.1\r\nHost: [::1]:")
    assert b"uthorization: Basic dXNAZXI6cGFzcw==\r\n" in seen[2]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://[::1", "LocationParseError: "),
        ("http://" + "a" * 70 + ".example/", "UnicodeError: "),
        ("http://127.0.0.1:9/", "ConnectionRefusedError: "),
    ],
)
def test_urls_that_lead_nowhere(url, reason):
    """A URL that cannot be reached is a failed attempt."""
    outcome = post(url)

    assert (outcome.status, outcome.reason[: len(reason)]) == (None, reason)


def test_certificates_are_checked(monkeypatch):
    """A receiver needs a certificate for its host from a known authority."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)

    with serving(send(OK), tls=server) as seen:
        refused = post(seen[0].decode())
        monkeypatch.setattr("mockcbs.webhooks.posting._tls", lambda: client)
        accepted = post(seen[0].decode())
        for_another_name = post(seen[0].decode().replace("127.0.0.1", "localhost"))

    assert refused.reason.startswith("SSLCertVerificationError: ")
    assert accepted.status == 200
    assert "Hostname mismatch" in for_another_name.reason


def test_a_post_can_be_aborted():
    """Another thread ends a running post at once."""
    with serving(lambda *_: time.sleep(0.2)) as seen, Endpoint(seen[0].decode()) as endpoint:
        thread = threading.Thread(target=endpoint.post, args=({}, b"{}", 60))
        thread.start()
        while len(seen) < 3:
            time.sleep(0.001)
        endpoint.abort()
        thread.join(30)

    assert not thread.is_alive()
    assert endpoint.is_aborted
