"""What httpx sends to a mock."""

import asyncio

import httpx
import pytest

from mockcbs import Mock
from mockcbs.testing.live import LiveServer
from tests.testing.calls import PATH, TOKEN, URL, get


@pytest.mark.parametrize("url", ["https://example.com/", "http://mock/", "https://api.coze.cn.example.com"])
def test_httpx_is_refused_unknown_hosts_too(shared, url):
    """A transport error of httpx with the same text refuses unknown hosts, synchronous or not."""
    transport = shared.httpx_transport()

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(url)

    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError) as caught:
        client.get(url)
    with pytest.raises(httpx.ConnectError, match="was not called: this mock handles"):
        asyncio.run(ask())

    assert str(caught.value.request.url) == url
    assert str(caught.value).endswith(f"(passthrough=['{httpx.URL(url).scheme}://{httpx.URL(url).host}/'])")


def test_httpx_passes_through_as_requests_does():
    """A client of httpx can call a live server beside the mock; its connections close with the client."""
    with LiveServer(dataset="empty") as live:
        mock = Mock(passthrough=[live.url])
        transport = mock.httpx_transport()

        async def ask() -> int:
            async with httpx.AsyncClient(transport=transport) as client:
                return (await client.get(live.url + PATH, headers=TOKEN)).status_code

        with httpx.Client(transport=transport) as client:
            outside, inside = (client.get(url, headers=TOKEN).status_code for url in (live.url + PATH, URL))
        statuses = [outside, inside, asyncio.run(ask()), asyncio.run(ask())]

        assert statuses == [200] * 4
        assert (len(live.journal), len(mock.journal)) == (3, 1)


def test_httpx_headers_of_any_bytes(mock):
    """The client guesses an encoding for what it shows; the mock takes the bytes."""
    with httpx.Client(transport=mock.httpx_transport()) as client:
        headers = [*TOKEN.items(), (b"X-Name", "\u684c".encode())]
        assert client.get(URL, headers=headers).status_code == 200

    assert len(mock.journal) == 1


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("reset", httpx.ReadError),
        ("empty-reply", httpx.RemoteProtocolError),
        ("garbage", httpx.RemoteProtocolError),
        ("truncated-body", httpx.RemoteProtocolError),
        ("truncated-chunk", httpx.RemoteProtocolError),
        ("no-answer", httpx.ReadTimeout),
    ],
)
def test_httpx_sees_the_faults_it_would_see_live(shared, wire, expected):
    """Faults cause the same httpx errors as on a live server, synchronous or not."""
    shared.reset()
    shared.scenario({"rules": [{"when": {"first": 2}, "wire": wire}]})
    transport = shared.httpx_transport()

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(URL, headers=TOKEN)

    with httpx.Client(transport=transport) as client:
        with pytest.raises(expected):
            client.get(URL, headers=TOKEN)
        with pytest.raises(expected):
            asyncio.run(ask())
        assert client.get(URL, headers=TOKEN).status_code == 200


def test_httpx_answers_as_requests(mock):
    """Both clients read the same bytes."""
    with httpx.Client(transport=mock.httpx_transport()) as client:
        assert client.get(URL, headers=TOKEN).content == get().content
