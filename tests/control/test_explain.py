"""``/_mockcbs/explain``: the turns and the formula behind a figure, page by page, and clear refusals."""

import json
import subprocess

import pytest
import requests

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT
from tests.servers import served

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
STATS = f"{BASE}/requests/session-stats?interval=day&start_time={NOW - 3 * 86_400_000}"
COZE_BOT = "7342866812345678901"
OTHER_PROJECT = "0" * 32


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(now=NOW)).test_client()


def explain(client, request, status=200, **query):
    answer = client.get("/_mockcbs/explain", query_string={"request": request, **query})
    assert answer.status_code == status, answer.text
    return answer.json


def refusal(client, request, **query):
    return explain(client, request, 400, **query)["detail"]


def test_figures_of_a_request(client):
    """Without a figure, all figures of the response are listed with their values."""
    response = client.get(STATS, headers={"X-Auth-Token": "t"}).json

    found = explain(client, STATS, page_size=1000)

    total = {row["figure"]: row["value"] for row in found["figures"] if row["figure"].startswith("total.")}
    assert total == {f"total.{name}": value for name, value in response["total"].items()}
    assert found["count"] == len(found["figures"]) == 4 * (1 + len(response["intervals"]))
    assert found["operation"] == "cbs.session_stats"
    assert found["request"] == f"GET {STATS}"
    assert found["next_page_token"] is None


def test_turns_page_by_page(client):
    """All pages together hold every turn once, in order of time."""
    whole = explain(client, STATS, figure="intervals[1].session_count", page_size=1000)
    assert whole["count"] == whole["value"] == len(whole["turns"]) > 20

    pages, token = [], None
    while token or not pages:
        query = {"page_token": token} if token else {}
        page = explain(client, STATS, figure="intervals[1].session_count", page_size=7, **query)
        pages.append(page["turns"])
        token = page["next_page_token"]

    assert [turn for page in pages for turn in page] == whole["turns"]
    assert sorted(turn["at_ms"] for turn in whole["turns"]) == [turn["at_ms"] for turn in whole["turns"]]


def test_pages_are_of_one_instant():
    """Later pages are computed at the instant of the first, although the clock has gone on."""
    app = create_app(Settings(now=NOW))
    client, clocks = app.test_client(), app.extensions["mockcbs"].clocks
    target = f"{BASE}/requests/session-stats?interval=day"
    first = explain(client, target, figure="total.session_count", page_size=1)

    with clocks.change(None) as clock:
        clock.advance(7 * 86_400_000)
    second = explain(
        client, target, figure="total.session_count", page_size=1, page_token=first["next_page_token"]
    )

    assert (second["at_ms"], second["value"]) == (first["at_ms"], first["value"])
    with clocks.change(None) as clock:
        clock.freeze(NOW - 1)
    told = refusal(client, target, figure="total.session_count", page_token=first["next_page_token"])
    assert told == "page_token: the clock was set back since; begin again"


def test_calls_of_other_scopes_are_left_out():
    """Turns that another project or token recorded are counted among what is left out."""
    app = create_app(Settings(now=NOW, dataset="empty"))
    client = app.test_client()
    for project in (PROJECT, OTHER_PROJECT, OTHER_PROJECT):
        body = {"question": "你好", "session_id": ""}
        path = f"/v1/{project}/qabots/{BOT}/chat"
        assert client.post(path, json=body, headers={"X-Auth-Token": "t"}).status_code == 200

    found = explain(client, f"{BASE}/requests/reply-rates?interval=day", figure="total.question_count")

    assert found["value"] == 1
    assert [turn["recorded"] for turn in found["turns"]] == [True]
    assert {key: found["left_out"][-1][key] for key in ("code", "count")} == {"code": "scope", "count": 2}


