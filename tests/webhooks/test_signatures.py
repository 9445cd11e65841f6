"""Signatures of both profiles, against golden values and the reference package."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from mockcbs.webhooks.signatures import CozeSigner, SignatureError, StandardSigner, coze_signature

BODY = (
    b'{"event_type":"execution.completed","event_id":"evt-0002","bot_id":"7342866812345678901",'
    b'"session_id":"7374752000116113452","user_id":"u-001","connector_id":"999",'
    b'"trigger_time":1766365200000,"timestamp":1766365200812,"status":"success","duration_ms":812}'
)
SECRET = "whsec_" + "bW9ja2Nicy1zZWNyZXQtb2YtMjQtYnl0ZXM="


def test_golden_signature():
    """The documented example, byte for byte (golden vector S1)."""
    signature = coze_signature("1766365200900", "9f2c41d07b", "demo-verify-token", BODY)

    assert len(BODY) == 255
    assert signature == "888c70892db9ad27e510525d27e124ab70a57c45"


@given(st.binary(max_size=200), st.text(st.characters(codec="ascii"), min_size=1))
def test_what_is_signed_is_accepted_and_nothing_else(body, token):
    """A right signature passes; another body, token or time does not."""
    now = 1_766_365_200_900
    headers = CozeSigner(token).headers("evt", body, now)

    CozeSigner(token).check(headers, body, now + 299_000)

    for signer, changed, at in [
        (CozeSigner(token), body + b" ", now),
        (CozeSigner(token + "x"), body, now),
        (CozeSigner(token), body, now + 301_000),
        (CozeSigner(token), body, now - 301_000),
    ]:
        with pytest.raises(SignatureError):
            signer.check(headers, changed, at)


def test_missing_headers_are_refused():
    """A delivery without a signature is refused in both profiles."""
    for signer in (CozeSigner("t"), StandardSigner([SECRET])):
        with pytest.raises(SignatureError, match="missing"):
            signer.check({}, BODY, 0)


@pytest.mark.parametrize("rotated", [False, True])
def test_the_reference_package_accepts(rotated):
    """`standardwebhooks` verifies what the standard profile signs, also while a secret is rotated."""
    secrets = ["whsec_bmV3ZXItc2VjcmV0LW9mLTI0LWJ5dGVzIQ==", SECRET] if rotated else [SECRET]
    now = int(time.time() * 1000)

    headers = StandardSigner(secrets).headers("evt-1", BODY, now)

    Webhook(SECRET).verify(BODY.decode(), headers)
    StandardSigner([SECRET]).check(headers, BODY, now)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_b3RoZXItc2VjcmV0LW9mLTI0LWJ5dGVzISE=").verify(BODY.decode(), headers)


def test_ours_accepts_the_reference_package():
    """The standard profile accepts what `standardwebhooks` signs."""
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    signature = Webhook(SECRET).sign("evt-1", now, BODY.decode())
    headers = {
        "webhook-id": "evt-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }

    StandardSigner([SECRET]).check(headers, BODY, int(now.timestamp() * 1000))
