"""Additions to the OpenAPI document of CBS."""

from mockcbs.services.cbs.schemas import Failure
from mockcbs.services.documentation import ControlExamples, Documentation, Examples
from mockcbs.services.gateway.documentation import SECURITY, GatewayFailure
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.traffic.periods import DAY


def _examples(now: int) -> Examples:
    today = now - now % DAY
    return {
        "project_id": DEFAULT_PROJECT,
        "qabot_id": "303a0a00-c88a-43e3-aa2f-d5b8b9832b02",
        "interval": "day",
        "time_zone": "+08:00",
        "start_time": today - 14 * DAY,
        "end_time": today,
        "top": 10,
        "question": "桌面云打不开",
        "session_id": "7a2b6c80-5a0e-4f43-9f5e-0f2f3a6d1c11",
        "request_id": "7a2b6c80-5a0e-4f43-9f5e-0f2f3a6d1c11",
        "degree": 1,
    }


_CALLED = {"pattern": {"operation": "cbs.session_stats"}, "at_least": 0}

DOCUMENTATION = Documentation(
    {"cbs": Failure, "gateway": GatewayFailure},
    SECURITY,
    _examples,
    control=ControlExamples(
        bodies={"verify": {"pattern": {"operation": "cbs.session_stats"}, "at_least": 0}}
    ),
    bodies={
        "chat": {"question": "桌面云打不开"},
        "execute_session": {"question": "桌面云打不开"},
        "suggestions": {"question": "桌面云", "top": 5},
    },
)
