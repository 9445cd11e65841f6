"""Detects accounts that may only read: before a run with writes, or at the first forbidden call of a run."""

import json
import re
from collections.abc import Callable

from mockcbs.contract import diagnosis, wecom
from mockcbs.contract.airtable import Airtable
from mockcbs.contract.feishu import Feishu
from mockcbs.contract.kit import Kit, made_up
from mockcbs.contract.oss import Oss
from mockcbs.contract.targets import Answer, Call
from mockcbs.contract.tencent_docs import TencentDocs

_JSON = {"Content-Type": "application/json"}
_FORBIDDEN = re.compile(
    r'"code"\s*:\s*(4101|1254302|91403|99991672|99991679)\b'
    r'|"errcode"\s*:\s*48002\b|"ret"\s*:\s*400008\b'
)
"""The errors of Coze, Feishu, WeCom and Tencent Docs for missing permissions; some have HTTP status 200."""


def check_writes(kit: Kit) -> None:
    """Raise `CannotRunError` if an account may read but not write."""
    for service, probe in _PROBES.items():
        if service in kit.targets and kit.targets[service].wire:
            answer = probe(kit)
            if _is_forbidden(answer):
                raise diagnosis.read_only(kit, service, answer)


def denial(kit: Kit, service: str, answer: Answer) -> str:
    """Why a response is not judged: it forbids a call that is no GET, and the account may only read.

    Empty if the response is to be judged. The first forbidden call makes a few more, which a healthy server
    rejects because of their content, so that one wrong response is not taken for a read-only account.
    """
    if kit.writes or answer.call.method == "GET" or not _is_forbidden(answer):
        return ""
    if service not in kit.read_only:
        kit.read_only[service] = ""  # the calls of this check are not judged
        forbidden = all(_is_forbidden(probe(kit)) for probe in _HARMLESS.get(service, ()))
        if forbidden and service in _HARMLESS:
            kit.read_only[service] = diagnosis.reads_only(kit, service, answer)
    return kit.read_only[service]


def _is_forbidden(answer: Answer) -> bool:
    return answer.status == 403 or _FORBIDDEN.search(answer.text) is not None


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


def _row(kit: Kit) -> Answer:
    """Add no record to a sheet of Tencent Docs."""
    return _send(kit, "tencent_docs", "POST", TencentDocs.of(kit).sheet, {"addRecords": {}})


def _wecom_row(kit: Kit) -> Answer:
    """Add no record to a smart sheet of WeCom."""
    return _send(kit, "wecom", "POST", wecom.ADD_PATH, {})


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
    "tencent_docs": _row,
    "wecom": _wecom_row,
    "oss": _object,
}


def _rejected(service: str, path: str) -> Callable[[Kit], Answer]:
    """A call without the members that it needs; *path* may contain the names of ids."""
    return lambda kit: _send(kit, service, "POST", path.format(kit=kit), {})


_CBS_BOT = "/v1/{kit.project_id}/qabots/{kit.qabot_id}"
_HARMLESS: dict[str, tuple[Callable[[Kit], Answer], ...]] = {
    "cbs": (_rejected("cbs", f"{_CBS_BOT}/chat"), _rejected("cbs", f"{_CBS_BOT}/suggestions")),
    "coze": (_rejected("coze", "/v3/chat"), _rejected("coze", "/v1/workflow/run")),
    "feishu": (_table, _rejected("feishu", "/open-apis/im/v1/messages")),
    "airtable": (_record,),
    "tencent_docs": (_row,),
    "wecom": (_wecom_row,),
    "oss": (lambda kit: _send(kit, "oss", "DELETE", Oss.of(kit).path(made_up())),),
}
"""Calls that change nothing: their bodies lack what they need, or they delete what does not exist."""
