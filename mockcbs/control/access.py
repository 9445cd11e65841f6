"""Access to the control API: callers with the token, signed-in browsers, and pages of mockcbs."""

import hmac

from flask import Response, request
from itsdangerous import BadSignature, TimestampSigner

from mockcbs.services import registry
from mockcbs.web import context, origins
from mockcbs.web.problems import Problem

HEADER = "X-Mockcbs-Console"
"""Pages of mockcbs send this header with every change. Forms and images of other pages cannot send it."""

COOKIE = "mockcbs_session"
SESSION_SECONDS = 12 * 3600
"""The time that a browser stays signed in, in seconds of real time."""

_SAFE = {"GET", "HEAD", "OPTIONS"}
_SIGNED_IN = "signed in"


def check_origin() -> None:
    """Reject requests of pages of other origins, and requests with an unknown Host. Raises `Problem`."""
    if reason := origins.refusal(request, _is_known_host) or _unannounced():
        raise Problem(403, "Forbidden", reason)


def check_token() -> None:
    """Reject callers without the token of ``--control-token``. Raises `Problem`."""
    wanted = context.mock().settings.control_token
    if wanted is None or _sends(wanted) or _is_signed_in(wanted):
        return
    raise Problem(401, "Unauthorized", "send Authorization: Bearer with the token of --control-token")


def sign_in(token: str, response: Response) -> Response:
    """Let the browser that sent *token* use the control API. Raises `Problem` if the token is wrong.

    The cookie is a signature made with the token, so that the token is in no URL and out of reach of scripts.
    """
    wanted = context.mock().settings.control_token
    if wanted is None:
        return response
    if not hmac.compare_digest(token.encode("utf-8", "replace"), wanted.encode()):
        raise Problem(401, "Unauthorized", "this is not the token of --control-token")
    response.set_cookie(
        COOKIE,
        _signer(wanted).sign(_SIGNED_IN).decode(),
        max_age=SESSION_SECONDS,
        path="/_mockcbs",
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def sign_out(response: Response) -> Response:
    """Delete the cookie of a signed-in browser."""
    response.delete_cookie(COOKIE, path="/_mockcbs", httponly=True, samesite="Strict")
    return response


def _is_known_host(name: str) -> bool:
    """Whether *name* is a host of an emulated service, or one of ``--allow-host``."""
    allowed = (context.mock().settings.allow_host or "").lower().split(",")
    return name in allowed or any(service.host_pattern.fullmatch(name) for service in registry.services())


def _unannounced() -> str | None:
    """Why a change that a browser sent is rejected; empty if it is accepted. A form could have sent it."""
    from_browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    if request.method in _SAFE or not from_browser or HEADER in request.headers or request.is_json:
        return None
    return f"a browser sent this without the header {HEADER}, which a form cannot send"


def _sends(wanted: str) -> bool:
    # WSGI passes the bytes of a header as Latin-1
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ").encode("latin-1", "replace")
    return hmac.compare_digest(sent, wanted.encode())


def _is_signed_in(wanted: str) -> bool:
    try:
        said = _signer(wanted).unsign(request.cookies.get(COOKIE, ""), max_age=SESSION_SECONDS)
    except BadSignature:
        return False
    return said == _SIGNED_IN.encode()


def _signer(token: str) -> TimestampSigner:
    return TimestampSigner(token, salt="mockcbs.console")
