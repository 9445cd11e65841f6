"""The reporting node (统计上报节点) of a workflow: each run becomes a row of a table (contract coze 1.6)."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from mockcbs.core.clock import iso

if TYPE_CHECKING:
    import httpx

Kind = Literal["feishu", "airtable", "tencent_docs"]
KINDS: tuple[Kind, ...] = get_args(Kind)

COLUMNS = ("workflow_id", "exec_time", "input_len", "duration_ms")
"""The columns of a row."""


@dataclass(frozen=True)
class Node:
    """The table to which the runs of a workflow are written."""

    kind: Kind
    base: str
    """The app token of Feishu, the base id of Airtable, or the file id of Tencent Docs."""
    table: str
    """The table id, or the sheet id of Tencent Docs."""
    url: str = ""
    """The base URL; an empty text means this mock."""
    credentials: Mapping[str, str] = field(default_factory=dict)
    """Feishu: ``app_id`` and ``app_secret``; Airtable: ``token``; Tencent Docs: ``client_id`` and
    ``client_secret``, or ``token``, ``client_id`` and ``open_id``. Empty for those of the mock."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Names of columns that differ from those in `COLUMNS`."""
    exec_time: Literal["ms", "iso"] = "ms"
    """The format of the time: ms UTC, as date columns of Feishu require, or ISO 8601 text."""

    def fields(self, run: "ReportedRun") -> dict[str, Any]:
        """The row of *run*."""
        values = {
            "workflow_id": run.workflow_id,
            "exec_time": run.at if self.exec_time == "ms" else iso(run.at),
            "input_len": run.input_len,
            "duration_ms": run.duration_ms,
        }
        return {self.columns.get(name, name): value for name, value in values.items()}


@dataclass(frozen=True)
class ReportedRun:
    """The data of a run for its row."""

    execution: str
    """The id of the run. Its row is written once, if the table service supports that."""
    workflow_id: str
    at: int
    """The start of the run, ms UTC."""
    input_len: int
    """The length of the input, in characters."""
    duration_ms: int


class NodeError(Exception):
    """The table service rejected the row; the message begins with the error code."""


@dataclass
class Session:
    """Calls to one server that belong together, such as those of one run."""

    client: "httpx.Client"
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _docs_headers: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def docs_headers(self, credentials: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of Tencent Docs: with the token that is given, or one of the application.

        Raises `NodeError` if the client is refused.
        """
        client_id, secret = credentials.get("client_id", "mockcbs"), credentials.get("client_secret", "")
        if token := credentials.get("token"):
            return _docs_headers(token, client_id, credentials.get("open_id", "mockcbs"))
        client = (client_id, secret)
        if client not in self._docs_headers:
            who = {"client_id": client_id, "client_secret": secret}
            response = self.client.get("/oauth/v2/app-account-token", params=who)
            content = _json(response)
            if response.is_error or "access_token" not in content:
                raise NodeError(f"{response.status_code} {response.text[:200]}")
            made = _docs_headers(content["access_token"], client_id, content.get("user_id", ""))
            self._docs_headers[client] = made
        return self._docs_headers[client]

    def feishu_token(self, credentials: Mapping[str, str]) -> str:
        """A tenant access token, requested once; raises `NodeError` if the app is refused."""
        app = (credentials["app_id"], credentials["app_secret"])
        if app not in self._tokens:
            wanted = dict(zip(("app_id", "app_secret"), app, strict=True))
            response = self.client.post("/open-apis/auth/v3/tenant_access_token/internal", json=wanted)
            self._tokens[app] = check_code(response)["tenant_access_token"]
        return self._tokens[app]


def _docs_headers(token: str, client_id: str, open_id: str) -> Mapping[str, str]:
    return {"Access-Token": token, "Client-Id": client_id, "Open-Id": open_id}


def write(session: Session, node: Node, run: ReportedRun) -> str:
    """Write the row of *run*; the id of its record.

    Raises `NodeError` if the service refuses the row or does not answer.
    """
    import httpx  # noqa: PLC0415 - 50 ms at start that only reports need

    try:
        return _WRITERS[node.kind](session, node, run)
    except httpx.HTTPError as error:
        raise NodeError(f"{type(error).__name__}: {error}") from error


def _write_feishu(session: Session, node: Node, run: ReportedRun) -> str:
    path = f"/open-apis/bitable/v1/apps/{node.base}/tables/{node.table}/records"
    once = str(uuid.uuid5(uuid.NAMESPACE_OID, run.execution))
    response = session.client.post(
        path,
        params={"client_token": once},
        json={"fields": node.fields(run)},
        headers=bearer(session.feishu_token(node.credentials)),
    )
    return _id_in(check_code(response), "data", "record", "record_id")


def _write_airtable(session: Session, node: Node, run: ReportedRun) -> str:
    response = session.client.post(
        f"/v0/{node.base}/{node.table}",
        json={"records": [{"fields": node.fields(run)}]},
        headers=bearer(node.credentials["token"]),
    )
    if response.is_error:
        raise NodeError(f"{response.status_code} {response.text[:200]}")
    return _id_in(_json(response), "records", 0, "id")


def _write_tencent_docs(session: Session, node: Node, run: ReportedRun) -> str:
    values = {
        name: [{"type": "text", "text": value}] if isinstance(value, str) else value
        for name, value in node.fields(run).items()
    }
    response = session.client.post(
        f"/openapi/smartbook/v2/files/{node.base}/sheets/{node.table}",
        json={"addRecords": {"records": [{"values": values}]}},
        headers=session.docs_headers(node.credentials),
    )
    return _id_in(check_code(response, "ret"), "data", "addRecords", "records", 0, "recordID")


_WRITERS: "dict[Kind, Callable[[Session, Node, ReportedRun], str]]" = {
    "feishu": _write_feishu,
    "airtable": _write_airtable,
    "tencent_docs": _write_tencent_docs,
}


def bearer(token: str) -> dict[str, str]:
    """The Authorization header with *token*."""
    return {"Authorization": f"Bearer {token}"}


def check_code(response: "httpx.Response", member: str = "code") -> dict[str, Any]:
    """The body of *response* if its *member* is 0. Raises `NodeError` otherwise."""
    content = _json(response)
    if not isinstance(content, dict) or content.get(member) != 0:
        refusal = content if isinstance(content, dict) else {}
        code, message = refusal.get(member, response.status_code), refusal.get("msg", response.text[:200])
        raise NodeError(f"{code} {message}")
    return content


def _json(response: "httpx.Response") -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise NodeError(f"{response.status_code} {response.text[:200]}") from error


def _id_in(content: Any, *path: str | int) -> str:
    """The id of a record in a response; empty if a server took the row and names no id."""
    try:
        for step in path:
            content = content[step]
    except (LookupError, TypeError):
        return ""
    return str(content)
