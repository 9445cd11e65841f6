"""The OpenAPI documents: one of all operations, and one for each service."""

import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint

from mockcbs.control.answers import (  # noqa: F401 - the views name these schemas
    calls,
    events,
    explanations,
    state,
    stores,
)
from mockcbs.control.openapi import errors
from mockcbs.control.openapi.examples import Examples
from mockcbs.control.openapi.fields import documented, plugin, portable, resolver, xml_names
from mockcbs.control.openapi.operations import Operation, tag_of
from mockcbs.control.openapi.stated import documentation_of
from mockcbs.core.version import VERSION
from mockcbs.core.waiting import leave_loop
from mockcbs.services.base import Service
from mockcbs.web.wsgi import COMPILING

CONTROL = "control"
"""The name of the document of mockcbs's own operations."""
_VERSION = "3.0.3"
_PARAMETER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_REFERENCE = "#/components/"
_ABOUT = (
    "Operations of mockcbs, a mock that answers from seeded synthetic traffic. "
    "`/_mockcbs/docs` shows them with code, and sends them."
)


def document(
    services: tuple[Service, ...], control: Blueprint, now: int, name: str | None = None
) -> dict[str, Any]:
    """The document of the service *name*, of mockcbs itself (`CONTROL`), or without a name of all operations.

    The dates of its examples are before *now* (ms UTC). Raises `KeyError` for an unknown name.
    """
    leave_loop()  # it takes about a second
    with COMPILING:  # made once, however many ask for it at the same time
        return _made(services, control, now, name)


@lru_cache(maxsize=16)  # more than the documents of one day, each of which takes up to 3 MB
def _made(services: tuple[Service, ...], control: Blueprint, now: int, name: str | None) -> dict[str, Any]:
    if name is None:
        return _whole(services, control, now)
    whole, service = _made(services, control, now, None), _named(services, name)
    title = service.title if service else "mockcbs control API"
    paths: dict[str, Any] = {}
    for path, operations in whole["paths"].items():
        kept = {key: one for key, one in operations.items() if _is_of(one, name)}
        if kept:
            paths[path] = kept
    info = {**whole["info"], "title": title}
    used = {tag for operations in paths.values() for one in operations.values() for tag in one["tags"]}
    tags = [tag for tag in whole["tags"] if tag["name"] in used]
    servers = [*whole["servers"], *_servers(service)]
    return {
        "openapi": _VERSION,
        "info": info,
        "servers": servers,
        "tags": tags,
        "paths": paths,
        "components": _reachable(whole["components"], paths),
    }


def _named(services: tuple[Service, ...], name: str) -> Service | None:
    if name == CONTROL:
        return None
    return {service.name: service for service in services}[name]


def _is_of(operation: dict[str, Any], name: str) -> bool:
    return bool(operation["operationId"].startswith(f"{name}_"))


