"""A plain script: see what a client does while things go from bad to worse."""

from client import UnavailableError, sessions

from mockcbs import Mock

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"

WORSE = {
    "rules": [
        {"when": {"state": "start", "nth": 3}, "state": "down"},
        {"when": {"state": "down", "first": 6}, "answer": {"error": "unavailable"}},
        {"when": {"state": "down"}, "state": "start"},
    ]
}

with Mock(now="2026-02-19T15:49:25+08:00", scenario=WORSE) as mock:
    for call in range(1, 8):
        try:
            print(call, sessions(PROJECT, BOT, "any-token"))
        except UnavailableError as problem:
            print(call, problem)
    print(mock.report())
