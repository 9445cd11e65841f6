"""The stall meter: what it counts as met, and that it can measure a case."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def stalls(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import stalls

    yield stalls
    for name in ("stalls", "stall_cases"):
        sys.modules.pop(name, None)


def test_waits(stalls):
    """A summary has the median, the 99th percentile and the maximum of all times."""
    assert stalls.Waits.of([float(number) for number in range(200)][::-1]) == stalls.Waits(
        100.0, 198.0, 199.0
    )


@pytest.mark.parametrize(
    ("p99", "worst", "met"), [(10.0, 60.0, True), (10.1, 11.0, False), (9.0, 61.0, False), (2.0, 2.0, True)]
)
def test_what_is_met(stalls, p99, worst, met):
    """The limits are five times the 99th percentile of an idle server, and 50 ms more than it for any
    request.
    """
    idle, beside = stalls.Waits(1.0, 2.0, 3.0), stalls.Waits(1.0, p99, worst)

    finding = stalls.Finding("x", 1.0, {"ready": idle, "stats": idle}, {"ready": idle, "stats": beside})

    assert finding.met is met
    assert finding.row().endswith("| met |" if met else "| **missed** |")
