"""Buckets and objects as the control API shows them."""

import pytest

from mockcbs.services.oss.shelf import Shelf
from tests.services.oss.conftest import bucket_v4


@pytest.fixture
def shelf(mockcbs_server):
    return Shelf(mockcbs_server.state)


def test_buckets_of_each_scope(mockcbs_server, shelf):
    """Buckets are listed by name with the number of objects; a deleted one is gone."""
    for name, keys in (("b-two", ("x",)), ("b-one", ())):
        bucket = bucket_v4(mockcbs_server.url, name)
        bucket.create_bucket()
        for key in keys:
            bucket.put_object(key, b"1")
    bucket_v4(mockcbs_server.url, "b-gone").create_bucket()
    bucket_v4(mockcbs_server.url, "b-gone").delete_bucket()

    (scope,) = shelf.scopes()

    assert [(one.name, one.count) for one in shelf.buckets(scope)] == [("b-one", 0), ("b-two", 1)]
    assert shelf.buckets("nobody") == []


def test_objects_page_by_page(bucket, shelf):
    """A page has the objects with a prefix, after the last key of the page before."""
    for key in ("a/1", "a/2", "a/3", "b"):
        bucket.put_object(key, key.encode(), headers={"Content-Type": "text/csv", "x-oss-meta-a": "1"})
    (scope,) = shelf.scopes()

    first = shelf.objects(scope, "photos", "a/", "", 2)
    rest = shelf.objects(scope, "photos", "a/", first[-1].key, 2)

    assert [one.key for one in (*first, *rest)] == ["a/1", "a/2", "a/3"]
    assert (first[0].size, first[0].type) == (3, "text/csv")
    assert first[0].headers == {"x-oss-meta-a": "1"}


def test_the_bytes_of_an_object(bucket, shelf):
    """The content of an object is read in pieces; a key that does not exist has none."""
    bucket.put_object("a", content := bytes(range(256)) * 2000)
    (scope,) = shelf.scopes()

    shown, pieces = shelf.content(scope, "photos", "a")

    assert b"".join(pieces) == content
    assert shown.size == len(content)
    assert shelf.content(scope, "photos", "b") is None
