"""The OAuth endpoints (contract 2.2.2); their responses have no envelope."""

import re
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.urls import iri_to_uri

from mockcbs.core import json_input
from mockcbs.core.errors import ApiError
from mockcbs.core.queries import used
from mockcbs.services.coze import errors, oauth
from mockcbs.services.coze.envelope import OAUTH_PATHS
from mockcbs.services.coze.views import oauth_parameters as parameters
from mockcbs.services.coze.views.base import blp

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\x00-\x1f\x7f]+")


@blp.get(f"{OAUTH_PATHS}/authorize")
@blp.get(f"{OAUTH_PATHS}/workspace_id/<workspace_id>/authorize", endpoint="authorize_workspace")
@blp.documented(parameters=parameters.CONSENT)
@blp.alt_response(302, description="To redirect_uri, with a code.")
def authorize(workspace_id: str = "") -> Response:
    """OAuth 授权页: consent without a page, and redirect the browser with a code."""
    del workspace_id
    query = used(request.args.items(multi=True), "last")
    for name, pattern in (("client_id", r".+"), ("redirect_uri", _ADDRESS), ("response_type", "code")):
        if not re.fullmatch(pattern, query.get(name, "")):
            said = errors.INVALID_REQUEST.message.format(parameter=name)
            raise ApiError(errors.INVALID_REQUEST, f"{name} is missing or wrong", message=said)
    back = {"code": oauth.code(query)} | ({"state": query["state"]} if "state" in query else {})
    joint = "&" if "?" in query["redirect_uri"] else "?"
    try:
        address = iri_to_uri(f"{query['redirect_uri']}{joint}{urlencode(back)}")
    except ValueError:  # a port that is not a number, or a host that cannot be encoded
        said = errors.INVALID_REQUEST.message.format(parameter="redirect_uri")
        reason = f"redirect_uri {query['redirect_uri']!r:.200} is not a URL"
        raise ApiError(errors.INVALID_REQUEST, reason, message=said) from None
    return Response(status=302, headers={"Location": address})


@blp.post(f"{OAUTH_PATHS}/token")
@blp.post(f"{OAUTH_PATHS}/account/<account_id>/token", endpoint="create_account_token")
@blp.post(f"{OAUTH_PATHS}/enterprise_id/<enterprise_id>/token", endpoint="create_enterprise_token")
@blp.post(f"{OAUTH_PATHS}/workspace_id/<workspace_id>/token", endpoint="create_workspace_token")
@blp.documented(requestBody=parameters.GRANT)
@blp.answers("tokens.Tokens")
def create_token(account_id: str = "", enterprise_id: str = "", workspace_id: str = "") -> dict[str, Any]:
    """获取 OAuth 令牌: tokens for a code, a refresh token, a device code or a JWT."""
    del account_id, enterprise_id, workspace_id
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return oauth.grant(_body(), bearer.strip() if scheme == "Bearer" else "", request.host)


@blp.post(f"{OAUTH_PATHS}/device/code")
@blp.post(f"{OAUTH_PATHS}/workspace_id/<workspace_id>/device/code", endpoint="create_workspace_device_code")
@blp.documented(requestBody=parameters.CLIENT)
@blp.answers("tokens.DeviceCode")
def create_device_code(workspace_id: str = "") -> dict[str, Any]:
    """获取设备码: issue a code for a device without a browser."""
    del workspace_id
    client_id = _body().get("client_id")
    if not isinstance(client_id, str) or not client_id:
        said = errors.INVALID_REQUEST.message.format(parameter="client_id")
        raise ApiError(errors.INVALID_REQUEST, "client_id is missing", message=said)
    return oauth.device(client_id, request.host_url)


@blp.get(f"{OAUTH_PATHS}/device/consent")
@blp.documented(parameters=parameters.ANSWER)
@blp.answers("tokens.Consent")
def consent() -> dict[str, Any]:
    """设备授权页: consent to a device; ``deny=true`` refuses, and ``slow=true`` slows down its polls."""
    query = used(request.args.items(multi=True), "last")
    denied, slow = (query.get(name) == "true" for name in ("deny", "slow"))
    oauth.consent(query.get("user_code", ""), denied=denied, slow=slow)
    return {"msg": "ok"}


def _body() -> dict[str, Any]:
    try:
        body = json_input.loads(request.get_data() or b"{}")
        reason = "the body is not a JSON object"
    except json_input.JSONInputError as error:
        body, reason = None, str(error)
    if not isinstance(body, dict):
        said = errors.INVALID_REQUEST.message.format(parameter="body")
        raise ApiError(errors.INVALID_REQUEST, reason, message=said)
    return body
