"""The server that a recording proxy passes requests to."""

import json
import socket
import threading
from contextlib import contextmanager

import pytest
import requests
from werkzeug.test import Client

from mockcbs.exchanges.record import Recorder
from mockcbs.exchanges.recorded import ExchangeFile
from tests.exchanges.proxied import plain, recording, upstream


def test_an_upstream_that_is_gone(tmp_path):
    """A missing server has a separate message, and the call is not recorded."""
    file = ExchangeFile(tmp_path / "none.json", "http://127.0.0.1:1")

    answer = Client(Recorder("http://127.0.0.1:1", file)).get("/v1/p/x")

    file.close()
    assert answer.status_code == 502
    assert json.loads((tmp_path / "none.json").read_text())["exchanges"] == []


def raw(url: str, request: bytes) -> bytes:
    """What comes back for these bytes."""
    host, _, port = url.partition("://")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_requests_go_to_one_server_only(tmp_path):
    """A target that is not a path cannot send the client's token to another server."""
    with upstream({}) as other, upstream({}) as target, recording(target, tmp_path) as (url, rows):
        trap = other.partition("//")[2].encode()
        answer = raw(url, b"GET @%s/x HTTP/1.0\r\nHost: a\r\nX-Auth-Token: t\r\n\r\n" % trap)

        assert b" 400 " in answer.splitlines()[0]
        assert rows() == []


AMBIGUOUS = {
    "a sign": b"Content-Length: +5",
    "a negative length": b"Content-Length: -1",
    "an underscore": b"Content-Length: 1_0",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6",
    "a length twice": b"Content-Length: 5\r\nContent-Length: 5",
    "a length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    "another coding": b"Transfer-Encoding: xchunked",
    "a wrong chunk": b"Transfer-Encoding: chunked\r\n\r\nzz",
    "a negative chunk": b"Transfer-Encoding: chunked\r\n\r\n-5",
}


@pytest.mark.parametrize("framing", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_body_has_one_length(framing, tmp_path):
    """A request whose body has no length, or two, is refused: nothing of it is passed on or recorded."""
    inner = b"\r\n\r\nhello0\r\n\r\nGET /inner HTTP/1.1\r\nHost: a\r\n\r\n"
    with upstream({}) as target, recording(target, tmp_path) as (url, rows):
        answer = raw(url, b"POST /x HTTP/1.1\r\nHost: a\r\nX-Auth-Token: t\r\n" + framing + inner)

        assert b" 400 " in answer.splitlines()[0]
        assert answer.count(b"HTTP/1.1") == 1
        assert rows() == []


def test_a_method_is_a_word(tmp_path):
    """A method with control characters is refused."""
    with upstream({}) as target, recording(target, tmp_path) as (url, rows):
        answer = raw(url, b"G\x1b[31mET /x HTTP/1.1\r\nHost: a\r\n\r\n")

        assert b" 400 " in answer.splitlines()[0]
        assert b"\x1b" not in answer
        assert rows() == []


@pytest.mark.parametrize(
    "odd",
    [
        b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: b\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Zero: a\0b\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 103 Early Hints\r\nLink: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 O\x1b[31mK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n{}",
        b"nonsense\r\n\r\n",
        b"",
    ],
    ids=lambda odd: repr(odd[9:45]),
)
def test_odd_answers(odd, tmp_path):
    """An answer is passed on as one answer without line breaks in headers, or the client learns why not."""
    with odd_upstream(odd) as target, recording(target, tmp_path) as (url, _):
        answer = raw(url, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")

    head = answer.partition(b"\r\n\r\n")[0]
    assert answer.count(b"HTTP/1.") == 1
    assert not {*b"\r\n\0\x1b"}.intersection(head.replace(b"\r\n", b""))
    assert head.split()[1] in {b"200", b"502"} or b"999" in odd


@contextmanager
def odd_upstream(answer: bytes):
    """A server that sends these bytes and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)  # where no client comes, it waits for ever
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_targets_stay_as_they_are(tmp_path):
    """Slashes at the beginning are not made one, and a whole URL counts by its path."""
    with upstream({}) as target, recording(target, tmp_path) as (url, rows):
        for sent in (b"//double//slash?a=//b", b"http://any.example/whole?x=1", b"http://any.example"):
            raw(url, b"GET %s HTTP/1.0\r\nHost: any.example\r\n\r\n" % sent)
        exchanges = rows()

    paths = ["//double//slash?a=//b", "/whole?x=1", "/"]
    assert [json.loads(row["response"]["body"])["path"] for row in exchanges] == paths
    assert [row["request"]["path"] for row in exchanges] == paths


def test_redirects_pass_with_their_body(tmp_path):
    """The client has the body that goes with a redirect, and so has the record."""
    moved = plain(b"moved there", 302, ("Location", "/x"), kind="text/plain")
    with upstream({"/old": moved}) as target, recording(target, tmp_path) as (url, rows):
        answer = requests.get(f"{url}/old", timeout=10, allow_redirects=False)
        (exchange,) = rows()

    assert answer.text == exchange["response"]["body"] == "moved there"


def test_headers_of_one_hop_stay_there(tmp_path):
    """Headers that Connection names are not passed on in either direction (RFC 9110 7.6.1)."""
    own = plain(b"{}", 200, ("Connection", "X-Own"), ("X-Own", "1"), ("X-Other", "2"))
    hop = {"Connection": "X-Hop", "X-Hop": "1", "X-End": "2"}
    with upstream({"/own": own}) as target, recording(target, tmp_path) as (url, _):
        echo = requests.get(f"{url}/a", headers=hop, timeout=10).json()
        answer = requests.get(f"{url}/own", timeout=10)

    assert "X-Hop" not in echo["headers"]
    assert echo["headers"]["X-End"] == "2"
    assert "X-Own" not in answer.headers
    assert answer.headers["X-Other"] == "2"


def test_nobody_there(tmp_path):
    """A dead server, an unknown host, an untrusted certificate and a slow server have different messages."""
    wait = threading.Event()

    def reason(target: str, **options) -> str:
        with recording(target, tmp_path, **options) as (url, rows):
            answer = requests.get(f"{url}/x", timeout=10)
            assert (answer.status_code, answer.headers["Content-Type"]) == (502, "application/problem+json")
            assert rows() == []
            return answer.json()["detail"].removeprefix(target)

    assert reason("http://127.0.0.1:1") == " refuses connections"
    assert reason("http://nobody.invalid") == " cannot be found: no such host"
    with upstream({"/x": lambda handler: wait.wait(10) and plain(b"")(handler)}) as slow:
        assert reason(slow, timeout=0.2) == " did not answer within 0.2 s"
        wait.set()
