"""Benefits, bills and the callback of usage: views of the log."""

import csv
import io
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from mockcbs import Mock
from mockcbs.core.clock import real_now
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.signatures import CozeSigner
from tests.services.coze.calls import QUESTION, data
from tests.services.coze.conftest import BOT, RUN, SAMPLE_NOW, caller

DAY = 86_400
MIDNIGHT = SAMPLE_NOW // 1000 - 9 * 3600
"""Of the day at which the sample's clock stands, in Shanghai."""
TASKS = "/v1/commerce/benefit/bill_tasks"


def bill(coze, started_at, ended_at):
    """The rows of the bill of that range, as a browser downloads it: without a token."""
    made = data(coze.post(TASKS, json={"started_at": started_at, "ended_at": ended_at}))
    assert (made["file_urls"], made["status"]) == ("", "init")
    (task,) = data(coze.get(f"{TASKS}?task_ids={made['task_id']}"))["task_infos"]
    assert task["status"] == "succeed"
    url = urlsplit(task["file_urls"][0])
    anonymous = coze.application.test_client()
    answer = anonymous.get(f"{url.path}?{url.query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


def chat(coze, bot=BOT):
    """A chat that has ended."""
    body = {"bot_id": bot, "user_id": "u", "additional_messages": [QUESTION]}
    begun = data(coze.post("/v3/chat", json=body))
    where = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    return data(coze.get("/v3/chat/retrieve", query_string=where))


def test_the_plan(coze):
    """Without types only the plan is shown; a benefit of calls needs its resource."""
    url = "/v1/commerce/benefit/benefits/get"

    assert data(coze.get(url)) == {"basic_info": {"user_level": "enterprise"}, "benefit_info": []}
    assert coze.get(f"{url}?benefit_type_list=api_run_qps").json["code"] == 4000
    assert coze.get(f"{url}?benefit_type_list=gold").json["code"] == 4000
    chat(coze)
    both = data(coze.get(f"{url}?benefit_type_list=api_run_qps,call_tool_limit&resource_id=chat"))
    qps, tools = both["benefit_info"]
    assert qps["resource_id"] == "chat"
    assert qps["effective"]["item_info"]["used"] == 1.0
    assert tools["effective"]["item_info"]["strategy"] == "unlimit"


def test_a_bill_has_a_row_for_every_finished_execution(coze):
    """Its rows are the calls of the analytics that have ended, with the same bots, users and ids."""
    rows = bill(coze, MIDNIGHT - 7 * DAY, MIDNIGHT)

    url = f"/v1/bots/{BOT}/analytics/logs?start_date=2025-12-15&end_date=2025-12-21&page_size=100"
    ended = "event_type=execution.completed,execution.failed"
    events = data(coze.get(f"{url}&{ended}"))
    mine = [row for row in rows if row["root_entity_id"] == BOT]
    assert len(mine) == events["total"] > 0
    shown = {event["chat_id"]: event for event in events["items"]}
    for row in mine:
        if event := shown.get(row["record_root_id"]):
            assert (row["connector_uid"], row["connector_id"]) == (event["user_id"], event["connector_id"])
            assert int(row["consume_time"]) == event["timestamp"] // 1000
    assert len({row["id"] for row in rows}) == len(rows)


def test_recorded_calls_are_billed_with_the_tokens_they_show():
    """A chat and a run cost what their usage says: a point for 1000 tokens read or 250 written."""
    coze = caller(now="2025-12-20T09:00:00+08:00")
    one = chat(coze)
    run = coze.post("/v1/workflow/run", json={"workflow_id": RUN}).json
    coze.put("/_mockcbs/clock", json={"advance_ms": 2 * DAY * 1000})

    rows = {row["record_root_id"]: row for row in bill(coze, MIDNIGHT - 2 * DAY, MIDNIGHT)}

    for key, usage, kind in ((one["id"], one["usage"], "1"), (run["execute_id"], run["usage"], "2")):
        row = rows[key]
        assert row["root_entity_type"] == kind
        assert int(row["model_input_token"]) == usage["input_count"]
        assert int(row["model_output_token"]) == usage["output_count"]
        points = Decimal(usage["input_count"] + 4 * usage["output_count"]) / 1000
        assert Decimal(row["change_balance"]) == points


@pytest.mark.parametrize(
    ("started_at", "ended_at"),
    [(MIDNIGHT - DAY + 1, MIDNIGHT), (MIDNIGHT, MIDNIGHT), (MIDNIGHT - DAY, MIDNIGHT + DAY)],
)
def test_days_that_cannot_be_billed(coze, started_at, ended_at):
    """Parts of days, no days, and today are refused."""
    answer = coze.post(TASKS, json={"started_at": started_at, "ended_at": ended_at})

    assert answer.json["code"] == 4000


def test_tasks_are_listed_in_pages_newest_first(coze):
    """Each account has its own."""
    body = {"started_at": MIDNIGHT - DAY, "ended_at": MIDNIGHT}
    made = [data(coze.post(TASKS, json=body))["task_id"] for _ in range(3)]

    first, second = (data(coze.get(f"{TASKS}?page_size=2&page_num={n}")) for n in (1, 2))

    assert [task["task_id"] for task in first["task_infos"] + second["task_infos"]] == made[::-1]
    assert first["total"] == 3
    assert data(coze.get(TASKS, headers={"Authorization": "Bearer pat_other"}))["total"] == 0


def test_links_to_bills_are_signed(coze):
    """A link without its signature, or with that of another file, opens nothing."""
    body = {"started_at": MIDNIGHT - DAY, "ended_at": MIDNIGHT}
    for _ in range(2):
        coze.post(TASKS, json=body)
    one, other = (urlsplit(task["file_urls"][0]) for task in data(coze.get(TASKS))["task_infos"])

    assert coze.get(one.path).json["code"] == 700012006
    assert coze.get(f"{one.path}?{other.query}").json["code"] == 4101


def test_usage_is_called_back():
    """An app that subscribed to benefit.usage gets the row of the bill, signed, when a chat ends."""
    with Mock(dataset="coze-sample") as mock, ReceiverServer() as receiver:
        coze = mock.app.test_client()
        coze.environ_base["HTTP_AUTHORIZATION"] = "Bearer pat_mockcbs"
        app = data(coze.post("/v1/api_apps", json={"app_type": "normal", "name": "mine"}))
        coze.put(f"/v1/api_apps/{app['id']}", json={"callback_url": receiver.url})
        coze.post(f"/v1/api_apps/{app['id']}/events", json={"event_types": ["benefit.usage"]})

        ended = chat(coze)
        mock.webhooks.wait(1)

        (one,) = receiver.received
        headers = {name.title(): value for name, value in one.headers.items()}
        CozeSigner(app["verify_token"]).check(headers, one.body, real_now())
        event = one.event["event"]
        assert one.event["header"]["event_type"] == "benefit.usage"
        assert (event["record_root_id"], event["root_entity_id"]) == (ended["id"], BOT)
        assert event["model_output_token"] == ended["usage"]["output_count"]
        mock.state.close()
