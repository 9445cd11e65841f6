"""Rows that mockcbs writes to Airtable."""

from mockcbs.services.reporting import Row, RowWriter, Session, bearer, content_of, id_in, refusal


def _write(session: Session, row: Row) -> str:
    response = session.client.post(
        f"/v0/{row.base}/{row.table}",
        json={"records": [{"fields": row.values}]},
        headers=bearer(row.credentials["token"]),
    )
    if response.is_error:
        raise refusal(response)
    return id_in(content_of(response), "records", 0, "id")


ROWS = RowWriter(("base", "table"), ("token",), lambda settings: {"token": settings.airtable_token}, _write)
