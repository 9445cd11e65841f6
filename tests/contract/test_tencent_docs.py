"""The kit's view of Tencent Docs."""

import pytest

from mockcbs.contract.targets import Call
from mockcbs.contract.tencent_docs import TencentDocs, authenticate, every_answer
from tests.contract.kits import broken, kit_of_mock, kit_without_server, response_to

SHEETS = "/openapi/smartbook/v2/files/f/sheets"


@pytest.mark.parametrize(
    ("path", "content", "clauses"),
    [
        (SHEETS, {"ret": 0, "msg": "Succeed", "data": {}}, set()),
        (SHEETS, {"ret": 400, "msg": "no"}, set()),
        (SHEETS, {"ret": 0, "msg": "Succeed"}, {"tencent_docs.http.ret"}),
        (SHEETS, {"ret": 400, "msg": "no", "data": {}}, {"tencent_docs.http.ret"}),
        (SHEETS, {"ret": True, "msg": "Succeed", "data": {}}, {"tencent_docs.http.ret"}),
        (SHEETS, "Succeed", {"tencent_docs.http.json"}),
        ("/oauth/v2/token", {"access_token": "t"}, set()),
        ("/oauth/v2/authorize", "<html>", set()),
    ],
)
def test_every_response_has_the_envelope(path, content, clauses):
    """Responses about sheets have the envelope; tokens have another, and a page for browsers has none."""
    kit = kit_without_server("tencent_docs")

    every_answer(kit, response_to(path, content))

    assert broken(kit) == clauses


def test_rows_of_the_sheet():
    """Rows are added, read and deleted under the names of the operations."""
    docs = TencentDocs.of(kit_of_mock())
    row = {"values": {"workflow_id": [{"text": "w1", "type": "text"}]}}

    (made,) = docs.good("records", docs.use("addRecords", {"records": [row]}), "addRecords")["records"]
    deleted = docs.use("deleteRecords", {"recordIDs": [made["recordID"]]})

    assert made["values"]["workflow_id"][0]["text"] == "w1"
    assert deleted.json["ret"] == 0


def test_tokens():
    """One for the client's credentials is good; one for wrong credentials is denied with 400 or 401."""
    kit = kit_of_mock()
    docs = TencentDocs.of(kit)

    issued = docs.issued(docs.token("app-account-token"))
    denied = docs.token(
        "token", grant_type="authorization_code", code="wrong", redirect_uri="https://a.example"
    )
    docs.denied("tencent_docs.http.answered", denied)

    assert issued["expires_in"] == 2_592_000
    assert broken(kit) == set()


def test_calls_name_token_client_and_user():
    """A call has token, client and user in three headers."""
    kit = kit_of_mock()

    headers = authenticate(kit, Call("GET", SHEETS)).headers

    assert headers["Client-Id"] == "mockcbs-docs"
    assert headers["Access-Token"] == kit.memory["tencent_docs token"]
    assert headers["Open-Id"] == kit.memory["tencent_docs user"]
