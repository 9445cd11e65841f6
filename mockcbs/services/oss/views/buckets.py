"""Buckets and lists of their objects."""

from typing import Any

from flask import Response, request

from mockcbs.services.oss import account, buckets, listing, objects, uploads
from mockcbs.services.oss.errors import argument
from mockcbs.services.oss.signature import signature_of
from mockcbs.services.oss.target import location_of
from mockcbs.services.oss.views import parameters
from mockcbs.services.oss.views.base import blp, empty, encoder, number, owner, when, xml_body, xml_response
from mockcbs.web import context

_MAX_KEYS = 1000
_LOCATION = {"type": "string", "xml": {"name": "LocationConstraint"}}


@blp.get("/")
@blp.reads(*parameters.BUCKETS)
@blp.answers("ListAllMyBucketsResult")
def list_buckets() -> Response:
    """列举存储空间 (ListBuckets): the buckets of the caller."""
    prefix, marker = request.args.get("prefix", ""), request.args.get("marker", "")
    limit = number("max-keys", 100, 1, _MAX_KEYS)
    if account.is_anonymous():
        raise buckets.denied("", "the call is not signed")
    mine = [
        bucket
        for bucket in buckets.all_of_caller()
        if bucket["name"].startswith(prefix) and bucket["name"] > marker
    ]
    shown, rest = mine[:limit], mine[limit:]
    page: dict[str, Any] = {"Prefix": prefix, "Marker": marker, "MaxKeys": limit, "IsTruncated": bool(rest)}
    if rest:
        page["NextMarker"] = shown[-1]["name"]
    content = {"Owner": owner(), "Buckets": {"Bucket": [_summary(bucket) for bucket in shown]}}
    return xml_response("ListAllMyBucketsResult", page | content)


@blp.put("/<bucket>")
@blp.reads(parameters.BUCKET_ACL)
@blp.answers()
def put_bucket(bucket: str) -> Response:
    """创建存储空间 (PutBucket): create a bucket, or update the caller's existing one."""
    storage_class = "Standard"
    if request.content_length:
        storage_class = xml_body("CreateBucketConfiguration").findtext("StorageClass", storage_class)
    if storage_class not in objects.STORAGE_CLASSES:
        raise argument("StorageClass", storage_class, ", ".join(objects.STORAGE_CLASSES))
    buckets.create(bucket, request.headers.get("x-oss-acl"), storage_class, _location())
    return empty(headers={"Location": f"/{bucket}"})


@blp.delete("/<bucket>")
@blp.answers(status=204)
def delete_bucket(bucket: str) -> Response:
    """删除存储空间 (DeleteBucket): delete a bucket without objects."""
    buckets.delete(bucket)
    return empty(204)


@blp.get("/<bucket>?location")
@blp.alt_response(200, schema=_LOCATION, content_type="application/xml")
def get_bucket_location(bucket: str) -> Response:
    """查看存储空间位置 (GetBucketLocation): the location of a bucket."""
    return xml_response("LocationConstraint", buckets.for_owner(bucket)["location"])


@blp.get("/<bucket>?bucketInfo")
@blp.answers("BucketInfo")
def get_bucket_info(bucket: str) -> Response:
    """查看存储空间信息 (GetBucketInfo): all properties of a bucket."""
    held = buckets.for_owner(bucket)
    about = {
        **_summary(held),
        "TransferAcceleration": "Disabled",
        "CrossRegionReplication": "Disabled",
        "DataRedundancyType": "LRS",
        "AccessMonitor": "Disabled",
        "BlockPublicAccess": False,
        "Owner": owner(),
        "AccessControlList": {"Grant": held["acl"]},
        "ServerSideEncryptionRule": {"SSEAlgorithm": "None"},
        "BucketPolicy": {"LogBucket": "", "LogPrefix": ""},
    }
    return xml_response("BucketInfo", {"Bucket": about})


@blp.get("/<bucket>?stat")
@blp.answers("BucketStat")
def get_bucket_stat(bucket: str) -> Response:
    """查看存储空间用量 (GetBucketStat): the size of a bucket."""
    buckets.for_owner(bucket)
    held = context.mock().documents.select(buckets.objects_kind(bucket), account.scope())
    size = sum(one["size"] for one in held)
    return xml_response(
        "BucketStat",
        {
            "Storage": size,
            "ObjectCount": len(held),
            "MultipartUploadCount": len(uploads.all_of(bucket, "")),
            "LiveChannelCount": 0,
            "LastModifiedTime": context.now() // 1000,
            "StandardStorage": size,
            "StandardObjectCount": len(held),
            "InfrequentAccessStorage": 0,
            "InfrequentAccessRealStorage": 0,
            "InfrequentAccessObjectCount": 0,
            "ArchiveStorage": 0,
            "ArchiveRealStorage": 0,
            "ArchiveObjectCount": 0,
            "ColdArchiveStorage": 0,
            "ColdArchiveRealStorage": 0,
            "ColdArchiveObjectCount": 0,
        },
    )


