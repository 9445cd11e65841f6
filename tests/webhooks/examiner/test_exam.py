"""The exam finds each fault by its name, and none in a right receiver."""

import pytest

from mockcbs.webhooks.examiner.exam import Exam
from tests.webhooks.examiner.examined import broken, examined_by, not_examined
from tests.webhooks.examiner.receivers import FAULTS, AcceptsOldTimestamps, RightReceiver


def examined(receiver: RightReceiver) -> Exam:
    return examined_by(receiver.figures, receiver)


def test_a_right_receiver_passes():
    """Nothing is broken, and only what needs another profile or a restart is not examined."""
    exam = examined(RightReceiver())

    assert broken(exam) == {}
    assert not_examined(exam) == {"rotated-secret", "restart"}


@pytest.mark.parametrize(
    "fault",
    [pytest.param(name, marks=pytest.mark.slow if place % 6 else ()) for place, name in enumerate(FAULTS)],
)
def test_each_fault_has_its_name(fault):
    """A receiver with one fault breaks the requirement that names it, and no other."""
    make, names = FAULTS[fault]

    exam = examined(make())

    assert broken(exam).keys() == names, broken(exam)


class CountsUnknownTypesAndReplays(AcceptsOldTimestamps):
    """Two faults: what is replayed and what is unknown are counted."""

    def figures(self, day=None):
        rows = [row for row in self.events.values() if day is None or self.day(row) == day]
        return {**super().figures(day), "total_calls": len({row["chat_id"] for row in rows})}


def test_one_fault_does_not_hide_another():
    """An accepted replay does not make an unknown type look uncounted."""
    assert broken(examined(CountsUnknownTypesAndReplays())).keys() == {"refuses-replay", "unknown-type"}
