"""The error that ends a pull."""


class PullError(Exception):
    """The service or the storage failed, even after repeated attempts; the message says why."""
