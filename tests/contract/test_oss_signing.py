"""Signatures of OSS as the kit makes them are those of the vendor's SDK."""

from dataclasses import replace

import oss2
import pytest
import requests

from mockcbs.contract.oss_signing import Signer
from mockcbs.contract.targets import Call
from mockcbs.testing.live import LiveServer
from tests.conftest import NOW

SIGNER = Signer("MOCKCBSAK", "mockcbs-secret-key", "cn-hangzhou", "")
CALL = Call("GET", "/photos/a%20b", "max-keys=2")


def test_a_mock_accepts_every_form():
    """A mock accepts signatures in headers and URLs, of both versions, and none with another secret."""
    wrong = Signer("MOCKCBSAK", "other", "cn-hangzhou", "")
    with LiveServer(now=NOW, strict=True) as mock:
        bucket = oss2.Bucket(
            oss2.AuthV4("MOCKCBSAK", "mockcbs-secret-key"), mock.url, "photos", region="cn-hangzhou"
        )
        bucket.create_bucket()
        bucket.put_object("a b", b"x")

        def status(call):
            return requests.get(
                f"{mock.url}{call.path}?{call.query}", headers=call.headers, timeout=10
            ).status_code

        for signer, expected in ((SIGNER, 200), (wrong, 403)):
            signed = [
                signer.v1(CALL, NOW),
                signer.v4(CALL, NOW),
                signer.v1_url(CALL, NOW // 1000 + 60),
                signer.v4_url(CALL, NOW, 60),
            ]
            assert [status(call) for call in signed] == [expected] * 4


def test_the_query_of_the_call_is_kept():
    """A signature in the query follows the parameters of the call."""
    assert SIGNER.v1_url(CALL, 5).query.startswith("max-keys=2&OSSAccessKeyId=MOCKCBSAK&Expires=5&")
    assert SIGNER.v4_url(CALL, NOW, 60).query.startswith("max-keys=2&x-oss-signature-version=")


@pytest.mark.parametrize("change", [{"bucket": "photos"}, {"region": "cn-beijing"}, {"secret_key": "x"}])
def test_everything_counts(change):
    """Another bucket, region or secret gives another signature of version 4."""
    assert replace(SIGNER, **change).v4(CALL, NOW).headers != SIGNER.v4(CALL, NOW).headers
