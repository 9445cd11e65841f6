"""The state of a running mock: in memory, or in a database that processes share."""
