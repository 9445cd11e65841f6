"""Slow work: a request that would keep everybody else waiting starts over in a thread."""

from flask import has_request_context

from mockcbs.core import waiting
from mockcbs.web import context

_MANY_ROWS = 500


class StartOver(BaseException):
    """The current request is to be answered in a thread, from its beginning.

    It is no `Exception`, so that no error handler takes it for one.
    """


def leave_loop() -> None:
    """Make sure that the current request does not run on the server's event loop.

    To be called before work that may take over 20 ms, and before the request has changed anything: if it
    runs on the loop, it starts over in a thread. The response cache leaves it to the application.
    """
    waiting.check()
    if has_request_context() and context.current().on_loop:
        raise StartOver


def leave_loop_for(rows: int) -> None:
    """The same, if work on so many rows of a table may take over 20 ms."""
    if rows > _MANY_ROWS:
        leave_loop()
