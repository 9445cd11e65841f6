"""The contract kit's machinery: targets, clauses, the runner, and the report of the drift."""
