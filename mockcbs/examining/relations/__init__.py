"""The relations between runs of a client, each with a name."""
