"""Exams of a receiver on a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from werkzeug.serving import WSGIRequestHandler, make_server

from mockcbs.webhooks.examiner.exam import Exam
from mockcbs.webhooks.examiner.figures import Source
from mockcbs.webhooks.examiner.sender import Sender
from mockcbs.webhooks.signatures import CozeSigner
from tests.servers import running
from tests.webhooks.examiner.receivers import SECRET, RightReceiver


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


def examined_by(figures: Source | None, receiver: RightReceiver) -> Exam:
    with served(receiver) as url:
        sender = Sender(url, CozeSigner(SECRET))
        exam = Exam(sender, "coze", SECRET, figures, knows_days=True)
        list(exam.run())
        sender.close()
        return exam


def broken(exam: Exam) -> dict[str, str]:
    return {name: row.reason for name, row in exam.findings.rows.items() if row.verdict == "broken"}


def not_examined(exam: Exam) -> set[str]:
    return {name for name, row in exam.findings.rows.items() if row.verdict == "not examined"}