def _whole(services: tuple[Service, ...], control: Blueprint, now: int) -> dict[str, Any]:
    """The document of all operations. It uses its own application, since flask-smorest's `Api` adds error
    handlers.
    """
    app = Flask("mockcbs.openapi", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    about = {"title": "mockcbs", "version": VERSION, "openapi_version": _VERSION}
    api = Api(app, spec_kwargs={**about, "marshmallow_plugin": plugin()})
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # the errors of each service are added below
    converter = api.ma_plugin.converter
    converter.add_attribute_function(documented)
    for service in services:
        for schema in dict.fromkeys(documentation_of(service).error_bodies.values()):
            resolver(converter, schema)
        api.register_blueprint(service.blueprint)
    api.register_blueprint(control)
    made: dict[str, Any] = portable(api.spec.to_dict())
    schemas = made["components"]["schemas"]
    for name, element in xml_names(converter).items():
        schemas[name]["xml"] = {"name": element}
    found = list(_operations(app, services, made["paths"]))
    stated = {one: documentation_of(one) for one in (*services, None)}
    examples = {
        one: Examples(each.examples(now), each.ids, schemas, each.outcomes) for one, each in stated.items()
    }
    paths: dict[str, Any] = {}
    for path, operation in found:
        completed = operation.completed(examples[operation.service])
        paths.setdefault(path, {})[operation.method] = completed
    return {
        "openapi": _VERSION,
        "info": {"title": "mockcbs", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/", "description": "This mock"}],
        "tags": _tags(operation for _, operation in found),
        "paths": paths,
        "components": {
            "schemas": {
                name: schemas[name] for name in sorted(schemas) if name not in {"Error", "PaginationMetadata"}
            },
            "responses": {
                name: one for service in services for name, one in errors.responses(service).items()
            },
            "securitySchemes": _security(services),
        },
    }


def _operations(
    app: Flask, services: tuple[Service, ...], paths: dict[str, Any]
) -> Iterator[tuple[str, Operation]]:
    """Every operation with its path, in the order of the routes."""
    known = {service.name: service for service in services}
    seen: set[str] = set()
    for rule in app.url_map.iter_rules():
        path = _PARAMETER.sub(r"{\1}", rule.rule)
        operations = paths.get(path, {})
        for method in sorted(rule.methods or ()):
            described = operations.get(method.lower())
            if described is None:
                continue
            shared = operations.get("parameters", [])
            merged = {**described, "parameters": [*shared, *described.get("parameters", [])]}
            view: Callable[..., Any] = app.view_functions[rule.endpoint]
            service = known.get(rule.endpoint.partition(".")[0])
            first = rule.endpoint not in seen
            seen.add(rule.endpoint)
            yield (
                _complete(path, merged),
                Operation(merged, rule.endpoint, method.lower(), view, service, first),
            )


def _complete(path: str, operation: dict[str, Any]) -> str:
    """*path* with the query parameter that identifies the operation, as in ``?uploadId={uploadId}``."""
    named = next((one["name"] for one in operation["parameters"] if path.endswith(f"?{one['name']}")), None)
    return f"{path}={{{named}}}" if named else path


def _tags(operations: Iterator[Operation]) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    for one in operations:
        module = sys.modules.get(one.view.__module__)
        about = re.sub(r" \(contract [^)]*\)", "", (getattr(module, "__doc__", None) or "").strip())
        found.setdefault(tag_of(one.view, one.service), about)
    return [{"name": name, "description": about} for name, about in found.items()]


def _security(services: tuple[Service, ...]) -> dict[str, Any]:
    token = {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of `--control-token`, if mockcbs was started with one.",
    }
    found = {"ControlToken": token}
    for service in services:
        for together in documentation_of(service).security:
            found |= {name: dict(scheme) for name, scheme in together.items()}
    return found


def _servers(service: Service | None) -> list[dict[str, Any]]:
    """The servers of a document: the mock is first, so that a client does not reach the real hosts by
    accident.
    """
    found: list[dict[str, Any]] = []
    if service is None:
        return found
    for host in service.hosts:
        server: dict[str, Any] = {"url": f"https://{host}", "description": "The real service"}
        if "*" in host:
            names = service.labels_of(host)
            url = host.replace("*", "{%s}") % names
            variables = {name: {"default": name} for name in names}
            server |= {"url": f"https://{url}", "variables": variables}
        found.append(server)
    return found


def _reachable(components: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """The components that *paths* refer to, directly or through other components."""
    wanted: dict[tuple[str, str], Any] = {}
    waiting: list[Any] = [paths]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            reference = one.get("$ref")
            if isinstance(reference, str) and reference.startswith(_REFERENCE):
                kind, _, name = reference.removeprefix(_REFERENCE).partition("/")
                if (kind, name) not in wanted:
                    wanted[kind, name] = components[kind][name]
                    waiting.append(components[kind][name])
    secured = {
        name
        for operations in paths.values()
        for one in operations.values()
        for together in one.get("security", ())
        for name in together
    }
    kept = {
        kind: {name: one for name, one in members.items() if (kind, name) in wanted}
        for kind, members in components.items()
        if kind != "securitySchemes"
    }
    schemes = {name: one for name, one in components["securitySchemes"].items() if name in secured}
    return {kind: members for kind, members in {**kept, "securitySchemes": schemes}.items() if members}
