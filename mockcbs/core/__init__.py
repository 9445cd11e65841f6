"""What everything else stands on: no Flask, no vendor."""
