"""The client under examination with what is known about it."""

import pytest

from mockcbs.examining.bench import broken, outputs
from mockcbs.examining.client import Said
from mockcbs.examining.output import Output
from mockcbs.examining.search import BrokenError
from mockcbs.examining.world import Run
from tests.examining.test_world import ASKED, TRAFFIC

GOOD = Run(ASKED, Said("good", 0, "[]", ""), output=Output(()))
BAD = Run(ASKED, Said("bad", 1, "", "down"), problem="it ended with status 1")


def test_a_run_that_fails_without_reason_is_shown():
    """The report shows the traffic, the command and its output."""
    assert outputs(TRAFFIC, [GOOD, GOOD]) == [GOOD.output] * 2

    with pytest.raises(BrokenError, match="although no call failed, it ended with status 1") as error:
        outputs(TRAFFIC, [GOOD, BAD])
    assert error.value.evidence.startswith("traffic:\n  2026-11-02")
    assert "$ bad" in error.value.evidence
    assert "stderr: down" in error.value.evidence


def test_notes_stand_between_the_traffic_and_the_runs():
    """Notes, such as a played fault, are between the traffic and the runs."""
    lines = broken("x", TRAFFIC, [GOOD], "the second call was refused").evidence.splitlines()

    assert lines.index("the second call was refused") == lines.index("$ good") - 1
