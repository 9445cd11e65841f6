"""The XML and the headers of a response of OSS as one tree of objects, lists and texts, like that of JSON."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from tests.contract.mutants import Response

HEADERS, BODY = "headers", "body"
"""The members of a tree other than its root element; the body only if it is not XML."""
_OF_EVERY_RESPONSE = {"content-length", "content-type", "date", "server", "connection", "x-oss-request-id"}
_SUB_RESOURCES = "append|bucketInfo|copy|delete|list-type|location|partNumber|uploadId|uploads"


def operation_of(response: Response) -> str:
    """The path of a request to OSS without the key of an object, and the sub-resource."""
    path = re.sub(r"mockcbs-[0-9a-f]{12}.*", "{}", response.path)
    query = response.environ["QUERY_STRING"]
    names = re.findall(rf"(?:^|&)({_SUB_RESOURCES})\b", query)
    if "HTTP_X_OSS_COPY_SOURCE" in response.environ:
        names.append("copy")
    return "?".join([path, *sorted(names)])


def read(response: Response) -> dict[str, Any]:
    """The tree of a response."""
    shown = {
        name: value for name, value in response.headers.items() if name.lower() not in _OF_EVERY_RESPONSE
    }
    tree: dict[str, Any] = {HEADERS: shown}
    if response.body.startswith(b"<?xml"):
        root = fromstring(response.body)
        tree[root.tag] = _value(root)
    elif response.body:
        tree[BODY] = response.body.decode("latin-1")
    return tree


def _value(element: ET.Element) -> Any:
    if not len(element):
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        found.setdefault(child.tag, []).append(_value(child))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def write(response: Response, tree: dict[str, Any]) -> None:
    """Replace the headers and the body of a response by those of a tree."""
    kept = {name: value for name, value in response.headers.items() if name.lower() in _OF_EVERY_RESPONSE}
    response.headers.clear()
    response.headers.update(kept)
    response.headers.update({name: _text(value) for name, value in tree.get(HEADERS, {}).items()})
    roots = {name: value for name, value in tree.items() if name not in {HEADERS, BODY}}
    response.body = _text(tree.get(BODY, "")).encode("latin-1")
    for name, value in list(roots.items())[:1]:
        response.body = b"".join(_bytes(element) for element in _elements(name, value))


def _bytes(element: ET.Element) -> bytes:
    found: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return found


def _elements(name: str, value: Any) -> list[ET.Element]:
    if isinstance(value, list):
        return [element for inner in value for element in _elements(name, inner)]
    element = ET.Element(name)
    if isinstance(value, dict):
        for tag, inner in value.items():
            element.extend(_elements(tag, inner))
    else:
        element.text = _text(value)
    return [element]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)
