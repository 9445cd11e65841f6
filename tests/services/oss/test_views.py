"""What OSS does beyond what every SDK needs at first."""

import base64
import hashlib
import re

import alibabacloud_oss_v2 as oss
import oss2
import pytest
import requests

from mockcbs import Settings, create_app
from mockcbs.services import registry
from tests.services.oss.conftest import bucket_v1, bucket_v4, client


def failure(call, *args, **kwargs):
    """Status and code of the error that a call raises."""
    with pytest.raises(oss2.exceptions.ServerError) as raised:
        call(*args, **kwargs)
    return raised.value.status, raised.value.code


def test_every_error_of_the_catalogue_is_xml(bucket, mockcbs_server):
    """Whoever provokes it by scenario gets its code, its status and a request id."""
    service = registry.named("oss")
    for row in service.catalogue:
        mockcbs_server.scenario({"rules": [{"answer": {"error": row.code}}]})

        assert failure(bucket.put_object, "a", b"") == (row.status, row.code)


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
    bucket = bucket_v4(mockcbs_server.url, "mockcbs-taken")

    assert failure(bucket.create_bucket) == (409, "BucketAlreadyExists")


def test_open_takes_any_key_and_any_bucket_until_it_is_deleted(mockcbs_server):
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
    other = bucket_v1(mockcbs_server.url, access_key="Other")
    assert failure(other.list_objects) == (403, "InvalidAccessKeyId")
    bucket = bucket_v4(mockcbs_server.url)
    assert failure(bucket.put_object, "a", b"") == (404, "NoSuchBucket")
    bucket.create_bucket()
    bucket.put_object("a", b"x")
    assert bucket.get_object("a").read() == b"x"


def test_each_key_has_buckets_of_its_own(mockcbs_server):
    """So that tests which run side by side do not meet."""
    one, other = (bucket_v1(mockcbs_server.url, access_key=name) for name in ("One", "Other"))
    one.put_object("a", b"of one")
    other.put_object("a", b"of the other")

    assert one.get_object("a").read() == b"of one"
    other.delete_object("a")
    assert one.get_object("a").read() == b"of one"
    assert failure(other.get_object, "a") == (404, "NoSuchKey")


def test_an_acl_opens_objects_to_everybody_by_host(mockcbs_server, bucket):
    """Without a signature, only a host of OSS tells that a request is for it."""
    bucket.create_bucket("public-read")
    bucket.put_object("open/a b", b"for all")
    bucket.put_object("closed", b"not for all", headers={"x-oss-object-acl": "private"})
    host = {"Host": "photos.oss.localhost"}

    def status(path, method="GET"):
        return requests.request(method, mockcbs_server.url + path, headers=host, timeout=10).status_code

    assert requests.get(f"{mockcbs_server.url}/open/a%20b", headers=host, timeout=10).content == b"for all"
    assert (status("/closed"), status("/open/a%20b", "DELETE"), status("/?acl")) == (403, 403, 403)
    assert requests.get(f"{mockcbs_server.url}/photos/closed", timeout=10).status_code == 404
    bucket.put_bucket_acl("private")
    assert status("/open/a%20b") == 403


@pytest.mark.parametrize("host", ["photos.localhost", "photos.oss-cn-hangzhou.aliyuncs.com"])
def test_the_bucket_may_stand_in_the_host(mockcbs_server, bucket, host):
    """The signature is of the same resource, wherever the bucket stands."""
    bucket.put_object("dir/a", b"content")
    path = bucket.sign_url("GET", "dir/a", 60, slash_safe=True).partition("/photos")[2]

    response = requests.get(mockcbs_server.url + path, headers={"Host": host}, timeout=10)

    assert response.content == b"content"


def test_paths_of_other_services_stay_theirs(mockcbs_server, bucket):
    """A bucket may be called v1 and a key like a path of Coze, and neither takes the other's requests."""
    bucket_v4(mockcbs_server.url, "v1x").put_object("users/me", b"object")
    bucket.put_object("v1/users/me", b"object")

    answer = requests.get(
        f"{mockcbs_server.url}/v1/users/me", headers={"Authorization": "Bearer pat_mockcbs"}, timeout=10
    )

    assert answer.json()["code"] == 0
    assert bucket.get_object("v1/users/me").read() == b"object"


