"""The routes of objects."""

import base64
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from urllib.parse import unquote_to_bytes

from flask import Response, request

from mockcbs.services.oss import account, buckets, contents, objects, reading
from mockcbs.services.oss.errors import argument, error
from mockcbs.services.oss.objects import Object
from mockcbs.services.oss.views import parameters
from mockcbs.services.oss.views.base import blp, empty, encoder, number, owner, when, xml_body, xml_response
from mockcbs.web import context
from mockcbs.web.bodies import MAX_IN_MEMORY
from mockcbs.web.json import PacedStream

_MAX_DELETED = 1000
_WRITES = (parameters.COPY_SOURCE, parameters.OBJECT_ACL, parameters.FORBID_OVERWRITE)
_MAX_TRIES = 10
_MAX_POSITION = 5 * 2**30
_OVERRIDES = (
    "Content-Type",
    "Content-Language",
    "Expires",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
)


@blp.put("/<bucket>/<key>")
@blp.reads(*_WRITES, body="application/octet-stream")
@blp.answers("CopyObjectResult")
@blp.answers(status=304)
def put_object(bucket: str, key: str) -> Response:
    """上传文件 (PutObject): upload an object, or copy one (CopyObject) if x-oss-copy-source is given."""
    if "x-oss-copy-source" in request.headers:
        return _copy(bucket, key)
    _prepare(bucket, key)
    described = objects.described(request)
    content = contents.received(request)
    with contents.kept_if_accepted(content):
        objects.check_overwrite(request, bucket, key)
        made = objects.put(Object(bucket, key, content, modified=context.now(), **described))
    return empty(headers=_digests(made))


@blp.route("/<bucket>/<key>", methods=["HEAD"])
@blp.reads(parameters.RANGE, *parameters.CONDITIONS)
@blp.answers()
@blp.answers(status=206)
@blp.answers(status=304)
def head_object(bucket: str, key: str) -> Response:
    """获取文件元信息 (HeadObject): the headers of an object."""
    one = _readable(bucket, key)
    if reading.is_unchanged(one, request.headers):
        return _not_modified(one)
    return _content(one)


@blp.get("/<bucket>/<key>")
@blp.reads(parameters.RANGE, *parameters.CONDITIONS)
@blp.answers(content_type="*/*")
@blp.answers(status=206, content_type="*/*")
@blp.answers(status=304)
def get_object(bucket: str, key: str) -> Response:
    """下载文件 (GetObject): an object, or a range of it, subject to conditions."""
    for _ in range(_MAX_TRIES):
        one = _readable(bucket, key)
        if reading.is_unchanged(one, request.headers):
            return _not_modified(one)
        with contextlib.suppress(FileNotFoundError):  # another worker has just replaced the object
            return _content(one)
    raise error("OperationConflict", f"the object was replaced {_MAX_TRIES} times while it was read")


@blp.route("/<bucket>/<key>?objectMeta", methods=["HEAD"])
@blp.answers()
def head_object_meta(bucket: str, key: str) -> Response:
    """获取部分文件元信息 (GetObjectMeta): size, entity tag and date of an object."""
    return _meta(bucket, key)


@blp.get("/<bucket>/<key>?objectMeta")
@blp.answers()
def get_object_meta(bucket: str, key: str) -> Response:
    """获取部分文件元信息 (GetObjectMeta): size, entity tag and date of an object."""
    return _meta(bucket, key)


@blp.delete("/<bucket>/<key>")
@blp.answers(status=204)
def delete_object(bucket: str, key: str) -> Response:
    """删除文件 (DeleteObject): delete an object; a missing one is not an error."""
    objects.check_key(key)
    buckets.for_objects(bucket, write=True)
    objects.delete(bucket, key)
    return empty(204)


