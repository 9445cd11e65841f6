"""The target of a request: the list of buckets, a bucket or an object, and the part of it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

_SIGNED = ("OSS ", "OSS2 ", "OSS4-HMAC-SHA256 ")
_SIGNED_QUERY = re.compile(r"(?:^|&)(?:OSSAccessKeyId|x-oss-credential|x-oss-signature-version)=")
_HOST = re.compile(r"(?:([^.]+)\.)?(oss(?:-[a-z0-9-]+)?)\.[^.].*")
"""A host of OSS, such as ``photos.oss-cn-hangzhou.aliyuncs.com``: bucket and location."""
_LOCAL_HOST = re.compile(r"([^.]+)\.(?:localhost|\d+\.\d+\.\d+\.\d+\.(?:nip|sslip)\.io)")
"""A host that names a bucket; it counts if the request is for OSS."""

_OF_BUCKETS = ("uploads", "acl", "location", "bucketInfo", "stat", "delete")
_OF_OBJECTS = ("uploads", "uploadId", "append", "objectMeta", "acl")
_NOT_EMULATED = tuple(
    "asyncFetch bucketArchiveDirectRead comp cors encryption inventory lifecycle live logging metaQuery "
    "policy publicAccessBlock qos qosInfo referer regions replication requestPayment resourceGroup restore "
    "seal style symlink tagging transferAcceleration versioning versions vod website worm "
    "x-oss-async-process".split()
)
_FORM = "form"
"""The pseudo-parameter of PostObject, an upload by an HTML form, which is not emulated."""
_PARTS = tuple(dict.fromkeys((*_OF_OBJECTS, *_OF_BUCKETS, *_NOT_EMULATED)))
"""Parameters that select another operation."""


class Target(NamedTuple):
    """A bucket and a key; the key, or both, may be missing."""

    bucket: str = ""
    key: str = ""
    """The key as text; bytes that are not UTF-8 become surrogates."""


def recognises(environ: Mapping[str, Any]) -> bool:
    """Whether a request is for OSS: it has a signature of OSS, or a host of OSS."""
    if environ.get("HTTP_AUTHORIZATION", "").startswith(_SIGNED):
        return True
    query = environ.get("QUERY_STRING", "")
    return bool(_HOST.fullmatch(_host(environ)) or (query and _SIGNED_QUERY.search(query)))


def target_of(environ: Mapping[str, Any]) -> Target:
    """The bucket and the key in the host or the path of a request."""
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "surrogateescape")
    host = _host(environ)
    named = _HOST.fullmatch(host) or _LOCAL_HOST.fullmatch(host)
    if named and named[1]:
        return Target(named[1], path[1:])
    bucket, _, key = path[1:].partition("/")
    return Target(bucket, key)


def location_of(environ: Mapping[str, Any]) -> str | None:
    """The location in the host, such as ``oss-cn-hangzhou``."""
    named = _HOST.fullmatch(_host(environ))
    return named[2].removesuffix("-internal") if named and "-" in named[2] else None


def routed_path(environ: Mapping[str, Any]) -> str:
    """The path ``/BUCKET/KEY?PART``; PART is the parameter that selects the operation.

    The key has no slash. A part that is not emulated is an additional path segment, so no route matches.
    """
    target = target_of(environ)
    names = {one.partition("=")[0] for one in environ.get("QUERY_STRING", "").split("&")}
    named = [level for level in (target.bucket, target.key) if level]
    levels = [quote(level, safe="", errors="surrogateescape") for level in named]
    path = f"/{'/'.join(levels)}"
    part = next((name for name in _PARTS if name in names), None)
    if part is None and environ.get("REQUEST_METHOD") == "POST" and not target.key:
        part = _FORM
    if part is None:
        return path
    emulated = _OF_OBJECTS if target.key else _OF_BUCKETS if target.bucket else ()
    return f"{path}?{part}" if part in emulated else f"/{target.bucket or '-'}/-/?{part}"


def not_emulated(method: str, path: str) -> str | None:
    """The operation of a routed *path*, if OSS has it and mockcbs does not emulate it; else `None`."""
    part = path.rpartition("/-/?")[2]
    if part == _FORM:
        return "PostObject, an upload by an HTML form"
    return f"{method} with the parameter {part}" if part in _NOT_EMULATED else None


def _host(environ: Mapping[str, Any]) -> str:
    host: str = environ.get("HTTP_HOST", "")
    return host.partition(":")[0].lower()
