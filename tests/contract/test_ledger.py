"""Verdicts on clauses."""

from tests.contract.kits import PIECE, ledger_of


def test_verdicts():
    """Broken outweighs held; a clause that was not tested has a reason."""
    ledger = ledger_of("a", "b", "c", "d")
    ledger.enter("a", PIECE, held=True)
    ledger.enter("b", PIECE, held=True)
    ledger.enter("b", PIECE, held=False)
    ledger.excuse("c", "no key", applicable=False)
    ledger.excuse("d", "no data", applicable=True)
    ledger.excuse("a", "too late", applicable=False)

    verdicts = [entry.verdict for entry in ledger.entries.values()]

    assert verdicts == ["held", "broken", "not applicable", "not reached"]
