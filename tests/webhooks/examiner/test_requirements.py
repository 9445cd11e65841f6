"""What printed figures can show."""

from mockcbs.webhooks.examiner.requirements import Findings
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


def test_what_a_broken_requirement_breaks_is_skipped():
    """The reason names the cause; without a broken cause, a requirement is examined."""
    findings = Findings()
    findings.breaks("stores", "nothing is stored")

    skipped = findings.is_skipped("unicode", "accepts", "stores")
    examined = findings.is_skipped("raw-body", "accepts")

    assert (skipped, examined) == (True, False)
    assert findings.rows["unicode"].reason == "stores is broken"
