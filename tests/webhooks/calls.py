"""What clients of Coze do to cause events."""

import requests

BOT = "7342866812345678901"
NOW = "2026-11-24T02:00:00Z"
BASE = "https://api.coze.cn"


def chat(token: str = "pat_mockcbs", text: str = "桌面云打不开") -> dict:
    body = {
        "bot_id": BOT,
        "user_id": "u1",
        "stream": False,
        "additional_messages": [{"role": "user", "content": text, "content_type": "text"}],
    }
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{BASE}/v3/chat", json=body, headers=headers).json()["data"]


def types(events) -> list[tuple[str, str]]:
    return [(event["event_type"], event.get("role", "")) for event in events]


def run_dry(mock) -> int:
    """Deliver, and move the clock on for what is late, until nothing waits."""
    for _ in range(200):
        mock.state.jobs.run()
        waiting = [one for one in mock.webhooks.deliveries if one.state == "pending"]
        if not waiting:
            break
        mock.clock.advance(minutes=6)
        mock.state.jobs.run()
    return sum(one.state == "delivered" for one in mock.webhooks.deliveries)
