"""OSS: signatures, objects, lists and multipart uploads. Objects need permission to write."""

import base64
import hashlib
from urllib.parse import quote, unquote

from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.oss import Oss, read
from mockcbs.contract.oss_signing import Signer
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.core.clock import real_now

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
    oss.xml("info", oss.call("GET", oss.bucket, "bucketInfo"), "Bucket/Name", "Bucket/CreationDate")
    answer = oss.call("GET", oss.bucket, "location")
    place = oss.xml("location", answer)
    found = getattr(place, "text", "")
    kit.expect("oss.shape.location", answer, found, f"oss-{kit.accounts['oss_region']}", "LocationConstraint")
    oss.xml("list", oss.call("GET", oss.bucket, "max-keys=1"), "Name", "Prefix", "MaxKeys", "IsTruncated")
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
            etag = f'"{hashlib.md5(content).hexdigest().upper()}"'
            kit.expect("oss.objects.etag", put, put.headers.get("ETag"), etag, "ETag")
            crc = str(crc64(content))
            kit.expect("oss.objects.crc", put, put.headers.get("x-oss-hash-crc64ecma"), crc, "crc64")
            got = oss.call("GET", path)
            oss.succeeded(got)
            kit.expect("oss.objects.whole", got, got.body == content, True, "the same bytes")
            head = oss.call("HEAD", path)
            names = ("Content-Length", "Content-Type", "ETag", "x-oss-meta-kit")
            shown = {name: head.headers.get(name) for name in names}
            expected = dict(zip(names, (str(len(content)), _KIND["Content-Type"], etag, "one"), strict=True))
            kit.expect("oss.objects.head", head, shown, expected, "headers")
        wrong = {"Content-MD5": base64.b64encode(hashlib.md5(b"other").digest()).decode()}
        answer = oss.call("PUT", path, body=content, headers=wrong)
        oss.refused("oss.objects.md5", answer, 400, "InvalidDigest")
        answer = oss.call("PUT", path, body=b"x", headers={"x-oss-forbid-overwrite": "true"})
        oss.refused("oss.objects.forbid", answer, 409, "FileAlreadyExists")
        for _ in range(2):
            answer = oss.call("DELETE", path)
            kit.expect("oss.objects.deleted", answer, answer.status, 204, "status")
        oss.refused("oss.objects.missing", oss.call("GET", path), 404, "NoSuchKey")


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