@blp.get("/<bucket>?acl")
@blp.answers("AccessControlPolicy")
def get_bucket_acl(bucket: str) -> Response:
    """查看存储空间读写权限 (GetBucketAcl): the permissions of a bucket."""
    held = buckets.for_owner(bucket)
    content = {"Owner": owner(), "AccessControlList": {"Grant": held["acl"]}}
    return xml_response("AccessControlPolicy", content)


@blp.put("/<bucket>?acl")
@blp.reads(parameters.BUCKET_ACL)
@blp.answers()
def put_bucket_acl(bucket: str) -> Response:
    """设置存储空间读写权限 (PutBucketAcl): change the permissions of a bucket."""
    held = buckets.for_owner(bucket)
    buckets.keep(held | {"acl": buckets.checked_acl(request.headers.get("x-oss-acl", ""), buckets.ACLS)})
    return empty()


@blp.get("/<bucket>")
@blp.reads(*parameters.OBJECTS)
@blp.answers("ListBucketResult")
def list_objects(bucket: str) -> Response:
    """列举文件 (ListObjects, ListObjectsV2): the objects of a bucket."""
    buckets.for_objects(bucket, write=False)
    version = request.args.get("list-type", "1")
    if version not in {"1", "2"}:
        raise argument("list-type", version, "2")
    return _list_v2(bucket) if version == "2" else _list_v1(bucket)


def _list_v1(bucket: str) -> Response:
    encoded, query = encoder(), _query("marker")
    page = listing.page(buckets.objects_kind(bucket), query)
    content = {
        "Name": bucket,
        "Prefix": encoded(query.prefix),
        "Marker": encoded(query.marker),
        "MaxKeys": query.limit,
        "Delimiter": encoded(query.delimiter),
        "EncodingType": request.args.get("encoding-type") or None,
        "IsTruncated": page.next_marker is not None,
        "NextMarker": None if page.next_marker is None else encoded(page.next_marker),
    }
    return xml_response("ListBucketResult", content | _entries(page, owned=True))


def _list_v2(bucket: str) -> Response:
    encoded = encoder()
    token, start = request.args.get("continuation-token", ""), request.args.get("start-after", "")
    query = _query("continuation-token" if token else "start-after")
    page = listing.page(buckets.objects_kind(bucket), query)
    content = {
        "Name": bucket,
        "Prefix": encoded(query.prefix),
        "StartAfter": encoded(start) if start else None,
        "MaxKeys": query.limit,
        "Delimiter": encoded(query.delimiter),
        "EncodingType": request.args.get("encoding-type") or None,
        "ContinuationToken": encoded(token) if token else None,
        "NextContinuationToken": None if page.next_marker is None else encoded(page.next_marker),
        "IsTruncated": page.next_marker is not None,
        "KeyCount": len(page.documents) + len(page.prefixes),
    }
    owned = request.args.get("fetch-owner", "") == "true"
    return xml_response("ListBucketResult", content | _entries(page, owned=owned))


def _query(marker: str) -> listing.Query:
    asked = request.args
    limit = number("max-keys", 100, 0, _MAX_KEYS)
    return listing.Query(asked.get("prefix", ""), asked.get("delimiter", ""), asked.get(marker, ""), limit)


def _entries(page: listing.Page, *, owned: bool) -> dict[str, Any]:
    encoded = encoder()
    rows = [objects.of_document(one) for one in page.documents]
    return {
        "Contents": [
            {
                "Key": encoded(one.key),
                "LastModified": when(one.modified),
                "ETag": one.etag,
                "Type": one.kind,
                "Size": one.content.size,
                "StorageClass": one.storage_class,
                "Owner": owner() if owned else None,
            }
            for one in rows
        ],
        "CommonPrefixes": [{"Prefix": encoded(prefix)} for prefix in page.prefixes],
    }


def _summary(bucket: buckets.Bucket) -> dict[str, Any]:
    location = bucket["location"]
    return {
        "Name": bucket["name"],
        "Location": location,
        "CreationDate": when(bucket["created"]),
        "ExtranetEndpoint": f"{location}.aliyuncs.com",
        "IntranetEndpoint": f"{location}-internal.aliyuncs.com",
        "StorageClass": bucket["storage_class"],
        "Region": location.removeprefix("oss-"),
    }


def _location() -> str | None:
    """The location of a new bucket: that of the host, else the region of the signature."""
    signature = signature_of(request.environ)
    region = signature.scope[1] if signature and signature.scope else None
    return location_of(request.environ) or (f"oss-{region}" if region else None)
