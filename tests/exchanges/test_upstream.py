"""The server that a recording proxy passes requests to."""

import json
import socket
import threading

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
