"""Signed requests of known callers: served without the application, each after a check of its signature."""

from datetime import UTC, datetime

import pytest

from mockcbs.server.environ import split
from mockcbs.services.gateway.signature import SignedRequest, canonical_request, sign
from mockcbs.testing.controls import Controls
from tests.web.cache.reads import NOW, READS, WEEK_AGO, ask

HOST = "cbs-ext.cn-north-4.myhuaweicloud.com"
OTHER_DATE = "20260101T000000Z"


def url_of(number: int) -> str:
    return f"{READS[0]}&start_time={WEEK_AGO + number}"


def signed(number: int, at: int = NOW, access: str = "MOCKCBSAK", secret: str = "mockcbs-secret-key"):
    date = datetime.fromtimestamp(at // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": HOST, "x-sdk-date": date}
    path, _, query = url_of(number).removeprefix(f"https://{HOST}").partition("?")
    request = SignedRequest("GET", path, query, headers, b"")
    signature = sign(canonical_request(request, "host;x-sdk-date"), date, secret)
    proof = f"SDK-HMAC-SHA256 Access={access}, SignedHeaders=host;x-sdk-date, Signature={signature}"
    return {"Host": HOST, "X-Sdk-Date": date, "Authorization": proof}


def send(controls: Controls, number: int, headers: dict[str, str]):
    return ask(controls, url_of(number), "", **headers)


@pytest.fixture
def controls():
    controls = Controls(now=NOW)
    for number in range(2):
        assert send(controls, number, signed(number))[0] == 200
    return controls


@pytest.fixture
def dispatched(controls, monkeypatch):
    """The requests that Flask got."""
    found, dispatch = [], controls.app.full_dispatch_request

    def listening(ctx=None):
        found.append(1)
        return dispatch(ctx) if ctx else dispatch()

    monkeypatch.setattr(controls.app, "full_dispatch_request", listening)
    return found


def test_another_query_needs_no_application(controls, dispatched):
    """Its response is that of a fresh mock, and the journal has its own signature and time."""
    answers = [send(controls, number, signed(number, NOW + 1000 * number)) for number in (5, 5, 6)]

    fresh = [send(Controls(now=NOW), number, signed(number)) for number in (5, 5, 6)]
    newest = controls.journal[-1] if controls.journal[-1].id > controls.journal[0].id else controls.journal[0]
    assert [answer[0] for answer in answers] == [200] * 3
    assert [answer[2] for answer in answers] == [answer[2] for answer in fresh]
    assert dispatched == []
    assert newest.raw_headers["HTTP_X_SDK_DATE"] == signed(6, NOW + 6000)["X-Sdk-Date"]
    assert newest.raw_headers["HTTP_AUTHORIZATION"] == signed(6, NOW + 6000)["Authorization"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (signed(6), 401),
        (signed(5, secret="wrong"), 401),
        (signed(5, NOW - 16 * 60_000), 401),
        ({**signed(5), "X-Sdk-Date": OTHER_DATE}, 401),
        ({**signed(5), "X-Sdk-Date": "yesterday"}, 401),
        ({**signed(5), "Authorization": ""}, 401),
        ({**signed(5), "Authorization": "SDK-HMAC-SHA256 Access=MOCKCBSAK"}, 401),
        ({**signed(5), "Accept": "*/*"}, 200),
        (signed(5, access="ANOTHERKEY"), 200),
        (signed(5), 200),
    ],
)
def test_each_signature_is_checked(controls, headers, status):
    """The application refuses what a new mock refuses, in the same words."""
    found = send(controls, 5, headers)
    expected = send(Controls(now=NOW), 5, headers)

    assert (found[0], expected[0]) == (status, status)
    assert found[2].partition(b'"request_id"')[0] == expected[2].partition(b'"request_id"')[0]


def test_a_repeated_signature_expires(controls):
    """Not even the same bytes are answered from the cache: 15 minutes later they are refused."""
    headers = signed(1)
    statuses = [send(controls, 1, headers)[0] for _ in range(3)]

    controls.clock.advance(minutes=16)

    assert [*statuses, send(controls, 1, headers)[0]] == [200, 200, 200, 401]


def test_failures_lock_a_known_caller_out(controls):
    """After six wrong signatures, right ones are refused, too; one failure alone changes nothing."""
    assert send(controls, 7, signed(8))[0] == 401
    assert send(controls, 7, signed(7))[0] == 200
    for _ in range(6):
        send(controls, 7, signed(8))

    assert b"AK access failed to reach the limit" in send(controls, 7, signed(7))[2]


def test_what_bytes_count_as_signed():
    """All but query and proof identifies the caller; an unusual signature is left to the application."""
    head = b"GET /v1?a=%d HTTP/1.1\r\nHost: a\r\nX-Sdk-Date: %b\r\nAuthorization: SDK-HMAC-SHA256 %b\r\n"
    one, other = head % (1, b"d1", b"s1"), head % (2, b"d2", b"s2")

    rest, query, proof = split(one + b"\r\n")

    assert (query, proof) == ("a=1", {"x-sdk-date": "d1", "authorization": "SDK-HMAC-SHA256 s1"})
    assert split(other + b"\r\n")[0] == rest
    assert split(one + b"X-Project-Id: p\r\n\r\n")[0] != rest
    assert split(b"GET /v1?a=1 HTTP/1.1\r\nHost: a\r\nX-Sdk-Date:\r\nAuthorization:\r\n\r\n")[0] != rest
    for unusual in (
        one + b"X-Sdk-Date: d3\r\n\r\n",
        one + b"\r\nbody",
        (head % (1, b"d1", b"s\xff")) + b"\r\n",
        (head % (1, b"", b"s1")) + b"\r\n",
        one.replace(b"X-Sdk-Date", b"X-Date") + b"\r\n",
        one.replace(b"Authorization: SDK", b"Authorization: Bearer SDK") + b"\r\n",
    ):
        assert split(unusual)[2] is None
