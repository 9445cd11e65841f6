"""The kit's view of Airtable."""

import pytest

from mockcbs.contract.airtable import Airtable, authenticate, every_answer, look
from mockcbs.contract.kit import NotReachedError
from mockcbs.contract.targets import Call
from tests.contract.kits import alter, broken, kit_of_mock, kit_without_server, response_to

MISSING = {"error": {"type": "TABLE_NOT_FOUND", "message": "no such table"}}


@pytest.mark.parametrize(
    ("status", "content", "clauses"),
    [
        (200, {"records": []}, set()),
        (404, {"error": "NOT_FOUND"}, set()),
        (403, MISSING, set()),
        (200, MISSING, {"airtable.http.success"}),
        (304, {}, {"airtable.http.success", "airtable.http.failure"}),
        (422, {"error": {"type": "INVALID_REQUEST_UNKNOWN"}}, {"airtable.http.failure"}),
        (500, "<html>", {"airtable.http.json"}),
    ],
)
def test_every_response_has_the_envelope(status, content, clauses):
    """A success has no error; a failure has a text, or a type with a message."""
    kit = kit_without_server("airtable")

    every_answer(kit, response_to("/v0/appX/Runs", content, status))

    assert broken(kit) == clauses


def test_rows_are_deleted_after_a_check():
    """The kit deletes the rows of a check, also of one that fails."""
    airtable, seen = Airtable.of(kit_of_mock()), []

    def check():
        with airtable.rows({"workflow_id": "w1"}) as (row,):
            seen.append(airtable.call("GET", f"{airtable.path}/{row['id']}"))
            raise NotReachedError

    with pytest.raises(NotReachedError):
        check()

    (read,) = seen
    assert read.json["fields"] == {"workflow_id": "w1"}
    assert airtable.call("GET", read.call.path).status == 404


def test_rows_without_ids_are_found_in_the_list():
    """A server that forgets the ids of new records breaks one clause; its rows are deleted all the same."""
    kit = kit_of_mock()
    airtable = Airtable.of(kit)

    def forgets(call, content):
        if call.method == "POST":
            del content["records"][0]["id"]

    alter(kit, "airtable", forgets)
    with airtable.rows({"workflow_id": "w1"}) as (row,):
        assert row["id"].startswith("rec")

    assert airtable.call("GET", f"{airtable.path}/{row['id']}").status == 404
    assert broken(kit) == {"airtable.shape.records"}


def test_calls_carry_the_token():
    """Calls have the token as a bearer token, beside their own headers."""
    call = authenticate(kit_of_mock(), Call("GET", "/v0/meta/whoami", headers={"X": "1"}))

    assert call.headers == {"X": "1", "Authorization": "Bearer patmockcbs.mockcbs"}


def test_a_server_that_knows_its_tokens_is_called_slowly(monkeypatch):
    """Airtable refuses everything for a while after more than five calls a second on one base."""
    kit, rates = kit_of_mock(), []
    target = kit.targets["airtable"]
    send = target.send

    def refuse_strangers(call):
        is_stranger = "NobodyHasThis" in call.headers.get("Authorization", "")
        return response_to(call, MISSING, 401) if is_stranger else send(call)

    monkeypatch.setattr(target, "limit", rates.append)
    look(kit)
    monkeypatch.setattr(target, "send", refuse_strangers)
    look(kit)

    assert rates == [4.0]
