"""Multipart uploads."""

from typing import Any

from flask import Response, request

from mockcbs.services.oss import buckets, contents, objects, reading, uploads
from mockcbs.services.oss.contents import Content
from mockcbs.services.oss.errors import argument, error
from mockcbs.services.oss.objects import Object
from mockcbs.services.oss.views import parameters
from mockcbs.services.oss.views.base import blp, empty, encoder, number, owner, when, xml_body, xml_response
from mockcbs.services.oss.views.objects import source_of
from mockcbs.web import context

_MAX_PAGE = 1000
_PART = (parameters.UPLOAD_ID, parameters.PART_NUMBER, parameters.COPY_SOURCE)


@blp.post("/<bucket>/<key>?uploads")
@blp.reads(parameters.ENCODING)
@blp.answers("InitiateMultipartUploadResult")
def initiate_multipart_upload(bucket: str, key: str) -> Response:
    """初始化分片上传 (InitiateMultipartUpload): start a multipart upload."""
    objects.refuse_callback(request)
    buckets.for_objects(bucket, write=True)
    upload_id = uploads.start(request, bucket, key)
    encoding = request.args.get("encoding-type") or None
    content = {"EncodingType": encoding, "Bucket": bucket, "Key": encoder()(key), "UploadId": upload_id}
    return xml_response("InitiateMultipartUploadResult", content)


@blp.put("/<bucket>/<key>?uploadId")
@blp.reads(*_PART, body="application/octet-stream")
@blp.answers("CopyPartResult")
def upload_part(bucket: str, key: str) -> Response:
    """上传分片 (UploadPart): upload a part, or copy it (UploadPartCopy) if x-oss-copy-source is given."""
    buckets.for_objects(bucket, write=True)
    upload = uploads.found(bucket, key, request.args["uploadId"])
    part = uploads.part_number(request.args.get("partNumber", ""))
    if "x-oss-copy-source" in request.headers:
        return _copy_part(upload, part)
    content = contents.received(request)
    uploads.keep_part(upload, part, content)
    headers = {"ETag": f'"{content.md5}"', "x-oss-hash-crc64ecma": str(content.crc64)}
    return empty(headers=headers)


@blp.post("/<bucket>/<key>?uploadId")
@blp.reads(parameters.UPLOAD_ID, parameters.ENCODING, root="CompleteMultipartUpload")
@blp.answers("CompleteMultipartUploadResult")
def complete_multipart_upload(bucket: str, key: str) -> Response:
    """完成分片上传 (CompleteMultipartUpload): make the object from the parts."""
    objects.refuse_callback(request)
    buckets.for_objects(bucket, write=True)
    upload = uploads.found(bucket, key, request.args["uploadId"])
    takes_all = request.headers.get("x-oss-complete-all", "").lower() == "yes"
    wanted = None if takes_all else uploads.wanted_parts(xml_body("CompleteMultipartUpload"))
    with context.mock().documents.transaction():
        objects.check_overwrite(request, bucket, key)
        made = uploads.complete(upload, wanted)
    content = {
        "EncodingType": request.args.get("encoding-type") or None,
        "Location": f"{request.scheme}://{request.host}/{bucket}/{encoder()(key)}",
        "Bucket": bucket,
        "Key": encoder()(key),
        "ETag": made.etag,
    }
    response = xml_response("CompleteMultipartUploadResult", content)
    response.headers["ETag"] = made.etag
    response.headers["x-oss-hash-crc64ecma"] = str(made.content.crc64)
    return response


@blp.delete("/<bucket>/<key>?uploadId")
@blp.reads(parameters.UPLOAD_ID)
@blp.answers(status=204)
def abort_multipart_upload(bucket: str, key: str) -> Response:
    """取消分片上传 (AbortMultipartUpload): end an upload and delete its parts."""
    buckets.for_objects(bucket, write=True)
    uploads.abort(uploads.found(bucket, key, request.args["uploadId"]))
    return empty(204)


