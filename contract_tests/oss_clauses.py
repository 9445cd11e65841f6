"""Clauses about Aliyun OSS.

For the words for standing see `mockcbs.contract_tests.clauses`. The source of a clause is a section of
docs/contract/oss.md.
"""

from mockcbs.contract.ledger import table

_TABLE = """\
# every response
http.answered | derived | 2.1 | Every request gets a response within the timeout.
http.request-id | documented | 2.1 | Every response has x-oss-request-id, 24 upper-case hexadecimal digits.
http.request-id-fresh | derived | 2.1 | No two responses have the same x-oss-request-id.
http.error | documented | 2.2 | An error is XML with Code, Message, RequestId and HostId.
http.error-id | documented | 2.2 | RequestId of an error equals x-oss-request-id.
http.head-error | documented | 2.2 | An error response to HEAD has the status of GET and no body.
shape.success | documented | 2.1 | A valid request succeeds.
shape.info | documented | 3 | The information about a bucket has name, location, date, endpoints,
    storage class, owner and grant.
shape.location | documented | 3 | The location of a bucket is a LocationConstraint with oss- and the region.
shape.list | documented | 5 | A list has Name, Prefix, MaxKeys and IsTruncated; an object in it has Key,
    LastModified, ETag, Type, Size, StorageClass and Owner.
shape.list-2 | documented | 5 | A list of version 2 also has KeyCount, and no Owner unless it is requested.
shape.deleted | documented | 4.3 | The response to the deletion of several objects is a DeleteResult.
shape.upload | documented | 6 | A new multipart upload has Bucket, Key and UploadId.
shape.completed | documented | 6 | A completed upload has Location, Bucket, Key and ETag.
shape.parts | derived | 6 | A list of parts has Bucket, Key, UploadId, MaxParts and IsTruncated; a part has
    PartNumber, LastModified, ETag and Size.
shape.uploads | derived | 6 | A list of uploads has Bucket, Prefix, MaxUploads and IsTruncated; an upload
    has Key, UploadId and Initiated.
shape.copied | documented | 4.4 | A copy has ETag and LastModified.

# who may call
auth.v1 | documented | 1.1 | A request with a version 1 signature in its header is accepted.
auth.v4 | documented | 1.2 | A request with a version 4 signature in its header is accepted.
auth.url | documented | 1.3 | A signed URL of either version is accepted until it expires.
auth.wrong | documented | 1.1, 1.2 | A wrong signature returns 403 SignatureDoesNotMatch.
auth.skewed | documented | 1.4 | A clock that differs by more than 15 minutes returns 403
    RequestTimeTooSkewed.
auth.expired | documented | 1.3 | An expired URL returns 403 AccessDenied.

# objects
objects.whole | documented | 4.1, 4.2 | An object is returned byte for byte, also under a name in Chinese or
    with special characters.
objects.etag | documented | 4.1 | ETag of an object from PutObject is its MD5 in upper case and in quotes.
objects.crc | documented | 4.1 | x-oss-hash-crc64ecma is the CRC64 of the object, or of the part.
objects.digest | documented | 4.1 | Content-MD5 of the response to PutObject is the MD5 of the object in
    base64.
objects.md5 | documented | 4.1 | A Content-MD5 that does not match the body returns 400 InvalidDigest.
objects.head | documented | 4.2 | GET and HEAD have the headers of the object: length, type, ETag, CRC64,
    time, kind and metadata.
objects.range | documented | 4.2 | A range returns 206 with Content-Range; an unsatisfiable range is ignored.
objects.conditions | documented | 4.2 | A matching If-None-Match returns 304; an If-Match with another ETag
    returns 412.
objects.missing | documented | 4.2 | An unknown object returns 404 NoSuchKey.
objects.forbid | documented | 4.1 | x-oss-forbid-overwrite for an existing object returns 409
    FileAlreadyExists.
objects.deleted | documented | 4.3 | Deleting returns 204, also for an unknown object.
objects.many | documented | 4.3 | One request deletes several objects; its response names them.
objects.copied | documented | 4.4 | A copy has the content and the metadata of its source.
objects.appended | documented | 4.5 | Appending returns the next position; a wrong position returns 409
    PositionNotEqualToLength.

# lists
list.prefix | documented | 5 | prefix and delimiter list objects and folders, in order of their bytes.
list.objects | documented | 5 | A list has the size, the ETag and the type of each object.
list.pages | documented | 5 | In both versions of the list, the pages together contain all objects.
list.max-keys | documented | 5 | max-keys is a number up to 1000; any other value returns 400 InvalidArgument.
list.encoding | documented | 5 | encoding-type=url encodes names.

# uploads in parts
parts.completed | documented | 6 | The parts form an object; its ETag ends with a dash and the number of
    parts.
parts.listed | documented | 6 | Parts and uploads are listed until the upload ends, with the number, ETag
    and size of each part.
parts.small | documented | 6 | A part under 100 KB that is not the last returns 400 EntityTooSmall.
parts.aborted | documented | 6 | An aborted upload returns 404 NoSuchUpload.
"""

OSS_CLAUSES = table("oss", _TABLE)
"""All clauses about OSS."""
