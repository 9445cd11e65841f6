"""Responses of OSS and XML bodies of requests, for documents only; views do not use them."""

from typing import Any, ClassVar

from marshmallow import INCLUDE, Schema, fields, validate

from mockcbs.core.fields import Field

_ACLS = ("private", "public-read", "public-read-write", "default")


class Xml(Schema):
    """An element; all members are required except those in `OPTIONAL`."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ()
    ROOT: ClassVar[str] = ""
    """The name of the element, if it differs from the class name."""

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Use OSS's spelling of names: ``MaxKeys`` for ``max_keys``."""
        if field_obj.data_key is None:
            field_obj.data_key = "".join(part[:1].upper() + part[1:] for part in field_name.split("_"))
        field_obj.required = field_name not in self.OPTIONAL


def _time() -> fields.String:
    return fields.String(metadata={"description": "Such as `2026-02-21T08:39:26.000Z`."})


def _etag() -> fields.String:
    return fields.String(data_key="ETag", metadata={"description": "In double quotes."})


class Failure(Xml):
    """An error; some errors have additional members."""

    ROOT = "Error"

    class Meta:
        """Unknown members are accepted, because some errors have additional members."""

        unknown = INCLUDE

    code = fields.String()
    message = fields.String()
    request_id = fields.String()
    host_id = fields.String()


class Owner(Xml):
    """The owner of a bucket or an object."""

    id = fields.String(data_key="ID")
    display_name = fields.String()


class BucketSummary(Xml):
    """A bucket in a list."""

    name = fields.String()
    location = fields.String()
    creation_date = _time()
    extranet_endpoint = fields.String()
    intranet_endpoint = fields.String()
    storage_class = fields.String()
    region = fields.String()


class Buckets(Xml):
    """Some buckets."""

    OPTIONAL = ("bucket",)

    bucket = fields.List(fields.Nested(BucketSummary))


class ListAllMyBucketsResult(Xml):
    """The buckets of the caller."""

    OPTIONAL = ("next_marker",)

    prefix = fields.String()
    marker = fields.String()
    max_keys = fields.Integer()
    is_truncated = fields.Boolean()
    next_marker = fields.String()
    owner = fields.Nested(Owner)
    buckets = fields.Nested(Buckets)


class Grants(Xml):
    """The access control list."""

    grant = fields.String(validate=validate.OneOf(_ACLS))


class AccessControlPolicy(Xml):
    """The permissions of a bucket or an object."""

    owner = fields.Nested(Owner)
    access_control_list = fields.Nested(Grants)


class Encryption(Xml):
    """The encryption of objects."""

    algorithm = fields.String(data_key="SSEAlgorithm")


class LogPolicy(Xml):
    """The destination of access logs."""

    log_bucket = fields.String()
    log_prefix = fields.String()


class Bucket(BucketSummary):
    """The properties of a bucket."""

    transfer_acceleration = fields.String()
    cross_region_replication = fields.String()
    data_redundancy_type = fields.String()
    access_monitor = fields.String()
    block_public_access = fields.Boolean()
    owner = fields.Nested(Owner)
    access_control_list = fields.Nested(Grants)
    server_side_encryption_rule = fields.Nested(Encryption)
    bucket_policy = fields.Nested(LogPolicy)


class BucketInfo(Xml):
    """A bucket with all its properties."""

    bucket = fields.Nested(Bucket)


class BucketStat(Xml):
    """The size of a bucket: bytes, and numbers of objects."""

    storage = fields.Integer()
    object_count = fields.Integer()
    multipart_upload_count = fields.Integer()
    live_channel_count = fields.Integer()
    last_modified_time = fields.Integer(metadata={"description": "Unix seconds."})
    standard_storage = fields.Integer()
    standard_object_count = fields.Integer()
    infrequent_access_storage = fields.Integer()
    infrequent_access_real_storage = fields.Integer()
    infrequent_access_object_count = fields.Integer()
    archive_storage = fields.Integer()
    archive_real_storage = fields.Integer()
    archive_object_count = fields.Integer()
    cold_archive_storage = fields.Integer()
    cold_archive_real_storage = fields.Integer()
    cold_archive_object_count = fields.Integer()


class ObjectSummary(Xml):
    """An object in a list."""

    OPTIONAL = ("owner",)

    key = fields.String()
    last_modified = _time()
    etag = _etag()
    type = fields.String()
    size = fields.Integer()
    storage_class = fields.String()
    owner = fields.Nested(Owner)


