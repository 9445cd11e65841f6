"""What OSS states about itself."""

import re
from urllib.parse import quote

from mockcbs.core.clock import real_now
from mockcbs.core.masking import Secrets
from mockcbs.faults.scenario import Throttle
from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.services.oss import account, errors
from mockcbs.services.oss.errors import spec
from mockcbs.services.oss.guard import OssGuard
from mockcbs.services.oss.signature import Signature, access_key_of
from mockcbs.services.oss.target import recognises, routed_path
from mockcbs.services.oss.views import blp
from mockcbs.state import State

_DAY = 24 * 3600
"""Seconds."""


def _example(mock: State) -> Example:
    """The list of buckets, by a URL that is good for a day."""
    expires = max(mock.clock.now(), real_now()) // 1000 + _DAY
    access_key = mock.settings.access_key
    unsigned = Signature(access_key, "", f"GET\n\n\n{expires}\n/".encode(), None, expires * 1000)
    signature = quote(unsigned.made_with(mock.settings.secret_key), safe="")
    return Example(f"/?OSSAccessKeyId={quote(access_key, safe='')}&Expires={expires}&Signature={signature}")


SERVICE = Service(
    name="oss",
    title="Aliyun OSS",
    blueprint=blp,
    hosts=("oss-*.aliyuncs.com", "*.oss-*.aliyuncs.com"),
    paths=re.compile(r"(?!)"),
    recognises=recognises,
    routed_path=routed_path,
    answers_head=True,
    checksums=("x-oss-hash-crc64ecma",),
    render=errors.render,
    unknown_path=spec("NotImplemented"),
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
    guard=OssGuard,
    token=access_key_of,
    secrets=Secrets(
        headers=("x-oss-security-token",), members=("security-token", "x-oss-security-token", "Signature")
    ),
    default_scope=account.default_scope,
    example=_example,
    credentials=lambda settings: [
        f"OSS AccessKeyId {settings.access_key}, AccessKeySecret {settings.secret_key}"
    ],
)