def test_token_is_the_scope():
    """Services without projects are explained for the configured token, or for the given one."""
    client = create_app(Settings(dataset="empty", now="2026-11-20T10:00:00Z")).test_client()
    target = f"/v1/bots/{COZE_BOT}/analytics?start_date=2026-11-20&end_date=2026-11-20"
    body = {"bot_id": COZE_BOT, "user_id": "u", "additional_messages": [], "stream": False}
    client.post("/v3/chat", json=body, headers={"Authorization": "Bearer pat_other"})

    own = explain(client, target, figure="data.summary.total_calls")
    other = explain(client, target, figure="data.summary.total_calls", token="pat_other")

    assert (own["value"], [left["code"] for left in own["left_out"]]) == (0, ["scope"])
    assert (other["value"], other["turns"][0]["user_id"], other["left_out"]) == (1, "u", [])


def test_remarks_of_the_request(client):
    """The explanation contains the remarks about the request."""
    found = explain(client, f"{STATS}&inteval=day")

    assert found["remarks"] == ["parameter 'inteval' is ignored; did you mean 'interval'?"]


def test_the_call_itself():
    """The curl line gives the response that is explained."""
    app = create_app(Settings(now=NOW))
    with served(app) as url:
        why = requests.get(
            f"{url}/_mockcbs/explain", {"request": STATS, "figure": "total.user_count"}, timeout=20
        ).json()
        sent = subprocess.run(["bash", "-c", why["curl"]], capture_output=True, text=True, check=True)

    assert json.loads(sent.stdout)["total"]["user_count"] == why["value"]


def test_request_as_it_is_copied(client):
    """Method and host before the path may stay."""
    whole = f"GET https://cbs-ext.cn-north-4.myhuaweicloud.com{STATS}"

    assert explain(client, whole)["request"] == f"GET {STATS}"


def test_a_request_that_is_not_encoded(client):
    """A name may be written as it is; the response has the request as clients must send it."""
    rates = f"{BASE}/requests/reply-rates?interval=day&domain="

    plain = explain(client, f"{rates}桌面云", figure="total.direct_count")

    assert plain == explain(client, f"{rates}%E6%A1%8C%E9%9D%A2%E4%BA%91", figure="total.direct_count")
    assert plain["request"].endswith("domain=%E6%A1%8C%E9%9D%A2%E4%BA%91")
    assert plain["value"] == plain["count"] > 0


@pytest.mark.parametrize(
    ("target", "query", "told"),
    [
        ("v1/x", {}, "request: 'v1/x' is not a path with a query"),
        (
            "/v1/users/me",
            {},
            "request: '/v1/users/me' is not a statistics request; accepted are /v1/<project_id>/",
        ),
        ("/nowhere", {}, "request: '/nowhere' is not a statistics request"),
        (f"{BASE}/requests/session-stats", {}, "refuses it: 400 CBS.0021, interval is missing; accepted are"),
        (STATS.replace(BOT, "no-uuid"), {}, "bot id 'no-uuid' is not a UUID"),
        (
            STATS,
            {"figure": "total.x"},
            "figure: 'total.x' is not one of total.session_count, total.user_count",
        ),
        (STATS, {"figure": "total.session_cont"}, "did you mean"),
        (STATS, {"page_token": "7"}, "page_token: '7' is not the next_page_token of an earlier page"),
        (STATS, {"page_size": "0"}, "page_size: 0 is not a whole number from 1 to 1000"),
        (STATS, {"project": OTHER_PROJECT}, f"request: its path names project {PROJECT}"),
        ("/v1/bots/1/analytics?start_date=2021-01-01&end_date=2021-01-01", {}, "Coze refuses it"),
    ],
)
def test_refusals(client, target, query, told):
    """A request that cannot be explained is refused with the reason and the accepted values."""
    assert told in refusal(client, target, **query)


def test_nothing_is_recorded():
    """An explanation is not a call: it is not in the journal, and no scenario counts it."""
    app = create_app(Settings(now=NOW, scenario="outage"))
    client, journal = app.test_client(), app.extensions["mockcbs"].journal

    explain(client, STATS, figure="total.user_count")

    assert not journal.entries()
