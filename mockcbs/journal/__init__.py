"""The last calls, and counts of all."""
