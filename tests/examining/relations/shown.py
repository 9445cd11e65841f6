"""Faulty clients, and the relation that shows the fault of each."""

from collections.abc import Iterable
from typing import Any

import pytest

from mockcbs.examining.client import Function
from mockcbs.examining.exam import Exam
from tests.examining.faulty_clients import FAULTY


def shown_by(relations: Iterable[str]) -> list[Any]:
    """The names of the clients whose fault one of *relations* shows; slow ones are in the slow group."""
    names = set(relations)
    return [
        pytest.param(name, marks=[pytest.mark.slow] if faulty.is_slow else [])
        for name, faulty in FAULTY.items()
        if faulty.relation in names
    ]


def check(name: str) -> None:
    """Insist that the fault is reported with the smallest case, its calls, and the output."""
    faulty = FAULTY[name]
    exam = Exam(Function(faulty.read, faulty.words))

    finding = exam.examine(faulty.relation)

    assert finding.verdict == "broken", finding
    assert finding.reason
    assert "GET /v1/" in finding.evidence
    assert "traffic:" in finding.evidence
