"""The calls of buckets."""

import alibabacloud_oss_v2 as oss

from tests.services.oss.calls import failure
from tests.services.oss.conftest import client


def test_the_new_sdk_lists_buckets_and_uploads(mockcbs_server):
    """The vendor's second SDK reads uploads, access and counts of a bucket."""
    made = client(mockcbs_server.url)
    made.put_bucket(oss.PutBucketRequest(bucket="new-bucket", acl="public-read"))
    upload = made.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket="new-bucket", key="k"))

    uploads = made.list_multipart_uploads(oss.ListMultipartUploadsRequest(bucket="new-bucket")).uploads
    acl = made.get_bucket_acl(oss.GetBucketAclRequest(bucket="new-bucket")).acl

    assert [one.upload_id for one in uploads] == [upload.upload_id]
    assert acl == "public-read"
    assert made.get_bucket_stat(oss.GetBucketStatRequest(bucket="new-bucket")).multi_part_upload_count == 1


def test_a_bucket_that_holds_something_stays(bucket):
    """409; its numbers say what it holds."""
    bucket.create_bucket()
    bucket.put_object("a", b"four")

    assert failure(bucket.delete_bucket) == (409, "BucketNotEmpty")
    stat = bucket.get_bucket_stat()
    assert (stat.object_count, stat.storage_size_in_bytes) == (1, 4)
    assert bucket.get_bucket_location().location == "oss-cn-hangzhou"


def test_both_versions_list_the_same(bucket):
    """Folders are folded by the delimiter in each."""
    for key in ("a/1", "a/2", "b"):
        bucket.put_object(key, b"x")

    old = bucket.list_objects(delimiter="/")
    new = bucket.list_objects_v2(delimiter="/")

    for found in (old, new):
        assert [one.key for one in found.object_list] == ["b"]
        assert found.prefix_list == ["a/"]
