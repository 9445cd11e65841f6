"""Services state themselves: a new one is found everywhere without a change elsewhere."""

import csv
import io
import json
import logging
import re
import sys
from pathlib import Path
from types import SimpleNamespace

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
from mockcbs.services.reporting import RowWriter
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
    """The OpenAPI documents have its operations and its errors."""
    whole, own = (client.get(f"/_mockcbs/openapi{name}.json").json for name in ("", "/toys"))

    assert "/toys/{toy_id}" in whole["paths"]
    assert own["paths"]["/toys/{toy_id}"]["get"]["responses"].keys() >= {"404", "500"}


def test_hosts_with_many_wildcards_are_documented(toys):
    """The server of a document has a variable for each wildcard of a host."""
    stated = {name: getattr(toys, name) for name in Service.__dataclass_fields__}
    hosts = ("*.*.*.toys.example",)
    boxes = Service(**{**stated, "name": "boxes", "views": Blueprint("boxes", "boxes"), "hosts": hosts})

    with registry.registered(boxes):
        client = create_app(Settings(now="2026-11-22")).test_client()
        document = client.get("/_mockcbs/openapi/boxes.json").json
        intercepted = client.get("/anything", headers={"Host": "a.b.c.toys.example"})

    real = next(one for one in document["servers"] if one["description"] == "The real service")
    assert real["url"] == "https://{label2}.{label3}.{region}.toys.example"
    assert real["variables"].keys() == {"label2", "label3", "region"}
    assert intercepted.json["error"] == "toy_unknown"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/toys/bots/toy-7", None),
        ("POST", "/toys/talk", {"bot_id": "toy-7"}),
    ],
)
def test_new_service_has_bots(method, path, body):
    """Scenarios and the journal know the bot of a request, in its path or in its JSON body."""
    service = _stated()
    service.blueprint.get("/toys/bots/<bot_id>")(lambda bot_id: {"bot": bot_id})
    service.blueprint.post("/toys/talk")(lambda: {"said": "hello"})
    rules = [{"when": {"bot": "toy-7"}, "answer": {"error": "toy_broken"}}]

    with registry.registered(service):
        client = create_app(Settings(now="2026-11-22")).test_client()
        good = client.open(path, method=method, json=body)
        client.put("/_mockcbs/scenario", json={"scenario": {"rules": rules}})
        bad = client.open(path, method=method, json=body)
        entries = client.get("/_mockcbs/journal?service=toys").json["entries"]

    assert (good.status_code, bad.status_code) == (200, 500)
    assert [entry["bot"] for entry in entries] == ["toy-7", "toy-7"]


def test_new_service_is_a_kind_of_reporting_node(toys, tmp_path, monkeypatch):
    """A workflow can write its runs to a service from outside that states how."""
    written = []
    writer = RowWriter(("box", "shelf"), (), lambda _: {}, lambda _, row: written.append(row) or "row-1")
    monkeypatch.setitem(sys.modules, "toy_rows", SimpleNamespace(ROWS=writer))
    stated = {name: getattr(toys, name) for name in Service.__dataclass_fields__}
    boxes = Service(**{**stated, "name": "boxes", "views": Blueprint("boxes", "boxes"), "rows": "toy_rows"})
    file = tmp_path / "mine.yaml"
    node = "{kind: boxes, box: b, shelf: s}"
    file.write_text(f"bots: [{{id: '7389589103588700001', card: {{kind: workflow}}, report: {node}}}]")

    with registry.registered(boxes), Mock(dataset=str(file), now="2026-11-22") as mock:
        mock.app.test_client().post(
            "/v1/workflow/run",
            json={"workflow_id": "7389589103588700001", "parameters": {"input": "hi"}},
            headers={"Authorization": "Bearer pat_mockcbs"},
        )

    assert [(row.base, row.table, row.values["input_len"]) for row in written] == [("b", "s", 2)]


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


def test_the_command_exports_a_new_service(toys):
    """`mockcbs export` writes the generated turns of its bots."""
    words = ["export", "--bot", "toy-7", "--from", "2026-11-20", "--to", "2026-11-20", "--now", "2026-11-22"]

    text = CliRunner().invoke(cli, words, catch_exceptions=False).stdout
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert len(rows) > 1
    assert {row["bot_id"] for row in rows} == {"toy-7"}


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