@blp.get("/<bucket>/<key>?uploadId")
@blp.reads(*parameters.PARTS)
@blp.answers("ListPartsResult")
def list_parts(bucket: str, key: str) -> Response:
    """列举分片 (ListParts): the parts of an upload."""
    buckets.for_owner(bucket)
    upload = uploads.found(bucket, key, request.args["uploadId"])
    limit = number("max-parts", _MAX_PAGE, 1, _MAX_PAGE)
    after = number("part-number-marker", 0, 0, uploads.MAX_PART)
    held = uploads.parts(upload["id"], after, limit + 1)
    shown = held[:limit]
    content = {
        "EncodingType": request.args.get("encoding-type") or None,
        "Bucket": bucket,
        "Key": encoder()(key),
        "UploadId": upload["id"],
        "StorageClass": upload["storage_class"],
        "PartNumberMarker": after,
        "NextPartNumberMarker": shown[-1]["number"] if shown else after,
        "MaxParts": limit,
        "IsTruncated": len(held) > limit,
        "Part": [
            {
                "PartNumber": part["number"],
                "LastModified": when(part["modified"]),
                "ETag": f'"{part["md5"]}"',
                "HashCrc64ecma": part["crc64"],
                "Size": part["size"],
            }
            for part in shown
        ],
    }
    return xml_response("ListPartsResult", content)


@blp.get("/<bucket>?uploads")
@blp.reads(*parameters.UPLOADS)
@blp.answers("ListMultipartUploadsResult")
def list_multipart_uploads(bucket: str) -> Response:
    """列举分片上传事件 (ListMultipartUploads): the uploads that are neither completed nor aborted."""
    buckets.for_owner(bucket)
    asked, encoded = request.args, encoder()
    limit, prefix = number("max-uploads", _MAX_PAGE, 1, _MAX_PAGE), asked.get("prefix", "")
    if delimiter := asked.get("delimiter"):
        raise argument("delimiter", delimiter, "none: mockcbs does not group lists of uploads")
    marker = asked.get("key-marker", ""), asked.get("upload-id-marker", "")
    held = [one for one in uploads.all_of(bucket, prefix) if _is_behind((one["key"], one["id"]), marker)]
    shown, more = held[:limit], len(held) > limit
    content = {
        "EncodingType": asked.get("encoding-type") or None,
        "Bucket": bucket,
        "KeyMarker": encoded(marker[0]),
        "UploadIdMarker": marker[1],
        "NextKeyMarker": encoded(shown[-1]["key"]) if more else "",
        "NextUploadIdMarker": shown[-1]["id"] if more else "",
        "Delimiter": "",
        "Prefix": encoded(prefix),
        "MaxUploads": limit,
        "IsTruncated": more,
        "Upload": [
            {
                "Key": encoded(one["key"]),
                "UploadId": one["id"],
                "StorageClass": one["storage_class"],
                "Initiated": when(one["initiated"]),
                "Owner": owner(),
            }
            for one in shown
        ],
    }
    return xml_response("ListMultipartUploadsResult", content)


def _is_behind(entry: tuple[str, str], marker: tuple[str, str]) -> bool:
    """Whether an upload comes after a marker; a marker without an id covers all uploads of its key."""
    return entry > marker if marker[1] or not marker[0] else entry[0] > marker[0]


def _copy_part(upload: dict[str, Any], part: int) -> Response:
    source = source_of(request.headers["x-oss-copy-source"])
    if reading.check_copy(source, request.headers):
        raise error("PreconditionFailed", "the source does not meet the conditions")
    content = _copied(source)
    uploads.keep_part(upload, part, content)
    found = {"LastModified": when(context.now()), "ETag": f'"{content.md5}"'}
    response = xml_response("CopyPartResult", found)
    response.headers["ETag"] = f'"{content.md5}"'
    response.headers["x-oss-hash-crc64ecma"] = str(content.crc64)
    return response


def _copied(source: Object) -> Content:
    """The content of *source*, or the range in x-oss-copy-source-range."""
    named = request.headers.get("x-oss-copy-source-range")
    wanted = reading.range_of(named, source.content.size, standard=True)
    if wanted is None and source.kind == "Normal":
        contents.retain(source.content)
        return source.content
    start, stop = (wanted.start, wanted.stop) if wanted else (0, source.content.size)
    return contents.written(contents.pieces(source.content, start, stop))
