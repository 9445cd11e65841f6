"""Objects: metadata, copies, appending."""

import oss2
import pytest

from tests.services.oss.calls import failure
from tests.services.oss.conftest import bucket_v4


def test_a_copy_lives_on_without_its_source(bucket):
    """A copy shares the bytes of its source, and stays when the source is deleted."""
    bucket.put_object("a", b"content", headers={"x-oss-meta-a": "1", "Content-Type": "text/csv"})
    bucket.copy_object("photos", "a", "b")
    bucket.copy_object(
        "photos", "a", "c", headers={"x-oss-metadata-directive": "REPLACE", "x-oss-meta-b": "2"}
    )
    bucket.put_object("a", b"other")
    bucket.delete_object("a")

    assert bucket.get_object("b").read() == bucket.get_object("c").read() == b"content"
    assert bucket.head_object("b").headers["x-oss-meta-a"] == "1"
    assert "x-oss-meta-a" not in bucket.head_object("c").headers


def test_appending_needs_the_right_position(bucket):
    """The error names the right position; an object that was put cannot be appended to."""
    bucket.append_object("a", 0, b"one")
    bucket.put_object("b", b"put")

    with pytest.raises(oss2.exceptions.PositionNotEqualToLength) as raised:
        bucket.append_object("a", 1, b"x")
    assert raised.value.next_position == 3
    assert failure(bucket.append_object, "b", 3, b"x") == (409, "ObjectNotAppendable")
    assert bucket.head_object("a").headers["x-oss-next-append-position"] == "3"


@pytest.mark.parametrize("key", ["/a", "\\a", "a" * 1024])
def test_keys_that_no_object_can_have(mockcbs_server, key):
    """A key that begins with a slash, or is too long, is refused."""
    bucket = bucket_v4(mockcbs_server.url)

    assert failure(bucket._do, "PUT", "photos", key, data=b"") == (400, "InvalidObjectName")
