"""The comparison of two checkouts: what counts as slower, and that both take the same requests."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


class FakeMock:
    """A server on which each request costs so many µs."""

    started_in = 1.0

    def __init__(self, cost):
        self.cost, self.sent = cost, []

    def send(self, ask, number):
        self.sent.append(ask.at(number))

    def cpu(self):
        return 1000 * self.cost * len(self.sent)

    def resident(self):
        return 50.0


@pytest.fixture
def modules(monkeypatch):
    pytest.importorskip("psutil")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    import compare
    import costs

    yield costs, compare
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize(("cost", "slower"), [(100, 0), (109, 0), (112, 1), (50, 0)])
def test_a_row_may_cost_a_tenth_more(modules, cost, slower):
    """A row that costs over a tenth more is reported as slower."""
    costs, compare = modules
    before, now = FakeMock(100), FakeMock(cost)

    found = costs.measure([before, now], 2, ("S",))
    result = compare._result("base", found, before, now, [50.0, 50.0])

    assert found["S"] == [100.0, float(cost)]
    assert len(result.figures["slower"]) == slower


def test_no_two_requests_are_equal(modules):
    """No two requests are equal, so the response cache answers none of them."""
    costs, _ = modules
    mock = FakeMock(1)

    costs.measure([mock], 2, ("S",))

    assert len(set(mock.sent)) == len(mock.sent) == 20 + 2 * costs.kinds()["S"].count
