"""A read of CBS, which changes of the control API show in."""

from tests.conftest import BOT, PROJECT

OTHER = PROJECT[:-1] + "0"
TOKEN = {"X-Auth-Token": "any"}


def stats(project: str = PROJECT, query: str = "interval=year") -> str:
    return f"/v1/{project}/qabots/{BOT}/requests/session-stats?{query}"
