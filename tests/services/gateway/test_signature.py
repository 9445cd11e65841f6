"""AK/SK signatures: the test vectors of contract 3.2."""

import hashlib

import pytest
from werkzeug.datastructures import Headers

from mockcbs.backend.memory import MemoryDocuments
from mockcbs.services.gateway.signature import (
    Authorization,
    Lockout,
    SignedRequest,
    canonical_request,
    sign,
    signed_at,
)

BASE = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
SECRET = "SKEXAMPLEsecret0000000000000000000000001"
SIGNED = "content-type;host;x-project-id;x-sdk-date"
HEADERS = Headers(
    {
        "Host": "cbs-ext.cn-north-4.myhuaweicloud.com",
        "Content-Type": "application/json",
        "X-Project-Id": "1604d8170cd84440a81281e5a3a04f8b",
        "X-Sdk-Date": "20210219T074925Z",
    }
)

A = SignedRequest("GET", f"{BASE}/requests/session-stats", "interval=day&time_zone=%2B08%3A00", HEADERS, b"")
B = SignedRequest(
    "POST", f"{BASE}/suggestions", "", HEADERS, rb'{"question": "\u684c\u9762\u4e91", "top": 2}'
)


@pytest.mark.parametrize(
    ("request_", "digest", "signature"),
    [
        (
            A,
            "e7ee029f2b307d51a2016a6330b360b6b5847ba86da7afddc0aa0eac5cb2a7ba",
            "38fcd1e6d53c95e680a66b4b644559244f6fa07ddb1896878a75b55c74ce362e",
        ),
        (
            B,
            "628c8e6f8ae1ad4a429493c9a98a07e9f5b907fb366c790e5c459879a02313f9",
            "9093d637238a9d2be9a4858d12c654760fdc3430d5713a1e412ba83c032ce936",
        ),
    ],
    ids=["vector A", "vector B"],
)
def test_vectors(request_, digest, signature):
    """Canonical request and signature of the vectors, digit by digit."""
    text = canonical_request(request_, SIGNED)

    assert hashlib.sha256(text.encode()).hexdigest() == digest
    assert sign(text, request_.headers["X-Sdk-Date"], SECRET) == signature


@pytest.mark.parametrize(
    ("path", "query", "canonical_path", "canonical_query"),
    [
        ("/a/", "", "/a/", ""),
        ("/%7Bproject_id%7D", "b=2&a=1", "/%7Bproject_id%7D/", "a=1&b=2"),
        ("/%e6%a1%8c", "k&a=%20+", "/%E6%A1%8C/", "a=%20%2B&k="),
        ("/~a_b-c.d", "a=2&a=1&a=10", "/~a_b-c.d/", "a=1&a=10&a=2"),
        ("/a=b", "a=b=c&&", "/a%3Db/", "a=b%3Dc"),
    ],
)
def test_path_and_query_are_made_canonical(path, query, canonical_path, canonical_query):
    """Segments and pairs are decoded once, encoded again and sorted; the path ends in a slash."""
    lines = canonical_request(SignedRequest("GET", path, query, Headers(), b""), "host").split("\n")

    assert lines[1:3] == [canonical_path, canonical_query]


@pytest.mark.parametrize(
    ("declared", "payload"),
    [
        ("UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"),
        (hashlib.sha256(b"another").hexdigest(), hashlib.sha256(b"body").hexdigest()),
    ],
)
def test_a_declared_payload_hash_is_checked(declared, payload):
    """X-Sdk-Content-Sha256 may leave the body unsigned, but not claim the hash of another one."""
    headers = Headers({"X-Sdk-Content-Sha256": declared})

    text = canonical_request(SignedRequest("POST", "/", "", headers, b"body"), "host")

    assert text.endswith(f"\n{payload}")


def test_authorization_is_of_one_form_only():
    """Other algorithms and truncated signatures are not parsed."""
    good = f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature={'0' * 64}"

    assert Authorization.parse(good) == Authorization("AK", "host;x-sdk-date", "0" * 64)
    assert Authorization.parse(good.replace(", ", ",")) is not None
    for bad in (good.replace("SHA256", "SM3"), good[:-1], good.replace("Access", "Credential"), "Bearer x"):
        assert Authorization.parse(bad) is None


def test_dates():
    """X-Sdk-Date is UTC to the second, in one form only."""
    assert signed_at("20210219T074925Z") == 1613720965000
    assert signed_at("2021-02-19T07:49:25Z") is None
    assert signed_at("20210230T000000Z") is None


def test_a_key_is_locked_for_five_minutes_after_more_than_five_failures():
    """The sixth failure in a row locks; a success in between, or five minutes, forgive."""
    lockout = Lockout(MemoryDocuments())

    for _ in range(5):
        lockout.failed("AK", 0)
    assert not lockout.is_locked("AK", 0)
    lockout.failed("AK", 1_000)

    assert lockout.is_locked("AK", 1_000 + 299_999)
    assert not lockout.is_locked("other", 1_000)
    assert not lockout.is_locked("AK", 1_000 + 300_000)
    for _ in range(5):
        lockout.failed("AK", 400_000)
    lockout.succeeded("AK")
    lockout.failed("AK", 400_000)
    assert not lockout.is_locked("AK", 400_000)
