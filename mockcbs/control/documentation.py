"""Additions to the OpenAPI document of the control API."""

from mockcbs.services.documentation import Documentation, Examples
from mockcbs.traffic.periods import DAY

_BOT = "7342866812345678901"


def _examples(now: int) -> Examples:
    del now
    return {"bot": _BOT, "bot_id": _BOT, "name": "cbs"}


_IDS = {
    "entry": 1,
    "url": "http://127.0.0.1:8021/v1/users/me",
    "request": f"/v1/bots/{_BOT}/analytics?start_date=2026-03-02&end_date=2026-03-08",
}

DOCUMENTATION = Documentation(
    {},
    (),
    _examples,
    ids=_IDS,
    bodies={
        "play_scenario": {"scenario": "slow"},
        "change_clock": {"advance_ms": DAY},
        "verify": {"pattern": {"operation": "cbs.session_stats"}, "at_least": 0},
        "add_report": {"to": {"hook": "any-bot"}},
        "set_table": {"service": "feishu", "base": "bascnRuns", "table": "tblRuns"},
        "subscribe": {"url": "http://127.0.0.1:9000/events", "challenge": False},
        "send_past": {"bot_id": _BOT, "from": "2026-03-02T08:00:00Z", "to": "2026-03-02T09:00:00Z"},
    },
)