@checks("oss.shape.copied", "oss.objects.copied", "oss.objects.appended", "oss.objects.many")
def test_other_writes(kit: Kit) -> None:
    """Objects can be copied, appended to, and deleted together."""
    oss = Oss.of(kit)
    with oss.objects(one=b"content") as keys:
        source = f"/{kit.accounts['oss_bucket']}/{quote(keys['one'])}"
        copy, log = (oss.path(keys[""] + name) for name in ("copy", "log"))
        answer = oss.call("PUT", copy, headers={"x-oss-copy-source": source})
        oss.xml("copied", answer, "ETag", "LastModified")
        got = oss.call("GET", copy)
        kit.expect("oss.objects.copied", got, got.body, b"content", "content")
        for position, following in ((0, "5"), (5, "10")):
            answer = oss.call("POST", log, f"append&position={position}", body=b"line\n")
            oss.succeeded(answer)
            found = answer.headers.get("x-oss-next-append-position")
            kit.expect("oss.objects.appended", answer, found, following, "next position")
        answer = oss.call("POST", log, "append&position=3", body=b"line\n")
        oss.refused("oss.objects.appended", answer, 409, "PositionNotEqualToLength")
        names = [keys["one"], f"{keys['']}copy"]
        listed = "".join(f"<Object><Key>{name}</Key></Object>" for name in names)
        body = f"<Delete><Quiet>false</Quiet>{listed}</Delete>".encode()
        md5 = {"Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode()}
        answer = oss.call("POST", oss.bucket, "delete", body=body, headers=md5)
        content = read(answer)
        gone = sorted(one.text or "" for one in content.iter("Key")) if content is not None else []
        kit.expect("oss.objects.many", answer, gone, sorted(names), "deleted keys")
        kit.expect("oss.objects.many", answer, oss.call("GET", copy).status, 404, "status after deletion")


@checks("oss.list.prefix", "oss.list.pages", "oss.list.encoding", "oss.shape.list")
def test_lists(kit: Kit) -> None:
    """Objects are listed in pages and in folders."""
    oss = Oss.of(kit)
    contents = {"a": b"1", "b/1": b"2", "b/2": b"3", "c 日": b"4"}
    with oss.objects(**contents) as keys:
        folder, names = keys[""], [keys[name] for name in contents]
        for version in ("", "2"):
            text = query(prefix=folder, delimiter="/", **({"list-type": version} if version else {}))
            answer = oss.call("GET", oss.bucket, text)
            found = _listed(oss, answer)
            expected = [[keys["a"], keys["c 日"]], [f"{folder}b/"]]
            kit.expect("oss.list.prefix", answer, found, expected, "keys and folders")
            _check_pages(oss, folder, names, version)
        answer = oss.call("GET", oss.bucket, query(prefix=folder, **{"encoding-type": "url"}))
        last = _listed(oss, answer)[0][-1]
        held = last.isascii() and unquote(last) == names[-1]
        kit.judge("oss.list.encoding", answer, quote(names[-1], safe=""), last, held=held)


def _listed(oss: Oss, answer: Answer) -> list[list[str]]:
    content = oss.xml("list", answer, "Name", "Prefix", "MaxKeys", "IsTruncated")
    keys = [one.findtext("Key", "") for one in content.findall("Contents")]
    return [keys, [one.findtext("Prefix", "") for one in content.findall("CommonPrefixes")]]


def _check_pages(oss: Oss, folder: str, names: list[str], version: str) -> None:
    found: list[str] = []
    more: dict[str, str] = {"list-type": version} if version else {}
    for _ in range(len(names) + 1):
        answer = oss.call("GET", oss.bucket, query(prefix=folder, **{"max-keys": 1}, **more))
        found += _listed(oss, answer)[0]
        content = read(answer)
        if content is None or content.findtext("IsTruncated") != "true":
            break
        marker, token = (
            ("NextContinuationToken", "continuation-token") if version else ("NextMarker", "marker")
        )
        more[token] = content.findtext(marker, "")
    oss.kit.expect("oss.list.pages", answer, found, names, f"keys of all pages, version {version or '1'}")


@checks(
    "oss.shape.upload",
    "oss.shape.completed",
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
        upload = _begun(oss, path)
        bodies = [b"a" * _PART, b"b" * 10]
        tags = [_part(oss, path, upload, place, body) for place, body in enumerate(bodies, 1)]
        answer = oss.call("GET", path, query(uploadId=upload))
        listed = read(answer)
        sizes = [one.text for one in listed.iter("Size")] if listed is not None else []
        kit.expect("oss.parts.listed", answer, sizes, [str(len(body)) for body in bodies], "sizes")
        answer = _complete(oss, path, upload, tags)
        oss.xml("completed", answer, "Location", "Bucket", "Key", "ETag")
        got = oss.call("GET", path)
        held = got.body == b"".join(bodies) and got.headers.get("ETag", "").endswith('-2"')
        kit.judge("oss.parts.completed", got, "both parts, ETag -2", got.headers.get("ETag", ""), held=held)
        upload = _begun(oss, path)
        tags = [_part(oss, path, upload, place, b"small") for place in (1, 2)]
        answer = _complete(oss, path, upload, tags)
        oss.refused("oss.parts.small", answer, 400, "EntityTooSmall")
        answer = oss.call("DELETE", path, query(uploadId=upload))
        kit.expect("oss.parts.aborted", answer, answer.status, 204, "status")
        answer = oss.call("GET", path, query(uploadId=upload))
        oss.refused("oss.parts.aborted", answer, 404, "NoSuchUpload")
        answer = oss.call("GET", oss.bucket, f"uploads&prefix={quote(keys[''], safe='')}")
        content = read(answer)
        left = [one.text for one in content.iter("UploadId")] if content is not None else [""]
        kit.expect("oss.parts.listed", answer, left, [], "uploads in progress")


def _begun(oss: Oss, path: str) -> str:
    content = oss.xml("upload", oss.call("POST", path, "uploads"), "Bucket", "Key", "UploadId")
    upload: str = content.findtext("UploadId", "")
    return upload


def _part(oss: Oss, path: str, upload: str, place: int, body: bytes) -> str:
    answer = oss.call("PUT", path, query(partNumber=place, uploadId=upload), body=body)
    oss.succeeded(answer)
    return answer.headers.get("ETag", "")


def _complete(oss: Oss, path: str, upload: str, tags: list[str]) -> Answer:
    parts = "".join(
        f"<Part><PartNumber>{place}</PartNumber><ETag>{tag}</ETag></Part>"
        for place, tag in enumerate(tags, 1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    return oss.call("POST", path, query(uploadId=upload), body=body)
