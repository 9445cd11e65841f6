"""What the console asks the mock for."""

import json

import pytest

from mockcbs import Settings, create_app
from mockcbs.core.masking import digest
from tests.conftest import BOT, NOW, PROJECT
from tests.console.requests import CONSOLE

ANALYTICS = "/v1/bots/7342866812345678901/analytics?start_date=2026-11-16&end_date=2026-11-22"
COZE = {"Authorization": "Bearer pat_mockcbs"}
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"


def test_figures_are_those_of_the_api(client):
    """The console shows exactly the bytes that a client gets, except those that differ in every response."""
    body = {"requests": [ANALYTICS, STATS]}

    shown = client.post(f"{CONSOLE}/data/figures", json=body).json["responses"]
    coze = client.get(ANALYTICS, headers=COZE).json
    cbs = client.get(STATS, headers={"X-Auth-Token": "any"}).text

    assert [one["status"] for one in shown] == [200, 200]
    assert f'"summary":{shown[0]["body"].partition("summary")[2][2:]}'.partition(',"detail"')[0]
    assert client.application.json.loads(shown[0]["body"])["data"] == coze["data"]
    assert shown[1]["body"] == cbs


def test_figures_leave_no_trace(client):
    """Reading figures is not journalled, meets no scenario, and does not change the ids clients get."""
    other = create_app(Settings(now=NOW)).test_client()
    client.put("/_mockcbs/scenario", json={"scenario": "outage"})

    shown = client.post(f"{CONSOLE}/data/figures", json={"requests": [ANALYTICS, STATS]}).json["responses"]
    client.delete("/_mockcbs/scenario")

    assert [one["status"] for one in shown] == [200, 200]
    assert client.get("/_mockcbs/journal").json["count"] == 0
    first, second = (one.get(ANALYTICS, headers=COZE) for one in (client, other))
    assert first.data == second.data
    assert first.headers["X-Tt-Logid"] == second.headers["X-Tt-Logid"]


def test_figures_of_another_account(client):
    """What a client did with its own token is shown for its account, not for the configured one."""
    theirs = {"Authorization": "Bearer pat_of_a_client"}
    workflow = {"workflow_id": "7389589103588700001", "parameters": {"input": "x"}}
    client.post("/v1/workflow/run", headers=theirs, json=workflow)
    target = "/v1/workflows/7389589103588700001/analytics?start_date=2026-11-22&end_date=2026-11-22"

    def calls(scope):
        body = {"requests": [target], "scope": scope}
        [shown] = client.post(f"{CONSOLE}/data/figures", json=body).json["responses"]
        return json.loads(shown["body"])["data"]["summary"]["total_calls"]

    assert calls(digest("pat_of_a_client")) == calls(None) + 1


def test_figures_when_strict():
    """The console's own requests pass the guards of a strict mock."""
    client = create_app(Settings(now=NOW, strict=True)).test_client()

    shown = client.post(f"{CONSOLE}/data/figures", json={"requests": [ANALYTICS, STATS]}).json["responses"]

    assert [one["status"] for one in shown] == [200, 200]


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"requests": "x"},
        {"requests": [1]},
        {"requests": ["v1/users/me"]},
        {"requests": ["/v1/\ud800"]},
        {"requests": ["/v1/users/me"] * 101},
    ],
)
def test_figures_that_cannot_be_read(client, body):
    """A body of another form is refused with a reason."""
    response = client.post(f"{CONSOLE}/data/figures", data=json.dumps(body), content_type="application/json")

    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_explanation_with_code(client):
    """A figure is shown with its turns, its formula, and code for its call."""
    query = {"request": ANALYTICS, "figure": "data.summary.total_calls", "scope": ""}

    found = client.get(f"{CONSOLE}/data/explain", query_string=query).json

    assert found["value"] == client.get(ANALYTICS, headers=COZE).json["data"]["summary"]["total_calls"]
    assert len(found["turns"]) == 50
    assert found["formula"]
    assert "pat_mockcbs" in next(one["code"] for one in found["samples"] if one["language"] == "curl")


def test_code_only_for_our_own_account(client):
    """The configured token does not give the figures of another account, so no code is shown for it."""
    query = {"request": ANALYTICS, "figure": "data.summary.total_calls", "scope": "token:0123456789abcdef"}

    assert client.get(f"{CONSOLE}/data/explain", query_string=query).json["samples"] == []
    wrong = {**query, "page_token": "x"}
    assert client.get(f"{CONSOLE}/data/explain", query_string=wrong).status_code == 400
