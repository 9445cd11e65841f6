"""The relations between runs of a client, by name."""
