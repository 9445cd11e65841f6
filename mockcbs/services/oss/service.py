"""The properties of OSS as a service."""

import re
from urllib.parse import urlencode

from mockcbs.core.clock import real_now
from mockcbs.core.on_demand import OnDemand
from mockcbs.core.secret_names import Secrets
from mockcbs.faults.scenario import Throttle
from mockcbs.samples.request import Request
from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.services.oss import account, errors
from mockcbs.services.oss.errors import spec
from mockcbs.services.oss.signature import access_key_of, signature_of
from mockcbs.services.oss.target import not_emulated, recognises, routed_path
from mockcbs.state import State

_PACKAGE = "mockcbs.services.oss"

_DAY = 24 * 3600
"""The lifetime of signed URLs in seconds."""


def _example(mock: State) -> Example:
    """The list of buckets."""
    signed = _authorize(mock, Request("GET", "http://mockcbs/"))
    return Example(signed.url.removeprefix("http://mockcbs"))


def _authorize(mock: State, request: Request) -> Request:
    """*request* with a signed URL that is valid for a day."""
    access_key, expires = mock.settings.access_key, max(mock.clock.now(), real_now()) // 1000 + _DAY
    if request.body and not request.header("Content-Type"):
        # the type is signed: without one, a client would send its default and break the signature
        request = request.with_headers(Content_Type="application/octet-stream")
    credentials = {"OSSAccessKeyId": access_key, "Expires": expires}
    unsigned = request.with_query(urlencode(credentials))
    signature = signature_of(unsigned.environ())
    return unsigned.with_query(
        urlencode({"Signature": signature.made_with(mock.settings.secret_key)}) if signature else ""
    )


SERVICE = Service(
    name="oss",
    title="Aliyun OSS",
    views=f"{_PACKAGE}.views",
    host_labels=("bucket", "region"),
    hosts=("oss-*.aliyuncs.com", "*.oss-*.aliyuncs.com"),
    paths=re.compile(r"(?!)"),
    recognises=recognises,
    routed_path=routed_path,
    answers_head=True,
    checksums=("x-oss-hash-crc64ecma",),
    render=errors.render,
    unknown_path=spec("NotImplemented"),
    not_emulated=not_emulated,
    unknown_method=spec("MethodNotAllowed"),
    wire_problems={
        "malformed request": spec("BadRequest"),
        "body too large": spec("EntityTooLarge"),
        "URI too large": spec("BadRequest"),
        "headers too large": spec("BadRequest"),
    },
    failures={
        "server-error": FailureAnswer(spec("InternalError")),
        "unavailable": FailureAnswer(spec("ServiceUnavailable")),
        "throttled": FailureAnswer(spec("QpsLimitExceeded"), headers={"Retry-After": "{wait}"}),
        "token-expired": FailureAnswer(spec("SecurityTokenExpired")),
    },
    catalogue=errors.CATALOGUE,
    rate_limit=Throttle(calls=10_000, seconds=1.0),
    max_body=2**30,
    guard=OnDemand(f"{_PACKAGE}.guard", "OssGuard"),
    token=access_key_of,
    secrets=Secrets(
        headers=("x-oss-security-token",), members=("security-token", "x-oss-security-token", "Signature")
    ),
    default_scope=account.default_scope,
    objects=OnDemand(f"{_PACKAGE}.shelf", "Shelf"),
    example=_example,
    documentation=f"{_PACKAGE}.documentation",
    authorize=_authorize,
    samples=f"{_PACKAGE}.samples",
    credentials=lambda settings: [
        f"OSS AccessKeyId {settings.access_key}, AccessKeySecret {settings.secret_key}"
    ],
    variable_settings=("access_key", "secret_key"),
    variables=lambda settings, url: {
        "OSS_ACCESS_KEY_ID": settings.access_key,
        "OSS_ACCESS_KEY_SECRET": settings.secret_key,
        "OSS_ENDPOINT": url,
    },
)
