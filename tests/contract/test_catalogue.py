"""The table of clauses and the checks of the kit."""

from mockcbs.contract.catalogue import CLAUSES as BY_SERVICE
from mockcbs.contract.catalogue import all_checks, clauses_of

CLAUSES = clauses_of(BY_SERVICE)


def test_every_clause_has_a_check():
    """Every clause is named by a check, and every name is a clause."""
    named = {clause for check in all_checks() for clause in check.clauses}

    assert named == {clause.id for clause in CLAUSES}


def test_clauses_are_told_apart():
    """Ids differ; a clause is one sentence."""
    assert len({clause.id for clause in CLAUSES}) == len(CLAUSES)
    assert all(clause.sentence.endswith(".") for clause in CLAUSES)
