"""Requests made from the examples of a document."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from mockcbs.samples.request import Request

_BOUNDARY = "mockcbs-boundary"
Document = Mapping[str, Any]


def request_of(document: Document, operation_id: str, base_url: str) -> Request:
    """The request of an operation with its examples, without credentials. Raises `KeyError` for an unknown
    operation.
    """
    path, method, operation = _found(document, operation_id)
    query: list[tuple[str, Any]] = []
    headers: dict[str, str] = {}
    names: dict[str, str] = {}
    for parameter in operation.get("parameters", ()):
        value = parameter.get("example")
        if parameter["in"] == "path":
            names[parameter["name"]] = str(value)
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
        elif value is not None and parameter["in"] == "query":
            query.append((parameter["name"], _text(value)))
        elif value is not None:
            headers[parameter["name"]] = _text(value)
    body = ""
    if "requestBody" in operation:
        kind, media = next(iter(operation["requestBody"]["content"].items()))
        headers["Content-Type"], body = _body(kind, media, document)
    url = base_url + path
    if query:
        url += f"{'&' if '?' in path else '?'}{urlencode(query, doseq=True)}"
    return Request(method.upper(), url, headers, body, operation["x-mockcbs-operation"], names)


def _found(document: Document, operation_id: str) -> tuple[str, str, Mapping[str, Any]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if operation["operationId"] == operation_id:
                return path, method, operation
    raise KeyError(operation_id)


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(kind: str, media: Mapping[str, Any], document: Document) -> tuple[str, str]:
    """The content type and the text of an example."""
    example = media["example"]
    if kind == "multipart/form-data":
        return f"{kind}; boundary={_BOUNDARY}", _multipart(example)
    if kind == "application/xml":
        root = media["schema"]["$ref"].rpartition("/")[2]
        name = document["components"]["schemas"][root]["xml"]["name"]
        return kind, tostring(_element(Element(name), example), "unicode")
    if kind == "application/json":
        return kind, json.dumps(example, ensure_ascii=False)
    return kind, str(example)


def _multipart(example: Mapping[str, str]) -> str:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\n{text}\r\n"
        for name, text in example.items()
    ]
    return "".join([*parts, f"--{_BOUNDARY}--\r\n"])


def _element(element: Element, value: Any) -> Element:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            for one in inner if isinstance(inner, list) else [inner]:
                _element(SubElement(element, name), one)
    else:
        element.text = _text(value)
    return element
