"""Who may use the control surface."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.control.access import HEADER
from mockcbs.testing.live import LiveServer
from tests.server.connections import connect, everything

OURS = {"Origin": "http://localhost"}


@pytest.fixture
def client():
    return create_app(Settings()).test_client()


@pytest.mark.parametrize("given", [{HEADER: "1"}, {"Content-Type": "application/json"}])
def test_own_page_sends_what_a_form_cannot(client, given):
    """A change from a page of ours needs a header that no form can send; without it, it is refused."""
    bare = client.post("/_mockcbs/reset", headers=OURS)
    announced = client.post("/_mockcbs/reset", headers={**OURS, **given})

    assert bare.status_code == 403
    assert HEADER in bare.json["detail"]
    assert announced.status_code == 204


def test_foreign_page_cannot_reset(client):
    """A page of another origin is refused, whatever it sends."""
    foreign = {"Origin": "http://evil.test", HEADER: "1", "Content-Type": "application/json"}

    response = client.post("/_mockcbs/reset", headers=foreign)

    assert response.status_code == 403


def test_no_browser_needs_no_header(client):
    """Command lines and test suites call as before."""
    assert client.post("/_mockcbs/reset").status_code == 204


@pytest.fixture(scope="module")
def live():
    with LiveServer() as server:
        yield server


def status(server, *lines, method="GET", path="/_mockcbs/journal", version="1.1"):
    """The status and the head of the response to a request with these header *lines*, on a socket."""
    head = [f"{method} {path} HTTP/{version}", *lines, "Connection: close", "Content-Length: 0", "", ""]
    with connect(server) as connection:
        connection.sendall("\r\n".join(head).encode())
        head = everything(connection).partition(b"\r\n\r\n")[0].decode()
    return int(head.split()[1]), head


@pytest.mark.parametrize(
    "host", ["u:p@127.0.0.1", "u@127.0.0.1", "127.0.0.1:99999", "[::1", "[:::]", "[::1%25lo]", "é", ""]
)
def test_a_host_that_is_none(live, host):
    """The server refuses a Host that cannot be one, before any view."""
    found, head = status(live, f"Host: {host}")

    assert found == 400
    assert "application/problem+json" in head


@pytest.mark.parametrize(
    "lines",
    [
        ["Host: evil.example"],
        ["Host: evil.example;localhost"],
        ["Host: evillocalhost"],
        ["Host: xn--a"],
        ["Host: 127.0.0.1,evil.example"],
        ["Host: evil.example", "X-Forwarded-Host: 127.0.0.1", "Forwarded: host=127.0.0.1"],
        ["Host: evil.example", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1"],
        ["Host: 127.0.0.1", "Origin: http://127.0.0.1", "Origin: http://evil.example"],
        ["Host: 127.0.0.1", "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"],
    ],
)
def test_foreign_names_on_a_socket(live, lines):
    """No header that a proxy adds, and no second one, opens the control API to a foreign name or page."""
    found, head = status(live, *lines)

    assert found == 403
    assert "application/problem+json" in head


def test_hosts_of_old_and_careless_clients(live):
    """HTTP/1.0 needs no Host, which health checks omit; HTTP/1.1 needs one, and only one."""
    assert status(live, version="1.0")[0] == 200
    assert status(live, "Host: evil.example", version="1.0")[0] == 403
    assert status(live)[0] == 400
    assert status(live, "Host: 127.0.0.1", "Host: 127.0.0.1")[0] == 400
    assert status(live, "Host: evil.example", "Host: 127.0.0.1", version="1.0")[0] == 400


@pytest.mark.parametrize(
    "pre", ["/_mockcbs", "/%5fmockcbs", "//_mockcbs", "/%2F_mockcbs", "http://127.0.0.1/_mockcbs"]
)
@pytest.mark.parametrize("post", ["/reset", "%2freset", "/re%73et", "/reset?x=/v1/"])
def test_every_spelling_is_guarded(live, pre, post):
    """However the path of a view is written, a foreign name does not reach the view."""
    for origin in ("http://evil.example", "http://127.0.0.1"):
        found, _ = status(live, "Host: evil.example", f"Origin: {origin}", method="POST", path=pre + post)

        assert found == 403


@pytest.mark.parametrize(
    "path",
    [
        "/_mockcbs/..%2freset",
        "/x/../_mockcbs/reset",
        "/./_mockcbs/reset",
        "/_mockcbs/%2e%2e/_mockcbs/reset",
        "/_mockcbs/reset;x=1",
        "/_mockcbs;x/reset",
        "/_mockcbs//reset",
        "/_mockcbs/reset/",
        "/_MOCKCBS/reset",
        "/_mockcbs/reset%00",
        "/_mockcbs/reset%20",
        "/\\_mockcbs/reset",
        "/%255fmockcbs/reset",
    ],
)
def test_other_spellings_are_no_paths(live, path):
    """No dots, semicolons, cases or second decodings lead to a view, not even for the machine itself."""
    assert status(live, "Host: 127.0.0.1", method="POST", path=path)[0] == 404
