"""The JWT that an OAuth app signs to get a token (contract 2.2.2), read by PyJWT."""

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
"""Seconds by which the clocks of client and server may differ."""


def claims(text: str, audiences: Sequence[str]) -> dict[str, Any]:
    """The claims of a JWT, checked: signature, issuer, audience, times and number.

    Without a configured key the signature is taken on trust, unless the mock is strict. Raises `ApiError`.
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
    """What to check a signature with, as PyJWT's arguments."""
    settings = context.mock().settings
    if settings.coze_public_key is not None:
        return {"key": public_key(settings.coze_public_key), "algorithms": [_ALGORITHM]}
    if settings.strict:
        raise wrong_client("no public key is configured (--strict)")
    return {"options": {"verify_signature": False}}


def wrong_client(reason: str) -> ApiError:
    """The error for a client that is not who it should be."""
    return ApiError(errors.INVALID_CLIENT, reason)


def _check(found: dict[str, Any], audiences: Sequence[str]) -> None:
    """Who, for whom and when; by the machine's clock, or the mock's if that is earlier."""
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