@blp.post("/<bucket>?delete")
@blp.reads(parameters.ENCODING, root="Delete")
@blp.answers("DeleteResult")
def delete_objects(bucket: str) -> Response:
    """删除多个文件 (DeleteMultipleObjects): delete up to 1,000 objects."""
    buckets.for_objects(bucket, write=True)
    body, encoded = xml_body("Delete"), encoder()
    keys = [one.findtext("Key", "") for one in body.findall("Object")]
    if not 1 <= len(keys) <= _MAX_DELETED:
        raise error("MalformedXML", f"{len(keys)} objects; accepted are 1 to {_MAX_DELETED}")
    for key in keys:
        objects.check_key(key)
    for key in keys:
        objects.delete(bucket, key)
    if body.findtext("Quiet", "").strip().lower() == "true":
        return empty()
    encoding = request.args.get("encoding-type") or None
    deleted = [{"Key": encoded(key)} for key in keys]
    return xml_response("DeleteResult", {"EncodingType": encoding, "Deleted": deleted})


@blp.post("/<bucket>/<key>?append")
@blp.reads(parameters.POSITION, body="application/octet-stream")
@blp.answers()
def append_object(bucket: str, key: str) -> Response:
    """追加上传 (AppendObject): append to an appendable object."""
    position = number("position", -1, 0, _MAX_POSITION)
    if position < 0:
        raise error("MissingArgument", "position is missing: the size that the object has now")
    _prepare(bucket, key)
    described = objects.described(request)
    _check_position(objects.held(bucket, key), position)
    content = contents.received(request)
    with contents.kept_if_accepted(content):
        objects.check_overwrite(request, bucket, key)
        before = objects.held(bucket, key)
        _check_position(before, position)
        if before:
            contents.retain(before.content)
            content = contents.appended(before.content, content)
            made = replace(before, content=content, modified=context.now())
        else:
            made = Object(bucket, key, content, "Appendable", context.now(), **described)
        objects.put(made)
    return empty(headers=_digests(made) | {"x-oss-next-append-position": str(content.size)})


@blp.get("/<bucket>/<key>?acl")
@blp.answers("AccessControlPolicy")
def get_object_acl(bucket: str, key: str) -> Response:
    """查看文件读写权限 (GetObjectAcl): the permissions of an object."""
    buckets.for_owner(bucket)
    one = objects.found(bucket, key)
    return xml_response("AccessControlPolicy", {"Owner": owner(), "AccessControlList": {"Grant": one.acl}})


@blp.put("/<bucket>/<key>?acl")
@blp.reads(parameters.OBJECT_ACL)
@blp.answers()
def put_object_acl(bucket: str, key: str) -> Response:
    """设置文件读写权限 (PutObjectAcl): change the permissions of an object."""
    buckets.for_owner(bucket)
    acl = buckets.checked_acl(request.headers.get("x-oss-object-acl", ""), objects.ACLS)
    with context.mock().documents.transaction():
        one = objects.found(bucket, key)
        contents.retain(one.content)
        objects.put(replace(one, acl=acl))
    return empty()


def source_of(header: str) -> Object:
    """The source object of a copy; raises NoSuchKey and NoSuchBucket."""
    named = unquote_to_bytes(header.partition("?")[0].encode("latin-1"))
    bucket, _, key = named.decode("utf-8", "surrogateescape").lstrip("/").partition("/")
    if not key:
        raise argument("x-oss-copy-source", header, "/BUCKET/KEY, percent-encoded")
    return objects.found(bucket, key)


def _copy(bucket: str, key: str) -> Response:
    _prepare(bucket, key)
    source = source_of(request.headers["x-oss-copy-source"])
    if reading.check_copy(source, request.headers):
        return _not_modified(source)
    directive = request.headers.get("x-oss-metadata-directive", "COPY").upper()
    if directive not in {"COPY", "REPLACE"}:
        raise argument("x-oss-metadata-directive", directive, "COPY, REPLACE")
    described = objects.described(request)
    if directive == "COPY":
        described["headers"] = source.headers
    with context.mock().documents.transaction():
        source = source_of(request.headers["x-oss-copy-source"])  # it may have been replaced
        objects.check_overwrite(request, bucket, key)
        contents.retain(source.content)
        kind = "Normal" if source.kind == "Appendable" else source.kind
        made = objects.put(Object(bucket, key, source.content, kind, context.now(), **described))
    response = xml_response("CopyObjectResult", {"LastModified": when(made.modified), "ETag": made.etag})
    response.headers["ETag"] = made.etag
    response.headers["x-oss-hash-crc64ecma"] = str(made.content.crc64)
    return response


