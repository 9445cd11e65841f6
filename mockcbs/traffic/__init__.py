"""The log of traffic that every answer is a view of. Knows no Flask and no vendor."""
