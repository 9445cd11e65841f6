"""Here a view states what its response depends on and until when it is valid. Otherwise it is not cached.

Guards, parsers and hooks state here what they know about the response.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from mockcbs.state import RESETS
from mockcbs.web import context
from mockcbs.web.validity import Check, Fresh

_View = Callable[..., dict[str, Any]]
_Post = TypeVar("_Post", bound=Callable[..., Any])


def depends_on(*keys: tuple[str, ...]) -> None:
    """The response stays the same until `expires`, or until one of these keys changes.

    Call this before reading the data that the keys stand for.
    """
    validity = context.current().validity
    validity.since = context.now()
    validity.watched += context.mock().changes.watch(RESETS, *keys)


def expires(at: int | None) -> None:
    """The response is valid until that time (ms UTC); `None` means forever. The earliest call counts."""
    if at is not None:
        validity = context.current().validity
        validity.until = min(at, validity.until)


def never() -> None:
    """Do not cache this response, even if other calls state its validity."""
    expires(0)


def proved_by(check: Check) -> None:
    """The request is signed: the response is not cached, but `by_query` views serve other requests of the
    caller that pass *check*.

    *check* is given the query and the proof of another request that is otherwise equal, and the time
    (ms UTC).
    """
    context.current().proves = check


def differs(text: str, maker: Fresh) -> None:
    """*text* in the response differs in every response; *maker* creates the next one."""
    context.current().validity.fresh[text] = maker


def by_query(view: _View) -> _View:
    """Mark a view that reads nothing of the request but its query and the context.

    After the checks of a first request, the cache calls the view directly for other queries of its caller.
    """

    @wraps(view)
    def noted(query: dict[str, Any], **path: str) -> dict[str, Any]:
        this = context.current()
        if parse := this.parse:
            this.other_query = lambda raw: view(parse(raw), **path)
        of_caller = {*this.validity.fresh}
        content = view(query, **path)
        this.fresh_of_view = this.validity.fresh.keys() - of_caller
        return content

    return noted


def by_body(view: _Post) -> _Post:
    """Mark a view that reads nothing of the request but its path, its query, its JSON body and the context.

    The view may change something. After the checks of two requests, the cache calls it directly for further
    bodies of their caller. If the body names the bot, the view stores its id in the context.
    """

    @wraps(view)
    def noted(*parameters: Any, **path: str) -> Any:
        this = context.current()
        if this.parse_body:
            query, bot_id = [dict(each) for each in parameters[:-1]], this.bot_id

            def other(body: Any) -> Any:
                context.current().bot_id = bot_id
                return view(*map(dict, query), body, **path)

            this.other_body = other
        return this.outcome() if this.outcome else view(*parameters, **path)

    return cast("_Post", noted)
