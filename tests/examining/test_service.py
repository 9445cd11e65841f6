"""The mock's own figures for a range, in the form of a client's output."""

from dataclasses import replace

import pytest

from mockcbs.examining.client import Function
from mockcbs.examining.probe import BOTS
from mockcbs.examining.service import Service
from mockcbs.examining.world import World
from tests.examining.test_world import ASKED, NOW, TARGET, TRAFFIC


@pytest.fixture(params=["coze", "cbs"])
def service(request):
    target = replace(TARGET, bot_id=BOTS[request.param])
    with World(Function(lambda _: [], []), target, TRAFFIC, now=NOW) as world:
        yield request.param, Service(request.param, world)


def test_periods_and_their_total(service):
    """Each service has its own granularities, here with one session a day."""
    name, figures = service
    count = "total_sessions" if name == "coze" else "session_count"

    rows = figures.periods(ASKED).rows

    assert [row[count] for row in rows if "date" in row or "start" in row] == [1, 1]
    assert any(row[count] == 2 for row in rows)
    assert (figures.periods(replace(ASKED, granularity="hour")) is None) is (name == "cbs")
    assert (figures.periods(replace(ASKED, granularity="month")) is None) is (name == "coze")
