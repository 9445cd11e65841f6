"""Operations in one transaction: no other request changes the documents between their reads and writes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import has_request_context, request

from mockcbs.core.waiting import leave_loop
from mockcbs.web import context
from mockcbs.web.arguments import Blueprint

P = ParamSpec("P")
R = TypeVar("R")
_View = TypeVar("_View", bound=Callable[..., Any])


def atomic(operation: Callable[P, R]) -> Callable[P, R]:
    """*operation* in one transaction of the document store."""

    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with context.mock().documents.transaction():
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


def _after_form(view: Callable[P, R]) -> Callable[P, R]:
    """A view whose uploaded form is read before its transaction begins."""

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if has_request_context() and request.mimetype == "multipart/form-data":
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
        if changes and not getattr(view_func, "reads", False):
            view_func = _after_form(atomic(view_func))
        super().add_url_rule(rule, endpoint, view_func, *args, **{"strict_slashes": False, **options})
