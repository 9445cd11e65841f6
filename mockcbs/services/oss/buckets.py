"""Buckets and their permissions."""

import re
from typing import Any

from flask import request

from mockcbs.services.oss import account
from mockcbs.services.oss.errors import argument, error
from mockcbs.services.oss.target import location_of
from mockcbs.web import context

KIND = "oss.bucket"
SCOPES = "oss.scopes"
"""The pseudo-scope with the list of scopes that have buckets."""
DEFAULT_LOCATION = "oss-cn-hangzhou"
ACLS = ("private", "public-read", "public-read-write")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_FAILING = {
    "mockcbs-denied": ("AccessDenied", "You do not have read permission on this bucket."),
    "mockcbs-missing": ("NoSuchBucket", None),
    "mockcbs-busy": ("ServiceUnavailable", None),
    "mockcbs-broken": ("InternalError", None),
}
"""Buckets for which every call fails."""

Bucket = dict[str, Any]
"""The stored members: name, created (ms UTC), acl, location, storage_class, and deleted if it was."""


def check_name(name: str) -> None:
    """Refuse an invalid name, and the buckets that always fail."""
    if not _NAME.fullmatch(name):
        raise error("InvalidBucketName", f"{name!r} is not 3 to 63 of a-z, 0-9 and -", BucketName=name)
    if failing := _FAILING.get(name):
        code, message = failing
        raise error(code, f"bucket {name} always fails with this error", message=message, BucketName=name)


def existing(name: str) -> Bucket:
    """The bucket; raises NoSuchBucket. Unless strict, every bucket exists until it is deleted."""
    check_name(name)
    held = _held(name)
    if held is None and not context.mock().settings.strict:
        return _new(name)
    if held is None or held.get("deleted"):
        reason = f"bucket {name} was deleted" if held else f"bucket {name} was not created here (--strict)"
        raise error("NoSuchBucket", reason, BucketName=name)
    return held


def for_owner(name: str) -> Bucket:
    """The bucket, for a call that needs a signature."""
    bucket = existing(name)
    if account.is_anonymous():
        raise denied(name, "the call is not signed")
    return bucket


def for_objects(name: str, *, write: bool, acl: str = "default") -> Bucket:
    """The bucket, for a call on its objects, or on an object with this *acl*."""
    bucket = existing(name)
    allowed = bucket["acl"] if acl == "default" else acl
    if account.is_anonymous() and allowed not in (ACLS[2:] if write else ACLS[1:]):
        raise denied(name, f"the call is not signed, and the ACL is {allowed}")
    if write and _held(name) is None:
        keep(bucket)
    return bucket


def keep(bucket: Bucket) -> None:
    """Store a new or changed bucket."""
    documents, scope = context.mock().documents, account.scope()
    with documents.transaction():
        documents.put(KIND, scope, bucket["name"], bucket)
        documents.put(SCOPES, "", scope, {"scope": scope})


def create(name: str, acl: str | None, storage_class: str, location: str | None) -> Bucket:
    """Create a bucket, or change the ACL of the caller's existing one."""
    check_name(name)
    if account.is_anonymous():
        raise denied(name, "the call is not signed")
    if name == "mockcbs-taken":
        raise error("BucketAlreadyExists", f"bucket {name} always belongs to somebody else", BucketName=name)
    held = _held(name)
    if held is None or held.get("deleted"):
        held = _new(name) | {"storage_class": storage_class}
        if location:
            held["location"] = location
    bucket = held | ({"acl": checked_acl(acl, ACLS)} if acl else {})
    keep(bucket)
    return bucket


def delete(name: str) -> None:
    """Delete a bucket, which must be empty."""
    bucket = for_owner(name)
    if context.mock().documents.count(objects_kind(name), account.scope()):
        raise error("BucketNotEmpty", f"bucket {name} has objects", BucketName=name)
    keep(bucket | {"deleted": True})


def all_of_caller() -> list[Bucket]:
    """The buckets of the caller, by name."""
    found = context.mock().documents.select(KIND, account.scope(), sort=("name",))
    return [bucket for bucket in found if not bucket.get("deleted")]


def objects_kind(name: str) -> str:
    """The kind of documents that store the objects of a bucket."""
    return f"oss.object.{name}"


def checked_acl(acl: str, accepted: tuple[str, ...]) -> str:
    """*acl*, checked; raises InvalidArgument if it is not one of the *accepted* values."""
    if acl not in accepted:
        raise argument("x-oss-acl", acl, ", ".join(accepted))
    return acl


def _held(name: str) -> Bucket | None:
    return context.mock().documents.get(KIND, account.scope(), name)


def _new(name: str) -> Bucket:
    return {
        "name": name,
        "created": context.now(),
        "acl": "private",
        "location": location_of(request.environ) or DEFAULT_LOCATION,
        "storage_class": "Standard",
    }


def denied(name: str, reason: str) -> Exception:
    """The error AccessDenied for a bucket; without a name, for the list of buckets."""
    return error("AccessDenied", reason, BucketName=name)
