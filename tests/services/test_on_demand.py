"""Services whose views are imported by their first request."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Blueprint

from mockcbs import Settings, create_app
from mockcbs.core.on_demand import OnDemand
from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.services import registry
from mockcbs.web.wsgi import Application, Routes

CBS = "/v1/p/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/session-stats?interval=day"
PATHS = {
    "cbs": CBS,
    "iam": "/v3/projects",
    "coze": "/v1/workspaces",
    "feishu": "/open-apis/bitable/v1/apps/bascn1/tables",
    "airtable": "/v0/meta/bases",
    "tencent_docs": "/openapi/drive/v2/folders/1",
    "control": "/_mockcbs/ready",
}

_NOT_FOR_FIGURES = [
    "numpy.ma",
    "mockcbs.traffic.words.phrasing",
    "mockcbs.traffic.words.typos",
]
"""Modules that no answer without texts needs; some set functions of NumPy import masked arrays."""

_USED = f"""
import json, sys
from mockcbs import create_app
client = create_app().test_client()
first = client.get({CBS!r}, headers={{"X-Auth-Token": "t"}}).status_code
views = [name for name in sys.modules if name.startswith("mockcbs.") and name.endswith("views")]
print(json.dumps([first, views, [name for name in {_NOT_FOR_FIGURES!r} if name in sys.modules]]))
"""


def test_a_mock_imports_the_views_that_are_used():
    """A mock of CBS imports neither the views of other services and of the control API nor what only texts
    need.
    """
    run = subprocess.run([sys.executable, "-c", _USED], capture_output=True, text=True, check=True)

    assert json.loads(run.stdout) == [200, ["mockcbs.services.cbs.views"], []]


@pytest.mark.parametrize("service", registry.services(), ids=lambda service: service.name)
def test_what_a_service_puts_off_exists(service):
    """Each function that is imported on demand is there; a wrong name would be found by a user otherwise."""
    members = [*vars(service).values(), *(service.bots or ())]
    put_off = [member for member in members if isinstance(member, OnDemand)]

    assert put_off
    assert all(callable(member.target) for member in put_off)
    assert (service.tables is None) == (service.dialect is None)


@pytest.mark.parametrize("service", registry.services(), ids=lambda service: service.name)
def test_paths_cover_all_routes(service):
    """Each route begins with a path by which its service is found, so its views are imported in time."""
    app = create_app()
    routes = [rule.rule for rule in app.rules() if rule.endpoint.startswith(f"{service.name}.")]

    missed = [route for route in routes if not service.concerns("", route.replace("<project_id>", "p"))]

    assert routes
    assert not missed or service.recognises


def test_the_order_of_requests_changes_no_route():
    """Whichever service is used first, the rules stand in the order of the services."""
    names = [service.name for service in registry.services()]
    random.Random(1).shuffle(names)
    shared = Routes(tuple(service.name for service in registry.services()))
    app = Application("some", shared)
    for service in registry.services():
        app.offer(service.name, lambda made=service: made.blueprint, service.concerns)
    client = app.test_client()

    for name in names:
        client.get(PATHS.get(name, "/"))

    ours = [rule.endpoint for rule in app.rules()]
    others = [rule.endpoint for rule in create_app(Settings(control=False)).rules()]
    assert ours == others


def test_threads_find_all_routes():
    """Threads whose first requests arrive together get responses of the services, and never a 404."""
    wanted = [path for name, path in PATHS.items() if name != "tencent_docs"] * 4

    def status(app, path):
        return app.test_client().get(path, headers={"X-Auth-Token": "t"}).status_code

    for _ in range(5):
        app = create_app()
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda path, app=app: status(app, path), wanted))
        assert not {404, 405, 500} & {*found}


def test_a_server_imports_views_beside_its_event_loop():
    """The first request of a service starts over in a thread; the second one does not."""
    client = create_app().test_client()

    with on_loop(), pytest.raises(StartOver):
        client.get(CBS, headers={"X-Auth-Token": "t"})
    first = client.get(CBS, headers={"X-Auth-Token": "t"}).status_code
    with on_loop():
        second = client.get(f"{CBS}&start_time=1", headers={"X-Auth-Token": "t"}).status_code

    assert (first, second) == (200, 200)


def test_a_server_looks_for_near_misses_beside_its_event_loop():
    """They need the views of all services, so the first unknown path starts over in a thread."""
    client = create_app().test_client()

    with on_loop(), pytest.raises(StartOver):
        client.get("/v9/workspaces")
    first = client.get("/v9/workspaces").status_code
    with on_loop():
        second = client.get("/v9/workspaces").status_code

    assert (first, second) == (404, 404)


def test_near_misses_know_every_service():
    """A path of no service names the nearest routes of all, although their views were not used before."""
    body = create_app().test_client().get("/v9/workspaces").json

    assert any("/v1/workspaces" in near for near in body["nearest"])


def test_a_late_blueprint_is_checked(monkeypatch):
    """A module whose blueprint has another name is refused when it is imported."""
    feishu = registry.named("feishu")
    stated = {name: getattr(feishu, name) for name in type(feishu).__dataclass_fields__}
    toys = type(feishu)(**{**stated, "name": "toys"})
    assert isinstance(feishu.blueprint, Blueprint)

    with pytest.raises(ValueError, match="service toys: its blueprint is named 'feishu'"):
        _ = toys.blueprint
