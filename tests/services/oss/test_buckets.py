"""Whose a bucket is, and what is in it."""

import pytest

from mockcbs.services import registry
from tests.services.oss.calls import failure
from tests.services.oss.conftest import bucket_v1, bucket_v4


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mockcbs-denied", (403, "AccessDenied")),
        ("mockcbs-missing", (404, "NoSuchBucket")),
        ("mockcbs-busy", (503, "ServiceUnavailable")),
        ("mockcbs-broken", (500, "InternalError")),
    ],
)
def test_buckets_that_fail(mockcbs_server, name, expected):
    """A client provokes errors with its configuration alone; `mockcbs errors` names the bucket."""
    bucket = bucket_v4(mockcbs_server.url, name)

    assert failure(bucket.get_object, "a") == expected
    assert failure(bucket.create_bucket) == expected
    assert f"bucket {name}" in {row.provoke for row in registry.named("oss").catalogue}


def test_a_bucket_of_somebody_else(mockcbs_server):
    """A bucket with a reserved name belongs to another account."""
    bucket = bucket_v4(mockcbs_server.url, "mockcbs-taken")

    assert failure(bucket.create_bucket) == (409, "BucketAlreadyExists")


def test_open_takes_any_key_and_any_bucket_until_it_is_deleted(mockcbs_server):
    """Any bucket exists for any access key; a deleted one is gone until it is created."""
    bucket = bucket_v1(mockcbs_server.url, "anything", "any secret", "AnyKey")

    assert bucket.list_objects().object_list == []
    bucket.put_object("a", b"x")
    assert failure(bucket.delete_bucket) == (409, "BucketNotEmpty")
    bucket.delete_object("a")
    bucket.delete_bucket()
    assert failure(bucket.list_objects) == (404, "NoSuchBucket")
    bucket.create_bucket()
    assert bucket.list_objects().object_list == []


@pytest.mark.mockcbs(strict=True)
def test_strict_takes_only_the_configured_key_and_buckets_that_were_created(mockcbs_server):
    """With --strict, other access keys and other buckets are refused."""
    other = bucket_v1(mockcbs_server.url, access_key="Other")
    assert failure(other.list_objects) == (403, "InvalidAccessKeyId")
    bucket = bucket_v4(mockcbs_server.url)
    assert failure(bucket.put_object, "a", b"") == (404, "NoSuchBucket")
    bucket.create_bucket()
    bucket.put_object("a", b"x")
    assert bucket.get_object("a").read() == b"x"
