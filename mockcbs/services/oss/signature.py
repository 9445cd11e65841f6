"""Signatures of OSS, V1 and V4, in headers and in URLs."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from mockcbs.services.oss.target import target_of

_V4 = "OSS4-HMAC-SHA256"
_V4_HEADER = re.compile(r"OSS4-HMAC-SHA256\s+(.*)", re.DOTALL)
_V1_HEADER = re.compile(r"OSS ([^:\s]+):(\S+)")
_SUBRESOURCES = frozenset(
    "acl append asyncFetch bucketInfo callback callback-var cloudboxes cname comp continuation-token "
    "cors delete encryption endTime group inventory inventoryId lifecycle link live location logging "
    "metaQuery objectInfo objectMeta partNumber policy position qos qosInfo referer regionList "
    "regions replication replicationLocation replicationProgress requestPayment resourceGroup "
    "response-cache-control response-content-disposition response-content-encoding "
    "response-content-language response-content-type response-expires restore security-token sequential "
    "startTime stat status style styleName symlink tagging transferAcceleration uploadId uploads versionId "
    "versioning versions vod website worm wormExtend wormId x-oss-ac-forward-allow "
    "x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-async-process x-oss-process "
    "x-oss-request-payer x-oss-traffic-limit x-oss-write-get-object-response".split()
)
"""The parameters that a V1 signature covers."""


class MalformedError(ValueError):
    """Malformed credentials; the message says why."""


class Signature(NamedTuple):
    """The signature of a request, with its context."""

    access_key: str
    given: str
    """The received signature."""
    to_sign: bytes
    """The signed text."""
    at: int | None
    """The time of signing, ms UTC; `None` for a V1 URL."""
    expires: int | None
    """The end of its validity, ms UTC; `None` for a signature in headers."""
    scope: tuple[str, ...] = ()
    """V4: date, region, product and terminator."""
    canonical: bytes = b""
    """V4: the canonical request."""

    def fits(self, secret_key: str) -> bool:
        """Whether *secret_key* makes this signature."""
        return hmac.compare_digest(self.made_with(secret_key).encode(), self.given.encode("utf-8", "replace"))

    def made_with(self, secret_key: str) -> str:
        """The signature that *secret_key* makes."""
        if not self.scope:
            return base64.b64encode(_hmac(secret_key.encode(), self.to_sign, "sha1")).decode()
        key = f"aliyun_v4{secret_key}".encode()
        for level in self.scope:
            key = _hmac(key, level.encode("utf-8", "surrogateescape"), "sha256")
        return _hmac(key, self.to_sign, "sha256").hex()


def signature_of(environ: Mapping[str, Any]) -> Signature | None:
    """The signature of a request; `None` without one. Raises `MalformedError`."""
    header = environ.get("HTTP_AUTHORIZATION", "").strip()
    query = dict(_pairs(environ))
    if header.startswith("OSS2 ") or query.get("x-oss-signature-version") == "OSS2":
        raise MalformedError("signature version 2 (OSS2) is not emulated; configure the client for V1 or V4")
    if header.startswith(_V4):
        return _v4_header(environ, header)
    if header:
        return _v1_header(environ, header)
    if "x-oss-signature-version" in query or "x-oss-credential" in query:
        return _v4_query(environ, query)
    if "OSSAccessKeyId" in query:
        return _v1_query(environ, query)
    return None


def access_key_of(environ: Mapping[str, Any]) -> str:
    """The access key of a request, even if its signature is wrong; empty without one."""
    try:
        signature = signature_of(environ)
    except MalformedError:
        return ""
    return signature.access_key if signature else ""


def _v1_header(environ: Mapping[str, Any], header: str) -> Signature:
    found = _V1_HEADER.fullmatch(header)
    if not found:
        raise MalformedError("Authorization is not 'OSS AccessKeyId:Signature'")
    date = _header(environ, "x-oss-date") or _header(environ, "date")
    return Signature(found[1], found[2], _v1_to_sign(environ, date), _instant(date), None)


def _v1_query(environ: Mapping[str, Any], query: Mapping[str, str]) -> Signature:
    expires = query.get("Expires", "")
    if not re.fullmatch(r"\d{1,12}", expires):
        raise MalformedError(f"Expires is {expires!r}; it must be seconds since 1970")
    to_sign = _v1_to_sign(environ, expires)
    return Signature(query["OSSAccessKeyId"], query.get("Signature", ""), to_sign, None, int(expires) * 1000)


def _v1_to_sign(environ: Mapping[str, Any], date: str) -> bytes:
    target = target_of(environ)
    resource = f"/{target.bucket}/{target.key}" if target.bucket else "/"
    signed = sorted(pair for pair in _pairs(environ) if pair[0] in _SUBRESOURCES)
    query = "&".join(f"{name}={value}" if value else name for name, value in signed)
    lines = [
        environ["REQUEST_METHOD"].encode(),
        _header(environ, "content-md5").encode("latin-1"),
        _header(environ, "content-type").encode("latin-1"),
        date.encode("latin-1"),
        _headers(environ, ())
        + (resource + (f"?{query}" if query else "")).encode("utf-8", "surrogateescape"),
    ]
    return b"\n".join(lines)


def _v4_header(environ: Mapping[str, Any], header: str) -> Signature:
    found = _V4_HEADER.fullmatch(header)
    fields = dict(part.strip().partition("=")[::2] for part in (found[1] if found else "").split(","))
    if not {"Credential", "Signature"} <= fields.keys():
        raise MalformedError(f"Authorization is not '{_V4} Credential=…,Signature=…'")
    date = _header(environ, "x-oss-date") or _header(environ, "date")
    more = fields.get("AdditionalHeaders", "")
    return _v4(environ, _V4Fields(fields["Credential"], fields["Signature"], date, more))


def _v4_query(environ: Mapping[str, Any], query: Mapping[str, str]) -> Signature:
    if query.get("x-oss-signature-version") != _V4:
        raise MalformedError(f"x-oss-signature-version is not {_V4}")
    seconds = query.get("x-oss-expires", "")
    if not re.fullmatch(r"\d{1,7}", seconds) or not 1 <= int(seconds) <= 604_800:
        raise MalformedError(f"x-oss-expires is {seconds!r}; it must be 1 to 604800 seconds")
    credential, given = query.get("x-oss-credential", ""), query.get("x-oss-signature", "")
    more = query.get("x-oss-additional-headers", "")
    fields = _V4Fields(credential, given, query.get("x-oss-date", ""), more, int(seconds) * 1000)
    return _v4(environ, fields)


class _V4Fields(NamedTuple):
    """The members of a V4 signature, from a header or a URL."""

    credential: str
    given: str
    date: str
    more: str
    """The additional signed headers."""
    valid: int | None = None
    """The lifetime in ms."""


def _v4(environ: Mapping[str, Any], fields: _V4Fields) -> Signature:
    credential, given, date, more, valid = fields
    access_key, *scope = credential.split("/")
    at = _instant(date)
    if len(scope) != 4 or scope[3] != "aliyun_v4_request" or not access_key:
        raise MalformedError("the credential is not ACCESS_KEY/DATE/REGION/oss/aliyun_v4_request")
    if at is None or scope[0] != _stamp(at)[:8]:
        raise MalformedError(
            f"x-oss-date is {date!r}; it must be like {scope[0]}T101530Z, on the credential's day"
        )
    canonical = _canonical(environ, [name.strip().lower() for name in more.split(";") if name.strip()])
    lines = [_V4, _stamp(at), "/".join(scope), hashlib.sha256(canonical).hexdigest()]
    expires = None if valid is None else at + valid
    return Signature(
        access_key,
        given,
        "\n".join(lines).encode("utf-8", "surrogateescape"),
        at,
        expires,
        tuple(scope),
        canonical,
    )


def _canonical(environ: Mapping[str, Any], more: list[str]) -> bytes:
    target = target_of(environ)
    resource = f"/{target.bucket}/{target.key}" if target.bucket else "/"
    pairs = sorted(
        (_encoded(name), _encoded(value)) for name, value in _pairs(environ) if name != "x-oss-signature"
    )
    lines = [
        environ["REQUEST_METHOD"].encode(),
        quote(resource.encode("utf-8", "surrogateescape"), safe="/").encode(),
        "&".join(f"{name}={value}" if value else name for name, value in pairs).encode(),
        _headers(environ, ("content-type", "content-md5", *more)),
        ";".join(sorted(more)).encode("latin-1"),
        (_header(environ, "x-oss-content-sha256") or "UNSIGNED-PAYLOAD").encode("latin-1"),
    ]
    return b"\n".join(lines)


def _headers(environ: Mapping[str, Any], others: Iterable[str]) -> bytes:
    """The signed headers, one per line: those of OSS and *others*."""
    sent = {
        key.removeprefix("HTTP_").replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}
    }
    names = sorted({name for name in sent if name.startswith("x-oss-")} | (set(others) & sent.keys()))
    return "".join(f"{name}:{sent[name]}\n" for name in names).encode("latin-1")


def _header(environ: Mapping[str, Any], name: str) -> str:
    key = name.upper().replace("-", "_")
    value: str = environ.get(key if key == "CONTENT_TYPE" else f"HTTP_{key}", "")
    return value


def _pairs(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    return parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="surrogateescape")


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogateescape")


def _instant(text: str) -> int | None:
    """The time in a Date header, or in any form of x-oss-date, ms UTC."""
    for form in ("%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"):
        try:
            return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp() * 1000)
        except ValueError:
            continue
    try:
        return int(parsedate_to_datetime(text).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _hmac(key: bytes, content: bytes, digest: str) -> bytes:
    return hmac.new(key, content, digest).digest()
