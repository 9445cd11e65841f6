"""What all routes of OSS share."""

import pytest
import requests

from tests.services.oss.calls import failure


@pytest.mark.parametrize(
    ("headers", "params"),
    [({"x-oss-callback": "e30="}, {}), ({}, {"callback": "e30="}), ({}, {"x-oss-process": "image/info"})],
)
def test_what_is_not_emulated_is_refused_by_name(mockcbs_server, bucket, headers, params):
    """A client that requests a callback gets an error at once, because none would arrive."""
    url = bucket.sign_url("PUT", "a", 60, headers, params)

    assert failure(bucket.put_object_with_url, url, b"", headers) == (501, "NotImplemented")
    assert failure(bucket.get_bucket_lifecycle) == (501, "NotImplemented")
    named = next(iter(headers or params))
    assert named in mockcbs_server.journal[-2].reason
    assert "GET with the parameter lifecycle" in mockcbs_server.journal[-1].reason


def test_an_upload_by_a_form_is_refused_by_name(mockcbs_server):
    """An upload by a form (PostObject), which web pages use, is refused by name in both places of the
    bucket.
    """
    for path, host in (("/photos", "oss.localhost"), ("/", "photos.oss-cn-hangzhou.aliyuncs.com")):
        response = requests.post(
            mockcbs_server.url + path, files={"file": b"1"}, headers={"Host": host}, timeout=10
        )

        assert response.status_code == 501
        assert "PostObject" in response.text


@pytest.mark.parametrize("text", ["x", "-1", "1001", "9" * 10])
def test_numbers_are_checked(mockcbs_server, bucket, text):
    """The reason states the accepted numbers."""
    assert failure(bucket._do, "GET", "photos", "", params={"max-keys": text}) == (400, "InvalidArgument")
    assert "0 to 1000" in mockcbs_server.journal[-1].reason


def test_names_are_encoded_if_the_client_wants(bucket):
    """Names can be encoded as in URLs, and in no other way."""
    bucket.put_object("a b/中", b"x")

    plain = bucket._do("GET", "photos", "").read().decode()
    encoded = bucket._do("GET", "photos", "", params={"encoding-type": "url"}).read().decode()

    assert "<Key>a b/中</Key>" in plain
    assert "<Key>a%20b%2F%E4%B8%AD</Key>" in encoded
    assert failure(bucket._do, "GET", "photos", "", params={"encoding-type": "x"}) == (400, "InvalidArgument")


def test_bodies_that_are_no_xml(mockcbs_server, bucket):
    """A body that is not XML gets MalformedXML with a reason."""
    asked = {"params": {"delete": ""}, "data": b"<Delete>", "headers": {"Content-MD5": ""}}

    assert failure(bucket._do, "POST", "photos", "", **asked) == (400, "MalformedXML")
    assert mockcbs_server.journal[-1].reason
