"""Relations about calls that fail."""

import pytest

from mockcbs.examining.relations.faults import FAULTS
from tests.examining.relations.shown import check, shown_by


@pytest.mark.parametrize("name", shown_by(FAULTS))
def test_a_fault_is_shown_by_its_relation(name):
    """The relation that a fault breaks is reported with the smallest case, its calls, and the output."""
    check(name)
