"""Ends chats and runs when the clock reaches their end, even if no client retrieves them."""

from mockcbs.services.coze import chats, runs


def settle() -> None:
    """End the chats and asynchronous runs of the account whose time is over."""
    chats.settle()
    runs.settle()
