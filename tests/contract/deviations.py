"""Ways in which a server of CBS can deviate: wrappers that rewrite what passes, and functions replaced."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode

from mockcbs.services.cbs import statistics
from tests.contract.mutants import After, Before, Environ, Response, dumps, loads

STATS, RATES, HOTS, WORDS = "session-stats", "reply-rates", "hots", "keywords"
BOTH = (STATS, RATES)
ALL = (STATS, RATES, HOTS, WORDS)


def edit(*operations: str) -> Callable[[Callable[[Any, Response], Any]], After]:
    """A deviation of the good answers of some operations."""

    def wrap(change: Callable[[Any, Response], Any]) -> After:
        def after(response: Response) -> None:
            if response.says(*operations):
                content = loads(response.body)
                changed = change(content, response)
                response.body = dumps(content if changed is None else changed)

        return after

    return wrap


def replaced(function: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    """A function of the statistics, replaced by what *make* makes of it."""
    return lambda: patch.object(statistics, function, make(getattr(statistics, function)))


def top_level(name: str, change: Callable[[Any, Response], Any], *operations: str) -> After:
    """One top-level member, changed."""

    @edit(*operations)
    def after(content: Any, response: Response) -> None:
        content[name] = change(content, response)

    return after


def query_changed(change: Callable[[dict[str, str]], None], *tails: str) -> Before:
    """Parameters misread."""

    def before(environ: Environ) -> None:
        if environ["PATH_INFO"].endswith(tails or ALL) and not environ.get("HTTP_AUTHORIZATION"):
            query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
            change(query)
            environ["QUERY_STRING"] = urlencode(query)

    return before


def on_error(code: str, change: Callable[[Response], None]) -> After:
    """A deviation of one kind of failure."""

    def after(response: Response) -> None:
        if response.code == code:
            change(response)

    return after


def member(name: str, value: Any) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        content = loads(response.body)
        if value is None:
            del content[name]
        else:
            content[name] = value
        response.body = dumps(content)

    return change


def status(number: int) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.status = number

    return change


def body(text: bytes, kind: str = "application/json") -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.body, response.headers["Content-Type"] = text, kind

    return change


def header(name: str, value: str | None) -> After:
    def after(response: Response) -> None:
        response.headers.pop(name, None)
        if value is not None:
            response.headers[name] = value

    return after


def when(condition: Callable[[Response], object], change: After) -> After:
    """A deviation of some answers."""
    return lambda response: change(response) if condition(response) else None


def only_in(operation: str, change: Before) -> Before:
    """A deviation of one operation."""
    return lambda environ: change(environ) if environ["PATH_INFO"].endswith(operation) else None
