"""The application: services, hooks and error handlers; nothing else."""

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, request

from mockcbs.backend.base import Backend
from mockcbs.backend.memory import MemoryBackend
from mockcbs.console import explorer
from mockcbs.console import views as console
from mockcbs.control import dataset as control_dataset  # noqa: F401 - adds its routes
from mockcbs.control import explain as control_explain  # noqa: F401 - adds its routes
from mockcbs.control import messages as control_messages  # noqa: F401 - adds its routes
from mockcbs.control import objects as control_objects  # noqa: F401 - adds its routes
from mockcbs.control import reports as control_reports  # noqa: F401 - adds its routes
from mockcbs.control import samples as control_samples  # noqa: F401 - adds its routes
from mockcbs.control import tables as control_tables  # noqa: F401 - adds its routes
from mockcbs.control import turns as control_turns  # noqa: F401 - adds its routes
from mockcbs.control import views as control
from mockcbs.control import webhooks as control_webhooks  # noqa: F401 - adds its routes
from mockcbs.core.budget import MB, Budget
from mockcbs.core.printable import make_log_printable
from mockcbs.faults import scenario_file
from mockcbs.hooks import cross_origin, errors, faults, observe, outage
from mockcbs.hooks.receive import receive
from mockcbs.reports.schema import stated_node, stated_reports
from mockcbs.reports.service import NODE_SECTION, REPORTS_SECTION, Reports
from mockcbs.services import registry
from mockcbs.services.base import Guards, Service
from mockcbs.services.settling import Settling
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.web.wsgi import Application, Routes
from mockcbs.webhooks.schema import stated_subscriptions
from mockcbs.webhooks.service import SECTION, Webhooks

if TYPE_CHECKING:
    from mockcbs.datasets.schema import Sections


def sections() -> "Sections":
    """The schemas of a dataset's parts beside its bots."""
    return (
        *registry.sections(),
        (SECTION, stated_subscriptions),
        (NODE_SECTION, stated_node),
        (REPORTS_SECTION, stated_reports),
    )


@cache
def _routes(services: tuple[Service, ...], *, control: bool) -> Routes:
    """The routes that all mocks with these services share."""
    del services, control
    return Routes()


def create_app(settings: Settings | None = None, backend: Backend | None = None) -> Flask:
    """A mock as a WSGI application; its state is in memory unless *backend* is given.

    Raises `mockcbs.core.errors.UserError` if the dataset or the scenario cannot be read, or if settings
    contradict each other.
    """
    settings = settings or Settings()
    app = Application("mockcbs", static_folder=None, template_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.recognise = registry.recognised_route
    make_log_printable()
    app.url_map = routes = _routes(services := registry.services(), control=settings.control)
    opening = scenario_file.load(settings.scenario, registry.vocabulary()) if settings.scenario else None
    backend = backend or MemoryBackend(Budget(settings.memory * MB))
    app.extensions["mockcbs"] = mock = State(settings, opening, backend, sections())
    settling = Settling(app, mock)
    app.extensions["mockcbs.webhooks"] = Webhooks(mock, settling)
    mock.log.subscribe(observe.note_record)
    app.extensions["mockcbs.reports"] = Reports(app, mock, settling)
    for service in services:
        app.register_blueprint(service.blueprint)
    if settings.control:
        app.register_blueprint(control.blp)
        app.register_blueprint(console.blp)
        app.register_blueprint(explorer.blp)
    routes.seal()
    guards = Guards(mock, services)
    app.before_request(receive)
    app.before_request(cross_origin.preflight)
    app.before_request(faults.choose)
    app.before_request(lambda: guards.admit(registry.service(), request.endpoint))
    if backend.feed:
        app.after_request(outage.remark)
    app.after_request(observe.note)  # Flask calls these from the last to the first
    app.after_request(observe.remark)
    app.after_request(faults.carry_out)
    app.after_request(cross_origin.allow)
    app.after_request(cross_origin.keep_apart)
    app.after_request(lambda response: guards.stamp(registry.service(), response))
    errors.register(app)
    return app
