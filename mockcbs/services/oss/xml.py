"""Write and parse XML like OSS."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import DefusedXmlException, ElementTree

MAX_BODY = 2 * 2**20
"""The maximum size of an XML body in bytes."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot express."""

Value = str | int | bool | Mapping[str, Any] | Sequence[Any] | None
"""A text, members in order, or several elements with the same name; `None` is left out."""


class XMLInputError(ValueError):
    """A body that is not XML, or not the expected XML; the message says why."""


def document(root: str, content: Value) -> bytes:
    """An XML document with one root element."""
    element = Element(root)
    _fill(element, content)
    text: bytes = tostring(element, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text


def parsed(body: bytes, root: str) -> Element:
    """The root element of *body*, named *root*, without namespaces; raises `XMLInputError`."""
    if len(body) > MAX_BODY:
        raise XMLInputError(f"the body has {len(body)} bytes; accepted are {MAX_BODY}")
    try:
        element: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise XMLInputError(f"the body is not XML: {error}") from error
    for one in element.iter():
        one.tag = one.tag.rpartition("}")[2]
    if element.tag != root:
        raise XMLInputError(f"the root of the body is {element.tag}, not {root}")
    return element


def _fill(element: Element, content: Value) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            values = value if isinstance(value, list | tuple) else [value]
            for one in values:
                if one is not None:
                    _fill(SubElement(element, name), one)
    elif isinstance(content, bool):
        element.text = str(content).lower()
    elif content is not None:
        element.text = _FORBIDDEN.sub("\ufffd", str(content))
