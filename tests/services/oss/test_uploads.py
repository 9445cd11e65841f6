"""Multipart uploads."""

import oss2

from tests.services.oss.calls import failure


def test_parts_that_do_not_fit(bucket):
    """Missing, small and surplus parts, and unknown uploads, are refused in OSS's words."""
    upload = bucket.init_multipart_upload("a").upload_id
    etag = bucket.upload_part("a", upload, 1, b"small").etag
    bucket.upload_part("a", upload, 2, b"small")
    parts = {number: oss2.models.PartInfo(number, etag) for number in (1, 2, 3)}

    def completed(*numbers):
        return failure(bucket.complete_multipart_upload, "a", upload, [parts[number] for number in numbers])

    assert completed(1, 3) == (400, "InvalidPart")
    assert completed(1, 2) == (400, "EntityTooSmall")
    assert failure(bucket.upload_part, "a", upload, 10_001, b"") == (400, "InvalidArgument")
    assert failure(bucket.upload_part, "a", "0" * 32, 1, b"") == (404, "NoSuchUpload")
