"""The application: services, hooks and error handlers; nothing else."""

from functools import cache, partial
from typing import TYPE_CHECKING

from mockcbs.backend.base import Backend
from mockcbs.backend.memory import MemoryBackend
from mockcbs.core.budget import MB, Budget
from mockcbs.core.on_demand import OnDemand
from mockcbs.core.printable import make_log_printable
from mockcbs.faults import scenario_file
from mockcbs.hooks import cross_origin, errors, faults, observe, outage
from mockcbs.hooks.receive import receive, release
from mockcbs.reports.service import NODE_SECTION, REPORTS_SECTION, Reports
from mockcbs.services import registry
from mockcbs.services.base import Guards, Service
from mockcbs.services.settling import Settling
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.wsgi import Application, Routes
from mockcbs.webhooks.service import SECTION, Webhooks

if TYPE_CHECKING:
    from mockcbs.datasets.schema import Sections


_CONTROL = {
    "control": OnDemand("mockcbs.control.routes", "blueprint"),
    "console": OnDemand("mockcbs.console.routes", "console"),
    "explorer": OnDemand("mockcbs.console.routes", "explorer"),
}
"""The blueprints of mockcbs itself."""


def _is_own(host: str, path: str) -> bool:
    """Whether a request is for mockcbs itself."""
    del host
    return path.startswith("/_mockcbs")


def sections() -> "Sections":
    """The schemas of a dataset's parts beside its bots."""
    return (
        *registry.sections(),
        (SECTION, OnDemand("mockcbs.webhooks.schema", "stated_subscriptions")),
        (NODE_SECTION, OnDemand("mockcbs.reports.schema", "stated_node")),
        (REPORTS_SECTION, OnDemand("mockcbs.reports.schema", "stated_reports")),
    )


@cache
def _routes(services: tuple[Service, ...], *, control: bool) -> Routes:
    """The routes that all mocks with these services share."""
    own = _CONTROL if control else {}
    return Routes((*(service.name for service in services), *own))


def create_app(settings: Settings | None = None, backend: Backend | None = None) -> Application:
    """A mock as a WSGI application; its state is in memory unless *backend* is given.

    Raises `mockcbs.core.errors.UserError` if the dataset or the scenario cannot be read, or if settings
    contradict each other.
    """
    settings = settings or Settings()
    services = registry.services()
    app = Application("mockcbs", _routes(services, control=settings.control))
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.recognise = registry.recognised_route
    make_log_printable()
    opening = scenario_file.load(settings.scenario, registry.vocabulary()) if settings.scenario else None
    backend = backend or MemoryBackend(Budget(settings.memory * MB))
    app.extensions["mockcbs"] = mock = State(settings, opening, backend, sections())
    settling = Settling(mock)
    app.extensions["mockcbs.webhooks"] = Webhooks(mock, settling)
    mock.log.subscribe(observe.note_record)
    app.extensions["mockcbs.reports"] = Reports(app, mock, settling)
    for service in services:
        service.check(settings)
        app.offer(service.name, partial(getattr, service, "blueprint"), service.concerns)
    for name, blueprint in _CONTROL.items() if settings.control else ():
        app.offer(name, blueprint, _is_own)
    guards = Guards(mock)
    app.before_request(receive)
    app.before_request(cross_origin.preflight)
    app.before_request(faults.choose)
    app.before_request(lambda: guards.admit(registry.service(), context.asked().endpoint))
    if backend.feed:
        app.after_request(outage.remark)
    app.after_request(observe.note)  # Flask calls these from the last to the first
    app.after_request(observe.remark)
    app.after_request(faults.carry_out)
    app.after_request(cross_origin.allow)
    app.after_request(cross_origin.keep_apart)
    app.after_request(lambda response: guards.stamp(registry.service(), response))
    app.teardown_request(release)
    errors.register(app)
    return app
