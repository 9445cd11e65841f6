"""How many sessions begin, and when."""
