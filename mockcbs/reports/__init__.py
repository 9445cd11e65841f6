"""Reports: the node of a workflow that writes into a table, and the figures of the day before."""
