"""Benefits, bills and the callback of usage: views of the log."""

from decimal import Decimal

from mockcbs import Mock
from mockcbs.core.clock import real_now
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.signatures import CozeSigner
from tests.services.coze.bills import DAY, MIDNIGHT, bill, chat
from tests.services.coze.calls import data
from tests.services.coze.conftest import BOT, RUN, caller


def test_recorded_calls_are_billed_with_the_tokens_they_show():
    """A chat and a run cost a point for 1000 tokens read or 250 tokens written, according to their usage."""
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
