"""Examples of operations, sent as documents show them."""

from functools import cache

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockcbs import Settings, create_app
from mockcbs.control.openapi.requests import request_of
from mockcbs.control.samples import authorized
from mockcbs.samples.request import Request
from tests.conftest import NOW
from tests.control.openapi.described import described

HOST = "http://localhost"


@cache
def mock_client() -> FlaskClient:
    """A client of one mock for all examples."""
    return create_app(Settings(now=NOW)).test_client()


def example_of(operation_id: str) -> Request:
    """The example of an operation, with credentials."""
    mock = mock_client().application.extensions["mockcbs"]
    return authorized(request_of(described(None), operation_id, HOST), mock)


def send_example(operation_id: str) -> TestResponse:
    """The response to the example of an operation."""
    sent = example_of(operation_id)
    return mock_client().open(
        sent.url.removeprefix(HOST), method=sent.method, headers=sent.headers, data=sent.body.encode()
    )
