"""OSS beside the other services, its journal and its reset."""

import hashlib

import oss2
import pytest
import requests

from mockcbs import Settings, create_app
from tests.services.oss.calls import failure
from tests.services.oss.conftest import bucket_v4


def test_paths_of_other_services_stay_theirs(mockcbs_server, bucket):
    """A bucket may be called v1 and a key like a path of Coze, and neither takes the other's requests."""
    bucket_v4(mockcbs_server.url, "v1x").put_object("users/me", b"object")
    bucket.put_object("v1/users/me", b"object")

    answer = requests.get(
        f"{mockcbs_server.url}/v1/users/me", headers={"Authorization": "Bearer pat_mockcbs"}, timeout=10
    )

    assert answer.json()["code"] == 0
    assert bucket.get_object("v1/users/me").read() == b"object"


def test_the_journal_keeps_sizes_and_digests_in_place_of_bytes(mockcbs_server, bucket):
    """The content of an object is not in the journal."""
    bucket.put_object("a", b"very secret content")
    bucket.get_object("a").read()

    put, got = mockcbs_server.journal[-2:]

    digest = hashlib.md5(b"very secret content").hexdigest().upper()
    assert f"19 bytes, MD5 {digest}" in put.raw_body.decode()
    assert f"bytes 0 to 19 of 19 bytes, MD5 {digest}" in got.raw_response.decode()
    assert b"very secret" not in put.raw_body + got.raw_response


def test_a_reset_deletes_buckets_and_objects(mockcbs_server, bucket):
    """After a reset there is nothing that a client has stored."""
    bucket.put_object("a", b"x")
    mockcbs_server.reset()

    assert not bucket.object_exists("a")
    assert oss2.Service(bucket.auth, mockcbs_server.url, region="cn-hangzhou").list_buckets().buckets == []


def test_scenarios_break_downloads_and_uploads(mockcbs_server, bucket):
    """The SDKs notice: a body that ends early, and refused uploads that they may try again."""
    bucket.put_object("a", content := bytes(3_000_000))
    mockcbs_server.scenario(
        {"rules": [{"when": {"operation": "oss.get_object", "first": 1}, "wire": "truncated-body"}]}
    )

    with pytest.raises((oss2.exceptions.RequestError, requests.RequestException)):
        bucket.get_object("a").read()
    assert bucket.get_object("a").read() == content

    mockcbs_server.scenario(
        {"rules": [{"when": {"operation": "oss.put_object", "first": 1}, "answer": {"error": "throttled"}}]}
    )
    assert failure(bucket.put_object, "b", bytes(3_000_000)) == (503, "QpsLimitExceeded")
    bucket.put_object("b", b"")


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_wrong_checksum_is_noticed_by_the_sdk(mockcbs_server, bucket, tmp_path, size):
    """The SDK detects a wrong checksum, whether the object is sent at once or in pieces."""
    content = bytes(size)
    bucket.put_object("a", content)
    mockcbs_server.scenario({"rules": [{"damage": [{"kind": "wrong-checksum"}]}]})

    with pytest.raises(oss2.exceptions.InconsistentError):
        bucket.put_object("b", content)
    with pytest.raises(oss2.exceptions.InconsistentError):
        bucket.get_object_to_file("a", str(tmp_path / "a"))


@pytest.mark.parametrize("size", [1000, 3_000_000])
def test_a_download_is_reset_halfway(mockcbs_server, bucket, size):
    """After half of the bytes the client gets a connection error, not an end of the body."""
    bucket.put_object("a", bytes(size))
    mockcbs_server.scenario({"rules": [{"wire": "reset-body"}]})
    got = bytearray()

    with pytest.raises(requests.RequestException, match="reset"):
        read_into(got, requests.get(bucket.sign_url("GET", "a", 60), stream=True, timeout=10))

    assert 0 < len(got) <= size // 2


@pytest.mark.parametrize("size", [1000, 3_000_000])
def test_an_upload_is_reset_halfway(mockcbs_server, bucket, size):
    """The SDK sees an error of the connection, the bucket no object."""
    mockcbs_server.scenario({"rules": [{"when": {"method": "PUT", "first": 1}, "wire": "reset-upload"}]})

    with pytest.raises(oss2.exceptions.RequestError):
        bucket.put_object("a", bytes(size))

    assert not bucket.object_exists("a")
    bucket.put_object("a", bytes(size))


def read_into(got, response):
    """Add what comes of a body to *got*."""
    for piece in response.iter_content(500):
        got += piece


def test_other_wsgi_servers_serve_objects_too():
    """Other WSGI servers serve objects, although their bodies are not files of mockcbs."""
    test_client = create_app(Settings()).test_client()
    host = {"base_url": "http://photos.oss.localhost"}
    signed = {"query_string": "OSSAccessKeyId=Other&Expires=4102444800&Signature=x", **host}
    content = bytes(range(256)) * 8192

    assert test_client.put("/a", data=content, **signed).status_code == 200
    assert test_client.get("/a", **signed).data == content
    assert test_client.get("/a", **host).status_code == 403
