"""What ends by the clock, although nobody looks at it."""

from mockcbs.services.coze import chats, runs


def settle() -> None:
    """End the chats and asynchronous runs of the account whose time is over."""
    chats.settle()
    runs.settle()
