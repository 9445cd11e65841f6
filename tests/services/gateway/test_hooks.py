"""What the gateway does for every call."""

from tests.conftest import PROJECT
from tests.services.cbs.requests import BASE, TOKEN


def test_checks_come_in_the_documented_order(client):
    """Route, credentials, project, bot, parameters (contract 6.3)."""
    bad = "/requests/session-stats?interval=x"
    no_bot = f"/v1/{PROJECT}/qabots/no-uuid{bad}"
    failing_project = f"/v1/{'0308':0>32}/qabots/no-uuid{bad}"

    codes = [
        client.get(no_bot.replace("session-stats", "nothing")).json["error_code"],
        client.get(failing_project).json["error_code"],
        client.get(failing_project, headers=TOKEN).json["error_code"],
        client.get(no_bot, headers=TOKEN).json["error_code"],
        client.get(BASE + bad, headers=TOKEN).json["error_code"],
    ]

    assert codes == ["APIG.0101", "APIG.0301", "APIG.0308", "CBS.2114", "CBS.0021"]


def test_the_gateway_tells_its_timings_on_request(client):
    """X-Apig-Mode: debug adds the debugging headers to the response."""
    debug = client.get(f"{BASE}/requests/keywords", headers={**TOKEN, "X-Apig-Mode": "debug"})
    plain = client.get(f"{BASE}/requests/keywords", headers=TOKEN)

    assert debug.headers["X-Apig-RateLimit-api"] == "remain:99,limit:100,time:1 second"
    assert debug.headers["X-Apig-Latency"].isdigit()
    assert not [name for name, _ in plain.headers if name.startswith("X-Apig")]
