"""A client of smart sheets and what it writes."""

from urllib.parse import parse_qs, urlsplit

from mockcbs import Settings, create_app

FILE, SHEET = "DReports0001", "BB08J2"
SHEETS = f"/openapi/smartbook/v2/files/{FILE}/sheets"
CLIENT = {"client_id": "mockcbs-docs", "client_secret": "mockcbs-docs-secret"}
HEADERS = {"Access-Token": "any", "Client-Id": "mine", "Open-Id": "me"}

REPORT = {
    "workflow_id": [{"type": "text", "text": "w1"}],
    "exec_time": [{"type": "text", "text": "2025-12-22T09:00:00+08:00"}],
    "input_len": 12,
    "duration_ms": 812,
}

NOW = "2025-12-22T01:00:00Z"


def caller(**settings):
    client = create_app(Settings(**{"now": NOW, **settings})).test_client()
    for name, value in HEADERS.items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return client


def use(client, headers=None, sheet=SHEET, **operation):
    return client.post(f"{SHEETS}/{sheet}", json=operation, headers=headers or {})


def code_of(client, **query):
    given = {
        "client_id": "mockcbs-docs",
        "redirect_uri": "http://localhost/back?x=1",
        "response_type": "code",
        **query,
    }
    response = client.get("/oauth/v2/authorize", query_string=given)
    return response, parse_qs(urlsplit(response.headers.get("Location", "")).query)


def token_for(client, issued, **changes):
    query = {
        **CLIENT,
        "grant_type": "authorization_code",
        "redirect_uri": "http://localhost/back?x=1",
        "code": issued,
    }
    return client.get("/oauth/v2/token", query_string={**query, **changes})
