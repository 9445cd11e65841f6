"""Clauses about Aliyun OSS. Standing as in `mockcbs.contract_tests.clauses`; the source is a section of
the project's contract of OSS.
"""

from mockcbs.contract.ledger import table

_TABLE = """\
# every response
http.answered | derived | 2.1 | Every call is answered, in time.
http.request-id | documented | 2.1 | Every response has x-oss-request-id, 24 upper-case hexadecimal digits.
http.request-id-fresh | derived | 2.1 | No two responses have the same x-oss-request-id.
http.error | documented | 2.2 | An error is XML with Code, Message, RequestId and HostId.
http.error-id | documented | 2.2 | RequestId of an error is the value of x-oss-request-id.
http.head-error | documented | 2.2 | An error of HEAD has no body, and the same status.
shape.success | documented | 2.1 | What is asked rightly is a success.
shape.info | documented | 3 | The information of a bucket has Bucket.
shape.location | documented | 3 | The location of a bucket is LocationConstraint with oss- and the region.
shape.list | documented | 5 | A list has Name, Prefix, MaxKeys and IsTruncated.
shape.upload | documented | 6 | A begun upload has Bucket, Key and UploadId.
shape.completed | documented | 6 | A completed upload has Location, Bucket, Key and ETag.
shape.copied | documented | 4.4 | A copy has ETag and LastModified.

# who may call
auth.v1 | documented | 1.1 | A header signed by version 1 is accepted.
auth.v4 | documented | 1.2 | A header signed by version 4 is accepted.
auth.url | documented | 1.3 | A signed URL is accepted, by either version, until it expires.
auth.wrong | documented | 1.1, 1.2 | A wrong signature is 403 SignatureDoesNotMatch.
auth.skewed | documented | 1.4 | A clock that is off by more than 15 minutes is 403 RequestTimeTooSkewed.
auth.expired | documented | 1.3 | An expired URL is 403 AccessDenied.

# objects
objects.whole | documented | 4.1, 4.2 | An object comes back byte for byte, also under Chinese and odd
    names.
objects.etag | documented | 4.1 | ETag of a put object is its MD5, in quotes and upper case.
objects.crc | documented | 4.1 | x-oss-hash-crc64ecma is the CRC64 of the object.
objects.md5 | documented | 4.1 | Content-MD5 that does not fit is 400 InvalidDigest.
objects.head | documented | 4.2 | HEAD has the headers of GET: length, type, ETag and metadata.
objects.range | documented | 4.2 | A range is 206 with Content-Range; one that cannot be is ignored.
objects.conditions | documented | 4.2 | If-None-Match is 304, a wrong If-Match 412.
objects.missing | documented | 4.2 | An unknown object is 404 NoSuchKey.
objects.forbid | documented | 4.1 | x-oss-forbid-overwrite of an object that exists is 409
    FileAlreadyExists.
objects.deleted | documented | 4.3 | Deleting is 204, whether the object exists or not.
objects.many | documented | 4.3 | Several objects are deleted in one call, which names them.
objects.copied | documented | 4.4 | A copy has the content and the metadata of its source.
objects.appended | documented | 4.5 | Appending answers the next position; a wrong one is 409
    PositionNotEqualToLength.

# lists
list.prefix | documented | 5 | prefix and delimiter list objects and folders, in order of their bytes.
list.pages | documented | 5 | Pages of both versions, put together, are all objects.
list.max-keys | documented | 5 | max-keys goes up to 1000: else 400 InvalidArgument.
list.encoding | documented | 5 | encoding-type=url encodes names.

# uploads in parts
parts.completed | documented | 6 | Parts make up an object, whose ETag ends in a dash and their number.
parts.listed | documented | 6 | Parts and uploads are listed until the upload ends.
parts.small | documented | 6 | A part under 100 KB that is not the last is 400 EntityTooSmall.
parts.aborted | documented | 6 | An aborted upload is gone: 404 NoSuchUpload.
"""

OSS_CLAUSES = table("oss", _TABLE)
"""Every clause about OSS."""
