"""The exam of a client: right clients pass, and each fault is shown by its relation."""

import pytest

from mockcbs.examining.client import Function
from mockcbs.examining.exam import SENTENCES, Exam
from tests.examining.clients import RIGHT
from tests.examining.faulty_clients import FAULTY

SAMPLED = [
    pytest.param(name, marks=pytest.mark.slow if place % 3 else ()) for place, name in enumerate(RIGHT)
]
"""All right clients; the default run examines every third."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLED)
def test_a_right_client_passes(name):
    """A client that reads what it needs breaks no relation."""
    _must_pass(name, cases=1)


@pytest.mark.fuzz
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_client_passes_over_a_hundred_seeds(name):
    """A correct client passes with any traffic."""
    for seed in range(100):
        _must_pass(name, cases=1, seed=seed)


def _must_pass(name, **options):
    read, words = RIGHT[name]
    exam = Exam(Function(read, words), **options)

    list(exam.run())

    assert {row.name: row.evidence for row in exam.findings.rows.values() if row.verdict == "broken"} == {}
    assert exam.findings.count("kept") >= 10


def test_every_fault_is_shown_by_a_relation():
    """The tests of the relations take all faulty clients between them."""
    assert {faulty.relation for faulty in FAULTY.values()} <= SENTENCES.keys()
