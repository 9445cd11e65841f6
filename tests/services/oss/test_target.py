"""Which requests are for OSS, and which bucket and key they name."""

import pytest

from mockcbs.services.oss.target import (
    Target,
    location_of,
    not_emulated,
    recognises,
    routed_path,
    target_of,
)


def environ(host="127.0.0.1:8021", path="/", query="", authorization=""):
    return {
        "HTTP_HOST": host,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_AUTHORIZATION": authorization,
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"authorization": "OSS AK:signature"}, True),
        ({"authorization": "OSS4-HMAC-SHA256 Credential=…"}, True),
        ({"authorization": "Bearer pat_x"}, False),
        ({"authorization": "SDK-HMAC-SHA256 Access=AK"}, False),
        ({"query": "OSSAccessKeyId=AK&Expires=1"}, True),
        ({"query": "a=1&x-oss-credential=AK"}, True),
        ({"query": "myOSSAccessKeyId=AK"}, False),
        ({"host": "photos.oss-cn-hangzhou.aliyuncs.com"}, True),
        ({"host": "oss.localhost:8021"}, True),
        ({"host": "photos.oss.127.0.0.1.nip.io"}, True),
        ({"host": "photos.localhost"}, False),
        ({"host": "api.coze.cn"}, False),
        ({"host": "oss"}, False),
        ({"host": "boss.example.com"}, False),
    ],
)
def test_whose_a_request_is(given, expected):
    """A request belongs to OSS by its host or its credentials."""
    assert recognises(environ(**given)) is expected


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("127.0.0.1:8021", "/", Target()),
        ("127.0.0.1:8021", "/photos", Target("photos")),
        ("127.0.0.1:8021", "/photos/", Target("photos")),
        ("127.0.0.1:8021", "/photos/a/中 b", Target("photos", "a/中 b")),
        ("localhost", "/photos/a", Target("photos", "a")),
        ("photos.localhost:8021", "/a/b", Target("photos", "a/b")),
        ("photos.127.0.0.1.nip.io", "/a", Target("photos", "a")),
        ("photos.oss-cn-hangzhou.aliyuncs.com", "/a", Target("photos", "a")),
        ("oss-cn-hangzhou.aliyuncs.com", "/photos/a", Target("photos", "a")),
        ("mock.internal", "/photos/a", Target("photos", "a")),
    ],
)
def test_the_bucket_stands_in_the_host_or_in_the_path(host, path, expected):
    """Both styles of URL have the same target."""
    assert target_of(environ(host, path)) == expected


def test_a_key_is_one_segment_of_the_path_that_is_routed():
    """The key is one segment of the routed path, so that no key can look like another operation."""
    given = environ(path="/photos/a/b?uploads", query="x=1&acl")

    assert routed_path(given) == "/photos/a%2Fb%3Fuploads?acl"


def test_what_is_not_emulated_has_a_name():
    """The method and a parameter identify an operation of OSS that is not emulated."""
    form = {**environ(path="/photos"), "REQUEST_METHOD": "POST"}

    assert (
        not_emulated("GET", routed_path(environ(path="/photos", query="cors")))
        == "GET with the parameter cors"
    )
    assert not_emulated("POST", routed_path(form)) == "PostObject, an upload by an HTML form"
    assert not_emulated("GET", routed_path(environ(path="/photos/a", query="stat"))) is None
    assert not_emulated("GET", routed_path(environ(path="/photos/a"))) is None


def test_the_host_tells_the_location():
    """A host without a region has no location."""
    assert location_of(environ("b.oss-cn-beijing-internal.aliyuncs.com")) == "oss-cn-beijing"
    assert location_of(environ("b.oss.localhost")) is None
