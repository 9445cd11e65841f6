"""IAM's errors, in the shape of its token operations (contract 4.1)."""

from http import HTTPStatus
from typing import Any

from mockcbs.core.errors import ErrorSpec


class IamError(ErrorSpec):
    """A failure of IAM; its code is the HTTP status."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"error":{"code":…,"message":…,"title":…}}``."""
        del request_id
        return {"error": {"code": self.status, "message": message, "title": HTTPStatus(self.status).phrase}}


BODY_INVALID = IamError(
    400, "400", "The request body is invalid", "body not JSON, member missing or of wrong type"
)
WRONG_PASSWORD = IamError(
    401, "401", "The username or password is wrong.", "bad user, password, domain or scope"
)
NO_PERMISSION = IamError(
    403, "403", "You are not authorized to perform the requested action.", "no permission"
)
TOKEN_NOT_FOUND = IamError(
    404, "404", "X-Subject-Token is invalid in the request", "GET /v3/auth/tokens on an unknown token"
)
PARAMETER_INVALID = IamError(400, "400", "Request parameter is invalid.", "bad query of GET /v3/projects")
INTERNAL = IamError(500, "500", "Internal Server Error", "provoked by a scenario")

CATALOGUE = (BODY_INVALID, WRONG_PASSWORD, NO_PERMISSION, TOKEN_NOT_FOUND, PARAMETER_INVALID, INTERNAL)
