"""Rows that mockcbs writes to Tencent Docs."""

from collections.abc import Mapping

from mockcbs.services.reporting import Row, RowWriter, Session, check_code, content_of, id_in, refusal
from mockcbs.settings import Settings

Headers = Mapping[str, str]


def _own(settings: Settings) -> Mapping[str, str]:
    return {"client_id": settings.tencent_client_id, "client_secret": settings.tencent_client_secret}


def _headers(session: Session, credentials: Mapping[str, str]) -> Headers:
    """The headers with the given token, or with one of the application.

    Raises `ReportError` if the client is refused.
    """
    client_id, secret = credentials.get("client_id", "mockcbs"), credentials.get("client_secret", "")
    if token := credentials.get("token"):
        return _with_token(token, client_id, credentials.get("open_id", "mockcbs"))

    def issued() -> Headers:
        who = {"client_id": client_id, "client_secret": secret}
        response = session.client.get("/oauth/v2/app-account-token", params=who)
        content = content_of(response)
        if response.is_error or "access_token" not in content:
            raise refusal(response)
        return _with_token(content["access_token"], client_id, content.get("user_id", ""))

    return session.once(("tencent_docs", client_id, secret), issued)


def _with_token(token: str, client_id: str, open_id: str) -> Headers:
    return {"Access-Token": token, "Client-Id": client_id, "Open-Id": open_id}


def _write(session: Session, row: Row) -> str:
    values = {
        name: [{"type": "text", "text": value}] if isinstance(value, str) else value
        for name, value in row.values.items()
    }
    response = session.client.post(
        f"/openapi/smartbook/v2/files/{row.base}/sheets/{row.table}",
        json={"addRecords": {"records": [{"values": values}]}},
        headers=_headers(session, row.credentials),
    )
    return id_in(check_code(response, "ret"), "data", "addRecords", "records", 0, "recordID")


ROWS = RowWriter(("file", "sheet"), ("client_id", "client_secret", "token", "open_id"), _own, _write)
