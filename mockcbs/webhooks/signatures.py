"""Signatures of deliveries: signing and checking.

There are two profiles: `coze` signs like the vendor's callbacks (contract coze 3.13.3), and `standard`
follows the Standard Webhooks specification.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from werkzeug.datastructures import Headers

from mockcbs.core.hmacs import hmac_sha256
from mockcbs.settings import WebhookProfile

TOLERANCE_MS = 5 * 60_000
"""The maximum difference between a signature's time and the receiver's clock, in ms of real time."""

_SECRET_PREFIX = "whsec_"


class SignatureError(Exception):
    """A signature that a receiver must reject; the message states the reason."""


class Signer(Protocol):
    """Signs deliveries and checks signatures with the secrets of one subscription."""

    def headers(self, event_id: str, body: bytes, at_ms: int) -> dict[str, str]:
        """The headers of one attempt at *at_ms* (ms of real time)."""

    def check(self, headers: Mapping[str, str] | Headers, body: bytes, now_ms: int) -> None:
        """Check the signature of *body* at *now_ms* (real time). Raises `SignatureError` if it is wrong."""


class CozeSigner(NamedTuple):
    """SHA-1 over timestamp, nonce, verify token and raw body, in lower-case hex (contract coze 3.13.3)."""

    token: str

    def headers(self, event_id: str, body: bytes, at_ms: int) -> dict[str, str]:
        """``X-Coze-Timestamp`` (ms), ``X-Coze-Nonce`` (new each time) and ``X-Coze-Signature``."""
        del event_id
        timestamp, nonce = str(at_ms), secrets.token_hex(5)
        signature = coze_signature(timestamp, nonce, self.token, body)
        return {"X-Coze-Timestamp": timestamp, "X-Coze-Nonce": nonce, "X-Coze-Signature": signature}

    def check(self, headers: Mapping[str, str] | Headers, body: bytes, now_ms: int) -> None:
        """Check the three headers. Raises `SignatureError` if one is missing or wrong, or over five
        minutes old.
        """
        timestamp, nonce = headers.get("X-Coze-Timestamp", ""), headers.get("X-Coze-Nonce", "")
        given = headers.get("X-Coze-Signature", "")
        if not given:
            raise SignatureError("X-Coze-Signature is missing")
        if not hmac.compare_digest(
            given.encode(), coze_signature(timestamp, nonce, self.token, body).encode()
        ):
            raise SignatureError("X-Coze-Signature does not fit timestamp, nonce, token and body")
        _check_age(timestamp, 1, now_ms, "X-Coze-Timestamp")


def coze_signature(timestamp: str, nonce: str, token: str, body: bytes) -> str:
    """The value of ``X-Coze-Signature``."""
    return hashlib.sha1(f"{timestamp}{nonce}{token}".encode() + body).hexdigest()  # noqa: S324 - as documented


class StandardSigner(NamedTuple):
    """HMAC-SHA256 over id, timestamp (s) and body. During a rotation there is one signature for each
    secret.
    """

    secrets: Sequence[str]
    """The secrets, newest first: ``whsec_`` and Base64, or any text, whose UTF-8 bytes are the key."""

    def headers(self, event_id: str, body: bytes, at_ms: int) -> dict[str, str]:
        """``webhook-id``, ``webhook-timestamp`` (s) and ``webhook-signature`` (one ``v1,…`` a secret)."""
        timestamp = str(at_ms // 1000)
        signatures = [_standard_signature(key, event_id, timestamp, body) for key in self.secrets]
        return {
            "webhook-id": event_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
        }

    def check(self, headers: Mapping[str, str] | Headers, body: bytes, now_ms: int) -> None:
        """Check the signatures. Raises `SignatureError` unless one is correct and at most five minutes
        old.
        """
        event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        given = [part.removeprefix("v1,") for part in headers.get("webhook-signature", "").split(" ")]
        if given == [""]:
            raise SignatureError("webhook-signature is missing")
        right = [_standard_signature(key, event_id, timestamp, body) for key in self.secrets]
        if not any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in right):
            raise SignatureError("no signature of webhook-signature fits id, timestamp and body")
        _check_age(timestamp, 1000, now_ms, "webhook-timestamp")


def _standard_signature(secret: str, event_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{event_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac_sha256(_key(secret), signed).digest()).decode()


def _key(secret: str) -> bytes:
    if secret.startswith(_SECRET_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
        except binascii.Error:
            pass  # otherwise it is a plain text
    return secret.encode()


def _check_age(timestamp: str, unit_ms: int, now_ms: int, header: str) -> None:
    """Check that *timestamp*, in units of *unit_ms*, is near *now_ms*. Raises `SignatureError` if it is
    not.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 16):
        raise SignatureError(f"{header} {timestamp[:20]!r} is not a number")
    age = now_ms - int(timestamp) * unit_ms
    if abs(age) > TOLERANCE_MS:
        raise SignatureError(
            f"{header} is {age // 1000} s old; at most {TOLERANCE_MS // 1000} s are accepted"
        )


def signer(profile: WebhookProfile, secrets_: Sequence[str]) -> Signer:
    """The signer of a subscription with that *profile*; *secrets_* are sorted newest first."""
    return CozeSigner(secrets_[0]) if profile == "coze" else StandardSigner(tuple(secrets_))