class CommonPrefix(Xml):
    """A common prefix of keys."""

    prefix = fields.String()


class ListBucketResult(Xml):
    """Objects of a bucket, in version 1 or 2 of the list."""

    OPTIONAL = (
        "marker",
        "encoding_type",
        "next_marker",
        "start_after",
        "continuation_token",
        "next_continuation_token",
        "key_count",
        "contents",
        "common_prefixes",
    )

    name = fields.String()
    prefix = fields.String()
    marker = fields.String()
    start_after = fields.String()
    max_keys = fields.Integer()
    delimiter = fields.String()
    encoding_type = fields.String()
    is_truncated = fields.Boolean()
    next_marker = fields.String()
    continuation_token = fields.String()
    next_continuation_token = fields.String()
    key_count = fields.Integer()
    contents = fields.List(fields.Nested(ObjectSummary))
    common_prefixes = fields.List(fields.Nested(CommonPrefix))


class DeletedObject(Xml):
    """A deleted object."""

    key = fields.String()


class DeleteResult(Xml):
    """Deleted objects."""

    OPTIONAL = ("encoding_type", "deleted")

    encoding_type = fields.String()
    deleted = fields.List(fields.Nested(DeletedObject))


class CopyObjectResult(Xml):
    """A copy of an object."""

    last_modified = _time()
    etag = _etag()


class CopyPartResult(CopyObjectResult):
    """A part that was copied from an object."""


class InitiateMultipartUploadResult(Xml):
    """A new multipart upload."""

    OPTIONAL = ("encoding_type",)

    encoding_type = fields.String()
    bucket = fields.String()
    key = fields.String()
    upload_id = fields.String()


class CompleteMultipartUploadResult(Xml):
    """The object that was made of the parts."""

    OPTIONAL = ("encoding_type",)

    encoding_type = fields.String()
    location = fields.String()
    bucket = fields.String()
    key = fields.String()
    etag = _etag()


class UploadedPart(Xml):
    """A part of an upload."""

    part_number = fields.Integer()
    last_modified = _time()
    etag = _etag()
    hash_crc64ecma = fields.String(metadata={"description": "A number of up to 20 digits."})
    size = fields.Integer()


class ListPartsResult(Xml):
    """The parts of an upload."""

    OPTIONAL = ("encoding_type", "part")

    encoding_type = fields.String()
    bucket = fields.String()
    key = fields.String()
    upload_id = fields.String()
    storage_class = fields.String()
    part_number_marker = fields.Integer()
    next_part_number_marker = fields.Integer()
    max_parts = fields.Integer()
    is_truncated = fields.Boolean()
    part = fields.List(fields.Nested(UploadedPart))


class Upload(Xml):
    """A multipart upload that is neither completed nor aborted."""

    key = fields.String()
    upload_id = fields.String()
    storage_class = fields.String()
    initiated = _time()
    owner = fields.Nested(Owner)


class ListMultipartUploadsResult(Xml):
    """The uploads of a bucket that are neither completed nor aborted."""

    OPTIONAL = ("encoding_type", "upload")

    encoding_type = fields.String()
    bucket = fields.String()
    key_marker = fields.String()
    upload_id_marker = fields.String()
    next_key_marker = fields.String()
    next_upload_id_marker = fields.String()
    delimiter = fields.String()
    prefix = fields.String()
    max_uploads = fields.Integer()
    is_truncated = fields.Boolean()
    upload = fields.List(fields.Nested(Upload))


# Requests


class CreateBucketConfiguration(Xml):
    """The storage class of a new bucket."""

    OPTIONAL = ("storage_class",)

    storage_class = fields.String(metadata={"example": "Standard"})


class ObjectToDelete(Xml):
    """An object to delete."""

    key = fields.String(metadata={"example": "reports/day.csv"})


class Delete(Xml):
    """Objects to delete."""

    OPTIONAL = ("quiet",)

    quiet = fields.Boolean()
    object = fields.List(fields.Nested(ObjectToDelete), validate=validate.Length(1, 1000))


class PartToUse(Xml):
    """A part of the object."""

    part_number = fields.Integer(validate=validate.Range(1, 10_000))
    etag = _etag()


class CompleteMultipartUpload(Xml):
    """The parts of the object, in their order."""

    part = fields.List(fields.Nested(PartToUse))
