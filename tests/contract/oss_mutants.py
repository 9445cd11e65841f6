"""Servers of OSS that are right but for one small thing."""

from tests.contract.coze_deviations import answers, when
from tests.contract.mutants import Mutant, Response
from tests.contract.table_mutants import error, headers, text

MD5 = "9E107D9D372BB6826BD81D3542A419D6"


def _signed(*names: str) -> object:
    """Whether a request is signed in this way, and was accepted."""
    return lambda r: (
        r.status == 200
        and any(
            name in f"{r.environ.get('HTTP_AUTHORIZATION', '')} {r.environ['QUERY_STRING']}" for name in names
        )
    )


def _empty(response: Response) -> None:
    response.body, response.status = b"", 204


OSS = [
    Mutant("oss: no request id", "oss.http.request-id", after=headers("x-oss-request-id", "12345")),
    Mutant("oss: request ids come twice", "oss.http.request-id-fresh", after=headers("x-oss-request-id", "0123456789ABCDEF01234567")),
    Mutant("oss: errors are JSON", "oss.http.error", after=when(lambda r: r.status >= 400, lambda r: setattr(r, "body", b'{"Code":"x"}'))),
    Mutant("oss: errors have another id", "oss.http.error-id", after=text("", "<RequestId>[^<]*", "<RequestId>x")),
    Mutant("oss: HEAD of nothing is 200", "oss.http.head-error", after=when(lambda r: r.environ["REQUEST_METHOD"] == "HEAD", answers(200))),
    Mutant("oss: putting is 201", "oss.shape.success", after=when(lambda r: r.environ["REQUEST_METHOD"] == "PUT" and r.status == 200, answers(201))),
    Mutant("oss: information without a date", "oss.shape.info", after=text("", "CreationDate>", "Created>")),
    Mutant("oss: the location is a region", "oss.shape.location", after=text("", ">oss-cn-hangzhou</Loc", ">cn-hangzhou</Loc")),
    Mutant("oss: lists do not say whether they end", "oss.shape.list", after=text("", "IsTruncated>", "Truncated>")),
    Mutant("oss: the second list has no count", "oss.shape.list-2", after=text("", "KeyCount>", "Count>")),
    Mutant("oss: deletions are a list", "oss.shape.deleted", after=text("", "DeleteResult>", "Deletions>")),
    Mutant("oss: parts have no number", "oss.shape.parts", after=text("", "PartNumber>", "Number>")),
    Mutant("oss: uploads have no time", "oss.shape.uploads", after=text("", "Initiated>", "Begun>")),
    Mutant("oss: objects have no owner", "oss.shape.list", after=text("", "<Owner>.*?</Owner>", "")),
    Mutant("oss: dates without milliseconds", "oss.shape.list", after=text("", r"\.000Z</LastModified>", "Z</LastModified>")),
    Mutant("oss: uploads have an Id", "oss.shape.upload", after=when(lambda r: b"<InitiateMultipart" in r.body, lambda r: setattr(r, "body", r.body.replace(b"UploadId>", b"Id>")))),
    Mutant("oss: completed uploads have no place", "oss.shape.completed", after=text("", "Location>", "Place>")),
    Mutant("oss: copies have no ETag", "oss.shape.copied", after=when(lambda r: b"<CopyObjectResult" in r.body, lambda r: setattr(r, "body", r.body.replace(b"ETag>", b"Tag>")))),
    Mutant("oss: version 1 is refused", "oss.auth.v1", after=when(_signed("OSS MOCK"), answers(403))),
    Mutant("oss: version 4 is refused", "oss.auth.v4", after=when(_signed("OSS4-HMAC-SHA256 Cred"), answers(403))),
    Mutant("oss: URLs are refused", "oss.auth.url", after=when(_signed("OSSAccessKeyId=", "x-oss-credential="), answers(403))),
    Mutant("oss: wrong signatures are denied", "oss.auth.wrong", after=error("SignatureDoesNotMatch", "AccessDenied")),
    Mutant("oss: clocks do not matter", "oss.auth.skewed", after=when(lambda r: b"RequestTimeTooSkewed" in r.body, answers(200, b""))),
    Mutant("oss: URLs never expire", "oss.auth.expired", after=when(lambda r: b"AccessDenied" in r.body, answers(200, b""))),
    Mutant("oss: bytes are changed", "oss.objects.whole", after=when(lambda r: r.environ["REQUEST_METHOD"] == "GET" and b"\x00\x01\x02" in r.body, lambda r: setattr(r, "body", r.body[:-1] + b"x"))),
    Mutant("oss: another ETag", "oss.objects.etag", after=headers("ETag", f'"{MD5}"', method="PUT")),
    Mutant("oss: ETags are lower case", "oss.objects.etag", after=lambda r: r.headers.update(ETag=r.headers["ETag"].lower()) if "ETag" in r.headers else None),
    Mutant("oss: another CRC", "oss.objects.crc", after=headers("x-oss-hash-crc64ecma", "1")),
    Mutant("oss: no digest", "oss.objects.digest", after=headers("Content-MD5", None, method="PUT")),
    Mutant("oss: the CRC of GET is another", "oss.objects.head", after=headers("x-oss-hash-crc64ecma", "1", method="GET")),
    Mutant("oss: the CRC of a part is missing", "oss.objects.crc", after=when(lambda r: "partNumber" in r.environ["QUERY_STRING"], headers("x-oss-hash-crc64ecma", None))),
    Mutant("oss: wrong digests are taken", "oss.objects.md5", after=when(lambda r: b"InvalidDigest" in r.body, answers(200, b""))),
    Mutant("oss: HEAD has no metadata", "oss.objects.head", after=headers("x-oss-meta-kit", None, method="HEAD")),
    Mutant("oss: objects are overwritten", "oss.objects.forbid", after=when(lambda r: b"FileAlreadyExists" in r.body, answers(200, b""))),
    Mutant("oss: deleting nothing is 404", "oss.objects.deleted", after=when(lambda r: r.environ["REQUEST_METHOD"] == "DELETE" and r.status == 204, answers(200))),
    Mutant("oss: nothing is another key", "oss.objects.missing", after=error("NoSuchKey", "NoSuchObject")),
    Mutant("oss: ranges are ignored", "oss.objects.range", before=lambda e: e.pop("HTTP_RANGE", None) and None),
    Mutant("oss: a range beyond is refused", "oss.objects.range", after=when(lambda r: "50-60" in r.environ.get("HTTP_RANGE", ""), answers(416, b""))),
    Mutant("oss: conditions are ignored", "oss.objects.conditions", before=lambda e: e.pop("HTTP_IF_NONE_MATCH", None) and None),
    Mutant("oss: copies are empty", "oss.objects.copied", after=when(lambda r: r.path.endswith("/copy") and r.environ["REQUEST_METHOD"] == "GET", lambda r: setattr(r, "body", b""))),
    Mutant("oss: positions are not told", "oss.objects.appended", after=headers("x-oss-next-append-position", "0")),
    Mutant("oss: deletions are quiet", "oss.objects.many", after=text("", "<Deleted>.*</Deleted>", "")),
    Mutant("oss: folders are not folded", "oss.list.prefix", after=text("", "<CommonPrefixes>.*?</CommonPrefixes>", "")),
    Mutant("oss: sizes are zero", "oss.list.objects", after=text("", "<Size>[^<]*<", "<Size>0<")),
    Mutant("oss: the second page is the first", "oss.list.pages", after=text("", "<NextMarker>[^<]*", "<NextMarker>")),
    Mutant("oss: any max-keys will do", "oss.list.max-keys", after=when(lambda r: b"InvalidArgument" in r.body and "max-keys" in r.environ["QUERY_STRING"], answers(200, b""))),
    Mutant("oss: names are not encoded", "oss.list.encoding", after=text("", "%E6%97%A5", "日")),
    Mutant("oss: joined objects have another ETag", "oss.parts.completed", after=lambda r: r.headers.update(ETag=f'"{MD5}"') if "-2" in r.headers.get("ETag", "") else None),
    Mutant("oss: parts have another size", "oss.parts.listed", after=text("", "<Size>[^<]*<", "<Size>7<")),
    Mutant("oss: small parts will do", "oss.parts.small", after=when(lambda r: b"EntityTooSmall" in r.body, answers(200, b""))),
    Mutant("oss: aborted uploads are another error", "oss.parts.aborted", after=error("NoSuchUpload", "NoSuchKey")),
]  # fmt: skip
