"""OSS signatures, versions 1 and 4, in headers and in URLs, as SDKs create them (contract 1)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, quote, unquote

from mockcbs.contract.targets import Call

_SUBRESOURCES = {"acl", "append", "bucketInfo", "delete", "location", "objectMeta", "partNumber", "position"}
_SUBRESOURCES |= {"stat", "uploadId", "uploads", "continuation-token", "callback", "x-oss-process"}
_REQUEST = "aliyun_v4_request"


@dataclass(frozen=True)
class Signer:
    """Signs calls with one access key for one region."""

    access_key: str
    secret_key: str
    region: str
    bucket: str
    """The bucket if the host name contains it; empty if paths contain it."""

    def v1(self, call: Call, at: int) -> Call:
        """Sign *call* with version 1, dated *at* (ms UTC)."""
        date = format_datetime(datetime.fromtimestamp(at / 1000, UTC), usegmt=True)
        headers = {**call.headers, "x-oss-date": date}
        signature = self._v1(call, headers, "")
        return replace(call, headers={**headers, "Authorization": f"OSS {self.access_key}:{signature}"})

    def v1_url(self, call: Call, expires: int) -> Call:
        """Add a version 1 signature to the query of *call*, valid until *expires* (s UTC)."""
        signature = quote(self._v1(call, call.headers, str(expires)), safe="")
        text = f"OSSAccessKeyId={quote(self.access_key, safe='')}&Expires={expires}&Signature={signature}"
        return replace(call, query="&".join(filter(None, (call.query, text))))

    def v4(self, call: Call, at: int) -> Call:
        """Sign *call* with version 4, dated *at* (ms UTC)."""
        stamp = _stamp(at)
        headers = {**call.headers, "x-oss-date": stamp, "x-oss-content-sha256": "UNSIGNED-PAYLOAD"}
        signature = self._v4(call, call.query, headers, stamp)
        credential = f"{self.access_key}/{self._scope(stamp)}"
        value = f"OSS4-HMAC-SHA256 Credential={credential},Signature={signature}"
        return replace(call, headers={**headers, "Authorization": value})

    def v4_url(self, call: Call, at: int, seconds: int) -> Call:
        """Add a version 4 signature to the query of *call*, dated *at* (ms UTC), valid for *seconds*."""
        stamp = _stamp(at)
        own = {
            "x-oss-signature-version": "OSS4-HMAC-SHA256",
            "x-oss-credential": f"{self.access_key}/{self._scope(stamp)}",
            "x-oss-date": stamp,
            "x-oss-expires": str(seconds),
        }
        text = "&".join(f"{name}={quote(value, safe='')}" for name, value in own.items())
        text = "&".join(filter(None, (call.query, text)))
        signature = self._v4(call, text, call.headers, stamp)
        return replace(call, query=f"{text}&x-oss-signature={signature}")

    def _resource(self, call: Call) -> str:
        return f"/{self.bucket}{call.path}" if self.bucket else call.path

    def _v1(self, call: Call, headers: Mapping[str, str], expires: str) -> str:
        lower = {name.lower(): value for name, value in headers.items()}
        ours = "".join(
            f"{name}:{value}\n" for name, value in sorted(lower.items()) if name.startswith("x-oss-")
        )
        pairs = [
            (name, value)
            for name, value in parse_qsl(call.query, keep_blank_values=True)
            if name in _SUBRESOURCES
        ]
        asked = "&".join(f"{name}={value}" if value else name for name, value in sorted(pairs))
        resource = unquote(self._resource(call)) + (f"?{asked}" if asked else "")
        md5, kind = lower.get("content-md5", ""), lower.get("content-type", "")
        text = f"{call.method}\n{md5}\n{kind}\n{expires or lower['x-oss-date']}\n{ours}{resource}"
        digest = hmac.new(self.secret_key.encode(), text.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()

    def _scope(self, stamp: str) -> str:
        return f"{stamp[:8]}/{self.region}/oss/{_REQUEST}"

    def _v4(self, call: Call, query: str, headers: Mapping[str, str], stamp: str) -> str:
        lower = {name.lower(): value for name, value in headers.items()}
        signed = {
            name: value
            for name, value in lower.items()
            if name.startswith("x-oss-") or name in {"content-type", "content-md5"}
        }
        pairs = sorted(part for part in query.split("&") if part)
        asked = "&".join(part.removesuffix("=") for part in pairs)
        listed = "".join(f"{name}:{value.strip()}\n" for name, value in sorted(signed.items()))
        payload = lower.get("x-oss-content-sha256", "UNSIGNED-PAYLOAD")
        canonical = f"{call.method}\n{self._resource(call)}\n{asked}\n{listed}\n\n{payload}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"OSS4-HMAC-SHA256\n{stamp}\n{self._scope(stamp)}\n{digest}"
        key = f"aliyun_v4{self.secret_key}".encode()
        for level in (stamp[:8], self.region, "oss", _REQUEST):
            key = hmac.new(key, level.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _stamp(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y%m%dT%H%M%SZ}"
