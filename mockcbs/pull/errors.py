"""Why a pull cannot go on."""


class PullError(Exception):
    """The service or the storage failed, and trying again did not help; the message says what happened."""
