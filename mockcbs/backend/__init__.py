"""Where the state of a running mock lives: in memory, or in a database that processes share."""