def _prepare(bucket: str, key: str) -> None:
    """The checks of every call that makes an object."""
    objects.check_key(key)
    objects.refuse_callback(request)
    buckets.for_objects(bucket, write=True)
    objects.check_overwrite(request, bucket, key)


def _readable(bucket: str, key: str) -> Object:
    objects.refuse_callback(request)
    if not account.is_anonymous():
        buckets.existing(bucket)
    return objects.found(bucket, key)


def _check_position(before: Object | None, position: int) -> None:
    if before and before.kind != "Appendable":
        raise error("ObjectNotAppendable", f"the object is of type {before.kind}")
    size = before.content.size if before else 0
    if position != size:
        problem = error("PositionNotEqualToLength", f"position is {position}; the object has {size} bytes")
        problem.headers = {"x-oss-next-append-position": str(size)}
        raise problem


def _meta(bucket: str, key: str) -> Response:
    one = _readable(bucket, key)
    headers = {name: value for name, value in _headers(one).items() if name != "Content-Type"}
    return empty(headers=headers | {"Content-Length": str(one.content.size)} if _is_head() else headers)


def _content(one: Object) -> Response:
    """The response with the bytes of *one*, or with the requested range."""
    size = one.content.size
    standard = request.headers.get("x-oss-range-behavior", "").lower() == "standard"
    wanted = reading.range_of(request.headers.get("Range"), size, standard=standard)
    start, stop = (wanted.start, wanted.stop) if wanted else (0, size)
    headers = _headers(one) | _overrides() | {"Content-Length": str(stop - start)}
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    context.current().response_note = f"bytes {start} to {stop} of {one.content.note}"
    status = 206 if wanted else 200
    if _is_head():
        return Response(None, status, headers)
    pieces = contents.pieces(one.content, start, stop)
    if stop - start <= MAX_IN_MEMORY:
        return Response(b"".join(pieces), status, headers)
    return Response(PacedStream(pieces, length=stop - start), status, headers, direct_passthrough=True)


def _is_head() -> bool:
    return request.method == "HEAD"


def _overrides() -> dict[str, str]:
    """The response headers that a signed request sets itself."""
    names = ((name, f"response-{name.lower()}") for name in _OVERRIDES)
    chosen = {name: request.args[parameter] for name, parameter in names if request.args.get(parameter)}
    if chosen and account.is_anonymous():
        raise error("InvalidArgument", f"only signed calls may set {', '.join(chosen)}")
    for name, value in chosen.items():
        if not value.isprintable():
            raise argument(f"response-{name.lower()}", value, "printable characters")
    return {name: value.encode().decode("latin-1") for name, value in chosen.items()}


def _not_modified(one: Object) -> Response:
    headers = {"ETag": one.etag, "Last-Modified": _date(one)}
    return empty(304, headers)


def _headers(one: Object) -> dict[str, str]:
    headers: Mapping[str, str] = one.headers
    made = {
        **headers,
        "Accept-Ranges": "bytes",
        "ETag": one.etag,
        "Last-Modified": _date(one),
        "x-oss-object-type": one.kind,
        "x-oss-hash-crc64ecma": str(one.content.crc64),
        "x-oss-storage-class": one.storage_class,
    }
    if one.kind == "Normal":
        made["Content-MD5"] = _md5(one)
    if one.kind == "Appendable":
        made["x-oss-next-append-position"] = str(one.content.size)
    return made


def _digests(one: Object) -> dict[str, str]:
    """The response headers of an upload with its digests."""
    found = {"ETag": one.etag, "x-oss-hash-crc64ecma": str(one.content.crc64)}
    return found | {"Content-MD5": _md5(one)} if one.kind == "Normal" else found


def _md5(one: Object) -> str:
    return base64.b64encode(bytes.fromhex(one.content.md5)).decode()


def _date(one: Object) -> str:
    return formatdate(one.modified // 1000, usegmt=True)
