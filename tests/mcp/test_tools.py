"""What an assistant can do with a mock."""

import asyncio
import json

import requests
from mcp import ClientSession

from tests.conftest import BOT, NOW, PROJECT
from tests.mcp.sessions import Use, assisted

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"


EVERY_CALL = {
    "status": {},
    "list_operations": {"service": "cbs"},
    "example_code": {"operation": "coze.create_chat", "language": "python"},
    "send_request": {"target": f"{STATS}?interval=week"},
    "list_datasets": {},
    "use_dataset": {"dataset": "incident"},
    "set_seed": {"seed": 7},
    "add_question": {"bot": BOT, "question": "桌面云打不开", "user": "u1", "outcome": "direct"},
    "explain": {"request": f"{STATS}?interval=week", "figure": "total.session_count", "turns": 1},
    "read_clock": {},
    "set_clock": {"change": "advance", "advance_ms": 1000},
    "list_scenarios": {},
    "play_scenario": {"scenario": "flaky-once", "ttl_seconds": 60},
    "stop_scenario": {},
    "read_journal": {"limit": 1},
    "read_call": {"id": 1},
    "verify_requests": {"pattern": {"operation": "cbs.*"}, "at_least": 1},
    "subscribe_webhook": {"url": "http://127.0.0.1:9/"},
    "list_webhooks": {},
    "list_deliveries": {"state": "pending"},
    "redeliver": {"delivery_id": "none"},
    "reset": {},
}


def test_every_tool_once():
    """All tools of the list answer; only a receiver and a delivery that do not exist are refused."""
    refused = {}

    async def session(use: Use, client: ClientSession) -> None:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert sorted(names) == sorted(EVERY_CALL)
        for name, arguments in EVERY_CALL.items():
            result = await client.call_tool(name, arguments)
            if result.model_dump(by_alias=True)["isError"]:
                refused[name] = "".join(part.text for part in result.content)
        assert (await use("status"))["dataset"] == "everyday"

    assisted(session, "--now", NOW)

    assert list(refused) == ["subscribe_webhook", "redeliver"]
    assert "does not pass the check of its URL" in refused["subscribe_webhook"]
    assert "there is no delivery 'none'" in refused["redeliver"]


def test_a_client_is_debugged():
    """An assistant finds the client's mistake and the explanation of a figure with a new mock."""

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