def test_metadata_and_headers_come_back(bucket):
    own = {"Content-Type": "text/csv", "Cache-Control": "no-cache", "Expires": "0"}
    sent = {**own, "x-oss-meta-Day": "昨日".encode()}
    bucket.put_object("a", b"x", headers=sent)

    found = bucket.head_object("a")

    assert found.headers["x-oss-meta-day"].encode("latin-1").decode() == "昨日"
    assert {name: found.headers[name] for name in own} == own
    assert (found.content_length, found.object_type) == (1, "Normal")
    assert found.headers["Content-MD5"] == base64.b64encode(hashlib.md5(b"x").digest()).decode()


def test_a_wrong_digest_is_refused(bucket):
    """And nothing is kept of what was sent."""
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()

    assert failure(bucket.put_object, "a", b"x", headers={"Content-MD5": wrong}) == (400, "InvalidDigest")
    assert not bucket.object_exists("a")


def test_an_object_is_not_overwritten_if_the_client_forbids_it(bucket):
    bucket.put_object("a", b"first")
    forbid = {"x-oss-forbid-overwrite": "true"}

    assert failure(bucket.put_object, "a", b"second", headers=forbid) == (409, "FileAlreadyExists")
    assert failure(bucket.copy_object, "photos", "a", "a", headers=forbid) == (409, "FileAlreadyExists")
    assert bucket.get_object("a").read() == b"first"


def test_a_copy_lives_on_without_its_source(bucket):
    """They share their bytes, which nobody may notice."""
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


def test_no_file_is_left_when_all_objects_are_deleted(mockcbs_server, bucket):
    bucket.put_object("a", b"content")
    bucket.copy_object("photos", "a", "b")
    bucket.append_object("c", 0, b"one")
    bucket.append_object("c", 3, b"two")
    upload = bucket.init_multipart_upload("d").upload_id
    bucket.upload_part("d", upload, 1, b"part")
    bucket.upload_part("d", upload, 1, b"again")
    bucket.abort_multipart_upload("d", upload)
    bucket.batch_delete_objects(["a", "b", "c"])

    files = mockcbs_server.state.backend.files
    assert [path for path in files._folder.rglob("*") if path.is_file() and path.name != "owner"] == []


def test_appending_needs_the_right_position(bucket):
    bucket.append_object("a", 0, b"one")
    bucket.put_object("b", b"put")

    assert failure(bucket.append_object, "a", 1, b"x") == (409, "PositionNotEqualToLength")
    assert failure(bucket.append_object, "b", 3, b"x") == (409, "ObjectNotAppendable")
    assert bucket.head_object("a").headers["x-oss-next-append-position"] == "3"


def test_parts_that_do_not_fit(bucket):
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


def test_a_part_may_be_copied_from_an_object(bucket):
    bucket.put_object("source", content := bytes(range(256)) * 1000)
    upload = bucket.init_multipart_upload("a").upload_id
    first = bucket.upload_part_copy("photos", "source", (0, 102_399), "a", upload, 1)
    second = bucket.upload_part_copy("photos", "source", (102_400, len(content) - 1), "a", upload, 2)
    parts = [oss2.models.PartInfo(number, made.etag) for number, made in ((1, first), (2, second))]
    bucket.complete_multipart_upload("a", upload, parts)

    assert bucket.get_object("a").read() == content


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


def test_signature_version_2_is_refused_by_name(mockcbs_server):
    bucket = oss2.Bucket(oss2.AuthV2("MOCKCBSAK", "mockcbs-secret-key"), mockcbs_server.url, "photos")

    assert failure(bucket.get_object, "a") == (400, "InvalidArgument")
    assert "OSS2" in mockcbs_server.journal[-1].reason


@pytest.mark.parametrize("key", ["/a", "\\a", "a" * 1024])
def test_keys_that_no_object_can_have(mockcbs_server, key):
    bucket = bucket_v4(mockcbs_server.url)

    assert failure(bucket._do, "PUT", "photos", key, data=b"") == (400, "InvalidObjectName")


