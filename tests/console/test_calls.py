"""Calls of the journal on the pages."""

import pytest

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT

CALLS = "/_mockcbs/console/data/calls"
COZE = {"Authorization": "Bearer pat_secret_of_mine"}
TOKEN = {"X-Auth-Token": "any"}
CHAT = f"/v1/{PROJECT}/qabots/{BOT}/chat"


@pytest.fixture
def client():
    return create_app(Settings(now=NOW)).test_client()


def paths(client, query=""):
    return [call["path"] for call in client.get(f"{CALLS}?{query}").json["calls"]]


def test_newest_first_and_filters(client):
    """Calls can be filtered by service, text, failure, and by what precedes or follows another call."""
    client.get("/v1/users/me", headers=COZE)
    client.get("/v1/users/me")
    client.get(f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords?topp=3", headers=TOKEN)
    newest = client.get(CALLS).json["newest"]

    assert len(paths(client)) == 3
    assert paths(client, "service=cbs")[0].endswith("keywords")
    assert paths(client, "only=failed") == ["/v1/users/me"]
    assert paths(client, "only=near")[0].endswith("keywords")
    assert len(paths(client, "text=TOPP")) == 1
    assert paths(client, f"after={newest}") == []
    assert paths(client, f"before={newest}") == ["/v1/users/me"] * 2
    assert client.get(f"{CALLS}?after=x").status_code == 400


def test_calls_of_a_scenario(client):
    """The page of a scenario lists and counts the calls that it has changed."""
    client.put("/_mockcbs/scenario", json={"scenario": "flaky-once"})
    client.get("/v1/users/me", headers=COZE)
    client.get("/v1/users/me", headers=COZE)

    overview = client.get("/_mockcbs/console/data/overview").json

    assert overview["scenario"]["hits"] == 1
    assert len(paths(client, "scenario=flaky-once")) == len(paths(client, "only=faults")) == 1
    assert client.get("/_mockcbs/journal?scenario=flaky-once").json["count"] == 1


def test_one_call_shows_what_it_caused(client):
    """The page of a call names the turns that it recorded, and hides secrets."""
    client.get("/v1/users/me", headers=COZE)
    client.post(CHAT, headers=TOKEN, json={"question": "桌面云打不开", "user_id": "wang"})
    first, second = sorted(call["id"] for call in client.get(CALLS).json["calls"])

    shown = client.get(f"{CALLS}/{second}").json

    assert [record.split("/")[0] for record in shown["records"]] == [BOT]
    assert (shown["older"], shown["newer"]) == (first, None)
    assert client.get(f"{CALLS}/{first}").json["newer"] == second
    assert "pat_secret_of_mine" not in client.get(f"{CALLS}/{first}").text


def test_send_again(client):
    """The same bytes arrive once more, with the credentials that the journal does not show."""
    client.post(CHAT, headers=TOKEN, json={"question": "怎么申请桌面云", "user_id": "li"})
    [call] = client.get(CALLS).json["calls"]

    sent = client.post(f"{CALLS}/{call['id']}/again")

    again = client.get(f"{CALLS}/{sent.json['id']}").json
    assert again["id"] > call["id"]
    assert again["response"]["status"] == 200
    assert again["request"]["body"] == client.get(f"{CALLS}/{call['id']}").json["request"]["body"]
    assert again["records"]


def test_send_again_what_is_cut(client):
    """A body that the journal keeps a part of only is not sent again."""
    client.post(CHAT, headers=TOKEN, data=b"x" * 20_000)
    [call] = client.get(CALLS).json["calls"]

    assert client.post(f"{CALLS}/{call['id']}/again").status_code == 409
    assert client.get(f"{CALLS}/{call['id']}").json["cut"] == ["request"]


def test_a_call_that_is_gone(client):
    """The reason states how many calls are kept."""
    response = client.get(f"{CALLS}/7")

    assert response.status_code == 404
    assert "the last 1000" in response.json["detail"]
