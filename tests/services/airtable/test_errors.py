"""Errors of Airtable."""

import pytest

from mockcbs.services.airtable import errors
from tests.services.airtable.paths import TABLE


@pytest.mark.parametrize("row", [row for row in errors.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_base_provokes_an_error(client, row):
    """A base of zeros and a status always fails with it."""
    base = row.provoke.removeprefix("base ")

    response = client.get(f"/v0/{base}/Reports")

    assert (response.status_code, response.json) == (row.status, row.body(row.message, ""))
    assert base in response.headers["X-Mockcbs-Reason"]
    assert client.get(f"/v0/meta/bases/{base}/tables").status_code == row.status


@pytest.mark.parametrize(
    ("status", "body", "path", "method", "options"),
    [
        (400, "INVALID_REQUEST_BODY", TABLE, "POST", {"data": "{"}),
        (400, "INVALID_REQUEST_BODY", TABLE, "POST", {"data": "[]"}),
        (422, "INVALID_REQUEST_MISSING_FIELDS", TABLE, "POST", {"json": {}}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "POST", {"json": {"records": [{"fields": {}}] * 11}}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "POST", {"json": {"fields": []}}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "PATCH", {"json": {"records": [{"fields": {}}]}}),
        (422, "INVALID_REQUEST_UNKNOWN", f"{TABLE}?pageSize=x", "GET", {}),
        (422, "INVALID_REQUEST_UNKNOWN", f"{TABLE}?sort[0][direction]=asc", "GET", {}),
        (422, "INVALID_REQUEST_UNKNOWN", f"{TABLE}?sort[0][field]=a&sort[0][direction]=up", "GET", {}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "DELETE", {}),
        (404, "NOT_FOUND", "/v0/appX/Reports", "GET", {}),
        (404, "NOT_FOUND", f"{TABLE}/recX", "GET", {}),
        (404, "NOT_FOUND", f"{TABLE}/a/b/c", "GET", {}),
        (404, "NOT_FOUND", TABLE, "OPTIONS", {}),
    ],
)
def test_errors(client, status, body, path, method, options):
    """Each error has Airtable's status and envelope, and a reason in a header."""
    response = client.open(path, method=method, **options)

    error = response.json["error"]
    assert response.status_code == status
    assert (error if isinstance(error, str) else error["type"]) == body
    assert response.headers["X-Mockcbs-Reason"]
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
