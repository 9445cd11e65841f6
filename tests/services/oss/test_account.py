"""Whose buckets a request is about."""

from tests.services.oss.calls import failure
from tests.services.oss.conftest import bucket_v1


def test_each_key_has_buckets_of_its_own(mockcbs_server):
    """Each access key has its own buckets, so that parallel tests do not affect each other."""
    one, other = (bucket_v1(mockcbs_server.url, access_key=name) for name in ("One", "Other"))
    one.put_object("a", b"of one")
    other.put_object("a", b"of the other")

    assert one.get_object("a").read() == b"of one"
    other.delete_object("a")
    assert one.get_object("a").read() == b"of one"
    assert failure(other.get_object, "a") == (404, "NoSuchKey")
