"""Multipart uploads."""

import hashlib
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from flask import Request

from mockcbs.backend.documents import Condition
from mockcbs.services.oss import account, contents, objects
from mockcbs.services.oss.contents import Content
from mockcbs.services.oss.errors import argument, error
from mockcbs.services.oss.objects import Object
from mockcbs.web import context

_KIND = "oss.upload"
MAX_PART = 10_000
MIN_SIZE = 100 * 1024
"""The minimum size in bytes of every part except the last."""


def start(request: Request, bucket: str, key: str) -> str:
    """Start an upload and return its id."""
    objects.check_key(key)
    objects.check_overwrite(request, bucket, key)
    upload_id = hashlib.sha256(f"upload/{context.request_id()}".encode()).hexdigest()[:32].upper()
    made = {
        "id": upload_id,
        "bucket": bucket,
        "key": key,
        "initiated": context.now(),
        **objects.described(request),
    }
    context.mock().documents.put(_KIND, account.scope(), upload_id, made)
    return upload_id


def found(bucket: str, key: str, upload_id: str) -> dict[str, Any]:
    """The upload; raises NoSuchUpload."""
    held = context.mock().documents.get(_KIND, account.scope(), upload_id)
    if held is None or (held["bucket"], held["key"]) != (bucket, key):
        raise error(
            "NoSuchUpload",
            f"no upload {upload_id!r} of {key!r} is open in bucket {bucket}",
            UploadId=upload_id,
        )
    return held


def all_of(bucket: str, prefix: str) -> list[dict[str, Any]]:
    """The open uploads of a bucket, by key."""
    where: list[Condition] = [("bucket", "=", bucket)]
    held = context.mock().documents.select(_KIND, account.scope(), where=where, sort=("key", "id"))
    return [upload for upload in held if upload["key"].startswith(prefix)]


def part_number(text: str) -> int:
    """The number of a part, checked; raises InvalidArgument."""
    if not text.isdecimal() or len(text) > 5 or not 1 <= int(text) <= MAX_PART:
        raise argument("partNumber", text, f"1 to {MAX_PART}")
    return int(text)


def keep_part(upload: dict[str, Any], number: int, content: Content) -> None:
    """Store a part, which replaces the one with the same number; its content must count as used.

    Raises NoSuchUpload.
    """
    documents, kind = context.mock().documents, _parts_kind(upload["id"])
    key = f"{number:05}"
    with contents.kept_if_accepted(content):
        found(upload["bucket"], upload["key"], upload["id"])
        before = documents.get(kind, account.scope(), key)
        made = {"number": number, "modified": context.now(), **content.as_document()}
        documents.put(kind, account.scope(), key, made)
        if before:
            contents.release(contents.of_document(before))


def parts(upload_id: str, after: int = 0, limit: int | None = None) -> list[dict[str, Any]]:
    """The parts after number *after*, in order."""
    where: list[Condition] = [("number", ">", after)]
    return context.mock().documents.select(
        _parts_kind(upload_id), account.scope(), where=where, sort=("number",), limit=limit
    )


def complete(upload: dict[str, Any], wanted: list[tuple[int, str]] | None) -> Object:
    """Create the object from the *wanted* parts (numbers and entity tags) or from all; end the upload."""
    documents = context.mock().documents
    with documents.transaction():
        found(upload["bucket"], upload["key"], upload["id"])
        held = {part["number"]: part for part in parts(upload["id"])}
        chosen = (
            [held[number] for number in sorted(held)] if wanted is None else _chosen(held, wanted, upload)
        )
        if not chosen:
            raise error("InvalidPart", "an upload is completed with at least one part", UploadId=upload["id"])
        _check_sizes(chosen)
        content = contents.joined([contents.of_document(part) for part in chosen])
        contents.retain(content)
        abort(upload)
        made = Object(upload["bucket"], upload["key"], content, "Multipart", context.now())
        described = {name: upload[name] for name in ("headers", "acl", "storage_class")}
        return objects.put(replace(made, **described))


def abort(upload: dict[str, Any]) -> None:
    """End an upload and delete its parts."""
    documents, scope = context.mock().documents, account.scope()
    with documents.transaction():
        for part in parts(upload["id"]):
            contents.release(contents.of_document(part))
            documents.delete(_parts_kind(upload["id"]), scope, f"{part['number']:05}")
        documents.delete(_KIND, scope, upload["id"])


def wanted_parts(body: Element) -> list[tuple[int, str]]:
    """The part numbers and entity tags in a CompleteMultipartUpload; the numbers must ascend."""
    wanted = [
        (part_number(part.findtext("PartNumber", "").strip()), part.findtext("ETag", "").strip().strip('"'))
        for part in body.findall("Part")
    ]
    numbers = [number for number, _ in wanted]
    if numbers != sorted(set(numbers)):
        raise error("InvalidPartOrder", f"the parts are {numbers[:20]}; they must ascend")
    return wanted


def _chosen(
    held: dict[int, dict[str, Any]], wanted: list[tuple[int, str]], upload: dict[str, Any]
) -> list[dict[str, Any]]:
    for number, etag in wanted:
        if number not in held or held[number]["md5"] != etag.upper():
            known = (
                f"its entity tag is {held[number]['md5']}" if number in held else "the part was not uploaded"
            )
            raise error(
                "InvalidPart",
                f"part {number}: {known}",
                UploadId=upload["id"],
                PartNumber=number,
                PartEtag=etag,
            )
    return [held[number] for number, _ in wanted]


def _check_sizes(chosen: list[dict[str, Any]]) -> None:
    for part in chosen[:-1]:
        if part["size"] < MIN_SIZE:
            raise error(
                "EntityTooSmall",
                f"part {part['number']} has {part['size']} bytes; all but the last have at least {MIN_SIZE}",
                ProposedSize=part["size"],
                MinSizeAllowed=MIN_SIZE,
                PartNumber=part["number"],
            )


def _parts_kind(upload_id: str) -> str:
    return f"oss.part.{upload_id}"
