"""Errors of Tencent Docs and WeCom."""

import pytest

from mockcbs.services.tencent_docs import errors
from tests.services.tencent_docs.caller import use


@pytest.mark.parametrize("row", [row for row in errors.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_file_provokes_an_error(client, row):
    """A file whose id ends in Fail and a code always fails with it."""
    response = client.get(f"/openapi/smartbook/v2/files/D{row.provoke.removeprefix('file ')}/sheets")

    assert (response.status_code, response.json) == (row.status, row.body(row.message, ""))


@pytest.mark.parametrize("row", errors.WECOM, ids=lambda row: row.code)
def test_docid_provokes_an_error(client, row):
    """A docid of WeCom that ends in Fail and a code provokes that error of WeCom."""
    body = {"docid": f"dc{row.provoke.removeprefix('docid ')}", "sheet_id": "q", "records": [{"values": {}}]}

    response = client.post("/cgi-bin/wedoc/smartsheet/add_records?access_token=x", json=body)

    assert (response.status_code, response.json) == (200, row.body(row.message, ""))


def test_failures_have_the_vendors_envelope(client):
    """A scenario fails Tencent Docs with its `ret`, WeCom with its `errcode`."""
    rule = {"when": {"service": "tencent_docs"}, "answer": {"error": "throttled"}}
    client.put("/_mockcbs/scenario", json={"scenario": {"rules": [rule]}})

    docs = use(client, getRecords={}).json
    wecom = client.post("/cgi-bin/wedoc/smartsheet/add_records?access_token=x", json={}).json

    assert docs["ret"] == 400007
    assert wecom["errcode"] == 45009
