"""Operations in one transaction: no other request changes the documents between their reads and writes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import has_request_context

from mockcbs.core.waiting import check, leave_loop
from mockcbs.web import context
from mockcbs.web.arguments import Blueprint
from mockcbs.web.bodies import LARGE_BODY

P = ParamSpec("P")
R = TypeVar("R")
_View = TypeVar("_View", bound=Callable[..., Any])


def atomic(operation: Callable[P, R]) -> Callable[P, R]:
    """*operation* in one transaction of the document store. On the event loop it does not wait for others.

    A thread that must not wait does not begin one.
    """

    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        check()
        documents = context.mock().documents
        if documents.is_busy:
            leave_loop()
        with documents.transaction():
            return operation(*args, **kwargs)

    return run


def waits(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that waits for another server: it runs in a thread without a transaction."""

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        leave_loop()
        return view(*args, **kwargs)

    return reads(run)


def reads(view: _View) -> _View:
    """Mark a view that changes nothing, for any method: it gets no transaction."""
    vars(view)["reads"] = True
    return view


def _after_body(view: Callable[P, R]) -> Callable[P, R]:
    """A view that leaves the event loop for a large body. An uploaded form is read before its transaction
    begins.
    """

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if has_request_context():
            request = context.asked()
            if (request.content_length or 0) >= LARGE_BODY:
                leave_loop()
            if request.mimetype == "multipart/form-data":
                _ = request.files
        return view(*args, **kwargs)

    return run


class AtomicBlueprint(Blueprint):
    """Routes whose views run in a transaction. They also match with a slash at the end, since a redirect
    drops the body.
    """

    GET_CHANGES_STATE = False
    """Whether a GET may change something, such as one that issues a token; then GETs run in a transaction,
    too.
    """

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        """Add a route to a view; see the class."""
        changes = self.GET_CHANGES_STATE or options.get("methods") != ["GET"]
        if changes:
            is_atomic = not getattr(view_func, "reads", False)
            view_func = _after_body(atomic(view_func) if is_atomic else view_func)
        super().add_url_rule(rule, endpoint, view_func, *args, **{"strict_slashes": False, **options})
