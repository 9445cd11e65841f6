"""The errors of OSS (API reference, error responses)."""

import base64
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from mockcbs.core.errors import ApiError, ErrorSpec


class OssError(ApiError):
    """An error with members or headers in addition to the common ones."""

    headers: Mapping[str, str] = {}

    def __init__(
        self, spec: ErrorSpec, reason: str, *, message: str | None = None, **details: str | int
    ) -> None:
        """*details* are members of the XML, such as ``Key``."""
        super().__init__(spec, reason, message=message)
        self.details = details


class OssErrorSpec(ErrorSpec):
    """An error of OSS; `render` makes its XML."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """The members of the XML."""
        return {"Code": self.code, "Message": message, "RequestId": request_id_of(request_id)}


def request_id_of(text: str) -> str:
    """A request id in OSS's format: 24 hexadecimal digits in capitals."""
    return text[:24].upper()


def render(row: ErrorSpec, error: ApiError, request_id: str) -> Response:
    """The XML of an error; a response to HEAD carries it in a header."""
    from mockcbs.services.oss import xml  # noqa: PLC0415 - only responses need it

    details: Mapping[str, Any] = error.details if isinstance(error, OssError) else {}
    members = row.body(error.message, request_id) | {"HostId": request.host} | dict(details)
    content = xml.document("Error", members)
    response = Response(content, row.status, content_type="application/xml")
    if isinstance(error, OssError):
        response.headers.update(error.headers)
    if request.method == "HEAD":
        response.headers["x-oss-err"] = base64.b64encode(content).decode()
    return response


_ROWS = """
400 BadRequest | The request is malformed. | not valid HTTP
400 EntityTooLarge | Your proposed upload exceeds the maximum allowed size. | over 1 GiB in one request
400 EntityTooSmall | Your proposed upload is smaller than the minimum allowed size. | a part under 100 KB that is not the last
400 InvalidArgument | Invalid Argument. | a parameter or header is out of bounds
400 InvalidBucketName | The specified bucket is not valid. | a bucket that is not 3 to 63 of a-z, 0-9, -
400 InvalidDigest | The Content-MD5 you specified was invalid. | Content-MD5 is not that of the body
400 InvalidObjectName | The specified object is not valid. | a key over 1,023 bytes, or that begins with / or \\
400 InvalidPart | One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag. | completing with a part that was not uploaded
400 InvalidPartOrder | The list of parts was not in ascending order. Parts list must specified in order by part number. | completing
400 MalformedXML | The XML you provided was not well-formed or did not validate against our published schema. | a body that is not the XML expected
400 MissingArgument | Missing Some Required Arguments. | a required parameter is missing
400 TooManyBuckets | You have attempted to create more buckets than allowed. | by scenario
400 RequestTimeout | Your socket connection to the server was not read from or written to within the timeout period. | by scenario
403 AccessDenied | You have no right to access this object because of bucket acl. | an unsigned call on private data, or an expired URL | bucket mockcbs-denied
403 InvalidAccessKeyId | The OSS Access Key Id you provided does not exist in our records. | another access key when --strict
403 InvalidObjectState | The operation is not valid for the object's state | by scenario
403 RequestTimeTooSkewed | The difference between the request time and the current time is too large. | a clock that is off by more than 15 minutes
403 SecurityTokenExpired | The security token you provided has expired. | by scenario
403 SignatureDoesNotMatch | The request signature we calculated does not match the signature you provided. Check your key and signing method. | a wrong secret key
404 NoSuchBucket | The specified bucket does not exist. | a bucket that was deleted, or not created when --strict | bucket mockcbs-missing
404 NoSuchKey | The specified key does not exist. | an object that was not put
404 NoSuchUpload | The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed. | a multipart upload that is over
405 MethodNotAllowed | The specified method is not allowed against this resource. | a method that the resource does not have
409 BucketAlreadyExists | The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again. | creating a bucket of somebody else | bucket mockcbs-taken
409 BucketNotEmpty | The bucket you tried to delete is not empty. | deleting a bucket with objects
409 FileAlreadyExists | The object you specified already exists and can not be overwritten. | x-oss-forbid-overwrite
409 ObjectNotAppendable | The object is not appendable | appending to an object that was put
409 OperationConflict | A conflicting operation occurs on the resource. | by scenario
409 PositionNotEqualToLength | Position is not equal to file length | appending at another position than the end
411 MissingContentLength | You must provide the Content-Length HTTP header. | by scenario
412 PreconditionFailed | At least one of the pre-conditions you specified did not hold. | If-Match, If-Unmodified-Since
416 InvalidRange | The requested range cannot be satisfied. | a range beyond the end, with x-oss-range-behavior: standard
500 InternalError | We encountered an internal error. Please try again. | by scenario | bucket mockcbs-broken
501 NotImplemented | A header you provided implies functionality that is not implemented. | an operation that is not emulated, such as a callback
503 ServiceUnavailable | Please reduce your request rate. | by scenario | bucket mockcbs-busy
503 QpsLimitExceeded | Please reduce your request rate. | by scenario
"""  # noqa: E501 - one row of the vendor's table a line


def _row(line: str) -> OssErrorSpec:
    name, message, when, *provoke = (cell.strip() for cell in line.split(" | "))
    status, code = name.split()
    return OssErrorSpec(int(status), code, message, when, *provoke)


CATALOGUE = tuple(_row(line) for line in _ROWS.strip().splitlines())
_BY_CODE = {row.code: row for row in CATALOGUE}


def spec(code: str) -> ErrorSpec:
    """The row with this *code*."""
    return _BY_CODE[code]


def error(code: str, reason: str, *, message: str | None = None, **details: str | int) -> OssError:
    """The error with this *code*; *reason* says why."""
    return OssError(spec(code), reason, message=message, **details)


def argument(name: str, value: str, accepted: str) -> OssError:
    """The error for a parameter or header with a *value* that is not *accepted*."""
    return error(
        "InvalidArgument",
        f"{name} is {value!r}; accepted: {accepted}",
        message=f"The argument {name} is invalid.",
        ArgumentName=name,
        ArgumentValue=value,
    )
