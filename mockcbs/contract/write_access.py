"""Checks before a run that the account may write, with one small write to each service."""

import json
import re
from collections.abc import Callable

from mockcbs.contract import diagnosis
from mockcbs.contract.airtable import Airtable
from mockcbs.contract.feishu import Feishu
from mockcbs.contract.kit import Kit, made_up
from mockcbs.contract.oss import Oss
from mockcbs.contract.targets import Answer, Call

_JSON = {"Content-Type": "application/json"}
_FORBIDDEN = re.compile(r'"code"\s*:\s*(1254302|91403|99991672|99991679)\b')
"""Feishu's error codes for missing permissions, some of which have HTTP status 200."""


def check_writes(kit: Kit) -> None:
    """Raise `CannotRunError` if an account may read but not write."""
    for service, probe in _PROBES.items():
        if service in kit.targets and kit.targets[service].wire:
            answer = probe(kit)
            if answer.status == 403 or _FORBIDDEN.search(answer.text):
                raise diagnosis.read_only(kit, service, answer)


def _send(kit: Kit, service: str, method: str, path: str, content: object = None) -> Answer:
    body = b"" if content is None else json.dumps(content).encode()
    call = Call(method, path, "", _JSON, body)
    return diagnosis.first(kit, service, kit.authenticated(service, call))


def _session(kit: Kit) -> Answer:
    """Open a CBS session and close it; an empty session does not change statistics."""
    path = f"/v1/{kit.project_id}/qabots/{kit.qabot_id}/sessions"
    answer = _send(kit, "cbs", "POST", path)
    if found := re.search(r'"session_id"\s*:\s*"([\w-]+)"', answer.text):
        _send(kit, "cbs", "DELETE", f"{path}/{found[1]}")
    return answer


def _conversation(kit: Kit) -> Answer:
    """Create a Coze conversation, and delete it."""
    answer = _send(kit, "coze", "POST", "/v1/conversation/create", {"bot_id": kit.coze_bot_id})
    if found := re.search(r'"id"\s*:\s*"(\d+)"', answer.text):
        _send(kit, "coze", "DELETE", f"/v1/conversations/{found[1]}")
    return answer


def _table(kit: Kit) -> Answer:
    """Create a Feishu table with an empty body: Feishu checks permissions before the body."""
    return _send(kit, "feishu", "POST", f"{Feishu.of(kit).base}/tables", {})


def _record(kit: Kit) -> Answer:
    """Create an Airtable record with an empty body: Airtable checks permissions before the body."""
    return _send(kit, "airtable", "POST", Airtable.of(kit).path, {})


def _object(kit: Kit) -> Answer:
    """Create an OSS object, and delete it."""
    path = Oss.of(kit).path(made_up())
    answer = _send(kit, "oss", "PUT", path)
    if answer.status == 200:
        _send(kit, "oss", "DELETE", path)
    return answer


_PROBES: dict[str, Callable[[Kit], Answer]] = {
    "cbs": _session,
    "coze": _conversation,
    "feishu": _table,
    "airtable": _record,
    "oss": _object,
}
