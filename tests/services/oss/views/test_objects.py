"""The calls of objects."""

import base64
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import oss2

from tests.services.oss.calls import failure


def test_metadata_and_headers_come_back(bucket):
    """An object has the headers that it was put with, and its digest."""
    own = {"Content-Type": "text/csv", "Cache-Control": "no-cache", "Expires": "0"}
    sent = {**own, "x-oss-meta-Day": "昨日".encode()}
    bucket.put_object("a", b"x", headers=sent)

    found = bucket.head_object("a")

    assert found.headers["x-oss-meta-day"].encode("latin-1").decode() == "昨日"
    assert {name: found.headers[name] for name in own} == own
    assert (found.content_length, found.object_type) == (1, "Normal")
    assert found.headers["Content-MD5"] == base64.b64encode(hashlib.md5(b"x").digest()).decode()


def test_an_object_is_not_overwritten_if_the_client_forbids_it(bucket):
    """Neither a put nor a copy replaces the first content."""
    bucket.put_object("a", b"first")
    forbid = {"x-oss-forbid-overwrite": "true"}

    assert failure(bucket.put_object, "a", b"second", headers=forbid) == (409, "FileAlreadyExists")
    assert failure(bucket.copy_object, "photos", "a", "a", headers=forbid) == (409, "FileAlreadyExists")
    assert bucket.get_object("a").read() == b"first"


def test_one_of_many_uploads_at_once_makes_an_object_that_none_may_overwrite(bucket):
    """One of many slow uploads succeeds; the others are refused, and their contents are deleted."""
    forbid = {"x-oss-forbid-overwrite": "true"}
    start = threading.Barrier(6)

    def put(number):
        start.wait()
        try:
            return bucket.put_object("a", bytes([number]) * 2**21, headers=forbid).status
        except oss2.exceptions.ServerError as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(put, range(6)))

    assert sorted(map(str, found)) == ["200", *["FileAlreadyExists"] * 5]
    assert bucket.get_object("a").read() == bytes([found.index(200)]) * 2**21


def test_a_signed_request_chooses_headers_of_its_response(bucket):
    """A signed request can set the response headers that OSS allows."""
    bucket.put_object("a", b"x")
    chosen = {"response-content-type": "text/csv", "response-content-disposition": "attachment"}

    answer = bucket.get_object("a", params=chosen)

    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment"


def test_several_objects_are_deleted_at_once(bucket):
    """Several objects, and keys that do not exist, are deleted at once; with quiet none is listed."""
    bucket.put_object("a", b"x")
    bucket.put_object("b", b"x")

    gone = bucket.batch_delete_objects(["a", "nope"])

    assert set(gone.deleted_keys) == {"a", "nope"}
    assert [one.key for one in bucket.list_objects_v2().object_list] == ["b"]


def test_an_unchanged_object_is_not_sent_again(bucket):
    """304 without a body; another tag is 412."""
    tag = bucket.put_object("a", b"x").etag

    unchanged = failure(bucket.get_object, "a", headers={"If-None-Match": f'"{tag}"'})
    changed = failure(bucket.get_object, "a", headers={"If-Match": '"x"'})

    assert unchanged[0] == 304
    assert changed == (412, "PreconditionFailed")
