"""Bodies while they arrive, and requests whose bodies are on disk."""

import socket

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.server import body
from mockcbs.server.body import Body
from tests.thoroughness import examples

MB = 2**20
SIGNED = "OSSAccessKeyId=Any&Expires=4102444800&Signature=any"


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(0, 100))
def test_a_body_is_what_was_appended(pieces, limit):
    """A body contains what was appended, in memory and on disk, for any limit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body, "MAX_IN_MEMORY", limit)
        made = Body()
        for piece in pieces:
            made.append(piece)

        whole = b"".join(pieces)
        assert (len(made), made.on_disk) == (len(whole), len(whole) > limit)
        assert made.open().read() == whole
        made.close()


def test_requests_behind_a_large_one_wait_their_turn(mockcbs_server):
    """Large and small requests on one connection are answered in order, and the connection stays open."""
    with requests.Session() as session:
        for number in range(3):
            content = bytes([number]) * (2 * MB)
            url = f"{mockcbs_server.url}/bucket/key{number}?{SIGNED}"

            assert session.put(url, data=content, timeout=10).status_code == 200
            assert session.get(url, timeout=10).content == content
            assert session.get(mockcbs_server.url, timeout=10).status_code == 404
        (pool,) = session.adapters["http://"].poolmanager.pools._container.values()

    assert pool.num_connections == 1


def test_pipelined_requests_behind_a_large_body(mockcbs_server):
    """Further requests may arrive together with the end of a large body."""
    host = mockcbs_server.url.removeprefix("http://")
    name, _, port = host.partition(":")
    put = f"PUT /bucket/key?{SIGNED} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {2 * MB}\r\n\r\n".encode()
    get = f"GET /bucket/key?{SIGNED} HTTP/1.1\r\nHost: {host}\r\n".encode()
    with socket.create_connection((name, int(port)), 10) as connection:
        connection.sendall(put + b"x" * (2 * MB) + get + b"\r\n" + get + b"Connection: close\r\n\r\n")
        received = b""
        while piece := connection.recv(MB):
            received += piece

    assert received.count(b"HTTP/1.1 200") == 3
    assert received.count(b"x" * (2 * MB)) == 2


def test_a_client_that_leaves_in_the_middle_of_a_body_does_no_harm(mockcbs_server):
    """Nothing is stored, and the server responds to the next request."""
    host = mockcbs_server.url.removeprefix("http://")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), 10) as connection:
        head = f"PUT /bucket/key?{SIGNED} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {9 * MB}\r\n\r\n"
        connection.sendall(head.encode() + bytes(3 * MB))

    assert requests.get(f"{mockcbs_server.url}/bucket/key?{SIGNED}", timeout=10).status_code == 404
