"""The vendor's SDKs believe the mock."""

import contextlib
import os
import string

import alibabacloud_oss_v2 as oss
import oss2
import ossfs
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcbs.core.clock import real_now
from tests.services.oss.conftest import bucket_v1, bucket_v4, client
from tests.thoroughness import examples

KEYS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", min_codepoint=32) | st.sampled_from("中 +%/?&=#~"),
    min_size=1,
    max_size=300,
).filter(
    lambda key: len(key.encode()) <= 1023 and key[0] not in "/\\" and not {".", ".."} & {*key.split("/")}
)


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(key=KEYS, content=st.binary(max_size=2000))
def test_an_object_comes_back_byte_for_byte_under_any_name(sdk, key, content):
    """An object is read byte for byte under any name; the SDKs check the CRC in both directions."""
    sdk.put(key, content)

    assert sdk.get(key) == content
    assert sdk.list(prefix=key) == [key]

    sdk.delete(key)

    assert sdk.list(prefix=key) == []


@pytest.mark.parametrize("key", ["a" * 1023, "中" * 341, "a b+c%20d", "dir//x", "a/~", "x?acl", "#"])
def test_names_that_are_easily_got_wrong(sdk, key):
    """Each SDK reads a key with blanks, signs or Chinese as it was written."""
    sdk.put(key, b"content")

    assert sdk.get(key) == b"content"


@pytest.mark.parametrize("key", ["普通 a+b%20.txt", "dir/x"])
def test_presigned_urls_carry_an_object_both_ways(sdk, key):
    """A presigned URL works without a key for upload and download; a changed URL is refused."""
    put = requests.put(sdk.signed("PUT", key), b"by url", timeout=10)
    got = requests.get(url := sdk.signed("GET", key), timeout=10)
    forged = requests.get(url.replace("x" if key == "dir/x" else "b", "y", 1), timeout=10)

    assert (put.status_code, got.status_code, got.content) == (200, 200, b"by url")
    assert forged.status_code in {403, 404}
    assert forged.headers["Content-Type"] == "application/xml"


def test_an_expired_url_is_refused(sdk, mockcbs_server, monkeypatch):
    """A signed URL is valid until its time by the clock."""
    sdk.put("a", b"")
    url = sdk.signed("GET", "a", 30)
    monkeypatch.setattr("mockcbs.services.oss.guard.real_now", lambda: 4_000_000_000_000)
    mockcbs_server.clock.freeze("2099-01-01")

    refused = requests.get(url, timeout=10)

    assert refused.status_code == 403
    assert "<Message>Request has expired.</Message>" in refused.text


@pytest.mark.parametrize("make", [bucket_v1, bucket_v4])
def test_a_wrong_secret_is_refused(mockcbs_server, make):
    """The error shows what was signed, so that a user can compare."""
    with pytest.raises(oss2.exceptions.SignatureDoesNotMatch) as refused:
        make(mockcbs_server.url, secret="wrong").get_object("a")

    assert "GET" in refused.value.details.get("CanonicalRequest", refused.value.details["StringToSign"])
    assert refused.value.details["RequestId"] == refused.value.request_id
    assert refused.value.details["HostId"] in mockcbs_server.url


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_a_wrong_secret_of_the_new_sdk_is_refused(mockcbs_server, version):
    """Both versions of the signature are checked."""
    with pytest.raises(oss.exceptions.OperationError) as refused:
        client(mockcbs_server.url, version, secret="wrong").list_buckets(oss.ListBucketsRequest())

    assert refused.value.unwrap().code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("make", [bucket_v1, bucket_v4])
@pytest.mark.parametrize(("minutes", "accepted"), [(14, True), (16, False), (-16, False)])
def test_a_clock_that_is_off_by_a_quarter_of_an_hour_is_refused(
    mockcbs_server, monkeypatch, make, minutes, accepted
):
    """A request may be dated up to fifteen minutes before or after the clock."""
    later = real_now() + minutes * 60_000
    monkeypatch.setattr("mockcbs.services.oss.guard.real_now", lambda: later)
    mockcbs_server.clock.freeze(later)

    with contextlib.nullcontext() if accepted else pytest.raises(oss2.exceptions.ServerError) as refused:
        make(mockcbs_server.url).put_object("a", b"")

    if refused:
        assert (refused.value.status, refused.value.code) == (403, "RequestTimeTooSkewed")


@pytest.mark.parametrize(
    "sizes", [[1], [102_400, 0], [102_400, 102_401, 7], [1_048_575, 1_048_576, 1_048_577]]
)
def test_a_multipart_upload_joins_its_parts(bucket, sizes):
    """oss2 compares the CRC of the whole with those of the parts."""
    contents = [os.urandom(size) for size in sizes]
    upload = bucket.init_multipart_upload("多 part").upload_id
    parts = [
        oss2.models.PartInfo(number, made.etag, size=len(content), part_crc=made.crc)
        for number, content in enumerate(contents, 1)
        if (made := bucket.upload_part("多 part", upload, number, content))
    ]

    listed = bucket.list_parts("多 part", upload).parts
    done = bucket.complete_multipart_upload("多 part", upload, parts)

    assert [(part.part_number, part.size) for part in listed] == [*enumerate(sizes, 1)]
    assert done.etag.endswith(f"-{len(sizes)}")
    assert bucket.get_object("多 part").read() == b"".join(contents)
    assert bucket.list_multipart_uploads().upload_list == []


def test_the_tools_of_the_sdks_upload_and_download(mockcbs_server, bucket, tmp_path):
    """oss2.resumable_upload and the new SDK's uploader and downloader, in parts and threads."""
    content = os.urandom(700_000)
    (tmp_path / "up").write_bytes(content)

    oss2.resumable_upload(
        *(bucket, "resumed", str(tmp_path / "up")),
        store=oss2.ResumableStore(root=str(tmp_path)),
        multipart_threshold=100_000,
        part_size=102_400,
        num_threads=3,
    )
    new = client(mockcbs_server.url)
    request = oss.PutObjectRequest(bucket="photos", key="new")
    new.uploader(part_size=102_400, parallel_num=3).upload_file(request, str(tmp_path / "up"))
    wanted = oss.GetObjectRequest(bucket="photos", key="new")
    new.downloader(part_size=102_400, parallel_num=3).download_file(wanted, str(tmp_path / "down"))

    assert bucket.get_object("resumed").read() == content
    assert (tmp_path / "down").read_bytes() == content


def test_ossfs_is_a_file_system(mockcbs_server):
    """Files are written, copied, read in part, found and deleted."""
    files = ossfs.OSSFileSystem(key="MOCKCBSAK", secret="mockcbs-secret-key", endpoint=mockcbs_server.url)
    with files.open("photos/dir/中 a.bin", "wb") as file:
        file.write(string.printable.encode() * 10)
    files.copy("photos/dir/中 a.bin", "photos/dir/b.bin")

    with files.open("photos/dir/b.bin", "rb") as file:
        file.seek(100)
        read = file.read(50)

    assert read == string.printable.encode()[:50]
    assert sorted(files.find("photos")) == ["photos/dir/b.bin", "photos/dir/中 a.bin"]

    files.rm("photos/dir", recursive=True)

    assert not files.find("photos")
