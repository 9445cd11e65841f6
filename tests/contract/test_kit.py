"""The table of clauses, the ledger's verdicts, and what the report makes of them."""

import inspect

from mockcbs.contract.catalogue import all_checks


def test_checks_say_what_they_check():
    """Each check has its own sentence."""
    assert [check.__name__ for check in all_checks() if not inspect.getdoc(check)] == []
