"""The check of credentials."""

from flask import Response, request

from mockcbs.core.errors import ApiError
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.limits import REFUSAL_MS, check_rate
from mockcbs.state import State
from mockcbs.web import context

EXPIRED_TOKEN = "patexpired.mockcbs"
"""A token that is never valid."""


class AirtableGuard:
    """Checks the token and, with ``--strict``, the rate of calls."""

    def __init__(self, mock: State) -> None:
        self._settings = mock.settings

    def admit(self) -> None:
        """Check the bearer token and store it in the context."""
        asked, this = context.with_request()
        scheme, _, token = asked.headers.get("Authorization", "").strip().partition(" ")
        if scheme != "Bearer" or not token.strip():
            raise ApiError(errors.UNAUTHENTICATED, "send Authorization: Bearer TOKEN")
        if token.strip() == EXPIRED_TOKEN:
            raise ApiError(errors.UNAUTHENTICATED, "this token is never valid")
        if self._settings.strict and token.strip() != self._settings.airtable_token:
            raise ApiError(errors.UNAUTHENTICATED, "the token is not the configured one (--strict)")
        this.caller = token.strip()
        base_id = (asked.view_args or {}).get("base_id")
        if self._settings.strict and base_id and this.counted:
            check_rate(base_id)

    def stamp(self, response: Response) -> Response:
        """Add the charset and, after too many calls, the seconds to wait."""
        if response.mimetype == "application/json" and request.method != "HEAD":
            response.headers["Content-Type"] = "application/json; charset=utf-8"
        if response.status_code == 429 and "Retry-After" not in context.current().fault_headers:
            response.headers["Retry-After"] = str(REFUSAL_MS // 1000)
        return response
