"""A mock with the traffic of one case, and the client's runs against it."""

from datetime import date

import requests

from mockcbs.core.clock import instant
from mockcbs.examining.client import Function, Said
from mockcbs.examining.probe import BOTS
from mockcbs.examining.traffic import Session, Traffic
from mockcbs.examining.words import Asked, Target
from mockcbs.examining.world import Run, World

MONDAY = date(2026, 11, 2)
NOW = instant("2026-11-20")
TRAFFIC = Traffic(MONDAY, (Session(0), Session(1)))
TARGET = Target("", "pat_mockcbs", BOTS["coze"], "0" * 32)
ASKED = Asked(MONDAY, TRAFFIC.day(1))


def calls_once(words):
    url = f"{words.base_url}/v1/bots/{words.bot_id}/analytics?start_date={words.start}&end_date={words.end}"
    body = requests.get(url, headers={"Authorization": f"Bearer {words.token}"}, timeout=10).json()
    return body["data"]["metrics"]


def test_a_run_has_its_own_calls():
    """A run has its calls and the client's output; a client that fails has a problem instead of rows."""
    client = Function(calls_once, ["base_url", "token", "bot_id", "start", "end"])
    with World(client, TARGET, TRAFFIC, now=NOW) as world:
        runs = world.run_all([ASKED, ASKED])
        refused = world.run(ASKED, token="")

    assert [len(run.entries) for run in runs] == [1, 1]
    assert [row["total_calls"] for row in runs[0].output.rows] == [1, 1]
    assert refused.output is None
    assert "status 1" in refused.problem


def test_a_long_run_is_shortened_in_words():
    """The command, the calls, the status, and the first lines of what was printed."""
    lines = Run(ASKED, Said("my command", 0, "row\n" * 40, "warning\n")).lines()

    assert lines[0] == "$ my command"
    assert "→ status 0" in lines
    assert any("(40 lines)" in line for line in lines)
    assert lines[-1] == "  stderr: warning"
