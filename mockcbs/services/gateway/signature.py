"""AK/SK signatures, ``SDK-HMAC-SHA256`` (contract 3.2)."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from werkzeug.datastructures import Headers

from mockcbs.backend.documents import Documents
from mockcbs.core.hmacs import hmac_sha256

ALGORITHM = "SDK-HMAC-SHA256"
TOLERANCE = 15 * 60_000
"""The maximum difference of ``X-Sdk-Date`` from now, ms (API Gateway reference)."""

_UNSIGNED = "UNSIGNED-PAYLOAD"
"""The value in place of the hash of an unsigned body."""

_DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{{64}})"
)


@dataclass(frozen=True)
class SignedRequest:
    """The signed parts of a request, as received."""

    method: str
    path: str
    """Percent-encoded or not; it is decoded once."""
    query: str
    headers: Mapping[str, str] | Headers
    """A mapping has lower-case names."""
    body: bytes

    @cached_property
    def canonical_path(self) -> str:
        """The path in the canonical percent-encoding, with a slash at the end."""
        path = _encoded(self.path, safe="/~")
        return path if path.endswith("/") else f"{path}/"

    @cached_property
    def payload(self) -> str:
        """What is signed of the body: its SHA-256 digest, unless the client leaves it out."""
        declared = self.headers.get("x-sdk-content-sha256", "").strip()
        if declared == _UNSIGNED:
            return declared
        # others could replace a body whose digest is only declared
        return hashlib.sha256(self.body).hexdigest()


class Authorization(NamedTuple):
    """A parsed ``Authorization`` header."""

    access_key: str
    signed_headers: str
    signature: str

    @classmethod
    def parse(cls, header: str) -> "Authorization | None":
        """Parse a header; `None` if it does not have the documented form."""
        match = _AUTHORIZATION.fullmatch(header.strip())
        if match is None:
            return None
        names = match[2].split(
            ";"
        )  # names must be unique: a short header must not cause a huge canonical request
        return cls(*match.groups()) if len(names) == len(set(names)) else None


def canonical_request(request: SignedRequest, signed_headers: str) -> str:
    """The canonical request, whose hash is signed."""
    return canonical_like(request, signed_headers, request.query, request.headers)


def canonical_like(
    request: SignedRequest, signed_headers: str, query: str, headers: Mapping[str, str] | Headers
) -> str:
    """The canonical request of a request like *request*, but with another *query* and other *headers*."""
    sent = [f"{name}:{headers.get(name.lower(), '').strip()}\n" for name in signed_headers.split(";")]
    return "\n".join(
        [
            request.method,
            request.canonical_path,
            _canonical_query(query),
            "".join(sent),
            signed_headers,
            request.payload,
        ]
    )


def sign(canonical: str, date: str, secret_key: str) -> str:
    """The signature of a canonical request at *date* (``X-Sdk-Date``), 64 hexadecimal digits."""
    text = f"{ALGORITHM}\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac_sha256(secret_key.encode(), text.encode()).hexdigest()


@lru_cache(16)  # a client signs many requests in one second
def signed_at(header: str) -> int | None:
    """``X-Sdk-Date`` (``20210219T074925Z``) as ms UTC; `None` if it has another form."""
    if _DATE.fullmatch(header) is None:
        return None
    try:
        return int(datetime.fromisoformat(header).timestamp()) * 1000
    except ValueError:
        return None


def sdk_date(at: int) -> str:
    """*at* (ms UTC) in the format of ``X-Sdk-Date``."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _canonical_query(query: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    encoded = sorted([(_encoded_name(key), _encoded(value)) for key, _, value in pairs])
    return "&".join([f"{key}={value}" for key, value in encoded])


def _encoded(text: str, safe: str = "~") -> str:
    """*text*, percent-encoded or not, in the canonical percent-encoding."""
    return text if _PLAIN.fullmatch(text) else _encoded_again(text, safe)


_encoded_name = lru_cache(256)(_encoded)


@lru_cache(256)  # a client sends the same paths and zones again and again
def _encoded_again(text: str, safe: str) -> str:
    return quote_from_bytes(unquote_to_bytes(text), safe)


class Lockout:
    """Locks an access key for five minutes after more than five failures in a row (APIG FAQ)."""

    _KIND = "live.lockout"
    _FAILURES = 5
    _DURATION = 5 * 60_000

    def __init__(self, store: Documents) -> None:
        self._store = store

    def is_locked(self, access_key: str, now: int) -> bool:
        """Whether the key is locked at *now* (ms UTC)."""
        held = self._store.get(self._KIND, "", access_key)
        if held is None or held["failures"] <= self._FAILURES:
            return False
        if now - held["latest"] < self._DURATION:
            return True
        self._store.delete(self._KIND, "", access_key)
        return False

    def has_failed(self, access_key: str) -> bool:
        """Whether the key has failed since it last succeeded."""
        return self._store.get(self._KIND, "", access_key) is not None

    def failed(self, access_key: str, now: int) -> None:
        """Count a failure."""
        with self._store.transaction():
            held = self._store.get(self._KIND, "", access_key) or {"failures": 0}
            document = {"failures": held["failures"] + 1, "latest": now}
            self._store.put(self._KIND, "", access_key, document)

    def succeeded(self, access_key: str) -> None:
        """Forget the failures of a key."""
        if self._store.get(self._KIND, "", access_key):
            self._store.delete(self._KIND, "", access_key)
