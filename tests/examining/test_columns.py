"""The meaning of columns, held against the figures of a mock."""

from decimal import Decimal

import pytest

from mockcbs import Settings, create_app
from mockcbs.examining import columns
from tests.conftest import BOT, NOW, PROJECT

SPAN = "start_time=1792627200000&end_time=1793836799999&interval=day"
CBS = f"/v1/{PROJECT}/qabots/{BOT}/requests"
STATISTICS = {
    "session-stats": f"{CBS}/session-stats?{SPAN}",
    "reply-rates": f"{CBS}/reply-rates?{SPAN}",
    "analytics": "/v1/bots/7342866812345678901/analytics?start_date=2026-11-02&end_date=2026-11-15",
}
TOLERANCE = Decimal("0.01")


@pytest.fixture(scope="module")
def rows():
    """By response: the row about the whole range, and those of its days."""
    client = create_app(Settings(now=NOW)).test_client()
    headers = {"X-Auth-Token": "any", "Authorization": "Bearer pat_mockcbs"}
    found = {name: client.get(path, headers=headers).json for name, path in STATISTICS.items()}
    coze = found.pop("analytics")["data"]
    pairs = {name: (content["total"], content["intervals"]) for name, content in found.items()}
    return {**pairs, "analytics": ({}, coze["metrics"])}


@pytest.mark.parametrize("name", STATISTICS)
def test_every_member_is_known(rows, name):
    """The columns of a client's output identify its members."""
    _, days = rows[name]

    assert len(days) > 5
    assert {member for day in days for member in day} <= columns.KNOWN | {"end", "utc"}


@pytest.mark.parametrize("name", ["session-stats", "reply-rates"])
def test_figures_add_up_as_stated(rows, name):
    """Counts are sums, distinct ones lie between maximum and sum, means are weighted."""
    total, days = rows[name]

    for figure in total.keys() & columns.FIGURES:
        parts = [Decimal(str(day[figure])) for day in days]
        whole = Decimal(str(total[figure]))
        if figure in columns.COUNTS:
            assert whole == sum(parts)
        elif figure in columns.DISTINCT:
            assert max(parts) <= whole <= sum(parts)
        else:
            weights = [day[columns.WEIGHTS[figure]] for day in days]
            mean = sum(one * other for one, other in zip(weights, parts, strict=True)) / sum(weights)
            assert abs(mean - whole) < TOLERANCE


def test_a_figure_has_one_meaning():
    """A count is not a mean, and every mean has a count as its weight."""
    assert not columns.COUNTS & columns.DISTINCT
    assert not columns.WHOLE_NUMBERS & columns.WEIGHTS.keys()
    assert set(columns.WEIGHTS.values()) <= columns.COUNTS
    assert set(columns.SIZES) <= columns.COUNTS
