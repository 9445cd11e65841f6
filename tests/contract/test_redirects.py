"""Targets that redirect: each kind of redirect has its own sentence and status 2, over real sockets."""

import pytest

from tests.contract.diagnosed import sentence
from tests.contract.sockets import listening, responding, response

SERVICES = ("cbs", "coze", "feishu", "airtable", "tencent-docs", "wecom", "oss")
LOGIN = "URL redirects to a login page, perhaps of a captive portal: "


def path_of(head: bytes) -> str:
    return head.split(b" ")[1].decode("latin-1").partition("?")[0]


def to_itself(head: bytes, _: bytes) -> bytes:
    return response(301, Location=path_of(head))


def between_two(head: bytes, _: bytes) -> bytes:
    return response(302, Location="/b?x=1" if path_of(head) == "/a" else "/a")


def without_end(head: bytes, _: bytes) -> bytes:
    return response(302, Location=f"/next/{len(path_of(head))}/{path_of(head)}")


def with_slash(head: bytes, _: bytes) -> bytes:
    path = path_of(head)
    return response(308, Location=path.rstrip("/") if path.endswith("/") else f"{path}/")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("respond", [to_itself, between_two, without_end, with_slash])
def test_a_loop(service, respond):
    """A server that redirects to itself again and again is in a loop, over one path or several."""
    with listening(responding(respond)) as url:
        assert sentence(service, url).startswith("URL redirects to itself in a loop: 30")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("page", [response(200, "<html>", "text/html"), response(404), response(302)])
def test_another_path(service, page):
    """A redirect to a path of the same server does not name another server."""
    with listening(responding(lambda head, _: page if path_of(head) == "/home" else moved)) as url:
        moved = response(302, Location=f"{url}/home?token=secret")

        found = sentence(service, url)

    assert found == "URL redirects to another path instead of responding: 302 to URL/home"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("/sso/login?next=/", f"{LOGIN}302 to URL/sso/login"),
        ("https://login.example.com/?next=1", f"{LOGIN}302 to https://login.example.com"),
        ("https://example.com/v1/signin", f"{LOGIN}302 to https://example.com"),
        ("https://example.com/v1/x", "URL redirects to another server: 302 to https://example.com"),
        ("//127.0.0.1:1/x", "URL redirects to another server: 302 to http://127.0.0.1:1"),
        (
            "https://127.0.0.1/v1",
            "URL redirects to https: its URL must begin with https:// (302 to https://127.0.0.1)",
        ),
        ("", "URL redirects without naming a place: 302 without a Location header"),
    ],
)
def test_a_place(service, place, words):
    """A login page, another server and the same one with TLS differ; paths of others are not shown."""
    answer = response(302, Location=place) if place else response(302)

    with listening(responding(lambda *_: answer)) as url:
        assert sentence(service, url) == words
