"""What an assistant can do with a mock."""

import asyncio
import json

import requests
from mcp import ClientSession

from tests.conftest import BOT, NOW, PROJECT
from tests.mcp.sessions import Use, assisted

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"


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
