"""OSS: signatures, objects, lists and multipart uploads. Objects need permission to write."""

import base64
import hashlib
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.http import parse_date

from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.lacking import known, need
from mockcbs.contract.oss import Oss, text, texts
from mockcbs.contract.oss_signing import Signer
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.core.clock import real_now

_CRC = "x-oss-hash-crc64ecma"
_HOUR = 3_600_000
_MINUTE = 60_000
_KIND = {"Content-Type": "application/octet-stream"}
_PART = 100 * 1024
"""The minimum size of every part except the last, in bytes."""


@checks(
    "oss.http.answered",
    "oss.http.request-id",
    "oss.http.request-id-fresh",
    "oss.http.error",
    "oss.http.error-id",
    "oss.http.head-error",
    "oss.shape.success",
    "oss.shape.info",
    "oss.shape.location",
    "oss.shape.list",
    "oss.objects.missing",
    "oss.list.max-keys",
)
def test_reads(kit: Kit) -> None:
    """Reads return the documented shape.

    The clauses about every response are checked on all other requests, too.
    """
    oss, nobody = Oss.of(kit), made_up()
    info = oss.call("GET", oss.bucket, "bucketInfo")
    place = f"oss-{kit.accounts['oss_region']}"
    oss.xml("info", info, **{"Bucket/Name": kit.accounts["oss_bucket"], "Bucket/Location": place})
    answer = oss.call("GET", oss.bucket, "location")
    oss.xml("location", answer, **{".": place})
    oss.xml("list", oss.call("GET", oss.bucket, "max-keys=1"), Name=kit.accounts["oss_bucket"], MaxKeys="1")
    oss.refused("oss.objects.missing", oss.call("GET", oss.path(nobody)), 404, "NoSuchKey")
    head = oss.call("HEAD", oss.path(nobody))
    kit.expect("oss.http.head-error", head, [head.status, head.body], [404, b""], "status, body")
    for wrong in ("1001", "x"):
        answer = oss.call("GET", oss.bucket, f"max-keys={wrong}")
        oss.refused("oss.list.max-keys", answer, 400, "InvalidArgument")


