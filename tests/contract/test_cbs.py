"""Reading CBS statistics."""

import pytest

from mockcbs.contract.cbs import earliest, numerators, tie
from mockcbs.contract.targets import Number


@pytest.mark.parametrize(
    ("mean", "count", "step", "sums"),
    [
        ("1.319", 113, 1, [149]),
        ("14646.018", 113, 1000, [1_655_000]),
        ("2.500", 1, 1, []),
        ("0.063", 16, 1, [1]),
    ],
)
def test_numerators(mean, count, step, sums):
    """The sums behind a mean can be computed from the printed mean."""
    assert numerators(Number(mean), count, step) == sums


def test_ties():
    """A quotient midway between two thousandths has an upper one."""
    assert float(tie(1, 16)) == 0.063
    assert tie(1, 8) is None


@pytest.mark.parametrize("at", [1000, 1001, 5000, 5999, 9000])
def test_earliest(at):
    """The first instant is found to the millisecond, in few questions."""
    asked = []

    def reached(instant: int) -> bool:
        asked.append(instant)
        return instant >= at

    assert earliest(reached, 1000, 9000) == at
    assert all(1000 <= instant <= 9000 for instant in asked)
    assert len(asked) < 20
