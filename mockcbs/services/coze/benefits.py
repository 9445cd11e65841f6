"""The plan of the account and its benefits (contract 1.3.1)."""

from typing import Any

from mockcbs.services.coze import accounts
from mockcbs.web import context

TYPES = ("api_run_qps", "call_tool_limit")
RESOURCES = ("plugin", "chat", "workflow")
LEVEL = "enterprise"
"""The plan; it includes everything that mockcbs serves."""
_QPS = 500
"""The number of calls a second in the enterprise plan (contract 2.5)."""


def shown(types: list[str], resource_id: str) -> dict[str, Any]:
    """The plan with its benefits of *types*."""
    made = {"api_run_qps": lambda: _qps(resource_id), "call_tool_limit": _tool_calls}
    return {"basic_info": {"user_level": LEVEL}, "benefit_info": [made[name]() for name in types]}


def _qps(resource_id: str) -> dict[str, Any]:
    return {
        **_benefit("api_run_qps", _calls(resource_id), _QPS, "by_quota"),
        "resource_id": resource_id,
    }


def _tool_calls() -> dict[str, Any]:
    """Calls of paid plugins through MCP; mockcbs has none."""
    return _benefit("call_tool_limit", 0, 1, "unlimit")


def _calls(resource_id: str) -> int:
    """The number of calls in the current second; runs of workflows have no question."""
    mock, owner, second = context.mock(), accounts.scope(), context.now() // 1000
    return sum(
        turn.at_ms // 1000 == second and resource_id == ("chat" if turn.said.template else "workflow")
        for agent_id in mock.log.recordings.bots(owner)
        for turn in mock.log.recorded(agent_id, owner)
    )


def _benefit(benefit_type: str, used: int, total: int, strategy: str) -> dict[str, Any]:
    item = {
        "used": float(used),
        "total": float(total),
        "start_at": 0,
        "end_at": 0,
        "strategy": strategy,
    }
    return {
        "benefit_type": benefit_type,
        "basic": {"status": "valid", "item_info": item},
        "effective": {"status": "valid", "item_info": item},
        "extra": [],
    }
