"""The context of the current request, which hooks, guards, views and the server share."""

from collections.abc import Callable, Hashable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from flask import Flask, Request, g, has_request_context, request
from flask.globals import app_ctx

from mockcbs.core.errors import BackendError
from mockcbs.core.queries import Rule
from mockcbs.faults.delivery import Delivery
from mockcbs.faults.scenario import Fault, Run
from mockcbs.faults.swap import Held
from mockcbs.journal.entry import Entry
from mockcbs.state import State
from mockcbs.web import request_ids
from mockcbs.web.validity import CacheKey, Check, Validity

KEY = "mockcbs.context"
"""The key in the WSGI environment under which a server may pass its `Context`."""

Drawn = tuple[Run | None, Fault | None]
"""The run that was asked about a request, and the fault that it chose."""

WireProblem = Literal["malformed request", "body too large", "URI too large", "headers too large"]
"""Why a request is not acceptable HTTP."""


class Named(Protocol):
    """The parts of a service that lower layers need."""

    @property
    def name(self) -> str:
        """The name, such as ``cbs``."""

    @property
    def used_value(self) -> Rule:
        """The value of a repeated query parameter that the service uses."""


@dataclass(slots=True)
class Context:
    """What mockcbs knows about one request. The server that created it reads it after the call."""

    # From the server

    wire_problem: WireProblem | None = None
    wire_reason: str = ""
    """The problem with the HTTP of the request, in a sentence; empty if the kind of problem is enough."""
    body_error: BackendError | None = None
    """Why the server could not store the body; then the body is empty."""
    delivers: bool = False
    """Whether the server carries out a `delivery`; any other server only waits before it responds."""
    may_wait: bool = False
    """Whether the response may wait in this thread while the server handles other requests."""
    looked: bool = False
    """Whether the server has checked what other replicas changed when the request arrived."""
    drawn: Drawn | None = None
    """The fault that a scenario has already chosen for this request."""
    paced: bool = False
    """Whether the fault was chosen before the body arrived, so that the body was read at the scenario's
    speed.
    """

    # From mockcbs itself, when it makes a request to see the response of a client's request

    unseen: bool = False
    """Whether scenarios and the journal ignore the request."""
    counted: bool = True
    """Whether limits of calls a second count it."""

    # From the hooks before the view

    in_flight: object | None = None
    """The call among those that are being answered; `None` for calls of `/_mockcbs`."""
    started: float = 0.0
    """The time at which the request was received, from `time.perf_counter`."""
    service: Named | None = None
    project: str | None = None
    """The project in the path."""
    scope: str | None = None
    """The owner of the request and its traffic: the project in the path, otherwise the token.

    The sender of an `unseen` request may set it.
    """
    token: str = ""
    """The caller's token or access key, a secret; empty without one."""
    bot_id: str | None = None
    caller: Any = None
    """The caller that passed the guard of the service, in the service's own type."""
    now: int | None = None
    """The time of the request, ms UTC; see `now`."""
    request_id: str | None = None
    """The id of the request; see `request_id`."""
    fault: Fault | None = None
    run: Run | None = None
    """The run that chose the fault."""

    # From the view, error handlers and the hooks after the view

    error_code: str | None = None
    reason: str | None = None
    """Why mockcbs returned an error."""
    near_misses: list[str] = field(default_factory=list)
    content_note: str = ""
    """What the journal stores instead of the request body: the size and digest of a file."""
    response_note: str = ""
    """What the journal stores instead of the response body."""
    scenario_remark: str | None = None
    """The problem of the scenario that the request named."""
    fault_note: str | None = None
    """A description of the fault's effect."""
    fault_headers: dict[str, str] = field(default_factory=dict)
    held: Held | None = None
    """A body that waits to be swapped with that of another request."""
    delivery: Delivery | None = None
    """How the server must deliver the response."""
    deliveries: list[str] = field(default_factory=list)
    """The ids of the webhook deliveries that the request caused."""
    records: list[str] = field(default_factory=list)
    """The turns that the request recorded: bot, session and time (ms UTC), separated by slashes."""
    rows: list[str] = field(default_factory=list)
    """The rows that a reporting node wrote for it: service, base, table and record, with slashes between."""
    calls: list[int] = field(default_factory=list)
    """The calls that a reporting node made for it, by their ids in the journal."""
    entry: Entry | None = None
    """The journal entry of the request."""

    # For the response cache, written by `mockcbs.web.cache.caching`

    cache_key: CacheKey | None = None
    """The key of the request in the cache, set by the server; `None` if it may not be cached."""
    head: Hashable = None
    """Equal for two posts whose heads differ only in the length of the body, set by the server; `None` for
    other requests.
    """
    validity: Validity = field(default_factory=Validity)
    """How long the response stays valid."""
    parse: Callable[[str], dict[str, Any]] | None = None
    """Reads another query of the same operation; raises `marshmallow.ValidationError`."""
    other_query: Callable[[str], dict[str, Any]] | None = None
    """The response to another query of the same caller; `None` if the view needs the request for it."""
    parse_body: Callable[[bytes], Any] | None = None
    """Reads another JSON body of the same operation; raises an error if it is invalid."""
    other_body: Callable[[Any], Any] | None = None
    """What the view returns for another body of the same caller; `None` if it needs the request for it."""
    outcome: Callable[[], Any] | None = None
    """Returns or raises what the view did already; `None` if it was not called yet."""
    proves: Check | None = None
    """Checks the proof of another request of the same caller; `None` if this one is not signed."""
    fresh_of_view: AbstractSet[str] = frozenset()
    """Texts that differ in every response to this query, but are not in those to other queries."""

    def follow(self, earlier: "Context") -> None:
        """Take over what was found out about an *earlier* request, which differs only in query or body."""
        self.service, self.project, self.scope = earlier.service, earlier.project, earlier.scope
        self.token, self.caller = earlier.token, earlier.caller

    def again(self) -> "Context":
        """The context of the same request when it starts again in a thread: it gets no second fault or id."""
        return Context(
            self.wire_problem,
            self.wire_reason,
            self.body_error,
            self.delivers,
            self.may_wait,
            looked=self.looked,
            drawn=self.drawn,
            paced=self.paced,
            request_id=self.request_id,
            cache_key=self.cache_key,
            head=self.head,
        )


