"""The kit's view of WeCom."""

import pytest

from mockcbs.contract.targets import Call
from mockcbs.contract.wecom import ADD_PATH, WeCom, authenticate, every_answer
from tests.contract.kits import broken, kit_of_mock, kit_without_server, response_to


@pytest.mark.parametrize(
    ("content", "clauses"),
    [
        ({"errcode": 0, "errmsg": "ok"}, set()),
        ({"errcode": 40014, "errmsg": "invalid access_token"}, set()),
        ({"errcode": 0, "errmsg": "done"}, {"wecom.http.errcode"}),
        ({"errcode": 40014, "errmsg": "ok"}, {"wecom.http.errcode"}),
        ({"errcode": "0", "errmsg": "ok"}, {"wecom.http.errcode"}),
        ("ok", {"wecom.http.json"}),
    ],
)
def test_every_response_has_the_envelope(content, clauses):
    """The words are ``ok`` with code 0, and with no other."""
    kit = kit_without_server("wecom")

    every_answer(kit, response_to(ADD_PATH, content))

    assert broken(kit) == clauses


@pytest.mark.parametrize(
    ("query", "expected"), [("", "access_token=t%261"), ("a=1", "access_token=t%261&a=1")]
)
def test_the_token_stands_in_the_query(query, expected):
    """The token is in the query, before the parameters of the call."""
    kit = kit_of_mock()
    kit.memory["wecom token"] = "t&1"

    assert authenticate(kit, Call("POST", ADD_PATH, query)).query == expected


def test_a_row_is_added():
    """A row is added with its cells under the titles of their fields."""
    kit = kit_of_mock()
    wecom = WeCom.of(kit)

    added = wecom.good("records", wecom.add({"input_len": 3}))

    assert added["records"][0]["record_id"]
    assert broken(kit) == set()


@pytest.mark.parametrize(("codes", "held"), [((), True), ((40013, 40014), True), ((40001,), False)])
def test_refusals(codes, held):
    """A refusal is accepted with any code, or with one that the clause names."""
    wecom = WeCom.of(kit_without_server("wecom"))

    refusal = response_to(ADD_PATH, {"errcode": 40014, "errmsg": "no"})

    assert wecom.refused("wecom.http.errcode", refusal, *codes) is held
