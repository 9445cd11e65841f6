"""Coze's token endpoints: their errors and, with permission to write, a device login."""

from typing import Any

from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.targets import Answer, query

_BASE = "/api/permission/oauth2"
_ENTERPRISE = "1"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def _token(coze: Coze, headers: dict[str, str] | None = None, **body: Any) -> Answer:
    return coze.post(f"{_BASE}/token", body, auth=False, headers=headers)


def _refused(kit: Kit, clause: str, answer: Answer, *codes: str, status: int = 400) -> None:
    """Check that the members that official clients read contain one of the error *codes*."""
    Coze.of(kit).need(answer)
    content = answer.json
    found = [content.get(name) for name in ("error_code", "error")]
    kit.expect(
        "coze.oauth.envelope",
        answer,
        [*found, "data" in content],
        [content.get("error_code")] * 2 + [False],
        "error_code, error, has data",
    )
    held = isinstance(content.get("error_message"), str) and bool(content["error_message"])
    kit.judge("coze.oauth.envelope", answer, "error_message: words", answer.text[:80], held=held)
    kit.expect("coze.oauth.open", answer, answer.json.get("code"), None, "code of a missing bearer token")
    held = answer.status == status and found[0] in codes
    kit.judge(clause, answer, f"{status} {' or '.join(codes)}", f"{answer.status} {found[0]}", held=held)


@checks(
    "coze.oauth.open",
    "coze.oauth.envelope",
    "coze.oauth.grant-type",
    "coze.oauth.parameter",
    "coze.oauth.code",
    "coze.oauth.client",
)
def test_refused_tokens(kit: Kit) -> None:
    """The token endpoints reject invalid grants."""
    coze = Coze.of(kit)
    client = {"client_id": made_up()}
    answer = _token(coze, **client, grant_type="password")
    _refused(kit, "coze.oauth.grant-type", answer, "unsupported_grant_type")
    _refused(kit, "coze.oauth.grant-type", _token(coze, **client), "invalid_request")
    for body, named in (
        ({"grant_type": "authorization_code", "redirect_uri": "https://a.example"}, "client_id"),
        ({"grant_type": "authorization_code", **client}, "code"),
        ({"grant_type": "refresh_token", **client}, "refresh_token"),
        ({"grant_type": _DEVICE, **client}, "device_code"),
    ):
        answer = _token(coze, **body)
        _refused(kit, "coze.oauth.parameter", answer, "invalid_request")
        message = answer.json.get("error_message", "")
        kit.judge("coze.oauth.parameter", answer, f"names {named}", message, held=named in message)
    _refused(
        kit, "coze.oauth.parameter", coze.post(f"{_BASE}/device/code", {}, auth=False), "invalid_request"
    )
    bad = {"code": f"code_{made_up()}", "redirect_uri": "https://a.example"}
    answer = _token(coze, **client, grant_type="authorization_code", **bad)
    _refused(kit, "coze.oauth.code", answer, "access_deny", "invalid_request")
    answer = _token(coze, **client, grant_type="refresh_token", refresh_token=made_up())
    _refused(kit, "coze.oauth.code", answer, "access_deny", "invalid_request")
    answer = _token(coze, {"Authorization": "Bearer no.j.wt"}, grant_type=_JWT, duration_seconds=900)
    _refused(kit, "coze.oauth.client", answer, "invalid_client", status=401)
    path = f"{_BASE}/enterprise_id/{_ENTERPRISE}/token"
    answer = coze.post(path, {**client, "grant_type": "password"}, auth=False)
    _refused(kit, "coze.oauth.grant-type", answer, "unsupported_grant_type")


@checks("coze.oauth.authorize", "coze.oauth.envelope", "coze.oauth.open")
def test_consent_page(kit: Kit) -> None:
    """The consent page requires the client, the redirect URI and the response type."""
    coze = Coze.of(kit)
    good = {"client_id": made_up(), "redirect_uri": "https://a.example/back", "response_type": "code"}
    for path in ("authorize", "workspace_id/1/authorize"):
        for name in good:
            text = query(**{**good, name: None})
            answer = coze.get(f"{_BASE}/{path}", text, auth=False)
            _refused(kit, "coze.oauth.authorize", answer, "invalid_request")


@checks("coze.shape.device", "coze.shape.tokens", "coze.oauth.device", "coze.oauth.refresh")
def test_device(kit: Kit) -> None:
    """A device code is pending until consent; its tokens can be renewed."""
    coze = Coze.of(kit)
    coze.may_write()
    client = {"client_id": made_up()}
    device = coze.bare("device", coze.post(f"{_BASE}/device/code", client, auth=False))
    coze.bare("device", coze.post(f"{_BASE}/workspace_id/1/device/code", client, auth=False))
    answer = _token(coze, **client, grant_type=_DEVICE, device_code=device["device_code"])
    found = [answer.status, answer.json.get("error_code")]
    kit.expect("coze.oauth.device", answer, found, [400, "authorization_pending"], "status and error_code")
    if not kit.local:
        not_reached("no user consents to the device code")
    coze.get(f"{_BASE}/device/consent", query(user_code=device["user_code"]), auth=False)
    answer = _token(coze, **client, grant_type=_DEVICE, device_code=device["device_code"])
    tokens = coze.bare("tokens", answer)
    me = coze.get("/v1/users/me", auth=False, headers={"Authorization": f"Bearer {tokens['access_token']}"})
    kit.expect("coze.oauth.device", me, me.status, 200, "status with the token")
    for place, path in enumerate(("token", "account/1/token", "workspace_id/1/token")):
        body = {**client, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        answer = coze.post(f"{_BASE}/{path}", body, auth=False)
        renewed = coze.bare("tokens", answer)
        again = coze.post(f"{_BASE}/{path}", body, auth=False)
        label = f"status of a used refresh token ({place})"
        kit.expect("coze.oauth.refresh", again, again.status, 400, label)
        differs = renewed["refresh_token"] != tokens["refresh_token"]
        kit.judge("coze.oauth.refresh", answer, "a new refresh token", "the same refresh token", held=differs)
        tokens = renewed
