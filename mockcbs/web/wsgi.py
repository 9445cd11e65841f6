"""A faster Flask, as a test suite may create a mock for each test and call it often."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import Any, NamedTuple, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Blueprint, Flask, Request
from werkzeug.routing import Map, MapAdapter, Rule
from werkzeug.routing.matcher import StateMachineMatcher

from mockcbs.core.urls import encoded
from mockcbs.core.waiting import leave_loop
from mockcbs.web import context
from mockcbs.web.forms import Request as FormRequest
from mockcbs.web.json import WireJSON
from mockcbs.web.near_misses import SimilarRoutes

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


COMPILING = RLock()
"""Held while rules are compiled: in CPython 3.11, ``ast.parse`` fails now and then in parallel threads."""


class Routes(Map):
    """The routes that all applications of one kind share. The first application that needs them adds them."""

    def __init__(self, order: tuple[str, ...] = ()) -> None:
        """*order* has the names of blueprints; their rules stand in this order, whichever is added first."""
        super().__init__(merge_slashes=False)
        self._place = {name: place for place, name in enumerate(order)}
        self._known: dict[tuple[str, str, frozenset[str]], Rule] = {}
        self._open = False
        self._lock = COMPILING

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Accept new rules. Requests are matched with the earlier ones until the end of this context."""
        with self._lock:
            self._open, before = True, len(self._known)
            try:
                yield
            finally:
                self._open = False
            if len(self._known) > before:
                self._publish()

    def add(self, rulefactory: Any) -> None:
        """Add a rule unless it is known. Raises `RuntimeError` for a new rule outside of `opened`."""
        rule: Rule = rulefactory
        key = rule.rule, rule.endpoint, frozenset(rule.methods or ())
        with self._lock:
            if key in self._known:
                return
            if not self._open:
                raise RuntimeError(
                    f"{rule.rule}: all mocks of this process share their routes, and no route can be added; "
                    "serve your own beside a mock with werkzeug.middleware.dispatcher.DispatcherMiddleware"
                )
            rule.bind(self)
            self._known[key] = rule

    def _publish(self) -> None:
        """Match with all rules from now on. Other threads are matching, so what they use stays unchanged."""
        last = len(self._place)
        rules = sorted(
            self._known.values(), key=lambda rule: self._place.get(rule.endpoint.partition(".")[0], last)
        )
        matcher, by_endpoint = StateMachineMatcher(merge_slashes=False), dict[str, list[Rule]]()
        for rule in rules:
            matcher.add(rule)
            by_endpoint.setdefault(rule.endpoint, []).append(rule)
        matcher.update()
        self._rules_by_endpoint, self._matcher = by_endpoint, matcher


class _Offer(NamedTuple):
    """A blueprint that is not registered yet."""

    blueprint: Callable[[], Blueprint]
    concerns: Callable[[str, str], bool]


class Application(Flask):
    """Flask with mockcbs's JSON and routes, and without coroutine views."""

    json_provider_class = WireJSON
    request_class = FormRequest
    url_rule_class = Route
    recognise: Callable[[Mapping[str, Any]], tuple[str, str] | None] = staticmethod(lambda _: None)
    """The service that recognises a request by more than its path, and the path by which it is routed
    there.
    """

    def __init__(self, name: str, routes: Routes | None = None) -> None:
        """*routes* are shared with other applications; without them, it has its own."""
        super().__init__(name, static_folder=None, template_folder=None)
        self._offers: dict[str, _Offer] = {}
        """It is replaced, never changed, as other threads read it without a lock."""
        self._similar: dict[str | None, tuple[int, SimilarRoutes]] = {}
        """The searches, and the number of rules they know, by blueprint."""
        self._lock = RLock()
        if routes is not None:
            self.url_map = self._routes = routes

    def offer(
        self, name: str, blueprint: Callable[[], Blueprint], concerns: Callable[[str, str], bool]
    ) -> None:
        """Register a blueprint before the first request that *concerns* accepts, given its host and path."""
        self._offers = {**self._offers, name: _Offer(blueprint, concerns)}

    def rules(self) -> list[Rule]:
        """All rules, in the order of the services; it registers all blueprints."""
        if self._offers:
            leave_loop()  # importing the views takes long
            self._register([*self._offers])
        return list(self.url_map.iter_rules())

    def similar_routes(self, blueprint: str | None) -> SimilarRoutes:
        """The search for routes of *blueprint*, or of all that need no particular host."""
        rules = self.rules()
        count, found = self._similar.get(blueprint, (0, None))
        if found is None or count != len(rules):  # applications that share the routes may add some
            found = SimilarRoutes(
                rule
                for rule in rules
                if (rule.endpoint.partition(".")[0] == blueprint if blueprint else not rule.subdomain)
            )
            self._similar[blueprint] = len(rules), found
        return found

    def _register(self, names: list[str]) -> None:
        with self._lock:
            wanted = [name for name in names if name in self._offers]
            with self._routes.opened():
                for name in wanted:
                    self.register_blueprint(self._offers[name].blueprint())
            # only now that the routes match, as others may wait for them
            self._offers = {name: one for name, one in self._offers.items() if name not in wanted}

    def _register_for(self, owner: str, host: str, path: str) -> None:
        """Register what a request may need; a server does this beside its event loop."""
        if names := [name for name, one in self._offers.items() if name == owner or one.concerns(host, path)]:
            leave_loop()  # importing the views takes long
            self._register(names)

    def _check_setup_finished(self, f_name: str) -> None:
        """Accept blueprints after the first request, which Flask does not."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match routes independently of the host, since werkzeug cannot read some hosts (``xn--a``).

        The subdomain of werkzeug has the service that recognises a request by more than its path.
        """
        if request is None:
            return super().create_url_adapter(request)
        scheme, query = request.scheme, request.query_string.decode("latin-1")
        owner, path = self.recognise(request.environ) or ("", request.path)
        if self._offers:
            self._register_for(owner, request.environ.get("HTTP_HOST", ""), path)
        # not `Map.bind`, which encodes the constant host for each request
        return MapAdapter(self.url_map, "mockcbs", "/", owner, scheme, path, request.method, query)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Handle a request; mockcbs itself may make it while it handles another one.

        Other servers than mockcbs's own pass on a query that is not percent-encoded.
        """
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = encoded(query.encode("latin-1"))
        with context.apart():
            return super().wsgi_app(environ, start_response)

    def ensure_sync(self, func: _F) -> _F:
        """Return *func* unchanged. Flask checks several times per request whether it is a coroutine."""
        return func
