"""The bot of these tests, and its counts."""

from tests.clients.crew import Connection

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = f"/v1/{PROJECT}/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
STATISTICS = f"{BOT}/requests/session-stats?interval=day&start_time=1795305600000"
WORKERS = 4


def rounds(connection: Connection, project: str = PROJECT) -> int:
    path = f"{BOT}/requests/reply-rates?start_time=1795305600000".replace(PROJECT, project)
    return connection.ok("GET", path)["total"]["question_count"]
