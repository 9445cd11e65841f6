"""``/_mockcbs``: reads and changes the state of a running mock."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NoReturn, TypeVar

from flask import Response, current_app, make_response, request
from marshmallow import RAISE, Schema

from mockcbs.control import access, schemas
from mockcbs.control.metrics import CONTENT_TYPE, exposition
from mockcbs.core import masking
from mockcbs.core.clock import Clock, iso
from mockcbs.core.secret_values import HIDDEN
from mockcbs.core.version import VERSION
from mockcbs.core.waiting import leave_loop
from mockcbs.faults import scenario_file
from mockcbs.faults.counters import START
from mockcbs.faults.scenario import Run
from mockcbs.services import registry
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.table import Table, zone
from mockcbs.web import context
from mockcbs.web.arguments import Blueprint, Parser
from mockcbs.web.json import PacedStream, in_pieces
from mockcbs.web.problems import Problem
from mockcbs.webhooks import service
from mockcbs.webhooks.deliveries import STATES

_View = TypeVar("_View", bound=Callable[..., Any])

_ANSWERS = "mockcbs.control.answers."
"""The module of the schemas that are named here. It is imported for the document only, to keep the start
fast.
"""
_TEXT = {"type": "string"}
_NO_SECRETS = ("access_key",)
_READY = "control.ready"
"""The readiness probe needs no token, as it shows no data."""
_QUICK = {
    _READY,
    "control.health",
    "control.settings",
    "control.read_clock",
    "control.read_scenario",
    "control.stop_scenario",
}
"""Operations whose time does not depend on the amount of data."""


class _ControlParser(Parser):
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": RAISE}  # noqa: RUF012 - webargs' way
    """Unknown parameters are errors, since a misspelt ``project`` would select every project."""

    def parameters(self, sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """All parameters, also empty ones, since ``project=`` would select every project."""
        return dict(sent)

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        del schema
        sentences = "; ".join(f"{member}: {text}" for member, text in problems.items())
        raise Problem(400, "Bad Request", sentences.replace("_schema: ", ""))


class _ControlBlueprint(Blueprint):
    ARGUMENTS_PARSER = _ControlParser()

    def answers(
        self, status: int, schema: Mapping[str, str] | str | None = None, content_type: str | None = None
    ) -> Callable[[_View], _View]:
        """Document the response of an operation, with the errors of missing tokens and foreign pages."""
        schema = _ANSWERS + schema if isinstance(schema, str) else schema
        given = self.alt_response(status, schema=schema, content_type=content_type)
        refused = self.refuses(401, "The token of --control-token is missing or wrong.")
        foreign = self.refuses(403, "A page of another origin sent the request, or Host is unknown.")
        large = self.refuses(413, "The body is larger than the control API accepts.")
        full = self.refuses(503, "The data exceed the limit of --memory; the detail names what uses it.")
        return lambda view: given(refused(foreign(large(full(view)))))

    def refuses(self, status: int, description: str) -> Callable[[_View], _View]:
        """Document an `application/problem+json` response."""
        kind = "application/problem+json"
        return self.alt_response(
            status, schema=f"{_ANSWERS}base.Problem", description=description, content_type=kind
        )

    def arguments(self, schema: type[Schema], **options: Any) -> Callable[[_View], _View]:
        """Read a query or a body as flask-smorest does, and document the problem that an invalid one
        returns.
        """
        read = super().arguments(schema, **options)
        refused = self.refuses(
            400, "A parameter or the body is invalid; the detail names it with the reason."
        )
        return lambda view: refused(read(view))


blp = _ControlBlueprint("control", __name__, url_prefix="/_mockcbs", description="The mock itself.")


@blp.before_request
def _check_access() -> None:
    if request.endpoint != _READY:
        access.check_origin()
        access.check_token()


@blp.before_request
def _leave_loop() -> None:
    """Leave the event loop for operations that may search a whole journal, table or log, call another server,
    or wait for what is due after the clock was changed.
    """
    if request.endpoint not in _QUICK:
        leave_loop()


@blp.get("/health")
@blp.answers(200, "state.Health")
def health() -> dict[str, Any]:
    """Whether the mock is alive. It is ready as soon as it responds."""
    mock = context.mock()
    return {
        "status": "ok",
        "version": VERSION,
        "dataset": mock.dataset.name,
        "seed": mock.seed,
        "now": mock.clock.now(),
    }


@blp.get("/ready")
@blp.alt_response(200, schema=f"{_ANSWERS}state.Readiness")
def ready() -> dict[str, Any]:
    """Whether requests can be served. All data are read before the mock listens, so it always is.

    With PostgreSQL the response names the replica and the state of the database. Without the database,
    statistics of generated traffic are still served.
    """
    backend = context.mock().backend
    if backend.feed is None:
        return {"status": "ready"}
    database = backend.feed.away or "connected"
    return {"status": "ready", "replica": backend.peers.name, "database": database}


@blp.get("/settings")
@blp.answers(200, "state.CurrentSettings")
def settings() -> dict[str, Any]:
    """The settings, with secrets masked."""
    mock = context.mock()
    shown = asdict(mock.settings) | {"seed": mock.seed}
    if mock.worlds.is_chosen:
        shown["dataset"] = mock.dataset.name
    return {name: _without_secrets(name, value) for name, value in shown.items()}


def _without_secrets(name: str, value: Any) -> Any:
    if value and masking.is_secret(name) and name not in _NO_SECRETS:
        return HIDDEN
    if isinstance(value, tuple):
        return [masking.text(one) for one in value]
    return masking.text(value) if isinstance(value, str) else value


@blp.get("/scenario")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.answers(200, "state.Playing")
def read_scenario(query: dict[str, Any]) -> dict[str, Any]:
    """The running scenario."""
    return _playing(context.mock().scenarios.run(query["scope"]))


@blp.put("/scenario")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.arguments(schemas.ScenarioChoice, location="json")
@blp.answers(200, "state.Playing")
def play_scenario(query: dict[str, Any], choice: dict[str, Any]) -> dict[str, Any]:
    """Start a scenario."""
    try:
        scenario = scenario_file.parse(choice["scenario"], registry.vocabulary(), choice["state"] or START)
    except scenario_file.ScenarioError as error:
        raise Problem(400, "Bad Request", str(error)) from error
    scenario = scenario_file.with_ttl(scenario, choice["ttl_seconds"])
    run = context.mock().scenarios.play(scenario, query["scope"])
    if choice["state"]:
        run.enter(choice["state"])
    return _playing(run)


@blp.delete("/scenario")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.answers(200, "state.Playing")
def stop_scenario(query: dict[str, Any]) -> dict[str, Any]:
    """End the running scenario."""
    scenarios = context.mock().scenarios
    scenarios.stop(query["scope"])
    return _playing(scenarios.run(query["scope"]))


@blp.get("/clock")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.answers(200, "state.Time")
def read_clock(query: dict[str, Any]) -> dict[str, Any]:
    """The time of the mock."""
    return _time(context.mock().clock_of(query["scope"]))


@blp.put("/clock")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.arguments(schemas.ClockChange, location="json")
@blp.answers(200, "state.Time")
def change_clock(query: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Freeze the clock, move it, let it run, or return to real time."""
    ((way, value),) = change.items()
    instant = None if value is True else value
    with context.mock().changed_clock(query["scope"]) as clock:
        if way == "freeze":
            clock.freeze(instant)
        elif way == "tick":
            clock.tick(instant)
        elif way == "advance_ms":
            _advance(clock, value)
        else:
            clock.real()
        return _time(clock)


