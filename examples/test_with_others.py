"""Other services of your client are mocked as you are used to; each library gets its own requests."""

import asyncio

import aiohttp
import httpx
import requests
import responses
import respx

CBS = (
    "https://cbs-ext.cn-north-4.myhuaweicloud.com/v1/1604d8170cd84440a81281e5a3a04f8b"
    "/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/keywords"
)
TOKEN = {"X-Auth-Token": "any-token"}


def test_with_responses(mockcbs):
    with responses.RequestsMock() as others:
        others.get("https://crm.example/customers", json=[])

        assert requests.get("https://crm.example/customers", timeout=5).json() == []
        assert requests.get(CBS, headers=TOKEN, timeout=5).ok

    mockcbs.verify(operation="cbs.keywords", count=1)


@responses.activate
def test_in_responses(mockcbs):
    responses.get("https://crm.example/customers", json=[])

    assert requests.get("https://crm.example/customers", timeout=5).json() == []
    assert requests.get(CBS, headers=TOKEN, timeout=5).ok

    mockcbs.verify(operation="cbs.keywords", count=1)


def test_with_respx(mockcbs):
    with respx.mock, httpx.Client(transport=mockcbs.httpx_transport()) as client:
        respx.get("https://crm.example/customers").respond(json=[])

        assert httpx.get("https://crm.example/customers").json() == []
        assert client.get(CBS, headers=TOKEN).is_success


def test_with_pytest_httpx(mockcbs, httpx_mock):
    httpx_mock.add_response(url="https://crm.example/customers", json=[])

    with httpx.Client(transport=mockcbs.httpx_transport()) as client:
        assert httpx.get("https://crm.example/customers").json() == []
        assert client.get(CBS, headers=TOKEN).is_success

    mockcbs.verify(operation="cbs.keywords", count=1)


def test_with_pytest_httpserver(mockcbs, httpserver):
    httpserver.expect_request("/customers").respond_with_json([])

    assert requests.get(httpserver.url_for("/customers"), timeout=5).json() == []
    assert requests.get(CBS, headers=TOKEN, timeout=5).ok

    mockcbs.verify(operation="cbs.keywords", count=1)


def test_with_aiohttp(mockcbs_server):
    """aiohttp, urllib and other programs reach the live server."""

    async def keywords() -> dict:
        path = CBS.partition(".com")[2]
        async with (
            aiohttp.ClientSession(mockcbs_server.url, headers=TOKEN) as session,
            session.get(path, params={"top": 3}) as response,
        ):
            return await response.json()

    assert len(asyncio.run(keywords())["keywords"]) == 3
