"""The journal of the last calls, and the metrics of all calls."""
