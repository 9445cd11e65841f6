"""The credentials of a run, and the signature that they make."""

from dataclasses import dataclass, field, replace

from werkzeug.datastructures import Headers

from mockcbs.contract.targets import Call
from mockcbs.services.gateway.signature import ALGORITHM, SignedRequest, canonical_request, sdk_date
from mockcbs.services.gateway.signature import sign as signature_of

_SIGNED_HEADERS = "host;x-project-id;x-sdk-date"


@dataclass(frozen=True)
class Credentials:
    """The credentials that the kit uses; empty values are ignored."""

    token: str = field(default="", repr=False)
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    iam_user: str = ""
    iam_password: str = field(default="", repr=False)
    iam_domain: str = ""
    coze_token: str = field(default="", repr=False)


def sign(call: Call, credentials: Credentials, host: str, project_id: str, at: int) -> Call:
    """Sign *call* to *host* with the access key, dated *at* (ms UTC)."""
    headers = {
        **call.headers,
        "Host": host,
        "X-Project-Id": project_id,
        "X-Sdk-Date": sdk_date(at),
    }
    request = SignedRequest(call.method, call.path, call.query, Headers(headers), call.body)
    canonical = canonical_request(request, _SIGNED_HEADERS)
    signature = signature_of(canonical, headers["X-Sdk-Date"], credentials.secret_key)
    headers["Authorization"] = (
        f"{ALGORITHM} Access={credentials.access_key}, SignedHeaders={_SIGNED_HEADERS}, Signature={signature}"
    )
    return replace(call, headers=headers)


def with_header(call: Call, name: str, value: str) -> Call:
    """*call* with one more header."""
    return replace(call, headers={**call.headers, name: value})
