"""What a request is about: all buckets, a bucket or an object, and which part of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_SIGNED = ("OSS ", "OSS2 ", "OSS4-HMAC-SHA256 ")
_SIGNED_QUERY = re.compile(r"(?:^|&)(?:OSSAccessKeyId|x-oss-credential|x-oss-signature-version)=")
_HOST = re.compile(r"(?:([^.]+)\.)?(oss(?:-[a-z0-9-]+)?)\.[^.].*")
"""A host of OSS, real or not, such as ``photos.oss-cn-hangzhou.aliyuncs.com``: bucket and location."""
_LOCAL_HOST = re.compile(r"([^.]+)\.(?:localhost|\d+\.\d+\.\d+\.\d+\.(?:nip|sslip)\.io)")
"""A host that names a bucket, if the request is for OSS."""

_PARTS = (
    *("uploads", "uploadId", "append", "objectMeta", "acl", "location", "bucketInfo", "stat", "delete"),
    *("bucketArchiveDirectRead", "callback", "comp", "cors", "encryption", "inventory", "lifecycle", "live"),
    *("logging", "metaQuery", "policy", "publicAccessBlock", "qos", "qosInfo", "referer", "regions"),
    *("replication", "requestPayment", "resourceGroup", "restore", "style", "symlink", "tagging"),
    *("transferAcceleration", "versioning", "versions", "vod", "website", "worm", "x-oss-process"),
)
"""Parameters that name another operation; those of the first line are emulated."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bucket and a key, of which both or the key may be missing."""

    bucket: str = ""
    key: str = ""
    """As text; bytes that are not UTF-8 are surrogates."""


def recognises(environ: Mapping[str, Any]) -> bool:
    """Whether a request is for OSS: signed as OSS has it, or sent to a host of OSS."""
    if environ.get("HTTP_AUTHORIZATION", "").startswith(_SIGNED):
        return True
    query = environ.get("QUERY_STRING", "")
    return bool(_HOST.fullmatch(_host(environ)) or (query and _SIGNED_QUERY.search(query)))


def target_of(environ: Mapping[str, Any]) -> Target:
    """The bucket and the key that a request names, by its host or its path."""
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "surrogateescape")
    host = _host(environ)
    named = _HOST.fullmatch(host) or _LOCAL_HOST.fullmatch(host)
    if named and named[1]:
        return Target(named[1], path[1:])
    bucket, _, key = path[1:].partition("/")
    return Target(bucket, key)


def location_of(environ: Mapping[str, Any]) -> str | None:
    """The location that the host names, such as ``oss-cn-hangzhou``."""
    named = _HOST.fullmatch(_host(environ))
    return named[2].removesuffix("-internal") if named and "-" in named[2] else None


def routed_path(environ: Mapping[str, Any]) -> str:
    """``/BUCKET/KEY?PART``: the key has no slash, and the part is the parameter that names the operation."""
    target = target_of(environ)
    names = {one.partition("=")[0] for one in environ.get("QUERY_STRING", "").split("&")}
    part = next((f"?{name}" for name in _PARTS if name in names), "")
    levels = [quote(level, safe="", errors="surrogateescape") for level in (target.bucket, target.key)]
    return f"/{'/'.join(filter(None, levels))}{part}"


def _host(environ: Mapping[str, Any]) -> str:
    host: str = environ.get("HTTP_HOST", "")
    return host.partition(":")[0].lower()
