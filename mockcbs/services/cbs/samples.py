"""Sample code for huaweicloudsdkcbs."""

import re
from typing import Any

from mockcbs.samples.python import Source, call
from mockcbs.samples.request import Request
from mockcbs.samples.sdk import Sdk
from mockcbs.settings import Settings

_METHODS = {
    "cbs.session_stats": "collect_session_stats",
    "cbs.reply_rates": "collect_reply_rates",
    "cbs.hot_questions": "collect_hot_questions",
    "cbs.keywords": "collect_key_words",
    "cbs.chat": "execute_qa_chat",
    "cbs.single_round": "post_requests",
    "cbs.open_session": "create_session",
    "cbs.execute_session": "execute_session",
    "cbs.close_session": "delete_session",
    "cbs.suggestions": "list_suggestions",
    "cbs.tag_labor": "tag_labor",
    "cbs.tag_satisfaction": "tag_satisfaction",
}


def _argument(name: str, value: str) -> Any:
    """*value* as the SDK takes it."""
    if name == "top" and value.isdecimal():
        return int(value)
    return value == "true" if name == "exclude" else value


def _write(request: Request, settings: Settings) -> str | None:
    method = _METHODS.get(request.operation)
    if method is None:
        return None
    kind = f"{re.sub('_([a-z])', lambda found: found[1].upper(), f'_{method}')}Request"
    given: dict[str, Any] = {name: value for name, value in request.names.items() if name != "project_id"}
    given |= {name: _argument(name, value) for name, value in request.parameters}
    if request.body:
        given["body"] = request.json
    keys = [settings.access_key, settings.secret_key, request.names.get("project_id", "")]
    endpoint = Source(f".with_endpoints([{call('', request.base_url)[1:-1]}])")
    return "\n".join(
        [
            f"from huaweicloudsdkcbs.v1 import CbsClient, {kind}",
            "from huaweicloudsdkcore.auth.credentials import BasicCredentials",
            "",
            f"credentials = {call('BasicCredentials', *keys)}",
            f"client = CbsClient.new_builder().with_credentials(credentials){endpoint}.build()",
            f"request = {call(kind, **given)}",
            f"print(client.{method}(request))",
            "",
        ]
    )


SDK = Sdk("huaweicloudsdkcbs", _write)
