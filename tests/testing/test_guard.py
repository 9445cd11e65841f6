"""Clients that a mock does not answer may not leave the machine while it is entered."""

import asyncio
import http.client
import urllib.error
import urllib.request

import httpx
import pytest

from mockcbs import Mock
from mockcbs.testing.live import LiveServer

ELSEWHERE = "http://mockcbs.invalid/some/path?token=hush"
REAL = "https://api.coze.cn/v1/users/me"


async def fetch(url: str) -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).status_code


CLIENTS = {
    "urllib": (lambda url: urllib.request.urlopen(url, timeout=2).status, urllib.error.URLError),
    "httpx": (lambda url: httpx.get(url, timeout=2).status_code, httpx.ConnectError),
    "asynchronous httpx": (lambda url: asyncio.run(fetch(url)), httpx.ConnectError),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_call_that_would_leave_the_machine_is_refused(client):
    """The error is that of the client's library; it states how to allow the call, and contains no secret."""
    call, error = CLIENTS[client]

    with Mock(dataset="empty") as mock, pytest.raises(error) as caught:
        call(ELSEWHERE)

    assert "mockcbs.invalid was not called: this mock handles" in str(caught.value)
    assert "passthrough=['http://mockcbs.invalid/']" in str(caught.value)
    assert "hush" not in str(caught.value)
    assert mock.journal == []


@pytest.mark.parametrize(
    ("client", "advice"), [("urllib", "mockcbs_server"), ("httpx", "transport=m.httpx_transport")]
)
def test_a_real_host_is_not_called_either(client, advice):
    """The error message states how the client can reach the mock."""
    call, error = CLIENTS[client]

    with (
        Mock(dataset="empty"),
        pytest.raises(
            error, match=f"api.coze.cn was not called, because the mock does not handle it: .*{advice}"
        ),
    ):
        call(REAL)


def test_a_connection_is_refused_by_its_host():
    """`http.client` knows no URL."""
    with Mock(dataset="empty"), pytest.raises(ConnectionRefusedError, match=r"mockcbs\.invalid:81 was not"):
        http.client.HTTPConnection("mockcbs.invalid", 81, timeout=2).connect()


@pytest.mark.parametrize("client", CLIENTS)
def test_this_machine_can_be_called(client):
    """A server on this machine can be called, but not a remote host whose name begins like it."""
    call, _ = CLIENTS[client]

    with LiveServer(dataset="empty") as live, Mock(dataset="empty"):
        statuses = [
            call(f"{url}/_mockcbs/health") for url in (live.url, live.url.replace("127.0.0.1", "localhost"))
        ]

    assert statuses == [200, 200]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_prefix_goes_out(client):
    """A call to a prefix of passthrough goes out, here to a host that does not exist."""
    call, error = CLIENTS[client]

    with Mock(dataset="empty", passthrough="http://mockcbs.invalid/some"), pytest.raises(error) as caught:
        call(ELSEWHERE)

    assert "was not called" not in str(caught.value)


def test_the_inner_mock_decides_and_at_the_end_all_is_as_before():
    """Mocks nest; what was replaced is put back by the last."""
    before = urllib.request.AbstractHTTPHandler.do_open, http.client.HTTPConnection.connect
    call, error = CLIENTS["urllib"]

    with Mock(dataset="empty"):
        with Mock(dataset="empty", passthrough="http://mockcbs.invalid/"), pytest.raises(error) as inner:
            call(ELSEWHERE)
        with pytest.raises(error, match="was not called"):
            call(ELSEWHERE)

    assert "was not called" not in str(inner.value)
    assert (urllib.request.AbstractHTTPHandler.do_open, http.client.HTTPConnection.connect) == before
