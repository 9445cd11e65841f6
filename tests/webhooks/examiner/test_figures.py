"""Figures that a user's command prints."""

from tests.webhooks.examiner.examined import broken, examined_by, not_examined
from tests.webhooks.examiner.receivers import RightReceiver


def test_without_figures():
    """Without figures, only requirements that a response shows are examined."""
    exam = examined_by(None, RightReceiver())

    assert broken(exam) == {}
    assert not_examined(exam) >= {"stores", "deduplicates", "unknown-type", "burst", "unicode"}
    assert exam.findings.rows["large-body"].verdict == "kept"
