"""The calls of multipart uploads."""

import oss2

from tests.services.oss.calls import failure


def test_a_part_may_be_copied_from_an_object(bucket):
    """Two copied ranges make the object again."""
    bucket.put_object("source", content := bytes(range(256)) * 1000)
    upload = bucket.init_multipart_upload("a").upload_id
    first = bucket.upload_part_copy("photos", "source", (0, 102_399), "a", upload, 1)
    second = bucket.upload_part_copy("photos", "source", (102_400, len(content) - 1), "a", upload, 2)
    parts = [oss2.models.PartInfo(number, made.etag) for number, made in ((1, first), (2, second))]
    bucket.complete_multipart_upload("a", upload, parts)

    assert bucket.get_object("a").read() == content


def test_parts_and_uploads_are_listed_and_aborted(bucket):
    """Page by page; nothing is left of an upload that was aborted."""
    upload = bucket.init_multipart_upload("a").upload_id
    for number in (1, 2, 3):
        bucket.upload_part("a", upload, number, b"x" * number)

    first = bucket.list_parts("a", upload, max_parts=2)
    rest = bucket.list_parts("a", upload, marker=first.next_marker)

    assert [(one.part_number, one.size) for one in (*first.parts, *rest.parts)] == [(1, 1), (2, 2), (3, 3)]
    assert [one.upload_id for one in bucket.list_multipart_uploads().upload_list] == [upload]
    bucket.abort_multipart_upload("a", upload)
    assert bucket.list_multipart_uploads().upload_list == []
    assert failure(bucket.abort_multipart_upload, "a", upload) == (404, "NoSuchUpload")
