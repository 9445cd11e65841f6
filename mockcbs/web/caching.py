"""Where a view states what its response depends on, and until when; else it is not cached."""

from typing import Any

from mockcbs.state import RESETS
from mockcbs.web import context
from mockcbs.web.validity import Fresh, Reading, Validity


def depends_on(*keys: tuple[str, ...]) -> None:
    """The same request gets the same response until `expires`, or until one of these keys changes.

    Call it before reading what the keys stand for.
    """
    context.current().validity = Validity(context.now(), context.mock().changes.watch(RESETS, *keys))


def expires(at: int | None) -> None:
    """The response may change at that instant (ms UTC), `None` for never; the earliest one counts."""
    if at is not None:
        this = context.current()
        this.expires = min(at, this.expires)


def differs(text: str, maker: Fresh) -> None:
    """*text* stands in the response and differs in every one; *maker* makes the next."""
    context.current().fresh[text] = maker


def never() -> None:
    """Do not cache this response, whatever else is stated."""
    context.current().cacheable = False


def answer(reading: Reading, query: dict[str, Any]) -> dict[str, Any]:
    """The response body of *reading* to the current request; the cache may use it for other queries."""
    this = context.current()
    this.reading = reading
    body, this.validity = reading.answer(query, context.now())
    return body
