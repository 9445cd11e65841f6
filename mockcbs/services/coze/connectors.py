"""Custom channels of an enterprise: audits of bots, installations, devices (contract 3.12)."""

from dataclasses import dataclass
from typing import Any

from mockcbs.services.coze import agents
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.records import Records

PENDING, PASSED, REJECTED = range(1, 4)
"""``audit_status`` of a bot on a channel."""


@dataclass(frozen=True)
class _Installation:
    """A channel that the bots of a workspace can be published to."""

    connector_id: str
    workspace_id: str


@dataclass(frozen=True)
class _Devices:
    """The devices that a user bound to a channel, by key of the configuration."""

    connector_id: str
    user_id: str
    configs: tuple[dict[str, Any], ...]


_INSTALLED = Records("coze.installation", _Installation)
_DEVICES = Records("coze.devices", _Devices)


def audit(agent: Agent, connector_id: str, status: int) -> None:
    """Set the result of a channel's audit of a bot; the bot is published there if it passed."""
    others = tuple(name for name in agent.channels if name != connector_id)
    agents.change(agent, channels=(*others, connector_id) if status == PASSED else others)


def install(connector_id: str, workspace_id: str) -> None:
    """Add a channel to a workspace; adding it again changes nothing."""
    _INSTALLED.put(f"{connector_id}/{workspace_id}", _Installation(connector_id, workspace_id))


def bind(connector_id: str, user_id: str, configs: list[dict[str, Any]]) -> None:
    """Bind a user's devices to a channel; they replace earlier ones with the same key."""
    key = f"{connector_id}/{user_id}"
    before = _DEVICES.get(key)
    bound = {config["key"]: config for config in (*(before.configs if before else ()), *configs)}
    _DEVICES.put(key, _Devices(connector_id, user_id, tuple(bound.values())))
