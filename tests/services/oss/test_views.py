"""What OSS does beyond what every SDK needs at first."""

import alibabacloud_oss_v2 as oss
import pytest

from tests.services.oss.calls import failure
from tests.services.oss.conftest import client


@pytest.mark.parametrize(
    ("headers", "params"),
    [({"x-oss-callback": "e30="}, {}), ({}, {"callback": "e30="}), ({}, {"x-oss-process": "image/info"})],
)
def test_what_is_not_emulated_is_refused_by_name(mockcbs_server, bucket, headers, params):
    """A client that waits for its callback learns at once that none comes."""
    url = bucket.sign_url("PUT", "a", 60, headers, params)

    assert failure(bucket.put_object_with_url, url, b"", headers) == (501, "NotImplemented")
    assert failure(bucket.get_bucket_lifecycle) == (501, "NotImplemented")
    named = next(iter(headers or params))
    assert named in mockcbs_server.journal[-2].reason
    assert "lifecycle" in mockcbs_server.journal[-1].reason


def test_the_new_sdk_lists_buckets_and_uploads(mockcbs_server):
    made = client(mockcbs_server.url)
    made.put_bucket(oss.PutBucketRequest(bucket="new-bucket", acl="public-read"))
    upload = made.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket="new-bucket", key="k"))

    uploads = made.list_multipart_uploads(oss.ListMultipartUploadsRequest(bucket="new-bucket")).uploads
    acl = made.get_bucket_acl(oss.GetBucketAclRequest(bucket="new-bucket")).acl

    assert [one.upload_id for one in uploads] == [upload.upload_id]
    assert acl == "public-read"
    assert made.get_bucket_stat(oss.GetBucketStatRequest(bucket="new-bucket")).multi_part_upload_count == 1
