"""The check of signatures, and the headers of responses."""

from flask import Response

from mockcbs.core.clock import iso, real_now
from mockcbs.services.oss.errors import error, request_id_of
from mockcbs.services.oss.signature import MalformedError, Signature, signature_of
from mockcbs.state import State
from mockcbs.web import context

MAX_SKEW = 15 * 60 * 1000
"""The accepted deviation of a client's clock in ms."""


class OssGuard:
    """The hooks of one application."""

    def __init__(self, mock: State) -> None:
        self._settings = mock.settings

    def admit(self) -> None:
        """Check the signature.

        A call without a signature is admitted; the ACL of its bucket decides on it.
        """
        asked, this = context.with_request()
        try:
            signature = signature_of(asked.environ)
        except MalformedError as problem:
            raise error("InvalidArgument", str(problem), message="Authorization header is invalid.") from None
        if signature is None:
            return
        this.caller = signature.access_key
        self._check_times(signature)
        if signature.access_key == self._settings.access_key:
            self._check(signature)
        elif self._settings.strict:
            reason = f"the access key is not {self._settings.access_key}, the configured one (--strict)"
            raise error("InvalidAccessKeyId", reason, OSSAccessKeyId=signature.access_key)

    def stamp(self, response: Response) -> Response:
        """Add the request id and the name of the server."""
        response.headers["Server"] = "AliyunOSS"
        response.headers["x-oss-request-id"] = request_id_of(context.request_id())
        response.headers["x-oss-server-time"] = "1"
        return response

    def _check_times(self, signature: Signature) -> None:
        """Refuse an old request; SDKs sign with the machine's time, so it may fit that or the mock's time."""
        clocks = context.now(), real_now()
        if signature.expires is not None:
            if all(signature.expires < now for now in clocks):
                when = iso(signature.expires)
                raise error(
                    "AccessDenied", f"the URL expired at {when}", message="Request has expired.", Expires=when
                )
        elif signature.at is None:
            raise error(
                "AccessDenied",
                "neither Date nor x-oss-date holds a date",
                message="OSS authentication requires a valid Date.",
            )
        elif min(abs(signature.at - now) for now in clocks) > MAX_SKEW:
            raise error(
                "RequestTimeTooSkewed",
                "the client's clock is more than 15 minutes off",
                MaxAllowedSkewMilliseconds=MAX_SKEW,
                RequestTime=iso(signature.at),
                ServerTime=iso(clocks[0]),
            )

    def _check(self, signature: Signature) -> None:
        if signature.fits(self._settings.secret_key):
            return
        details = {"CanonicalRequest": _text(signature.canonical)} if signature.canonical else {}
        raise error(
            "SignatureDoesNotMatch",
            "the signature does not fit StringToSign and the configured secret key",
            OSSAccessKeyId=signature.access_key,
            SignatureProvided=signature.given,
            StringToSign=_text(signature.to_sign),
            **details,
        )


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
