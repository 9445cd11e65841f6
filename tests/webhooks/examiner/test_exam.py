"""The exam finds each fault by its name, and none in a right receiver."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from mockcbs.webhooks.examiner.exam import Exam
from mockcbs.webhooks.examiner.sender import Sender
from mockcbs.webhooks.signatures import CozeSigner
from tests.servers import running
from tests.webhooks.examiner.receivers import FAULTS, SECRET, RightReceiver


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
    with served(receiver) as url:
        sender = Sender(url, CozeSigner(SECRET))
        exam = Exam(sender, "coze", SECRET, receiver.figures, knows_days=True)
        list(exam.run())
        sender.close()
        return exam


def broken(exam: Exam) -> dict[str, str]:
    return {name: row.reason for name, row in exam.findings.rows.items() if row.verdict == "broken"}


def test_a_right_receiver_passes():
    """Nothing is broken, and only what needs another profile or a restart is not examined."""
    exam = examined(RightReceiver())

    left = {name for name, row in exam.findings.rows.items() if row.verdict == "not examined"}
    assert broken(exam) == {}
    assert left == {"rotated-secret", "restart"}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_name(fault):
    """A receiver with one fault breaks the requirement that names it, and no other."""
    make, names = FAULTS[fault]

    exam = examined(make())

    assert broken(exam).keys() == names, broken(exam)
