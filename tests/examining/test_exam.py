"""The exam of a client: right clients pass, and each fault is shown by its relation."""

import pytest

from mockcbs.examining.client import Function
from mockcbs.examining.exam import Exam
from tests.examining.clients import FAULTY, RIGHT


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_client_passes(name):
    """No relation is broken by a client that reads what it is asked for."""
    read, words = RIGHT[name]
    exam = Exam(Function(read, words), cases=2)

    list(exam.run())

    assert {row.name: row.reason for row in exam.findings.rows.values() if row.verdict == "broken"} == {}
    assert exam.findings.count("kept") >= 10


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_shown_by_its_relation(name):
    """The relation that a fault breaks is reported with the smallest case, its calls, and the output."""
    faulty = FAULTY[name]
    exam = Exam(Function(faulty.read, faulty.words))

    finding = exam.examine(faulty.relation)

    assert finding.verdict == "broken", finding
    assert finding.reason
    assert "GET /v1/" in finding.evidence
    assert "traffic:" in finding.evidence
