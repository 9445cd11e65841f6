"""The exam finds each fault by its name, and none in a right receiver."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from mockcbs.webhooks.examiner.exam import Exam
from mockcbs.webhooks.examiner.figures import Source
from mockcbs.webhooks.examiner.sender import Sender
from mockcbs.webhooks.signatures import CozeSigner
from tests.servers import running
from tests.webhooks.examiner.receivers import FAULTS, SECRET, AcceptsOldTimestamps, RightReceiver


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass

    def handle(self):
        with suppress(OSError):  # a sender that has hung up is part of the exam
            super().handle()


@contextmanager
def served(app) -> Iterator[str]:
    with running(make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)) as url:
        yield f"{url}/hook"


def examined(receiver: RightReceiver) -> Exam:
    return examined_by(receiver.figures, receiver)


def examined_by(figures: Source | None, receiver: RightReceiver) -> Exam:
    with served(receiver) as url:
        sender = Sender(url, CozeSigner(SECRET))
        exam = Exam(sender, "coze", SECRET, figures, knows_days=True)
        list(exam.run())
        sender.close()
        return exam


def broken(exam: Exam) -> dict[str, str]:
    return {name: row.reason for name, row in exam.findings.rows.items() if row.verdict == "broken"}


def test_a_right_receiver_passes():
    """Nothing is broken, and only what needs another profile or a restart is not examined."""
    exam = examined(RightReceiver())

    assert broken(exam) == {}
    assert not_examined(exam) == {"rotated-secret", "restart"}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_name(fault):
    """A receiver with one fault breaks the requirement that names it, and no other."""
    make, names = FAULTS[fault]

    exam = examined(make())

    assert broken(exam).keys() == names, broken(exam)


def not_examined(exam: Exam) -> set[str]:
    return {name for name, row in exam.findings.rows.items() if row.verdict == "not examined"}


def test_what_no_figure_shows_is_not_examined():
    """A check that prints one figure cannot show what only other figures hold."""
    receiver = RightReceiver()

    def figures(day=None):
        return {"total_messages": receiver.figures(day)["total_messages"]}

    exam = examined_by(figures, receiver)

    assert broken(exam) == {}
    assert not_examined(exam) >= {"rates", "milliseconds", "unicode", "lost-event", "unknown-type"}
    assert exam.findings.rows["milliseconds"].reason == "--check prints no avg_response_time_ms"


def test_without_figures():
    """What an answer alone shows is examined; what is counted is not."""
    exam = examined_by(None, RightReceiver())

    assert broken(exam) == {}
    assert not_examined(exam) >= {"stores", "deduplicates", "unknown-type", "burst", "unicode"}
    assert exam.findings.rows["large-body"].verdict == "kept"


class CountsUnknownTypesAndReplays(AcceptsOldTimestamps):
    """Two faults: what is replayed and what is unknown are counted."""

    def figures(self, day=None):
        rows = [row for row in self.events.values() if day is None or self.day(row) == day]
        return {**super().figures(day), "total_calls": len({row["chat_id"] for row in rows})}


def test_one_fault_does_not_hide_another():
    """An accepted replay does not make an unknown type look uncounted."""
    assert broken(examined(CountsUnknownTypesAndReplays())).keys() == {"refuses-replay", "unknown-type"}
