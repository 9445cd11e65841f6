"""What the kit does on all services of tables."""

import pytest

from mockcbs.contract.kit import NotApplicableError
from mockcbs.contract.lacking import Lacking
from mockcbs.contract.table_http import is_json_object, must_not_trust
from mockcbs.contract.wecom import WeCom
from tests.contract.kits import broken, kit_without_server, response_to

GOOD = {"errcode": 0, "errmsg": "ok", "records": []}


def is_good(content):
    return content["errcode"] == 0


@pytest.mark.parametrize(
    ("content", "kind", "clauses"),
    [
        (GOOD, "application/json", set()),
        (GOOD, "application/json; charset=utf-8", set()),
        (GOOD, "text/plain", {"wecom.http.json"}),
        ([GOOD], "application/json", {"wecom.http.json"}),
        ("{", "application/json", {"wecom.http.json"}),
    ],
)
def test_every_response_is_a_json_object(content, kind, clauses):
    """Each response is a JSON object with the content type of JSON."""
    kit = kit_without_server("wecom")

    found = is_json_object(kit, "wecom", response_to("/", content, Content_Type=kind))

    assert broken(kit) == clauses
    assert found == (None if clauses else GOOD)


@pytest.mark.parametrize("status", [200, 201])
def test_a_success_is_read_whatever_its_status(status):
    """A status other than 200 breaks a clause, and the checks of the content continue."""
    kit = kit_without_server("wecom")

    found = WeCom.of(kit).succeeded(response_to("/", GOOD, status), is_good)

    assert found == GOOD
    assert broken(kit) == (set() if status == 200 else {"wecom.shape.success"})


@pytest.mark.parametrize("content", [{"errcode": 1, "errmsg": "no"}, [], "<html>"])
def test_what_no_success_answers_is_lacking(content):
    """Checks that need it name the broken clause."""
    kit = kit_without_server("wecom")

    found = WeCom.of(kit).succeeded(response_to("/cgi-bin/x", content), is_good)

    assert isinstance(found, Lacking)
    assert found.reason == "GET /cgi-bin/x failed (wecom.shape.success)"
    assert broken(kit) == {"wecom.shape.success"}


def test_wrong_members_are_lacking():
    """A wrong member counts as missing and breaks the shape; good members are read."""
    kit = kit_without_server("wecom")

    found = WeCom.of(kit).fits("records", response_to("/", {}), {"records": [{"record_id": "r1"}]})

    assert broken(kit) == {"wecom.shape.records"}
    assert found["records"][0]["record_id"] == "r1"
    assert isinstance(found["records"][0]["values"], Lacking)


def test_unknown_ids_mean_nothing_to_an_open_mock():
    """A check of them does not apply to a target that accepts any id."""
    must_not_trust(response_to("/", {}, 403), refused=True)

    with pytest.raises(NotApplicableError, match=r"accepts any id and token.*\(200\)"):
        must_not_trust(response_to("/", {}), refused=False)
