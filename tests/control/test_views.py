"""The control surface."""

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
TOKEN = {"X-Auth-Token": "any"}
STATISTICS = (
    "requests/session-stats",
    "requests/reply-rates",
    "qa-pairs/hots?top=20",
    "requests/keywords?top=50",
)


def test_reset_restores_the_start():
    """After a reset, statistics, ids and bytes are those of a mock that was just started (law 8)."""
    client = create_app(Settings(now=NOW)).test_client()

    def ask() -> bytes:
        return client.post(f"{BASE}/chat", json={"question": "量子计算"}, headers=TOKEN).data

    def figures() -> list[bytes]:
        return [client.get(f"{BASE}/{path}", headers=TOKEN).data for path in STATISTICS]

    before = figures()
    first, second = ask(), ask()
    changed = figures()

    reset = client.post("/_mockcbs/reset")

    assert (reset.status_code, reset.data) == (204, b"")
    assert changed != before
    assert figures() == before
    assert [ask(), ask()] == [first, second]
    assert first != second


def test_reset_forgives_failed_signatures():
    """An access key that was locked out may try again."""
    client = create_app(Settings(now=NOW)).test_client()
    bad = {
        "Authorization": f"SDK-HMAC-SHA256 Access=MOCKCBSAK, SignedHeaders=host, Signature={'0' * 64}",
        "X-Sdk-Date": "20261122T000000Z",
    }

    def refusal() -> str:
        return client.get(f"{BASE}/requests/keywords", headers=bad).json["error_msg"]

    refusals = [refusal() for _ in range(7)]
    client.post("/_mockcbs/reset")

    assert "forbidden" in refusals[-1]
    assert refusal() == refusals[0] != refusals[-1]
