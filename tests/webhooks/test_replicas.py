"""Webhooks of two replicas."""

from mockcbs import Settings, create_app
from mockcbs.webhooks import service
from tests.webhooks.calls import BOT

COZE = {"Authorization": "Bearer pat_mockcbs"}


def test_a_replica_without_requests_delivers(postgres_backend, receiver, monkeypatch):
    """The replica that sends may get no request that would tell it of a subscription at another one."""
    monkeypatch.setattr(service, "_IDLE", 0.1)
    sender, other = (create_app(Settings(), postgres_backend()) for _ in range(2))
    client = other.test_client()
    body = {"bot_id": BOT, "user_id": "u1", "stream": False}
    try:
        mock = sender.extensions["mockcbs"]
        mock.jobs.run()
        mock.start()
        client.post("/_mockcbs/webhooks", json={"url": receiver.url, "challenge": False})

        client.post("/v3/chat", json=body, headers=COZE)

        receiver.wait(1)
    finally:
        for app in (sender, other):
            app.extensions["mockcbs"].close()
