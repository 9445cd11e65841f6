"""session-stats: the rounding of averages midway between two thousandths."""

from decimal import Decimal
from typing import Any

from mockcbs.contract.cbs import INTERVALS_AND_ZONES, Cbs, numerators, range_of, tie
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.lacking import known
from mockcbs.contract.targets import Answer


@checks("cbs.number-ties")
def test_ties_of_averages(kit: Kit) -> None:
    """Averages of 16 sessions can lie midway between two thousandths; they are rounded up."""
    cbs = Cbs.of(kit)
    found = False
    for answer in [cbs.stats(interval=one, time_zone=zone) for one, zone in INTERVALS_AND_ZONES]:
        for figures in (answer.json["total"], *known(answer.json["intervals"], [])):
            with kit.part():
                found = _check_tie(kit, answer, figures) or found
    if not found:
        responses = cbs.ranges_of_16(cbs.stats, cbs.sessions, "session_count")
        any(_check_tie(kit, answer, range_of(answer.json)) for answer in responses)


def _check_tie(kit: Kit, answer: Answer, figures: dict[str, Any]) -> bool:
    """Check the rounding of ties, and return whether the average distinguished half up from half even."""
    mean, count = figures["avg_request_count"], figures["session_count"]
    if not count or count > 499:
        return False
    for number in numerators(mean, count):
        upper = tie(number, count)
        if upper is not None:
            shown = f"{number}/{count} rounded to {mean}"
            kit.judge(
                "cbs.number-ties",
                answer,
                f"{float(upper):.3f}",
                shown,
                held=Decimal(mean) == Decimal(f"{float(upper):.3f}"),
            )
            return upper.numerator * 1000 // upper.denominator % 2 == 1
    return False
