"""Completes one operation of a document: id, summary, security, errors and examples."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockcbs.control.openapi import errors
from mockcbs.control.openapi.examples import Examples
from mockcbs.control.openapi.stated import documentation_of
from mockcbs.services.base import Service

_NAMED = re.compile(r"(?P<name>[^:]*[\u4e00-\u9fff][^:]*): (?P<meaning>.*)", re.DOTALL)

_NOT_DESCRIBED = {"description": "Not described."}
"""The response of an operation without a stated success."""


@dataclass(frozen=True)
class Operation:
    """An operation as apispec describes it, with its method, path and service."""

    described: dict[str, Any]
    endpoint: str
    method: str
    """The HTTP method in lower case."""
    view: Callable[..., Any]
    service: Service | None
    """The service; `None` for the control API."""
    is_first: bool
    """Whether this is the first method of its endpoint."""

    def completed(self, examples: Examples) -> dict[str, Any]:
        """The completed operation."""
        name = self.endpoint.replace(".", "_")
        summary, description = _texts(self.view.__doc__ or "")
        made = {
            "operationId": name if self.is_first else f"{name}_{self.method}",
            "x-mockcbs-operation": self.endpoint,
            "summary": summary,
            **({"description": description} if description else {}),
            "tags": [tag_of(self.view, self.service)],
            "parameters": [_parameter(one, examples) for one in self.described.get("parameters", [])],
            **self._body(examples),
            "responses": self._responses(examples) or {"default": _NOT_DESCRIBED},
            "security": self._security(),
        }
        return {key: value for key, value in made.items() if value or key == "security"}

    def _body(self, examples: Examples) -> dict[str, Any]:
        body = self.described.get("requestBody")
        if body is None:
            return {}
        content = {
            kind: {**media, "example": self._example(media, examples)}
            for kind, media in body["content"].items()
        }
        return {"requestBody": {**body, "content": content}}

    def _example(self, media: Mapping[str, Any], examples: Examples) -> Any:
        if "example" in media:
            return media["example"]
        found = documentation_of(self.service).bodies.get(self.endpoint.partition(".")[2])
        return examples.body(media["schema"]) if found is None else found

    def _responses(self, examples: Examples) -> dict[str, Any]:
        given = {
            status: _with_example(one, examples)
            for status, one in self.described.get("responses", {}).items()
        }
        if self.service is None:
            return {status: one for status, one in given.items() if _is_own(one)}
        made = {
            status: {**one, "content": errors.with_failures(self.service, one["content"])}
            if "content" in one
            else one
            for status, one in given.items()
            if _is_own(one)
        }
        if not made:
            made["default"] = _NOT_DESCRIBED
        for status in errors.rows(self.service):
            reference = errors.component_name(self.service, status)
            made.setdefault(str(status), {"$ref": f"#/components/responses/{reference}"})
        return dict(sorted(made.items()))

    def _security(self) -> list[dict[str, list[str]]]:
        if self.service is None:
            return [] if self.endpoint == "control.ready" else [{}, {"ControlToken": []}]
        stated = documentation_of(self.service)
        if self.endpoint in self.service.open_endpoints | stated.open_endpoints:
            return []
        return [{name: [] for name in together} for together in stated.security]


def tag_of(view: Callable[..., Any], service: Service | None) -> str:
    """The tag of an operation: the service, with the part of the service if it has several modules of
    views.
    """
    owner = service.title if service else "mockcbs"
    module = view.__module__
    part = module.rpartition(".")[2].replace("_", " ")
    if service and ".views." not in module:
        return owner
    if service is None and part == "views":
        return owner
    return f"{owner}: {part}"


def _texts(docstring: str) -> tuple[str, str]:
    """The summary in English with the vendor's Chinese name, and the rest of the docstring."""
    first, _, rest = docstring.strip().partition("\n")
    found = _NAMED.fullmatch(first)
    if not found:
        return first.rstrip("."), _plain(rest)
    meaning = found["meaning"].rstrip(".")
    name = found["name"].strip()
    shown = f" · {name}" if "(" in name else f" ({name})"
    return f"{meaning[:1].upper()}{meaning[1:]}{shown}", _plain(rest)


def _plain(text: str) -> str:
    """The rest of a docstring as Markdown, with literals in single backquotes."""
    return re.sub(r"\s*\n\s*", "\n", text).strip().replace("``", "`")


def _parameter(parameter: dict[str, Any], examples: Examples) -> dict[str, Any]:
    """A parameter with an example."""
    schema = {key: value for key, value in parameter.get("schema", {}).items() if key != "nullable"}
    made = {**parameter, "schema": schema}
    if parameter["in"] == "path":
        made["required"] = True
    example = examples.parameter(made)
    return made if example is None else {**made, "example": example}


def _with_example(response: Any, examples: Examples) -> Any:
    """A response with an example of its JSON."""
    media = response.get("content", {}).get("application/json", {}) if isinstance(response, dict) else {}
    if "schema" not in media or "example" in media:
        return response
    shown = {**media, "example": examples.response(media["schema"])}
    return {**response, "content": {**response["content"], "application/json": shown}}


def _is_own(response: Any) -> bool:
    """Whether the view states the response; flask-smorest adds others to every operation."""
    return isinstance(response, dict) and not response.get("$ref", "").startswith("#/components/responses/")
