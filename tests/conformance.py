"""Responses of a mock are as its OpenAPI document says; every test client of the suite checks it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from flask import Flask, Response, request
from flask.testing import FlaskClient
from openapi_schema_validator import OAS30Validator
from werkzeug.test import TestResponse

from mockcbs.control.openapi.document import document
from mockcbs.control.routes import blueprint
from mockcbs.faults.scenario import Fault
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.web import context

Schema = Mapping[str, Any]
_EMPTY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class NonConformingError(AssertionError):
    """A response that its document does not describe."""


def _described() -> tuple[dict[str, Any], dict[tuple[str, str], dict[str, Any]]]:
    """The document of all services at hand, and its operations."""
    return _closed(registry.services())


@cache
def _closed(services: tuple[Service, ...]) -> tuple[dict[str, Any], dict[tuple[str, str], dict[str, Any]]]:
    """The document, closed against members that it does not name, and its operations."""
    with ThreadPoolExecutor(1) as beside:  # the event loop must not make it
        made = beside.submit(document, services, blueprint(), 0).result()
    whole = json.loads(json.dumps(made))
    for schema in whole["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    operations = {
        (operation["operationId"], method): operation
        for methods in whole["paths"].values()
        for method, operation in methods.items()
    }
    return whole, operations


def _operation(endpoint: str, method: str) -> dict[str, Any] | None:
    name, (_, operations) = endpoint.replace(".", "_"), _described()
    for found in ((name, method), (f"{name}_{method}", method)):
        if found in operations:
            return operations[found]
    return None


def _resolved(part: Schema) -> Schema:
    while "$ref" in part:
        found: Any = _described()[0]
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


@lru_cache(maxsize=512)
def _validator(endpoint: str, method: str, status: str, kind: str) -> OAS30Validator:
    operation = _operation(endpoint, method)
    response = _resolved(operation["responses"][status])
    schema = response["content"][kind]["schema"]
    return OAS30Validator({**schema, "components": _described()[0]["components"]})


def check(endpoint: str, method: str, response: Response) -> None:
    """Raise `NonConformingError` unless the document describes *response*."""
    operation = _operation(endpoint, method)
    if operation is None and method == "head":
        return  # routes of GET; most services answer that HEAD is an unknown method
    if operation is None:
        raise NonConformingError(f"{method} {endpoint} is not in the document")
    status, where = str(response.status_code), f"{method} {endpoint} {response.status_code}"
    if status not in operation["responses"] and "default" in operation["responses"]:
        return  # the service does not describe it
    if status not in operation["responses"]:
        raise NonConformingError(f"{where} is not documented: {response.get_data()[:300]!r}")
    content = _resolved(operation["responses"][status]).get("content", {})
    if response.is_streamed or method == "head":
        return
    kind, body = response.mimetype, response.get_data()
    if not body:
        if "application/json" in content and response.status_code not in _EMPTY:
            raise NonConformingError(f"{where} has no body; documented is JSON")
        return
    if kind not in content and "*/*" not in content:
        raise NonConformingError(f"{where} is {kind}; documented is {', '.join(content) or 'an empty body'}")
    if kind in content and (kind == "application/xml" or kind.endswith("json")):
        value = _value(body, kind, content[kind]["schema"])
        _check_value(
            _validator(endpoint, method, status, kind),
            value,
            f"{where}: {body[:1000].decode(errors='replace')}",
        )


def _check_value(validator: OAS30Validator, value: Any, where: str) -> None:
    for error in validator.iter_errors(value):
        raise NonConformingError(f"{_deepest(error)}\n{where}")


def _value(body: bytes, kind: str, schema: Schema) -> Any:
    """What a body says, as JSON values."""
    return from_xml(ElementTree.fromstring(body), schema) if kind == "application/xml" else json.loads(body)


def _deepest(error: Any) -> str:
    """What is wrong, from the branch that comes closest."""
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    return f"{error.json_path}: {error.message[:300]}"


def from_xml(element: Element, schema: Schema) -> Any:
    """The value of an element, as its schema says."""
    schema = _resolved(schema)
    if "properties" in schema:
        return dict(_members(element, schema))
    text = element.text or ""
    if schema.get("type") == "integer":
        return int(text)
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}[text]
    return text


def _members(element: Element, schema: Schema) -> Iterator[tuple[str, Any]]:
    for name in dict.fromkeys(child.tag.rpartition("}")[2] for child in element):
        children = [child for child in element if child.tag.rpartition("}")[2] == name]
        inner = _resolved(schema["properties"].get(name, {}))
        if inner.get("type") == "array":
            yield name, [from_xml(child, inner["items"]) for child in children]
        else:
            yield name, from_xml(children[0], inner)


_MAX_CHECKED = 40
"""Responses of one operation and status that a process checks: the first find what there is to find."""
_MAX_BODY = 65_536
"""Bytes; a longer body repeats its members."""
_problems: list[NonConformingError] = []
_checked: Counter[tuple[str, str, int]] = Counter()


class CheckingClient(FlaskClient):
    """A test client of a mock that checks what its views answer."""

    def __init__(self, application: Flask, *args: Any, **kwargs: Any) -> None:
        """Let *application* check each response before scenarios, guards and CORS change it."""
        super().__init__(application, *args, **kwargs)
        hooks = application.after_request_funcs.setdefault(None, [])
        if _checked_response not in hooks:
            hooks.append(_checked_response)  # Flask calls the last of them first

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; raises `NonConformingError` for a response that is not as documented."""
        response = super().open(*args, **kwargs)
        if _problems:
            raise _problems.pop()
        return response


def _checked_response(response: Response) -> Response:
    endpoint, method = request.endpoint or "", request.method.lower()
    service = endpoint.partition(".")[0]
    known = service == "control" or service in _services()
    if _is_made_up(context.current().fault):
        return response
    if service != "control" and response.mimetype == "application/problem+json":
        return response  # mockcbs's own error, such as a bug: no answer of a service
    key = endpoint, method, response.status_code
    if known and request.routing_exception is None and _checked[key] < _MAX_CHECKED:
        _checked[key] += 1
        if (response.content_length or 0) <= _MAX_BODY:
            try:
                check(endpoint, method, response)
            except NonConformingError as problem:
                _problems.append(problem)
    return response


def _is_made_up(fault: Fault | None) -> bool:
    """Whether a scenario states or damages the response; an error of the catalogue is the service's own."""
    return fault is not None and not (fault.then.answer and fault.then.answer.error)


@cache
def _services() -> frozenset[str]:
    return frozenset(service.name for service in registry.services())
