"""Channels that an enterprise runs."""

from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.conftest import BOT
from tests.services.coze.teams import TEAM_BOT


def test_audits_publish_and_withdraw(coze):
    """A bot is on a channel after the channel has accepted it, and not after a refusal."""
    url = f"/v1/connectors/10000999/bots/{BOT}"

    def channels():
        return data(coze.get(f"{TEAM_BOT}/versions"))["items"][0]["connector_ids"]

    assert code(coze.put(url, json={"audit_status": 2})) == 0
    assert channels() == ["1024", "10000999"]
    assert code(coze.put(url, json={"audit_status": 3})) == 4000
    assert code(coze.put(url, json={"audit_status": 3, "reason": "no"})) == 0
    assert channels() == ["1024"]


def test_channels_are_installed_and_devices_bound(coze):
    """A channel can be installed again, and a device bound again."""
    configs = [{"key": "device", "enums": [{"label": "Lamp", "value": "sn-1"}]}]

    for _ in range(2):
        installed = coze.post("/v1/connectors/10000999/install", json={"workspace_id": WORKSPACE})
        bound = coze.post("/v1/connectors/10000999/user_configs", json={"configs": configs})
        assert (code(installed), code(bound)) == (0, 0)
