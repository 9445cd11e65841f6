"""Ledgers of the kit, and an exchange."""

from mockcbs.contract.ledger import Clause, Evidence, Ledger

PIECE = Evidence("GET /x", "HTTP 200 {}", "1", "<script>2")


def ledger_of(*names: str) -> Ledger:
    return Ledger(Clause(name, "assumed", "1.2", f"Sentence of {name}.") for name in names)