def _advance(clock: Clock, ms: int) -> None:
    try:
        clock.advance(ms)
    except ValueError as error:
        raise Problem(400, "Bad Request", f"advance_ms: {error}") from error


@blp.delete("/clock")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.answers(200, "state.Time")
def restore_clock(query: dict[str, Any]) -> dict[str, Any]:
    """Return to real time. The clock of a project or token follows the common clock again."""
    mock = context.mock()
    if query["scope"] is None:
        with mock.changed_clock(None) as clock:
            clock.real()
    else:
        mock.clocks.share(query["scope"])
    return _time(mock.clock_of(query["scope"]))


@blp.post("/reset")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.answers(204)
def reset(query: dict[str, Any]) -> Response:
    """Restore the state after the start: recorded traffic, journal, scenario and clock."""
    response = Response(status=204)
    if missing := context.mock().reset(query["scope"]):
        response.headers["X-Mockcbs-Reason"] = (
            f"{', '.join(missing)} did not respond and may still have a journal; reset again"
        )
    return response


@blp.get("/metrics")
@blp.answers(200, _TEXT, "text/plain")
def metrics() -> Response:
    """Metrics for Prometheus."""
    webhooks = service.of(current_app)
    deliveries = {str(state): webhooks.total(None, state) for state in STATES}
    response = make_response(exposition(context.mock().tally, deliveries))
    response.headers["Content-Type"] = CONTENT_TYPE
    return response


