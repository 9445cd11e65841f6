"""schemathesis finds no response that the documents do not describe."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from werkzeug.http import http_date

from mockcbs import Settings, create_app
from mockcbs.control.openapi.document import CONTROL, document
from mockcbs.control.routes import blueprint
from mockcbs.control.samples import authorized
from mockcbs.samples.request import Request
from mockcbs.services import registry
from tests.conftest import NOW
from tests.servers import served

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore"),  # schemathesis has some of its own
]

EXAMPLES = 3
"""Requests to each operation, of its form and against it."""


@pytest.mark.parametrize("name", [*(service.name for service in registry.services()), CONTROL])
def test_responses_are_as_documented(name):
    """For any request to an operation, the document has the response's status, content type and body."""
    schemathesis = pytest.importorskip("schemathesis")
    # nobody calls the URLs that requests name: no job runs, and no endpoint is challenged
    app = create_app(Settings(dataset="coze-sample", now=NOW, challenge=False))
    described = schemathesis.openapi.from_dict(document(registry.services(), blueprint(), NOW, name))

    with ExitStack() as stack:
        where = {}
        if any("?" in path for path in described.raw_schema["paths"]):
            # werkzeug's client takes no parameters beside a query in the path
            where["base_url"] = stack.enter_context(served(app))
        else:
            described.app = app
        operations = [found.ok() for found in described.get_all_operations()]
        findings = [finding for operation in operations for finding in _findings(operation, app, where)]

    assert not findings, "\n\n".join(findings)


def _findings(operation, app, where) -> Iterator[str]:
    """What schemathesis finds wrong with the responses of one operation."""
    from schemathesis import GenerationMode

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
            try:
                case.call_and_validate(checks=_checks(), **where)
            finally:
                app.extensions["mockcbs"].scenarios.stop(None)

        try:
            send()
        except Unsatisfiable:
            continue  # nothing that is sent to it could be wrong
        except (Exception, BaseExceptionGroup) as finding:  # noqa: BLE001 - each is reported
            yield f"{operation.label} ({mode.value}): {finding}"


def _checks() -> list:
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as openapi

    def content_type_of_a_body(context, response, case):
        """An empty body has no content type, though others of the same status have one (oss.put_object)."""
        if response.content or "content-type" in response.headers:
            return openapi.content_type_conformance(context, response, case)
        return None

    return [
        checks.not_a_server_error,
        openapi.status_code_conformance,
        openapi.response_schema_conformance,
        content_type_of_a_body,
    ]


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
