"""schemathesis finds no response that the documents do not describe."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from werkzeug.http import http_date

from mockcbs import Settings, create_app
from mockcbs.control.openapi.document import CONTROL, document
from mockcbs.control.samples import authorized
from mockcbs.control.views import blp
from mockcbs.samples.request import Request
from mockcbs.services import registry
from tests.conftest import NOW

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore"),  # schemathesis has some of its own
]

EXAMPLES = 3
"""Requests to each operation, of its form and against it."""
OUTSIDE = {
    "coze_create_callback_app",
    "coze_update_callback_app",
    "control_play_scenario",
    "control_subscribe",
    "control_add_report",
    "oss_put_object",
}
"""They call the URL that they are given, or let a scenario change every answer; or answer XML to a copy and
nothing to an upload, which OpenAPI cannot say."""


@pytest.mark.parametrize("name", [*(service.name for service in registry.services()), CONTROL])
def test_responses_are_as_documented(name):
    """Whatever is sent to an operation: its status, content type and body stand in the document."""
    schemathesis = pytest.importorskip("schemathesis")
    app = create_app(Settings(dataset="coze-sample", now=NOW))
    described = schemathesis.openapi.from_dict(document(registry.services(), blp, NOW, name))
    described.app = app

    findings = [finding for operation in _operations(described) for finding in _findings(operation, app)]

    assert not findings, "\n\n".join(findings)


def _operations(described) -> Iterator:
    for result in described.get_all_operations():
        operation = result.ok()
        raw = operation.definition.raw
        # werkzeug's client takes no parameters beside a query in the path, which some of OSS have
        if raw["operationId"] not in OUTSIDE and "?" not in operation.path:
            yield operation


def _findings(operation, app) -> Iterator[str]:
    """What schemathesis finds wrong with the responses of one operation."""
    from schemathesis import GenerationMode, checks
    from schemathesis.specs.openapi import checks as openapi

    wanted = [
        checks.not_a_server_error,
        openapi.status_code_conformance,
        openapi.content_type_conformance,
        openapi.response_schema_conformance,
    ]
    for mode in GenerationMode:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def send(case):
            _authorize(case, app)
            case.call_and_validate(checks=wanted)

        try:
            send()
        except Unsatisfiable:
            continue  # nothing that is sent to it could be wrong
        except (Exception, BaseExceptionGroup) as finding:  # noqa: BLE001 - each is reported
            yield f"{operation.label} ({mode.value}): {finding}"


def _authorize(case, app) -> None:
    """Give a request credentials; those of OSS stand in headers here, as some of its paths have a query."""
    operation = case.operation.definition.raw["x-mockcbs-operation"]
    if operation.startswith("oss."):
        credentials = {"Authorization": "OSS any:any", "Date": http_date(NOW / 1000)}
        case.headers = {**(case.headers or {}), **credentials}
        return
    sent = Request(case.method, "http://localhost" + case.formatted_path, operation=operation)
    made = authorized(sent, app.extensions["mockcbs"])
    case.headers = {**(case.headers or {}), **made.headers}
    case.query = {**(case.query or {}), **dict(made.parameters)}
