"""The contract kit: targets, clauses, the runner and the report."""
