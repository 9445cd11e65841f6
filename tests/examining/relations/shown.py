"""Faulty clients, and the relation that shows the fault of each."""

from collections.abc import Iterable

from mockcbs.examining.client import Function
from mockcbs.examining.exam import Exam
from tests.examining.clients import FAULTY


def shown_by(relations: Iterable[str]) -> list[str]:
    """The names of the clients whose fault one of *relations* shows."""
    names = set(relations)
    return [name for name, faulty in FAULTY.items() if faulty.relation in names]


def check(name: str) -> None:
    """Insist that the fault is reported with the smallest case, its calls, and the output."""
    faulty = FAULTY[name]
    exam = Exam(Function(faulty.read, faulty.words))

    finding = exam.examine(faulty.relation)

    assert finding.verdict == "broken", finding
    assert finding.reason
    assert "GET /v1/" in finding.evidence
    assert "traffic:" in finding.evidence
