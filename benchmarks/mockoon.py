"""The session-stats operation as an environment of Mockoon."""

from collections.abc import Callable
from typing import Any


def environment(port: int, intervals: str, body: Callable[[int], bytes]) -> dict[str, Any]:
    """An environment of one route with a response for each status."""

    def rule(target: str, modifier: str, value: str, operator: str, *, invert: bool) -> dict[str, Any]:
        return {
            "target": target,
            "modifier": modifier,
            "value": value,
            "operator": operator,
            "invert": invert,
        }

    rules: dict[int, list[dict[str, Any]]] = {
        401: [rule("header", "X-Auth-Token", "", "null", invert=False)],
        400: [rule("query", "interval", f"^({intervals})$", "regex", invert=True)],
        200: [],
    }
    responses = [
        {
            "uuid": f"00000000-0000-4000-8000-000000000{status}",
            "statusCode": status,
            "body": body(status).decode(),
            "bodyType": "INLINE",
            "headers": [{"key": "Content-Type", "value": "application/json"}],
            "latency": 0,
            "rules": found,
            "rulesOperator": "OR",
            "disableTemplating": True,
            "fallbackTo404": False,
            "default": status == 200,
        }
        for status, found in rules.items()
    ]
    route = {
        "uuid": "00000000-0000-4000-8000-000000000001",
        "type": "http",
        "method": "get",
        "endpoint": "v1/:project/qabots/:bot/requests/session-stats",
        "responses": responses,
        "responseMode": None,
    }
    return {
        "uuid": "00000000-0000-4000-8000-000000000002",
        "lastMigration": 33,
        "name": "session-stats",
        "port": port,
        "hostname": "127.0.0.1",
        "routes": [route],
        "rootChildren": [{"type": "route", "uuid": route["uuid"]}],
    }
