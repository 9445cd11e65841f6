"""Here a view states what its response depends on and until when it is valid. Otherwise it is not cached."""

from typing import Any

from mockcbs.state import RESETS
from mockcbs.web import context
from mockcbs.web.validity import Fresh, Reading, Validity


def depends_on(*keys: tuple[str, ...]) -> None:
    """The response stays the same until `expires`, or until one of these keys changes.

    Call this before reading the data that the keys stand for.
    """
    context.current().validity = Validity(context.now(), context.mock().changes.watch(RESETS, *keys))


def expires(at: int | None) -> None:
    """The response is valid until that time (ms UTC); `None` means forever. The earliest call counts."""
    if at is not None:
        this = context.current()
        this.expires = min(at, this.expires)


def differs(text: str, maker: Fresh) -> None:
    """*text* in the response differs in every response; *maker* creates the next one."""
    context.current().fresh[text] = maker


def never() -> None:
    """Do not cache this response, even if other calls state its validity."""
    context.current().cacheable = False


def answer(reading: Reading, query: dict[str, Any]) -> dict[str, Any]:
    """The body of *reading* for the current request. The cache may use it for other queries."""
    this = context.current()
    this.reading = reading
    body, this.validity = reading.answer(query, context.now())
    return body
