"""The contract kit: tests that hold for the mock, for the real services, and for any other server."""
