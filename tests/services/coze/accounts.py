"""Tokens of several accounts, and what each has done."""

from urllib.parse import parse_qs, urlsplit

from tests.services.coze.conftest import BOT

OAUTH = "/api/permission/oauth2"
BEARER = {"Authorization": "Bearer client-secret"}
CHAT = {
    "bot_id": BOT,
    "user_id": "anna",
    "additional_messages": [{"role": "user", "content": "hi", "content_type": "text"}],
}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def calls(anyone, token):
    """How many calls of the bot the statistics count."""
    path = f"/v1/bots/{BOT}/analytics?start_date=2025-12-22&end_date=2025-12-22"
    return anyone.get(path, headers=bearer(token)).json["data"]["summary"]["total_calls"]


def chat(anyone, token):
    return anyone.post("/v3/chat", json=CHAT, headers=bearer(token)).json["data"]


def log_in(anyone):
    """Access and refresh token of a new consent."""
    asked = f"{OAUTH}/authorize?client_id=app&redirect_uri=http://a/b&response_type=code"
    code = parse_qs(urlsplit(anyone.get(asked).headers["Location"]).query)["code"][0]
    body = {
        "grant_type": "authorization_code",
        "client_id": "app",
        "code": code,
        "redirect_uri": "http://a/b",
    }
    return anyone.post(f"{OAUTH}/token", json=body, headers=BEARER).json


def refresh(anyone, tokens):
    body = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": tokens["refresh_token"]}
    return anyone.post(f"{OAUTH}/token", json=body, headers=BEARER).json
