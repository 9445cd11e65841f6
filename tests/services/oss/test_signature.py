"""Signatures in headers and URLs."""

import re

import oss2
import pytest
import requests

from tests.services.oss.calls import failure
from tests.services.oss.conftest import bucket_v1, bucket_v4


@pytest.mark.parametrize("host", ["photos.localhost", "photos.oss-cn-hangzhou.aliyuncs.com"])
def test_the_bucket_may_stand_in_the_host(mockcbs_server, bucket, host):
    """The signature covers the same resource if the bucket is in the host or in the path."""
    bucket.put_object("dir/a", b"content")
    path = bucket.sign_url("GET", "dir/a", 60, slash_safe=True).partition("/photos")[2]

    response = requests.get(mockcbs_server.url + path, headers={"Host": host}, timeout=10)

    assert response.content == b"content"


def test_signature_version_2_is_refused_by_name(mockcbs_server):
    """The reason names the version, which is not supported."""
    bucket = oss2.Bucket(oss2.AuthV2("MOCKCBSAK", "mockcbs-secret-key"), mockcbs_server.url, "photos")

    assert failure(bucket.get_object, "a") == (400, "InvalidArgument")
    assert "OSS2" in mockcbs_server.journal[-1].reason


@pytest.mark.parametrize("make", [bucket_v1, bucket_v4])
def test_signatures_are_not_shown(mockcbs_server, make):
    """Signatures in headers and URLs are masked, because they are valid credentials for a while."""
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
