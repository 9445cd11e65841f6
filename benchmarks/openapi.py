"""The session-stats operation as an OpenAPI document, for contenders that respond and validate by one."""

import json
from collections.abc import Callable
from typing import Any

_NUMBER = {"type": "number"}
_FIGURES = {
    "session_count": {"type": "integer"},
    "user_count": {"type": "integer"},
    "avg_request_count": _NUMBER,
    "avg_session_time": _NUMBER,
}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_ERROR = {"type": "object", "properties": {"error_code": {"type": "string"}, "error_msg": {"type": "string"}}}
_STATS = _object(
    {
        "interval": {"type": "string"},
        "total": _object(_FIGURES),
        "intervals": {"type": "array", "items": _object({"start": {"type": "string"}, **_FIGURES})},
        "startutc": {"type": "integer", "format": "int64"},
        "endutc": {"type": "integer", "format": "int64"},
        "time_zone": {"type": "string"},
    }
)
_TIME = {"type": "integer", "format": "int64", "minimum": 0}
_ZONE = {"type": "string", "pattern": "^(UTC|[+-][0-9]{2}:[0-9]{2})$"}


def document(body: Callable[[int], bytes]) -> dict[str, Any]:
    """The document, with an example for each status."""

    def response(status: int, schema: dict[str, Any]) -> dict[str, Any]:
        content = {"schema": schema, "example": json.loads(body(status))}
        return {"description": str(status), "content": {"application/json": content}}

    parameters = [
        *(_parameter("path", name, {"type": "string"}) for name in ("project_id", "qabot_id")),
        _parameter("query", "interval", {"type": "string", "enum": ["day", "week", "month", "year"]}),
        _parameter("query", "time_zone", _ZONE),
        *(_parameter("query", name, _TIME) for name in ("start_time", "end_time")),
    ]
    operation = {
        "parameters": parameters,
        "security": [{"token": []}],
        "responses": {
            "200": response(200, _STATS),
            "400": response(400, _ERROR),
            "401": response(401, _ERROR),
        },
    }
    token = {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "session-stats", "version": "1"},
        "paths": {"/v1/{project_id}/qabots/{qabot_id}/requests/session-stats": {"get": operation}},
        "components": {"securitySchemes": {"token": token}},
    }


def specmatic_example(ok: bytes) -> dict[str, Any]:
    """An example in Specmatic's format that matches any parameters."""
    path = "/v1/(project_id:string)/qabots/(qabot_id:string)/requests/session-stats"
    query = {"interval": "day", "time_zone": "(string)", "start_time": "(number)", "end_time": "(number)"}
    asked = {"method": "GET", "path": path, "query": query, "headers": {"X-Auth-Token": "(string)"}}
    return {"http-request": asked, "http-response": {"status": 200, "body": json.loads(ok)}}


def _parameter(place: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": place, "name": name, "required": place == "path", "schema": schema}
