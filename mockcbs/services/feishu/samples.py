"""Sample code for lark-oapi."""

from mockcbs.samples.python import literal
from mockcbs.samples.request import Request
from mockcbs.samples.sdk import Sdk
from mockcbs.settings import Settings

_TOKENS = {"feishu.tenant_access_token", "feishu.app_access_token", "feishu.call_hook"}
"""Calls without sample code: the SDK makes some of them itself and does not know the custom bot."""


def _write(request: Request, settings: Settings) -> str | None:
    if not request.operation or request.operation in _TOKENS:
        return None
    lines = [
        "import lark_oapi as lark",
        "",
        "client = (",
        "    lark.Client.builder()",
        f"    .app_id({literal(settings.feishu_app_id)})",
        f"    .app_secret({literal(settings.feishu_app_secret)})",
        f"    .domain({literal(request.base_url)})",
        "    .build()",
        ")",
        "request = (",
        "    lark.BaseRequest.builder()",
        f"    .http_method(lark.HttpMethod.{request.method})",
        f"    .uri({literal(request.path)})",
        "    .token_types({lark.AccessTokenType.TENANT})",
    ]
    if request.parameters:
        lines.append(f"    .queries({literal(request.parameters, 4)})")
    if request.body:
        lines.append(f"    .body({literal(request.json, 4)})")
    return "\n".join(
        [
            *lines,
            "    .build()",
            ")",
            "response = client.request(request)",
            "print(response.code, response.raw.content.decode())",
            "",
        ]
    )


SDK = Sdk("lark-oapi", _write)
