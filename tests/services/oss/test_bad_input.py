"""Whatever is sent, OSS answers with an error of its catalogue."""

from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.services import registry
from tests.thoroughness import examples

APP = create_app(Settings())
STATUSES = {row.status for row in registry.named("oss").catalogue} | {200, 204, 206, 304}
NAMES = (
    "acl append Expires OSSAccessKeyId Signature continuation-token delimiter encoding-type "
    "list-type location marker max-keys max-parts objectMeta partNumber position prefix "
    "response-expires security-token uploadId uploads x-oss-credential x-oss-date x-oss-expires "
    "x-oss-additional-headers x-oss-signature x-oss-signature-version"
).split()
HEADERS = (
    "Authorization Content-MD5 Date If-Match If-Modified-Since If-None-Match If-Unmodified-Since "
    "Range x-oss-acl x-oss-copy-source x-oss-copy-source-range x-oss-date x-oss-forbid-overwrite "
    "x-oss-hash-crc64ecma x-oss-meta-a x-oss-metadata-directive x-oss-object-acl "
    "x-oss-range-behavior x-oss-storage-class"
).split()
VALUES = st.binary(max_size=30) | st.sampled_from(
    [
        *(
            b"OSS a:b",
            b"OSS4-HMAC-SHA256 Credential=a/20240101/r/oss/aliyun_v4_request,Signature=b",
            b"0",
            b"1",
        ),
        *(b"OSS4-HMAC-SHA256", b"20240101T000000Z", b"00010101T000000Z", b"bytes=0-1", b"url", b"standard"),
        *(
            b"a/20240101/r/oss/aliyun_v4_request",
            b"4102444800",
            b"/photos/a",
            b"Mon, 01 Jan 0001 00:00:00 -2359",
        ),
        *(b"\xff/\xff/\xff/\xff/aliyun_v4_request", b"bytes=" + b"9" * 5000 + b"-"),
    ]
)
HEADER_VALUES = VALUES.map(
    lambda value: value.decode("latin-1").translate(dict.fromkeys([*range(32), 127], " "))
)


@settings(max_examples=examples(150), deadline=None)
@example("GET", "/photos/a", {"x-oss-credential": b"a/\xff/r/oss/aliyun_v4_request"}, {}, b"")
@example("GET", "/photos/a", {}, {"Range": f"bytes={'9' * 5000}-"}, b"")
@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"]),
    path=st.sampled_from(["/", "/photos", "/photos/a", "/A"])
    | st.binary(max_size=20).map(lambda one: "/" + quote(one)),
    query=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
    headers=st.dictionaries(st.sampled_from(HEADERS), HEADER_VALUES, max_size=4),
    body=st.binary(max_size=20) | st.sampled_from([b"<Delete><Object><Key>a</Key></Object></Delete>"]),
)
def test_every_request_gets_a_response_of_the_service(method, path, query, headers, body):
    """Never a bug of the mock, which would be a problem document with status 500."""
    sent = "&".join(f"{name}={quote(value)}" for name, value in query.items())

    response = APP.test_client().open(
        path, method=method, base_url="http://oss.localhost", query_string=sent, headers=headers, data=body
    )

    assert response.status_code in STATUSES
    assert "mockcbs failed" not in response.get_data(as_text=True)
    assert response.headers["Server"] == "AliyunOSS"