@blp.get("/export")
@blp.arguments(schemas.ExportQuery, location="query")
@blp.answers(200, _TEXT, "text/csv")
@blp.answers(200, _TEXT, "application/jsonl")
def export(query: dict[str, Any]) -> Response:
    """The turns of a bot as CSV or JSON lines, including those that clients caused."""
    mock = context.mock()
    scope = query["scope"] or registry.default_scope(query["bot"], mock.settings)
    now = mock.clock_of(scope).now()
    project = query.get("project") or registry.default_project(query["bot"], mock.settings)
    try:
        table = Table(
            mock.log,
            query["bot"],
            now,
            query["first"],
            query["last"],
            zone(query["zone"]),
            scope,
            project,
            registry.executions_of(query["bot"]),
        )
    except ValueError as error:
        raise Problem(400, "Bad Request", str(error)) from error
    pieces = table.pieces(query["form"], bom=query["bom"])
    mimetype = "text/csv" if query["form"] == "csv" else "application/jsonl"
    stream = PacedStream((text.encode() for text in pieces), slow=True)
    return Response(stream, mimetype=mimetype, direct_passthrough=True)


@blp.get("/openapi.json")
@blp.answers(200, {"type": "object"})
def openapi() -> Response:
    """All operations of the mock as an OpenAPI document."""
    return _document(None)


@blp.get("/openapi/<name>.json")
@blp.answers(200, {"type": "object"})
@blp.refuses(404, "There is no such service.")
def openapi_of_service(name: str) -> Response:
    """The operations of one service, or of mockcbs itself (`control`), as an OpenAPI document."""
    return _document(name)


def _document(name: str | None) -> Response:
    from mockcbs.control.openapi.document import CONTROL, document  # noqa: PLC0415 - made when first asked for

    services = registry.services()
    known = [*(service.name for service in services), CONTROL]
    if name is not None and name not in known:
        raise Problem(404, "Not Found", f"no service {name!r}; there are {', '.join(known)}")
    now = context.mock().clock.now()
    made = document(services, blp, now - now % DAY, name)
    return Response("".join(in_pieces(made, 3)), mimetype="application/json")


def _playing(run: Run | None) -> dict[str, Any]:
    if run is None:
        return {"scenario": None}
    left = run.scenario.ttl_seconds and run.scenario.ttl_seconds - run.elapsed / 1000
    return {
        "scenario": run.scenario.name,
        "description": run.scenario.description,
        "state": run.state,
        "seconds_left": left,
    }


def _time(clock: Clock) -> dict[str, Any]:
    now = clock.now()
    return {"now": now, "iso": iso(now), "mode": clock.mode}