_resumed: ContextVar[tuple[Context, State] | None] = ContextVar("mockcbs.resumed", default=None)
"""The context and the mock of a request that goes on outside of the application."""


def mock() -> State:
    """The mock of the current request."""
    if here := _resumed.get():
        return here[1]
    app: Flask = app_ctx._get_current_object().app  # type: ignore[attr-defined]  # noqa: SLF001 - as in `asked`
    state: State = app.extensions["mockcbs"]
    return state


def current() -> Context:
    """The context of the current request."""
    if here := _resumed.get():
        return here[0]
    held = g._get_current_object()  # noqa: SLF001 - as in `asked`
    try:
        found: Context = held.context
    except AttributeError:
        found = held.context = asked().environ.get(KEY) or Context()
    return found


@contextmanager
def resumed(earlier: Context, mock: State) -> Iterator[Context]:
    """Continue an *earlier* request of *mock* outside of its application, with a new time."""
    this = Context(bot_id=earlier.bot_id, request_id=earlier.request_id)
    this.follow(earlier)
    with outside(this, mock):
        yield this


@contextmanager
def outside(this: Context, mock: State) -> Iterator[None]:
    """Handle a request of *mock* outside of its application."""
    token = _resumed.set((this, mock))
    try:
        yield
    finally:
        _resumed.reset(token)


@contextmanager
def apart() -> Iterator[None]:
    """Let the application handle a request of its own, even if another one is `resumed` here."""
    token = _resumed.set(None)
    try:
        yield
    finally:
        _resumed.reset(token)


def is_present() -> bool:
    """Whether there is a current request."""
    return _resumed.get() is not None or has_request_context()


def asked() -> Request:
    """The current request, without Flask's proxy, through which each attribute takes two microseconds."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - documented
    return found


def with_request() -> tuple[Request, Context]:
    """The current request and its context."""
    return asked(), current()


def now() -> int:
    """The time of the current request, ms UTC. It is read once, so that all parts of a response agree."""
    this = current()
    if this.now is None:
        this.now = mock().clock_of(this.scope).now()
    return this.now


def latest() -> int:
    """The time by which the current request is answered, ms UTC: its own time if the clock is unavailable."""
    try:
        return mock().clock_of(current().scope).now()
    except BackendError:
        return now()


def scope() -> str | None:
    """The scope of the current request: the project in its path, otherwise the token; `None` without both."""
    return current().scope


def request_id() -> str:
    """The id of the current request: 32 hexadecimal digits."""
    this = current()
    if this.request_id is None:
        this.request_id = request_ids.new(mock(), this.scope, now())
    return this.request_id
