"""Relations between a whole and its subsets."""

import pytest

from mockcbs.examining.relations.subsets import RELATIONS
from tests.examining.relations.shown import check, shown_by


@pytest.mark.parametrize("name", shown_by(relation.name for relation in RELATIONS))
def test_a_fault_is_shown_by_its_relation(name):
    """The relation that a fault breaks is reported with the smallest case, its calls, and the output."""
    check(name)
