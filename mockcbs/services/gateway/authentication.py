"""Authentication by tokens and signatures, with the error texts of contract 6.3."""

import hmac
from functools import partial
from typing import NamedTuple

from werkzeug import Request

from mockcbs.backend.documents import Documents
from mockcbs.core.clock import iso, real_now
from mockcbs.core.errors import ApiError
from mockcbs.services.gateway.errors import AUTHENTICATION, AUTHENTICATION_FAILED
from mockcbs.services.gateway.signature import (
    TOLERANCE,
    Authorization,
    Lockout,
    SignedRequest,
    canonical_like,
    canonical_request,
    sdk_date,
    sign,
    signed_at,
)
from mockcbs.services.gateway.tokens import EXPIRED_TOKEN, LIFETIME, TokenMint
from mockcbs.settings import Settings
from mockcbs.web.cache import caching
from mockcbs.web.proofs import Proof

_DATE = "x-sdk-date"
_VERIFY_FAILED = "verify aksk signature fail"
_EXPIRED = "calc aksk signature fail"


class Caller(NamedTuple):
    """An authenticated caller."""

    project_id: str | None = None
    """The only project that the credentials are valid for; `None` for all."""
    expires_at: int | None = None
    """When the credentials expire, ms UTC; `None` means never."""
    region: str | None = None
    """The only region that the credentials are valid for; `None` for all."""


class Authenticator:
    """Checks the credentials of a request: its token, or else its signature."""

    def __init__(self, settings: Settings, store: Documents) -> None:
        self._settings = settings
        self._mint = TokenMint(settings.secret)
        self._lockout = Lockout(store)
        self._secret_keys = {settings.access_key: settings.secret_key}

    def authenticate(self, request: Request, now: int) -> Caller:
        """The caller at *now* (ms UTC); raises `ApiError` with a gateway error."""
        if token := request.headers.get("X-Auth-Token", "").strip():
            return self._by_token(token, now)
        if header := request.headers.get("Authorization", "").strip():
            return self._by_signature(request, header, now)
        caching.depends_on()
        raise _failure("x-auth-token not found", "neither X-Auth-Token nor Authorization was sent")

    def _by_token(self, text: str, now: int) -> Caller:
        if text == EXPIRED_TOKEN:
            raise _failure(
                f"token expires, expires_at: {expiry(now - LIFETIME)}", "this token is always expired"
            )
        token = self._mint.read(text)
        if token is None:
            if self._settings.strict:
                raise _failure("decrypt token fail", "X-Auth-Token was not issued here (--strict)")
            return Caller()
        if now >= token.expires_at:
            when = expiry(token.expires_at)
            raise _failure(f"token expires, expires_at: {when}", f"the token expired at {when}")
        return Caller(token.project_id, token.expires_at, token.region)

    def _by_signature(self, request: Request, header: str, now: int) -> Caller:
        signed = _signed(request)
        try:
            access_key = self._checked(signed, header, now)
        except ApiError:
            caching.never()  # a signature is valid for one request and for 15 minutes only
            raise
        caching.proved_by(partial(self._proves, signed, access_key))
        return Caller()

    def _checked(self, signed: SignedRequest, header: str, now: int) -> str:
        """The access key of a request with a right signature. Raises `ApiError` for a wrong one."""
        authorization = Authorization.parse(header)
        if authorization is None:
            raise _failure(
                _VERIFY_FAILED, "Authorization is not 'SDK-HMAC-SHA256 Access=..., SignedHeaders=...'"
            )
        access_key = authorization.access_key
        if self._lockout.is_locked(access_key, now):
            raise _failure(
                "AK access failed to reach the limit,forbidden.", "more than 5 failures: wait 5 minutes"
            )
        secret_key = self._secret_keys.get(access_key)
        if secret_key is None:
            if self._settings.strict:
                detail = f"Get secretKey failed,ak:{access_key},err:ak not exist"
                raise self._failed(access_key, detail, "the access key is not configured (--strict)", now)
            return access_key
        self._check_date(access_key, signed.headers.get(_DATE, ""), now)
        canonical = canonical_request(signed, authorization.signed_headers)
        if not _is_signature(authorization, canonical, signed.headers.get(_DATE, ""), secret_key):
            detail = f"{_VERIFY_FAILED}, canonicalRequest:{canonical.replace(chr(10), '|')}"
            reason = (
                "the signature does not fit the canonical request of error_msg; lines end where it shows |"
            )
            raise self._failed(access_key, detail, reason, now)
        self._lockout.succeeded(access_key)
        return access_key

    def _proves(self, earlier: SignedRequest, access_key: str, query: str, proof: Proof, now: int) -> bool:
        """Whether *proof* shows that a request like *earlier*, with another *query*, was sent with that key.

        It is strict: a request that must be refused, counted or examined closer is not proved either.
        """
        authorization, date = Authorization.parse(proof["authorization"]), proof[_DATE]
        if authorization is None or authorization.access_key != access_key:
            return False
        if self._lockout.has_failed(access_key):
            return False
        secret_key = self._secret_keys.get(access_key)
        if secret_key is None:  # any signature is accepted, as for the earlier request
            return True
        at = signed_at(date)
        if at is None or not _is_timely(at, now):
            return False
        headers = {**earlier.headers, **proof}
        canonical = canonical_like(earlier, authorization.signed_headers, query, headers)
        return _is_signature(authorization, canonical, date, secret_key)

    def _check_date(self, access_key: str, header: str, now: int) -> None:
        """Refuse a signature with a date too far from now."""
        at = signed_at(header)
        if at is None:
            raise self._failed(
                access_key, _VERIFY_FAILED, "X-Sdk-Date is not of the form 20210219T074925Z", now
            )
        if not _is_timely(at, now):
            detail = f"{_EXPIRED}:signature expired, signature time:{header},server time:{sdk_date(now)}"
            raise self._failed(access_key, detail, "X-Sdk-Date is more than 15 minutes off", now)

    def _failed(self, access_key: str, detail: str, reason: str, now: int) -> ApiError:
        self._lockout.failed(access_key, now)
        return _failure(detail, reason)


def _is_timely(at: int, now: int) -> bool:
    """Whether a signature of the time *at* is valid at *now* (ms UTC).

    SDKs sign with the time of the machine, while the clock of the mock may be frozen: either time is
    accepted.
    """
    return min(abs(at - now), abs(at - real_now())) <= TOLERANCE


def _is_signature(authorization: Authorization, canonical: str, date: str, secret_key: str) -> bool:
    return hmac.compare_digest(sign(canonical, date, secret_key), authorization.signature)


def expiry(at: int) -> str:
    """*at* (ms UTC) in the format of IAM, with six decimals."""
    return iso(at, timespec="microseconds")


def _failure(detail: str, reason: str) -> ApiError:
    return ApiError(AUTHENTICATION_FAILED, reason, message=f"{AUTHENTICATION}: {detail}")


def _signed(request: Request) -> SignedRequest:
    path, _, query = request.environ.get("REQUEST_URI", "").partition("?")
    return SignedRequest(
        request.method,
        path or request.path,
        query or request.query_string.decode("latin-1"),
        {name.lower(): value for name, value in request.headers},
        request.get_data(),
    )
