"""A web page of another origin can neither change nor read the mock."""

import pytest

from mockcbs import Settings, create_app

HERE = "127.0.0.1:8021"


def call(headers: dict[str, str], method: str = "POST", address: str = "127.0.0.1", **settings: str) -> int:
    """The status of a call of ``/_mockcbs`` on a server at *address*."""
    client = create_app(Settings(**settings)).test_client()
    path = "/_mockcbs/reset" if method == "POST" else "/_mockcbs/journal"
    environ = {"SERVER_NAME": address, "HTTP_HOST": headers.get("Host", HERE)}
    return client.open(path, method=method, headers=headers, environ_overrides=environ).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example", "Content-Type": "text/plain"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "https://127.0.0.1.evil.example:8021"},
        {"Origin": "http://[::1"},
        {"Origin": "null", "Host": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
        {"Host": "evil.example"},
        {"Host": "evil.example:8021", "Origin": "http://evil.example:8021", "Sec-Fetch-Site": "same-origin"},
        {"Host": "localhost.evil.example"},
        {"Host": "evillocalhost"},
        {"Host": "evil.example;localhost"},
        {"Host": "localhost."},
        {"Host": "127.1"},
        {"Host": "[::1"},
        {"Host": "u:p@127.0.0.1"},
        {"Host": "127.0.0.1:99999"},
        {"Host": ""},
        {"Origin": f"ftp://{HERE}"},
        {"Origin": f"http://{HERE}, http://evil.example"},
        {"Sec-Fetch-Site": "Cross-Site"},
        {"Sec-Fetch-Site": "none,cross-site"},
    ],
)
def test_foreign_pages_are_refused(headers):
    """Other pages are refused by origin, by site, and by a host name that leads here (DNS rebinding)."""
    assert call(headers) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": f"http://{HERE}", "Sec-Fetch-Site": "same-origin", "X-Mockcbs-Console": "1"},
        {"Origin": f"https://{HERE}", "X-Mockcbs-Console": "1"},
        {"Sec-Fetch-Site": "none", "X-Mockcbs-Console": "1"},
        {"Host": "localhost:8021", "Origin": "http://localhost:8021", "X-Mockcbs-Console": "1"},
        {"Host": "mock.localhost"},
        {"Host": "[::1]:8021"},
        {"Host": "api.coze.com"},
        {"Host": "cbs-ext.cn-north-4.myhuaweicloud.com"},
    ],
)
def test_own_pages_and_programs_are_served(headers):
    """The console's own pages, command lines, and names that were pointed here on purpose."""
    assert call(headers) == 204


def test_links_may_be_followed():
    """A link on another page opens what it leads to, in the window and not in a frame."""
    cross = {"Sec-Fetch-Site": "cross-site"}

    assert call({**cross, "Sec-Fetch-Dest": "document"}, "GET") == 200
    assert call({**cross, "Sec-Fetch-Dest": "iframe"}, "GET") == 403


def test_more_hosts():
    """--allow-host accepts names, and on an address of the network every name is accepted."""
    assert call({"Host": "mock.test:8021"}, allow_host="other.test,mock.test") == 204
    assert call({"Host": "mock.test:8021"}, address="192.0.2.7") == 204
    assert call({"Host": "mock.test", "Origin": "http://evil.example"}, address="192.0.2.7") == 403


def test_emulated_services_are_open():
    """Services accept requests from other pages as the vendor does."""
    client = create_app(Settings()).test_client()

    response = client.get("/v1/workspaces", headers={"Origin": "http://any.example", "Host": "any.example"})

    assert response.status_code == 401


def test_tokens_in_utf8():
    """A token of --control-token may hold any character."""
    client = create_app(Settings(control_token="密码")).test_client()

    sent = {"HTTP_AUTHORIZATION": "Bearer 密码".encode().decode("latin-1")}

    assert client.get("/_mockcbs/health", environ_overrides=sent).status_code == 200
    assert client.get("/_mockcbs/health").status_code == 401
