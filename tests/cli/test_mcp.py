"""``mockcbs mcp``, driven by the official client over the streams of a real process."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from mockcbs.cli import main
from mockcbs.cli.mcp import _INSTALL
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, NOW, PROJECT

pytest.importorskip("mcp", reason="mcp is not installed: pip install 'mockcbs[mcp]'")
from mcp import ClientSession, StdioServerParameters, stdio_client

PAGE = Path(__file__).parents[2] / "docs" / "mcp.md"
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"
COZE_BOT = "7342866812345678901"

Use = Callable[..., Awaitable[Any]]


def documented() -> set[str]:
    """The tools in the table of the page."""
    _, _, table = PAGE.read_text("utf-8").partition("## The tools")
    cells = re.findall(r"^\| (`[^|]+)", table, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def assisted(session: Callable[[Use, ClientSession], Awaitable[None]], *options: object) -> None:
    """Run *session* against ``mockcbs mcp``; it uses tools by name and gets their results."""

    async def main_() -> None:
        command = [sys.executable, "-m", "mockcbs", "mcp", *map(str, options)]
        parameters = StdioServerParameters(command=command[0], args=command[1:])
        async with stdio_client(parameters) as streams, ClientSession(*streams) as client:
            await client.initialize()

            async def use(tool: str, **arguments: Any) -> Any:
                result = await client.call_tool(tool, arguments)
                text = "".join(part.text for part in result.content)
                failed = result.model_dump(by_alias=True)["isError"]
                return text if failed or tool in {"example_code", "reset"} else json.loads(text)

            await session(use, client)

    asyncio.run(asyncio.wait_for(main_(), 100))


def test_a_client_is_debugged():
    """With a mock of its own, an assistant finds the client's mistake, and why a figure is what it is."""

    async def session(use: Use, client: ClientSession) -> None:
        del client
        status = await use("status")
        url = status["url"]
        assert (status["dataset"], status["environment"]["COZE_API_BASE"]) == ("everyday", url)
        assert status["clock"]["mode"] == "frozen"

        wrong = f"{url}{STATS}?inteval=week"
        await asyncio.to_thread(requests.get, wrong, headers={"X-Auth-Token": "any"}, timeout=10)
        (call,) = (await use("read_journal", status=400))["entries"]
        assert call["near_misses"] == ["parameter 'inteval' is ignored; did you mean 'interval'?"]
        whole = await use("read_call", id=call["id"])
        assert whole["request"]["headers"]["x-auth-token"] == "***"
        assert "has no call 99" in await use("read_call", id=99)

        response = await use("send_request", target=f"{STATS}?interval=week")
        figures = json.loads(response["body"])
        why = await use("explain", request=f"{STATS}?interval=week", figure="total.user_count", turns=1)
        assert (why["value"], len(why["turns"])) == (figures["total"]["user_count"], 1)

        assert await use("verify_requests", pattern={"query": {"interval": "week"}}, count=1) == {
            "matched": 1
        }
        assert "wanted 3 calls" in await use("verify_requests", pattern={"operation": "cbs.*"}, count=3)
        await use("reset")
        assert (await use("read_journal"))["entries"] == []

    assisted(session, "--now", NOW)


def test_a_running_mock_is_controlled():
    """With --url, the tools change the mock of somebody else, whose control API wants a token."""

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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--url", "http://127.0.0.1:9"], "no mock responds at http://127.0.0.1:9"),
        (["--url", "localhost:8021"], "'localhost:8021' is not an http or https URL"),
        (["--url", "http://127.0.0.1:9", "--seed", "7"], "--seed is for a mock that is started here"),
        (["--no-control"], "--no-control closes what the tools use"),
        (["--datset", "quiet"], "mcp has no option --datset; did you mean '--dataset'?"),
    ],
)
def test_mistakes(options, message):
    """Each is one line that tells what to do."""
    done = CliRunner().invoke(main.cli, ["mcp", *options])

    assert message in str(done.exception) + done.output


def test_the_extra_is_named():
    """Without the SDK the error says what to install."""
    without = "import sys; sys.modules['mcp'] = None; from mockcbs.cli.main import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", without, "mcp"], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"mockcbs: {_INSTALL}\n"
