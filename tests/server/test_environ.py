"""The WSGI environment of a request."""

import pytest

from mockcbs.server.body import Body
from mockcbs.server.environ import environ, of_connection, path_and_query


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        (b"/v1/x?a=1&b=2", ("/v1/x", "a=1&b=2")),
        (b"/v1/%E6%A1%8C?x=?", ("/v1/%E6%A1%8C", "x=?")),
        (b"http://api.coze.cn/v1/x?a=1", ("/v1/x", "a=1")),
        (b"http://api.coze.cn?a=1", ("/", "a=1")),
    ],
)
def test_target_is_split_as_sent(target, parts):
    """Nothing is decoded; a proxy's absolute URL counts by its path."""
    assert path_and_query(target) == parts


def test_headers_are_merged_and_spoofed_ones_dropped():
    """Repeated headers join; one with an underscore could pass for another and is left out."""
    headers = [
        ("X-Auth-Token", "a"),
        ("x-auth-token", "b"),
        ("X_Auth_Token", "c"),
        ("Content-Type", "text/plain"),
    ]

    made = environ("POST", "/v1/%E6%A1%8C", "a=1", headers, Body(b"body"))

    assert made["HTTP_X_AUTH_TOKEN"] == "a,b"
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"]) == ("text/plain", "4")
    assert made["PATH_INFO"].encode("latin-1").decode() == "/v1/桌"
    assert made["REQUEST_URI"] == "/v1/%E6%A1%8C?a=1"
    assert made["wsgi.input"].read() == b"body"


def test_a_chunked_body_has_a_length():
    """The server has read it whole, so the application need not know how it came."""
    made = environ("POST", "/", "", [("Transfer-Encoding", "chunked")], Body(b"abc"))

    assert made["CONTENT_LENGTH"] == "3"
    assert "HTTP_TRANSFER_ENCODING" not in made


def test_connections_add_scheme_and_addresses():
    """The environ has what Flask needs to build URLs, and the address of the client."""
    made = of_connection("https", "127.0.0.1", 8021, "127.0.0.9")

    assert made == {
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8021",
        "REMOTE_ADDR": "127.0.0.9",
        "wsgi.url_scheme": "https",
    }
