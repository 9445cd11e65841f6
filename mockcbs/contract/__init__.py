"""The engine of the contract kit: targets, clauses, the runner, and the report."""
