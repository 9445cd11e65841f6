"""A mock that was called in many ways, and its document."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.webhooks import service
from mockcbs.webhooks.subscriptions import Subscription
from tests.conftest import NOW
from tests.control.openapi.described import RIGHT, STATS, STORY


@pytest.fixture(scope="module")
def client():
    """A mock that has been called: rightly, wrongly, under a scenario, and where there is no route."""
    app = create_app(Settings(now=NOW, control_token="open", gateway_prefix="APIGW"))
    client = app.test_client()
    client.get(STATS, headers={"X-Auth-Token": "any"})
    client.get(f"{STATS}?interval=x&inteval=day", headers={"X-Auth-Token": "any"})
    client.get(STATS, headers={"X-Auth-Token": "any", "Prefer": "scenario=server-error"})
    client.get("/nowhere")
    signed = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}
    client.put("/reports/a.csv", data="a,b", headers=signed)
    client.put("/_mockcbs/scenario?project=told", json={"scenario": STORY}, headers=RIGHT)
    table = {"service": "feishu", "base": "bascnGone", "table": "tblA"}
    client.put("/_mockcbs/tables", json=table, headers=RIGHT)
    webhooks = service.of(app)
    told = Subscription("wh_told", "http://127.0.0.1:9/", ("secret",))
    webhooks.subscriptions.save(told)
    webhooks.deliveries.add(told, {"event_id": "evt-1", "event_type": "message.sent"}, due=NOW, scope="")
    gone = Subscription("wh_gone", "http://127.0.0.1:9/", ("secret",))
    webhooks.deliveries.add(gone, {"event_id": "evt-2", "event_type": "message.sent"}, due=NOW, scope="")
    return client


@pytest.fixture(scope="module")
def document(client):
    return client.get("/_mockcbs/openapi.json", headers=RIGHT).json
