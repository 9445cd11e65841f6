"""The figures of published statistics responses."""

import pytest
import simplejson

from mockcbs.pinning.cbs import pin
from mockcbs.pinning.reading import PinError
from tests.conftest import BOT
from tests.pinning.published import G1, G2, changed, parsed


def test_answers_that_do_not_fit_each_other():
    """Two answers about other ranges, zones or questions have no dataset in common."""
    fewer = parsed(G2)
    for row in (fewer["total"], fewer["intervals"][1]):
        row["question_count"] -= 1
        row["notmatch_count"] -= 1
        for outcome in ("direct", "recommend", "notmatch", "dialog", "chat", "invalid"):
            exact = row[f"{outcome}_count"] / row["question_count"]
            row[f"{outcome}_rate"] = simplejson.loads(f"{exact:.3f}", use_decimal=True)

    with pytest.raises(PinError, match="differ in time_zone"):
        pin([parsed(G1), changed(G2, ("time_zone",), '"UTC"')], BOT)
    with pytest.raises(PinError, match=r"02-15: reply-rates has 29 .*, 30 is possible"):
        pin([parsed(G1), fewer], BOT)
    with pytest.raises(PinError, match="one of each"):
        pin([parsed(G1), parsed(G1)], BOT)
