"""Who calls, and the variables of its users."""

import pytest

from tests.services.coze.calls import code, data
from tests.services.coze.conftest import BOT, FOREIGN, SAMPLE_NOW, caller

URL = "/v1/variables"
APP = "7439828073344000002"


def stored(coze, owner, uid="u", **query):
    found = data(coze.get(URL, query_string={**owner, "connector_uid": uid, **query}))["items"]
    return {item["keyword"]: item["value"] for item in found}


@pytest.mark.parametrize("owner", [{"bot_id": BOT}, {"app_id": APP}], ids=["bot", "app"])
def test_variables_are_those_of_a_user(coze, owner):
    """A user's variables are set one by one, read by keyword or all at once, and private to the user."""
    first = [{"keyword": "city", "value": "北京"}, {"keyword": "street", "value": "x"}]
    coze.put(URL, json={**owner, "connector_uid": "u", "data": first})
    coze.put(URL, json={**owner, "connector_uid": "u", "data": [{"keyword": "city", "value": "南京"}]})

    assert stored(coze, owner) == {"city": "南京", "street": "x"}
    assert stored(coze, owner, keywords="city,other") == {"city": "南京"}
    assert stored(coze, owner, uid="v") == {}
    assert stored(coze, owner, connector_id="999") == {}


def test_a_variable_keeps_the_time_of_its_creation():
    """A change of a variable updates only the time of the last change."""
    coze = caller(now=SAMPLE_NOW)
    body = {"bot_id": BOT, "connector_uid": "u", "data": [{"keyword": "city", "value": "北京"}]}
    coze.put(URL, json=body)
    coze.put("/_mockcbs/clock", json={"advance_ms": 60_000})

    coze.put(URL, json=body)

    (item,) = data(coze.get(URL, query_string={"bot_id": BOT, "connector_uid": "u"}))["items"]
    assert item["update_time"] - item["create_time"] == 60


def test_variables_of_somebody_else_s_bot(coze):
    """Variables of another account's bot can be neither read nor set."""
    query = {"bot_id": FOREIGN, "connector_uid": "u"}

    assert code(coze.get(URL, query_string=query)) == 4101
    assert code(coze.put(URL, json={**query, "data": [{"keyword": "k", "value": "v"}]})) == 4101


def test_who_calls(coze):
    """The response is the account of the token."""
    assert data(coze.get("/v1/users/me"))["user_name"] == "mockcbs"
