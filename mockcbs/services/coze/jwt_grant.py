"""The JWT that an OAuth app signs to get a token (contract 2.2.2)."""

from collections.abc import Sequence
from typing import Any

from mockcbs.core import clock, json_input
from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import seconds
from mockcbs.services.coze.tokens import public_key
from mockcbs.web import context

_ALGORITHM = "RS256"
_LEEWAY = 60
"""The accepted difference between the clocks of client and server, in seconds."""


def claims(text: str, audiences: Sequence[str]) -> dict[str, Any]:
    """Check a JWT (signature, issuer, audience, times, id) and return its claims.

    Without a configured key any signature is accepted, unless the mock is strict. Raises `ApiError`.
    """
    import jwt  # noqa: PLC0415 - only this grant needs it

    try:
        decoded = jwt.PyJWS().decode_complete(text, **_key())
        found = json_input.loads(decoded["payload"])
    except jwt.InvalidSignatureError:
        raise wrong_client("the JWT was not signed with the configured key") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise wrong_client(f"Authorization holds no JWT: {error}") from None
    header = decoded["header"]
    if header.get("alg") != _ALGORITHM or not header.get("kid"):
        raise wrong_client(f"the JWT needs a header with alg {_ALGORITHM} and a kid")
    if not isinstance(found, dict):
        raise wrong_client("the claims of the JWT are not an object")
    _check(found, audiences)
    return found


def _key() -> dict[str, Any]:
    """The arguments of PyJWT that check the signature."""
    settings = context.mock().settings
    if settings.coze_public_key is not None:
        return {"key": public_key(settings.coze_public_key), "algorithms": [_ALGORITHM]}
    if settings.strict:
        raise wrong_client("no public key is configured (--strict)")
    return {"options": {"verify_signature": False}}


def wrong_client(reason: str) -> ApiError:
    """The error for a client with a wrong identity."""
    return ApiError(errors.INVALID_CLIENT, reason)


def _check(found: dict[str, Any], audiences: Sequence[str]) -> None:
    """Check issuer, audience and times.

    Times are compared with the machine's clock and the mock's clock; either may accept them.
    """
    for name in ("iss", "jti"):
        if not isinstance(found.get(name), str) or not found[name]:
            raise wrong_client(f"{name} of the JWT is {found.get(name)!r}, not a text")
    if found.get("aud") not in audiences:
        raise wrong_client(f"aud of the JWT is {found.get('aud')!r}, not one of {', '.join(audiences)}")
    now, real = seconds(), clock.real_now() // 1000
    for name in ("exp", "iat", "nbf"):
        value = found.get(name)
        if type(value) is not int and (name == "exp" or value is not None):
            raise wrong_client(f"{name} of the JWT is {value!r}, not a time in whole seconds")
    if found["exp"] <= min(now, real):
        raise wrong_client(f"the JWT expired at {found['exp']}; now is {min(now, real)}")
    for name in ("iat", "nbf"):
        value = found.get(name)
        if value is not None and value > max(now, real) + _LEEWAY:
            raise wrong_client(f"{name} of the JWT is {value}, in the future; now is {max(now, real)}")
        if value is not None and value >= found["exp"]:
            raise wrong_client(f"{name} of the JWT is {value}, not before exp, {found['exp']}")
