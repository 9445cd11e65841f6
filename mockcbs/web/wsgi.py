"""A faster Flask, as a test suite may create a mock for each test and call it often."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, Request
from werkzeug.routing import Map, MapAdapter, Rule

from mockcbs.web.forms import Request as FormRequest
from mockcbs.web.json import WireJSON

_F = TypeVar("_F", bound=Callable[..., Any])


class Route(Rule):
    """A route that compiles its URL builders only when one is called, which the mock never does.

    werkzeug compiles two functions for each rule, which takes ten times as long as matching needs.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            make = Rule._compile_builder(rule, append_unknown)  # noqa: SLF001
            url: tuple[str, str] = make.__get__(rule)(**values)
            return url

        return build


class Routes(Map):
    """The routes that all applications of one kind share. Only the first application adds them."""

    def __init__(self) -> None:
        super().__init__(merge_slashes=False)
        self._known: set[tuple[str, str, frozenset[str]]] = set()
        self._sealed = False
        self._lock = Lock()

    def add(self, rulefactory: Any) -> None:
        """Add a rule unless it is known. Raises `RuntimeError` for a new rule after `seal`."""
        rule: Rule = rulefactory
        key = rule.rule, rule.endpoint, frozenset(rule.methods or ())
        with self._lock:
            if key in self._known:
                return
            if self._sealed:
                raise RuntimeError(
                    f"{rule.rule}: all mocks of this process share their routes, and no route can be added; "
                    "serve your own beside a mock with werkzeug.middleware.dispatcher.DispatcherMiddleware"
                )
            super().add(rule)
            self._known.add(key)

    def seal(self) -> None:
        """Reject new rules from now on."""
        self._sealed = True


class Application(Flask):
    """Flask with mockcbs's JSON and routes, and without coroutine views."""

    json_provider_class = WireJSON
    request_class = FormRequest
    url_rule_class = Route
    recognise: Callable[[Mapping[str, Any]], tuple[str, str] | None] = staticmethod(lambda _: None)
    """The service that recognises a request by more than its path, and the path by which it is routed
    there.
    """

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match routes independently of the host, since werkzeug cannot read some hosts (``xn--a``).

        The subdomain of werkzeug has the service that recognises a request by more than its path.
        """
        if request is None:
            return super().create_url_adapter(request)
        scheme, query = request.scheme, request.query_string.decode("latin-1")
        owner, path = self.recognise(request.environ) or ("", request.path)
        return self.url_map.bind("mockcbs", "/", owner, scheme, request.method, path, query)

    def ensure_sync(self, func: _F) -> _F:
        """Return *func* unchanged. Flask checks several times per request whether it is a coroutine."""
        return func
