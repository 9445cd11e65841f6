"""Responses that end within their status line or their headers, over real sockets."""

import http.client

import pytest
import requests

from mockcbs.contract.connections import new_session
from tests.contract.sockets import listening, read_request


def read(content):
    """Send a request to a server that sends *content* and closes the connection."""

    def handler(connection):
        read_request(connection)
        connection.sendall(content)

    with listening(handler) as url, new_session() as session:
        return session.get(url, timeout=10)


@pytest.mark.parametrize(
    "content",
    [
        b"HTT",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Ty",
        b"HTTP/1.1 200 OK\r\nContent-Type: applicat",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
    ],
)
def test_a_response_that_ends_within_its_headers(content):
    """It is an incomplete response, not one without a body."""
    with pytest.raises(requests.ConnectionError) as caught:
        read(content)

    assert isinstance(caught.value.args[0].args[1], http.client.IncompleteRead)


@pytest.mark.parametrize(
    "content", [b"HTTP/1.0 200 OK\r\n\r\nabc", b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\n\nabc"]
)
def test_a_whole_response(content):
    """A body may end with the connection, and lines with a line feed alone."""
    assert read(content).text == "abc"


def test_another_protocol():
    """What does not begin like HTTP is no HTTP response."""
    with pytest.raises(requests.ConnectionError) as caught:
        read(b"SSH-2.0-OpenSSH_9.2")

    assert isinstance(caught.value.args[0].args[1], http.client.BadStatusLine)
