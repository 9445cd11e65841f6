"""What printed figures can show."""

from tests.webhooks.examiner.examined import broken, examined_by, not_examined
from tests.webhooks.examiner.receivers import RightReceiver


def test_what_no_figure_shows_is_not_examined():
    """A check that prints one figure cannot show what only other figures hold."""
    receiver = RightReceiver()

    def figures(day=None):
        return {"total_messages": receiver.figures(day)["total_messages"]}

    exam = examined_by(figures, receiver)

    assert broken(exam) == {}
    assert not_examined(exam) >= {"rates", "milliseconds", "unicode", "lost-event", "unknown-type"}
    assert exam.findings.rows["milliseconds"].reason == "--check prints no avg_response_time_ms"