@checks("oss.auth.v1", "oss.auth.v4", "oss.auth.url", "oss.auth.wrong", "oss.auth.skewed", "oss.auth.expired")
def test_signatures(kit: Kit) -> None:
    """Signatures of both versions are checked, in headers and in URLs."""
    oss, now = Oss.of(kit), real_now()
    early, late = (choose(now, kit.now or now) for choose in (min, max))
    call, plain = Call("GET", oss.bucket, "max-keys=1", _KIND), Call("GET", oss.bucket, "max-keys=1", {})
    good, ours = oss.signer, kit.accounts
    wrong = Signer(ours["oss_ak"], "wrong" + ours["oss_sk"], ours["oss_region"], good.bucket)
    for clause, signed in (
        ("oss.auth.v1", good.v1(call, now)),
        ("oss.auth.v4", good.v4(call, now)),
        ("oss.auth.url", good.v1_url(plain, now // 1000 + 600)),
        ("oss.auth.url", good.v4_url(plain, now, 600)),
    ):
        answer = oss.send(signed)
        kit.expect(clause, answer, answer.status, 200, "status")
    for signed in (wrong.v1(call, now), wrong.v4(call, now), wrong.v1_url(plain, now // 1000 + 600)):
        oss.refused("oss.auth.wrong", oss.send(signed), 403, "SignatureDoesNotMatch")
    for signed in (good.v1(call, early - 16 * _MINUTE), good.v4(call, late + 16 * _MINUTE)):
        oss.refused("oss.auth.skewed", oss.send(signed), 403, "RequestTimeTooSkewed")
    for signed in (good.v1_url(plain, early // 1000 - 60), good.v4_url(plain, early - 2 * _HOUR, 60)):
        oss.refused("oss.auth.expired", oss.send(signed), 403, "AccessDenied")


def md5_of(content: bytes) -> str:
    """The ETag of an object with this content: its MD5 in upper case and in quotes."""
    return f'"{hashlib.md5(content).hexdigest().upper()}"'


def crc64(content: bytes) -> int:
    """The CRC-64 of *content* (ECMA-182, reflected), as in x-oss-hash-crc64ecma."""
    crc = 0xFFFFFFFFFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFFFFFFFFFF


@checks(
    "oss.objects.whole",
    "oss.objects.etag",
    "oss.objects.crc",
    "oss.objects.digest",
    "oss.objects.md5",
    "oss.objects.head",
    "oss.objects.forbid",
    "oss.objects.deleted",
    "oss.objects.missing",
)
def test_objects(kit: Kit) -> None:
    """An object can be put, read and deleted."""
    oss, content = Oss.of(kit), bytes(range(256)) * 3
    with oss.objects() as keys:
        for name in ("plain.bin", "昨日/日报 +%.csv", "a&b=c?d#e;f"):
            path = oss.path(keys[""] + name)
            put = oss.call("PUT", path, body=content, headers={"x-oss-meta-kit": "one"})
            oss.succeeded(put)
            etag, crc, digest = md5_of(content), str(crc64(content)), hashlib.md5(content).digest()
            kit.expect("oss.objects.etag", put, put.headers.get("ETag"), etag, "ETag")
            kit.expect("oss.objects.crc", put, put.headers.get(_CRC), crc, "crc64")
            found, expected = put.headers.get("Content-MD5"), base64.b64encode(digest).decode()
            kit.expect("oss.objects.digest", put, found, expected, "Content-MD5")
            got, head = oss.call("GET", path), oss.call("HEAD", path)
            kit.expect("oss.objects.whole", got, got.body == content, True, "the same bytes")
            for answer in (got, head):
                oss.succeeded(answer)
                _check_headers(kit, answer, {"Content-Length": str(len(content)), "ETag": etag, _CRC: crc})
        wrong = {"Content-MD5": base64.b64encode(hashlib.md5(b"other").digest()).decode()}
        answer = oss.call("PUT", path, body=content, headers=wrong)
        oss.refused("oss.objects.md5", answer, 400, "InvalidDigest")
        answer = oss.call("PUT", path, body=b"x", headers={"x-oss-forbid-overwrite": "true"})
        oss.refused("oss.objects.forbid", answer, 409, "FileAlreadyExists")
        for _ in range(2):
            answer = oss.call("DELETE", path)
            kit.expect("oss.objects.deleted", answer, answer.status, 204, "status")
        oss.refused("oss.objects.missing", oss.call("GET", path), 404, "NoSuchKey")


def _check_headers(kit: Kit, answer: Answer, expected: dict[str, str]) -> None:
    """Check the headers of an object that the kit has put."""
    usual = {"Content-Type": _KIND["Content-Type"], "x-oss-object-type": "Normal", "x-oss-meta-kit": "one"}
    expected |= usual
    found = {name: answer.headers.get(name) for name in expected}
    kit.expect("oss.objects.head", answer, found, expected, "headers")
    when = answer.headers.get("Last-Modified", "(none)")
    kit.judge(
        "oss.objects.head", answer, "a date", f"Last-Modified: {when}", held=parse_date(when) is not None
    )


@checks("oss.objects.range", "oss.objects.conditions")
def test_parts_of_objects(kit: Kit) -> None:
    """Downloads support ranges and conditions."""
    oss, content = Oss.of(kit), b"0123456789"
    with oss.objects(one=content) as keys:
        path = oss.path(keys["one"])
        for text, expected in (("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89")):
            answer = oss.call("GET", path, headers={"Range": text})
            start = content.index(expected)
            where = f"bytes {start}-{start + len(expected) - 1}/10"
            found = [answer.status, answer.body, answer.headers.get("Content-Range")]
            kit.expect("oss.objects.range", answer, found, [206, expected, where], text)
        answer = oss.call("GET", path, headers={"Range": "bytes=50-60"})
        kit.expect(
            "oss.objects.range",
            answer,
            [answer.status, answer.body],
            [200, content],
            "status and body of a range beyond the end",
        )
        etag = oss.call("HEAD", path).headers.get("ETag", "")
        for headers, status in (
            ({"If-None-Match": etag}, 304),
            ({"If-Match": etag}, 200),
            ({"If-Match": '"00000000000000000000000000000000"'}, 412),
        ):
            answer = oss.call("GET", path, headers=headers)
            kit.expect("oss.objects.conditions", answer, answer.status, status, f"status with {headers}")


@checks(
    "oss.shape.copied",
    "oss.shape.deleted",
    "oss.objects.copied",
    "oss.objects.appended",
    "oss.objects.crc",
    "oss.objects.many",
)
def test_other_writes(kit: Kit) -> None:
    """Objects can be copied, appended to, and deleted together."""
    oss = Oss.of(kit)
    with oss.objects(one=b"content") as keys:
        source = f"/{kit.accounts['oss_bucket']}/{quote(keys['one'])}"
        copy, log = (oss.path(keys[""] + name) for name in ("copy", "log"))
        answer = oss.call("PUT", copy, headers={"x-oss-copy-source": source})
        oss.xml("copied", answer, ETag=md5_of(b"content"))
        got = oss.call("GET", copy)
        kit.expect("oss.objects.copied", got, got.body, b"content", "content")
        for position, following in ((0, "5"), (5, "10")):
            answer = oss.call("POST", log, f"append&position={position}", body=b"line\n")
            oss.succeeded(answer)
            found = answer.headers.get("x-oss-next-append-position")
            kit.expect("oss.objects.appended", answer, found, following, "next position")
            crc = str(crc64(b"line\n" * (int(following) // 5)))
            kit.expect("oss.objects.crc", answer, answer.headers.get(_CRC), crc, "crc64 of the whole")
        answer = oss.call("POST", log, "append&position=3", body=b"line\n")
        oss.refused("oss.objects.appended", answer, 409, "PositionNotEqualToLength")
        names = [keys["one"], f"{keys['']}copy"]
        listed = "".join(f"<Object><Key>{name}</Key></Object>" for name in names)
        body = f"<Delete><Quiet>false</Quiet>{listed}</Delete>".encode()
        md5 = {"Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode()}
        answer = oss.call("POST", oss.bucket, "delete", body=body, headers=md5)
        content = oss.xml("deleted", answer)
        gone = sorted(map(str, texts(content, "Deleted", "Key", "deleted")))
        kit.expect("oss.objects.many", answer, gone, sorted(names), "deleted keys")
        kit.expect("oss.objects.many", answer, oss.call("GET", copy).status, 404, "status after deletion")


@checks(
    "oss.list.prefix",
    "oss.list.objects",
    "oss.list.pages",
    "oss.list.encoding",
    "oss.shape.list",
    "oss.shape.list-2",
)
def test_lists(kit: Kit) -> None:
    """Objects are listed in pages and in folders."""
    oss = Oss.of(kit)
    contents = {"a": b"1", "b/1": b"2", "b/2": b"3", "c 日": b"4"}
    with oss.objects(**contents) as keys:
        folder, names = keys[""], [keys[name] for name in contents]
        for version in ("", "2"):
            given = query(prefix=folder, delimiter="/", **({"list-type": version} if version else {}))
            answer = oss.call("GET", oss.bucket, given)
            content = _list(oss, answer, version, Prefix=folder, Delimiter="/")
            expected = [[keys["a"], keys["c 日"]], [f"{folder}b/"]]
            kit.expect("oss.list.prefix", answer, _listed(content), expected, "keys and folders")
            _check_objects(kit, answer, content, [contents["a"], contents["c 日"]])
            if version:
                kit.expect("oss.shape.list-2", answer, text(content, "KeyCount", "list-2"), "3", "KeyCount")
            _check_pages(oss, folder, names, version)
        answer = oss.call("GET", oss.bucket, query(prefix=folder, **{"encoding-type": "url"}))
        last = _listed(_list(oss, answer))[0][-1]
        held = last.isascii() and unquote(last) == names[-1]
        kit.judge("oss.list.encoding", answer, quote(names[-1], safe=""), last, held=held)


def _list(oss: Oss, answer: Answer, version: str = "", **echoed: str) -> Any:
    return oss.xml("list-2" if version else "list", answer, Name=oss.kit.accounts["oss_bucket"], **echoed)


def _listed(content: Any) -> list[list[Any]]:
    """The keys and the folders of a list."""
    keys = texts(content, "Contents", "Key", "list")
    return [keys, texts(content, "CommonPrefixes", "Prefix", "list")]


def _check_objects(kit: Kit, answer: Answer, content: Any, bodies: list[bytes]) -> None:
    names = ("Size", "ETag", "Type")
    found = [[text(one, name, "list") for name in names] for one in need(content).findall("Contents")]
    expected = [[str(len(body)), md5_of(body), "Normal"] for body in bodies]
    kit.expect("oss.list.objects", answer, found, expected, "size, ETag and type of each object")


def _check_pages(oss: Oss, folder: str, names: list[str], version: str) -> None:
    found: list[Any] = []
    more: dict[str, str] = {"list-type": version} if version else {}
    for _ in range(len(names) + 1):
        answer = oss.call("GET", oss.bucket, query(prefix=folder, **{"max-keys": 1}, **more))
        content = _list(oss, answer, version, Prefix=folder, MaxKeys="1")
        found += _listed(content)[0]
        if content.findtext("IsTruncated") != "true":
            break
        marker, token = (
            ("NextContinuationToken", "continuation-token") if version else ("NextMarker", "marker")
        )
        more[token] = content.findtext(marker, "")
    oss.kit.expect("oss.list.pages", answer, found, names, f"keys of all pages, version {version or '1'}")


@checks(
    "oss.shape.upload",
    "oss.shape.completed",
    "oss.shape.parts",
    "oss.shape.uploads",
    "oss.objects.crc",
    "oss.parts.completed",
    "oss.parts.listed",
    "oss.parts.small",
    "oss.parts.aborted",
)
def test_uploads_in_parts(kit: Kit) -> None:
    """A multipart upload can be started, filled, completed and aborted."""
    oss = Oss.of(kit)
    with oss.objects() as keys:
        key = f"{keys['']}large"
        path = oss.path(key)
        place = {"Bucket": kit.accounts["oss_bucket"], "Key": key}
        upload = _begun(oss, keys[""], place)
        bodies = [b"a" * _PART, b"b" * 10]
        tags = [_part(oss, path, upload, number, body) for number, body in enumerate(bodies, 1)]
        _check_parts(oss, path, {**place, "UploadId": upload}, bodies)
        _check_uploads(oss, keys[""], [upload])
        answer = _complete(oss, path, upload, tags)
        oss.xml("completed", answer, **place)
        got = oss.call("GET", path)
        held = got.body == b"".join(bodies) and got.headers.get("ETag", "").endswith('-2"')
        kit.judge("oss.parts.completed", got, "both parts, ETag -2", got.headers.get("ETag", ""), held=held)
        upload = _begun(oss, keys[""], place)
        tags = [_part(oss, path, upload, number, b"small") for number in (1, 2)]
        answer = _complete(oss, path, upload, tags)
        oss.refused("oss.parts.small", answer, 400, "EntityTooSmall")
        answer = oss.call("DELETE", path, query(uploadId=upload))
        kit.expect("oss.parts.aborted", answer, answer.status, 204, "status")
        answer = oss.call("GET", path, query(uploadId=upload))
        oss.refused("oss.parts.aborted", answer, 404, "NoSuchUpload")
        _check_uploads(oss, keys[""], [])


def _begun(oss: Oss, folder: str, place: dict[str, str]) -> str:
    """The id of a new upload; from the list of uploads if the response lacks it."""
    content = known(oss.xml("upload", oss.call("POST", oss.path(place["Key"]), "uploads"), **place), None)
    found = content.findtext("UploadId") if content is not None else None
    return found or str(_uploads(oss, folder)[1][-1])


def _uploads(oss: Oss, folder: str) -> tuple[Answer, list[Any]]:
    """The ids of the uploads in progress."""
    answer = oss.call("GET", oss.bucket, f"uploads&prefix={quote(folder, safe='')}")
    content = oss.xml("uploads", answer, Bucket=oss.kit.accounts["oss_bucket"], Prefix=folder)
    return answer, texts(content, "Upload", "UploadId", "uploads")


def _check_uploads(oss: Oss, folder: str, expected: list[str]) -> None:
    answer, found = _uploads(oss, folder)
    oss.kit.expect("oss.parts.listed", answer, found, expected, "uploads in progress")


def _check_parts(oss: Oss, path: str, place: dict[str, str], bodies: list[bytes]) -> None:
    answer = oss.call("GET", path, query(uploadId=place["UploadId"]))
    content, names = oss.xml("parts", answer, **place), ("PartNumber", "ETag", "Size")
    found = [[text(one, name, "parts") for name in names] for one in need(content).findall("Part")]
    expected = [[str(number), md5_of(body), str(len(body))] for number, body in enumerate(bodies, 1)]
    oss.kit.expect("oss.parts.listed", answer, found, expected, "number, ETag and size of each part")


def _part(oss: Oss, path: str, upload: str, place: int, body: bytes) -> str:
    answer = oss.call("PUT", path, query(partNumber=place, uploadId=upload), body=body)
    oss.succeeded(answer)
    if len(body) < _PART:  # computed byte by byte, which is slow for a large part
        oss.kit.expect(
            "oss.objects.crc", answer, answer.headers.get(_CRC), str(crc64(body)), "crc64 of the part"
        )
    return answer.headers.get("ETag", "")


def _complete(oss: Oss, path: str, upload: str, tags: list[str]) -> Answer:
    parts = "".join(
        f"<Part><PartNumber>{place}</PartNumber><ETag>{tag}</ETag></Part>"
        for place, tag in enumerate(tags, 1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    return oss.call("POST", path, query(uploadId=upload), body=body)