@pytest.mark.parametrize(
    "body",
    [b"", b"<Delete>", b"<Other/>", b'<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>', b"<Delete/>"],
)
def test_xml_that_is_none(bucket, body):
    """Entities of a document type are not expanded either."""
    call = {"data": body, "params": {"delete": ""}}

    assert failure(bucket._do, "POST", "photos", "", **call) == (400, "MalformedXML")


def test_the_journal_keeps_sizes_and_digests_in_place_of_bytes(mockcbs_server, bucket):
    bucket.put_object("a", b"very secret content")
    bucket.get_object("a").read()

    put, got = mockcbs_server.journal[-2:]

    digest = hashlib.md5(b"very secret content").hexdigest().upper()
    assert f"19 bytes, MD5 {digest}" in put.raw_body.decode()
    assert f"bytes 0 to 19 of 19 bytes, MD5 {digest}" in got.raw_response.decode()
    assert b"very secret" not in put.raw_body + got.raw_response


@pytest.mark.parametrize("make", [bucket_v1, bucket_v4])
def test_signatures_are_not_shown(mockcbs_server, make):
    """Neither that of a header nor that of a URL, which are as good as the key for a while."""
    bucket = make(mockcbs_server.url)
    bucket.put_object("a", b"x")
    requests.get(url := bucket.sign_url("GET", "a", 60), timeout=10)

    put, got = mockcbs_server.journal[-2:]

    signature = re.split("[:=]", put.raw_headers["HTTP_AUTHORIZATION"], maxsplit=9)[
        -1 if make is bucket_v4 else 1
    ]
    shown = str(put.as_dict()) + str(got.as_dict()) + put.line + got.line
    assert signature not in shown
    assert url.rpartition("ignature=")[2] not in shown


def test_a_reset_deletes_buckets_and_objects(mockcbs_server, bucket):
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
    """In both ways, whether the object is sent whole or in pieces."""
    content = bytes(size)
    bucket.put_object("a", content)
    mockcbs_server.scenario({"rules": [{"damage": [{"kind": "wrong-checksum"}]}]})

    with pytest.raises(oss2.exceptions.InconsistentError):
        bucket.put_object("b", content)
    with pytest.raises(oss2.exceptions.InconsistentError):
        bucket.get_object_to_file("a", str(tmp_path / "a"))


@pytest.mark.parametrize("size", [1000, 3_000_000])
def test_a_download_is_reset_halfway(mockcbs_server, bucket, size):
    """After half of the bytes, and for good: an error of the connection, not an end."""
    bucket.put_object("a", bytes(size))
    mockcbs_server.scenario({"rules": [{"wire": "reset-body"}]})
    got = bytearray()

    with pytest.raises(requests.RequestException, match="reset"):
        read_into(got, requests.get(bucket.sign_url("GET", "a", 60), stream=True, timeout=10))

    assert 0 < len(got) <= size // 2


def read_into(got, response):
    """Add what comes of a body to *got*."""
    for piece in response.iter_content(500):
        got += piece


def test_other_wsgi_servers_serve_objects_too():
    """There the body is no file of ours."""
    test_client = create_app(Settings()).test_client()
    host = {"base_url": "http://photos.oss.localhost"}
    signed = {"query_string": "OSSAccessKeyId=Other&Expires=4102444800&Signature=x", **host}
    content = bytes(range(256)) * 8192

    assert test_client.put("/a", data=content, **signed).status_code == 200
    assert test_client.get("/a", **signed).data == content
    assert test_client.get("/a", **host).status_code == 403


def test_the_new_sdk_lists_buckets_and_uploads(mockcbs_server):
    made = client(mockcbs_server.url)
    made.put_bucket(oss.PutBucketRequest(bucket="new-bucket", acl="public-read"))
    upload = made.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket="new-bucket", key="k"))

    uploads = made.list_multipart_uploads(oss.ListMultipartUploadsRequest(bucket="new-bucket")).uploads
    acl = made.get_bucket_acl(oss.GetBucketAclRequest(bucket="new-bucket")).acl

    assert [one.upload_id for one in uploads] == [upload.upload_id]
    assert acl == "public-read"
    assert made.get_bucket_stat(oss.GetBucketStatRequest(bucket="new-bucket")).multi_part_upload_count == 1
