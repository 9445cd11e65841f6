"""Requests made from the examples of a document."""

import json

import pytest

from mockcbs.control.openapi.requests import request_of
from tests.control.openapi.described import described, operations

DOCUMENT = described(None)
IDS = [one["operationId"] for one in operations(DOCUMENT)]


@pytest.mark.parametrize("operation_id", IDS[::7])
def test_every_operation_has_a_request(operation_id):
    """A request has the method, a complete path, and a body of the documented type."""
    made = request_of(DOCUMENT, operation_id, "http://127.0.0.1:1")

    assert made.url.startswith("http://127.0.0.1:1/")
    assert "{" not in made.url
    if made.headers.get("Content-Type") == "application/json":
        assert isinstance(json.loads(made.body), dict)


def test_forms_and_xml_are_written_too():
    """A file in a form, the parts of an upload as XML."""
    by_type = {
        next(iter(one["requestBody"]["content"])): one["operationId"]
        for one in operations(DOCUMENT)
        if "requestBody" in one
    }

    form = request_of(DOCUMENT, by_type["multipart/form-data"], "http://a")
    xml = request_of(DOCUMENT, by_type["application/xml"], "http://a")

    assert 'filename="' in form.body
    assert form.headers["Content-Type"].partition("boundary=")[2] in form.body
    assert xml.body.startswith("<")


def test_an_unknown_operation():
    """An unknown operation is an error of the caller."""
    with pytest.raises(KeyError):
        request_of(DOCUMENT, "nope", "http://a")
