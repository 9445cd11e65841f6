"""Operations on objects: put, read, copy, append and delete."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask import Request

from mockcbs.services.oss import account, buckets, contents
from mockcbs.services.oss.contents import Content
from mockcbs.services.oss.errors import OssError, argument, error
from mockcbs.web import context

MAX_KEY = 1023
"""The maximum length of a key in bytes."""
ACLS = ("default", *buckets.ACLS)
STORAGE_CLASSES = ("Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive")
_KEPT = (
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Type",
    "Expires",
)
_META = "x-oss-meta-"
_MAX_META = 8 * 1024
_DEFAULT_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Object:
    """An object, or the properties of one to create."""

    bucket: str
    key: str
    content: Content
    kind: str = "Normal"
    """``Normal``, ``Multipart`` or ``Appendable``."""
    modified: int = 0
    """The time of the last change, ms UTC."""
    headers: dict[str, str] = field(default_factory=dict)
    """The headers that were sent with it and are returned with it, including metadata."""
    acl: str = "default"
    storage_class: str = "Standard"

    @property
    def etag(self) -> str:
        """The entity tag, in quotes."""
        return f'"{self.content.md5}"'

    def as_document(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "bucket": self.bucket,
            "key": self.key,
            **self.content.as_document(),
            "kind": self.kind,
            "modified": self.modified,
            "headers": self.headers,
            "acl": self.acl,
            "storage_class": self.storage_class,
        }


def of_document(held: dict[str, Any]) -> Object:
    """The object that a document describes."""
    names = ("bucket", "key", "kind", "modified", "headers", "acl", "storage_class")
    return Object(content=contents.of_document(held), **{name: held[name] for name in names})


def check_key(key: str) -> None:
    """Refuse an invalid key."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise error("InvalidObjectName", "the key is not UTF-8") from None
    if not 1 <= size <= MAX_KEY or key[0] in "/\\":
        reason = f"a key has 1 to {MAX_KEY} bytes and begins with neither / nor \\; this one has {size} bytes"
        raise error("InvalidObjectName", reason, ObjectName=key[:100])


def found(bucket: str, key: str) -> Object:
    """The object, for reading; raises NoSuchKey, or AccessDenied for an unsigned call."""
    check_key(key)
    held = context.mock().documents.get(buckets.objects_kind(bucket), account.scope(), key)
    buckets.for_objects(bucket, write=False, acl=held["acl"] if held else "default")
    if held is None:
        raise error("NoSuchKey", f"bucket {bucket} has no object {key!r}", Key=key)
    return of_document(held)


def held(bucket: str, key: str) -> Object | None:
    """The object, or `None`."""
    document = context.mock().documents.get(buckets.objects_kind(bucket), account.scope(), key)
    return of_document(document) if document else None


def put(made: Object) -> Object:
    """Store an object, which replaces the one with the same key; its content must count as used."""
    documents = context.mock().documents
    with documents.transaction():
        before = held(made.bucket, made.key)
        documents.put(buckets.objects_kind(made.bucket), account.scope(), made.key, made.as_document())
        if before:
            contents.release(before.content)
    return made


def delete(bucket: str, key: str) -> bool:
    """Delete an object; returns whether it existed."""
    documents = context.mock().documents
    with documents.transaction():
        before = held(bucket, key)
        if before is None:
            return False
        documents.delete(buckets.objects_kind(bucket), account.scope(), key)
        contents.release(before.content)
        return True


def check_overwrite(request: Request, bucket: str, key: str) -> None:
    """Refuse to replace an object if the client forbids it."""
    forbids = request.headers.get("x-oss-forbid-overwrite", "").lower() == "true"
    if forbids and held(bucket, key):
        raise error("FileAlreadyExists", "x-oss-forbid-overwrite is true, and the object exists", Key=key)


def described(request: Request) -> dict[str, Any]:
    """The properties of a new object in the headers of *request*: headers, acl and storage_class."""
    headers = {name: request.headers[name] for name in _KEPT if name in request.headers}
    headers.setdefault("Content-Type", _DEFAULT_TYPE)
    meta = {name.lower(): value for name, value in request.headers if name.lower().startswith(_META)}
    if (size := sum(len(name) + len(value) for name, value in meta.items())) > _MAX_META:
        raise argument(_META + "*", f"{size} bytes", f"{_MAX_META} bytes of metadata")
    storage_class = request.headers.get("x-oss-storage-class", "Standard")
    if storage_class not in STORAGE_CLASSES:
        raise argument("x-oss-storage-class", storage_class, ", ".join(STORAGE_CLASSES))
    acl = buckets.checked_acl(request.headers.get("x-oss-object-acl", "default"), ACLS)
    return {"headers": headers | meta, "acl": acl, "storage_class": storage_class}


def refuse_callback(request: Request) -> None:
    """Refuse parameters that would make OSS call the client's own server."""
    for name in ("x-oss-callback", "callback", "x-oss-process"):
        if name in request.headers or name in request.args:
            raise _not_emulated(name)


def _not_emulated(name: str) -> OssError:
    return error(
        "NotImplemented", f"{name} is not emulated: leave it out", Header=re.sub(r"[^\w-]", "", name)
    )
