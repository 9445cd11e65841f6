"""Services state themselves: a new one is found everywhere without a change elsewhere."""

import json
import logging
import re
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from flask import abort

from mockcbs import Mock, Settings, create_app
from mockcbs.cli.main import cli
from mockcbs.core import masking
from mockcbs.core.errors import UserError
from mockcbs.core.files import StrictSchema, text
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.web.arguments import Blueprint

DESIGN = Path(__file__).parents[2] / "docs" / "design.md"


@pytest.fixture
def toys():
    """The service that docs/design.md shows, registered from outside the package."""
    with registry.registered(_stated()) as service:
        yield service


def _stated():
    section = DESIGN.read_text("utf-8").partition("## A new service")[2]
    names = {"__name__": "toys"}
    exec(re.search(r"```python\n(.*?)```", section, re.DOTALL)[1], names)
    return names["SERVICE"]


@pytest.fixture
def client(toys):
    return create_app(Settings(now="2026-11-22")).test_client()


def test_new_service_is_routed(client):
    """The routes of a new service answer; its errors have its envelope and a reason, also without a route."""
    toy, nothing = client.get("/toys/bear"), client.get("/toys/nothing")
    path, method = client.get("/toys/a/b"), client.delete("/toys/bear")
    host = client.get("/anything", headers={"Host": "api.toys.example"})

    assert toy.json == {"id": "bear"}
    assert (nothing.status_code, nothing.json) == (404, {"error": "toy_unknown", "text": "No such toy."})
    assert nothing.headers["X-Mockcbs-Reason"] == "there is never a toy called nothing"
    assert path.json == method.json == host.json == nothing.json


@pytest.mark.parametrize("error", ["server-error", "throttled", "toy_broken"])
def test_new_service_fails_on_demand(client, error):
    """Scenarios name it, its operations and its errors; other services are left alone."""
    rules = [{"when": {"service": "toys", "operation": "toys.read_toy"}, "answer": {"error": error}}]

    played = client.put("/_mockcbs/scenario", json={"scenario": {"rules": rules}})
    toy, project = client.get("/toys/bear"), client.get("/v3/projects", headers={"X-Auth-Token": "x"})

    assert played.status_code == 200
    assert (toy.status_code, toy.json["error"]) == (500, "toy_broken")
    assert project.status_code == 200


def test_new_service_is_listed(toys):
    """`mockcbs routes` and `mockcbs errors` list it."""
    routes, errors = (
        json.loads(CliRunner().invoke(cli, [command, "--json"], catch_exceptions=False).stdout)
        for command in ("routes", "errors")
    )

    assert {
        "method": "GET",
        "path": "/toys/<toy_id>",
        "operation": "toys.read_toy",
        "summary": "One toy.",
    } in routes
    assert [row["code"] for row in errors if row["service"] == "toys"] == ["toy_unknown", "toy_broken"]


def test_new_service_is_documented(client):
    """The OpenAPI document has its operations."""
    assert "/toys/{toy_id}" in client.get("/_mockcbs/openapi.json").json["paths"]


def test_new_service_is_journalled_and_masked(client, caplog):
    """The journal names it, and never shows the header that it calls secret."""
    caplog.set_level(logging.INFO)

    client.get("/toys/nothing", headers={"X-Toy-Key": "hush-hush"})
    page = client.get("/_mockcbs/journal?service=toys")

    (entry,) = page.json["entries"]
    assert (entry["operation"], entry["code"]) == ("toys.read_toy", "toy_unknown")
    assert entry["request"]["headers"]["x-toy-key"] == masking.HIDDEN
    assert "hush-hush" not in page.text + caplog.text


def test_new_service_has_traffic(toys):
    """A question to one of its bots is exported, and its real host is intercepted."""
    with Mock(now="2026-11-22T12:00:00Z") as mock:
        mock.ask("toy-7", "Where is the bear?")
        toy = requests.get("https://api.toys.example/toys/bear", timeout=5)
        export = mock.app.test_client().get("/_mockcbs/export?bot=toy-7&from=2026-11-22").text

    assert toy.json() == {"id": "bear"}
    assert [row for row in export.splitlines() if "Where is the bear?" in row]


class _Toybox(StrictSchema):
    owner = text(16, required=True)


def test_dataset_speaks_of_a_service(toys, tmp_path):
    """A dataset may say of a service what the service states; mistakes are named with their line."""
    stated = {name: getattr(toys, name) for name in Service.__dataclass_fields__}
    file = tmp_path / "mine.yaml"
    boxes = Service(**{**stated, "name": "boxes", "views": Blueprint("boxes", "boxes"), "dataset": _Toybox})

    with registry.registered(boxes):
        file.write_text("bots: []\nboxes: {owner: Ann}\n")
        found = create_app(Settings(dataset=str(file))).extensions["mockcbs"].dataset
        file.write_text("bots: []\nboxes: {own: Ann}\n")
        with pytest.raises(UserError, match=r"mine\.yaml:2: boxes\.own: unknown key; accepted here: owner"):
            create_app(Settings(dataset=str(file)))
    with pytest.raises(UserError, match="boxes: unknown key"):
        create_app(Settings(dataset=str(file)))

    assert found.services == {"boxes": {"owner": "Ann"}}


def test_names_are_unique(toys):
    """A second service of one name is refused."""
    with pytest.raises(ValueError, match="a service toys exists already"):
        registry.register(toys)


def test_statement_must_be_complete(toys):
    """A service that omits a failure, or whose blueprint has another name, is refused with a message."""
    stated = {name: getattr(toys, name) for name in Service.__dataclass_fields__}

    with pytest.raises(ValueError, match="service toys: failures does not state unavailable, throttled"):
        Service(**{**stated, "failures": {"server-error": toys.failures["server-error"]}})
    with pytest.raises(ValueError, match="service dolls: its blueprint is named 'toys'"):
        Service(**{**stated, "name": "dolls"})


def test_unregistered_again():
    """A service that was registered for a while is gone afterwards, with its routes and its words."""
    with registry.registered(_stated()):
        there = create_app().test_client().get("/toys/bear").status_code

    assert there == 200
    assert "toys" not in {service.name for service in registry.services()}
    assert "toys" not in registry.vocabulary().services
    assert create_app().test_client().get("/toys/bear").status_code == 404


@pytest.mark.parametrize("service", registry.services(), ids=lambda service: service.name)
@pytest.mark.parametrize("strict", [False, True])
def test_examples_work(service, strict):
    """The request that `mockcbs serve` prints for each service succeeds, when strict too."""
    app = create_app(Settings(strict=strict))
    example = service.example(app.extensions["mockcbs"])

    response = app.test_client().open(
        example.path, method=example.method, headers=example.headers, data=example.body
    )

    assert response.status_code == 200


def test_an_error_in_a_view_is_no_missing_route():
    """A view that aborts, or a body that Flask refuses, is not answered as an unknown path."""
    service = _stated()

    @service.blueprint.post("/toys/<toy_id>/gone")
    def give_away(toy_id):
        abort(410 if toy_id == "bear" else 400, "no more bears")

    with registry.registered(service):
        client = create_app(Settings(now="2026-11-22")).test_client()
        gone, bad = client.post("/toys/bear/gone"), client.post("/toys/doll/gone")

    assert (gone.status_code, gone.json["detail"]) == (410, "no more bears")
    assert bad.headers["X-Mockcbs-Reason"] == "no more bears"
