"""Parameters and headers of OSS, for documents."""

from mockcbs.services.oss import buckets, objects
from mockcbs.web.documented import header, path, query


def _limit(name: str, low: int, high: int, default: int) -> dict[str, object]:
    return query(
        name,
        "The maximum number of entries on a page.",
        type="integer",
        minimum=low,
        maximum=high,
        default=default,
    )


PREFIX = query("prefix", "Only names with this prefix.")
DELIMITER = query("delimiter", "Names that are equal from the prefix up to this delimiter become one entry.")
MARKER = query("marker", "The last name of the previous page.")
ENCODING = query("encoding-type", "Percent-encode names in the response.", enum=["url"])
BUCKET_ACL = header("x-oss-acl", "The permissions of the bucket.", enum=list(buckets.ACLS))
OBJECT_ACL = header("x-oss-object-acl", "The permissions of the object.", enum=list(objects.ACLS))
COPY_SOURCE = header("x-oss-copy-source", "The object to copy: `/BUCKET/KEY`, percent-encoded.")
FORBID_OVERWRITE = header("x-oss-forbid-overwrite", "Refuse to replace an object.", enum=["true", "false"])
RANGE = header("Range", "The part of the object, such as `bytes=0-99`.")
CONDITIONS = (
    header("If-Match", "An entity tag that the object must have."),
    header("If-None-Match", "An entity tag that the object must not have."),
    header("If-Modified-Since", "Only if the object was changed after this date."),
    header("If-Unmodified-Since", "Only if the object was not changed after this date."),
)
POSITION = query("position", "The current size of the object.", required=True, type="integer", minimum=0)
UPLOAD_ID = path("uploadId", "The id that InitiateMultipartUpload returned.")
PART_NUMBER = query("partNumber", required=True, type="integer", minimum=1, maximum=10_000)
BUCKETS = (PREFIX, MARKER, _limit("max-keys", 1, 1000, 100))
OBJECTS = (
    query("list-type", "Version 2 of the list.", enum=["2"]),
    PREFIX,
    DELIMITER,
    MARKER,
    query("start-after", "Version 2: start after this name."),
    query("continuation-token", "Version 2: `NextContinuationToken` of the previous page."),
    query("fetch-owner", "Version 2: show the owners of objects.", enum=["true", "false"]),
    ENCODING,
    _limit("max-keys", 0, 1000, 100),
)
PARTS = (
    UPLOAD_ID,
    _limit("max-parts", 1, 1000, 1000),
    query("part-number-marker", "The last part of the previous page.", type="integer", minimum=0, default=0),
    ENCODING,
)
UPLOADS = (
    _limit("max-uploads", 1, 1000, 1000),
    PREFIX,
    query("key-marker", "The last key of the previous page."),
    query("upload-id-marker", "The last upload of the previous page."),
    ENCODING,
)
