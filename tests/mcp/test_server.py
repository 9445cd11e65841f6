"""The tools over standard input and output."""

import re
from pathlib import Path

from mcp import ClientSession

from mockcbs.testing.live import LiveServer
from tests.mcp.sessions import Use, assisted

PAGE = Path(__file__).parents[2] / "docs" / "mcp.md"
COZE_BOT = "7342866812345678901"


def documented() -> set[str]:
    """The tools in the table of the page."""
    _, _, table = PAGE.read_text("utf-8").partition("## The tools")
    cells = re.findall(r"^\| (`[^|]+)", table, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_a_running_mock_is_controlled():
    """With --url the tools control another mock, whose control API needs a token."""

    async def session(use: Use, client: ClientSession) -> None:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names == documented()

        clock = await use("set_clock", change="freeze", at="2026-02-28T23:59:00+08:00")
        assert (server.clock.now, clock["mode"]) == (clock["now"], "frozen")
        await use("set_clock", change="advance", advance_ms=60_000)
        assert (await use("read_clock"))["iso"] == "2026-02-28T16:00:00.000Z"
        await use("set_clock", change="real")
        assert server.state.clock.mode == "real"

        assert "did you mean 'outage'" in await use("play_scenario", scenario="outag")
        broken = {"rules": [{"when": {"operation": "coze.*"}, "answer": {"status": 503}}]}
        await use("play_scenario", scenario=broken)
        assert (await use("send_request", target="/v1/users/me"))["status"] == 503
        await use("stop_scenario")
        assert (await use("send_request", target="/v1/users/me"))["status"] == 200

        await use("subscribe_webhook", url="http://127.0.0.1:9/", profile="standard")
        assert len((await use("list_webhooks"))["webhooks"]) == 1
        asked = await use("add_question", bot=COZE_BOT, question="桌面云打不开", user="u1")
        assert asked["outcome"] == "direct"
        chat = {"bot_id": COZE_BOT, "user_id": "u", "stream": False}
        message = {"role": "user", "content": "hi", "content_type": "text"}
        body = {**chat, "additional_messages": [message]}
        sent = await use("send_request", target="/v3/chat", method="POST", body=body)
        assert sent["status"] == 200
        delivery = (await use("list_deliveries", bot_id=COZE_BOT, limit=1))["deliveries"][0]
        assert (await use("redeliver", delivery_id=delivery["id"]))["event_id"] == delivery["event_id"]

        operations = (await use("list_operations", service="coze", contains="analytics"))["operations"]
        assert "coze.bot_analytics" in {one["operation"] for one in operations}
        assert "coze.create_chat" not in {one["operation"] for one in operations}
        assert "cozepy" in await use("example_code", operation="coze.create_chat", language="sdk")
        assert "everyday" in {one["name"] for one in (await use("list_datasets"))["datasets"]}
        assert "outage" in {one["name"] for one in (await use("list_scenarios"))["scenarios"]}

        mine = {"bots": [{"id": COZE_BOT, "traffic": {"sessions_per_day": 30}}]}
        await use("use_dataset", dataset=mine, name="mine")
        await use("set_seed", seed=7)
        status = await use("status")
        assert (status["dataset"], status["seed"]) == ("mine", 7)
        assert "did you mean" in await use("use_dataset", dataset="busi")

    with LiveServer(control_token="t0ken", dataset="empty") as server:
        assisted(session, "--url", server.url, "--control-token", "t0ken")
