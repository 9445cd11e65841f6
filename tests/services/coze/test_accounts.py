"""Who sees whose things: an account a token, and one for all tokens of a grant."""

import pytest

from mockcbs import Mock
from tests.services.coze.accounts import CHAT, bearer, calls, chat, log_in, refresh
from tests.services.coze.conftest import BOT, RUN, SAMPLE_NOW


def test_two_tokens_are_two_accounts(anyone):
    """A token neither sees nor counts what another has created; ids and users differ."""
    conversation = chat(anyone, "one")["conversation_id"]
    anyone.put(
        "/v1/variables",
        json={"bot_id": BOT, "connector_uid": "u", "data": [{"keyword": "k", "value": "v"}]},
        headers=bearer("one"),
    )
    created = {"name": "mine", "space_id": "7361424235321600001"}
    bot = anyone.post("/v1/bot/create", json=created, headers=bearer("one")).json["data"]["bot_id"]
    run = anyone.post("/v1/workflow/run", json={"workflow_id": RUN}, headers=bearer("one")).json["execute_id"]
    paths = (
        f"/v1/conversation/retrieve?conversation_id={conversation}",
        f"/v1/workflows/{RUN}/run_histories/{run}",
    )

    seen = {
        token: [anyone.get(path, headers=bearer(token)).json["code"] for path in paths]
        for token in ("one", "two")
    }
    variables = {
        token: anyone.get(f"/v1/variables?bot_id={BOT}&connector_uid=u", headers=bearer(token)).json["data"][
            "items"
        ]
        for token in ("one", "two")
    }
    listed = {
        token: [
            item["id"]
            for item in anyone.get(
                "/v1/bots?workspace_id=7361424235321600001&publish_status=all", headers=bearer(token)
            ).json["data"]["items"]
        ]
        for token in ("one", "two")
    }
    users = {
        anyone.get("/v1/users/me", headers=bearer(token)).json["data"]["user_id"] for token in ("one", "two")
    }

    assert seen == {"one": [0, 0], "two": [4002, 4314]}
    assert [len(variables[token]) for token in ("one", "two")] == [1, 0]
    assert bot in listed["one"]
    assert bot not in listed["two"]
    assert (calls(anyone, "one"), calls(anyone, "two")) == (1, 0)
    assert chat(anyone, "two")["conversation_id"] != conversation
    assert len(users) == 2


def test_another_header_makes_no_other_account(anyone):
    """A client that sends Huawei's token header to Coze as well is known by its bearer token."""
    anyone.post("/v3/chat", json=CHAT, headers={**bearer("one"), "X-Auth-Token": "huawei"})

    assert calls(anyone, "one") == 1


def test_reset_of_one_token(anyone):
    """The reset of a token deletes only what that token recorded and created."""
    held = {token: chat(anyone, token)["conversation_id"] for token in ("one", "two")}

    done = anyone.post("/_mockcbs/reset?token=one")

    assert done.status_code == 204
    assert (calls(anyone, "one"), calls(anyone, "two")) == (0, 1)
    assert [
        anyone.get(f"/v1/conversation/retrieve?conversation_id={number}", headers=bearer(token)).json["code"]
        for token, number in held.items()
    ] == [4002, 0]
    assert chat(anyone, "one")["conversation_id"] == held["one"], "as just after the start"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_control_follows_a_grant(anyone, which):
    """``?token=`` of any token of a grant is about all of them: scenario, clock, journal, export, reset."""
    tokens = log_in(anyone)
    chat(anyone, tokens["access_token"])
    new = refresh(anyone, tokens)["access_token"]
    about = {"token": tokens[which]}

    exported = anyone.get("/_mockcbs/export", query_string={**about, "bot": BOT, "from": "2025-12-22"}).text
    counted = anyone.get("/_mockcbs/journal", query_string=about).json["count"]
    anyone.put("/_mockcbs/clock", query_string=about, json={"advance_ms": 86_400_000})
    anyone.put("/_mockcbs/scenario", query_string=about, json={"scenario": "server-error"})
    statuses = [
        anyone.get("/v1/users/me", headers=bearer(token)).status_code
        for token in (tokens["access_token"], new, "other")
    ]
    log_id = anyone.get("/v1/users/me", headers=bearer(new)).headers["X-Tt-Logid"]
    anyone.post("/_mockcbs/reset", query_string=about)

    assert len(exported.splitlines()) == 2
    assert counted == 1
    assert statuses == [500, 500, 200]
    assert log_id.startswith("20251223")
    assert calls(anyone, new) == 0


def test_asking_in_a_test_is_seen_by_its_token():
    """`ask` adds to the account of the configured token, or of another that is named."""
    mock = Mock(dataset="coze-sample", now=SAMPLE_NOW)
    anyone = mock.app.test_client()

    mock.ask(BOT, "hi", user="anna")
    mock.ask(BOT, "hi", user="anna", token="other")
    mock.ask(BOT, "ho", user="anna", token="other")

    assert [calls(anyone, token) for token in ("pat_mockcbs", "other", "third")] == [1, 2, 0]


def test_a_scenario_of_one_token():
    """Only calls of that token fail, until the scenario is ended."""
    mock = Mock(dataset="coze-sample")
    anyone = mock.app.test_client()

    mock.scenario("server-error", token="one")
    broken = [anyone.get("/v1/users/me", headers=bearer(token)).status_code for token in ("one", "two")]
    mock.scenario(None, token="one")

    assert broken == [500, 200]
    assert anyone.get("/v1/users/me", headers=bearer("one")).status_code == 200


def test_the_export_of_the_configured_token(anyone):
    """Without a token, the export of a Coze bot contains what the configured token recorded."""
    chat(anyone, "pat_mockcbs")
    chat(anyone, "other")

    lines = anyone.get(f"/_mockcbs/export?bot={BOT}&from=2025-12-22").text.splitlines()

    assert len(lines) == 2
