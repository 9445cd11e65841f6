"""Python source: literals, arguments, and a program that sends a request with ``requests``."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from mockcbs.samples.request import Request

_WIDTH = 88


def literal(value: Any, indent: int = 0) -> str:
    """*value* as Python source. A value that is too wide for a line gets one line for each item."""
    flat = _flat(value)
    if len(flat) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 4)
    if isinstance(value, dict):
        items = [f"{_flat(key)}: {literal(item, indent + 4)}" for key, item in value.items()]
        opening, closing = "{}"
    else:
        items = [literal(item, indent + 4) for item in value]
        opening, closing = "[]"
    lines = "".join(f"{inner}{item},\n" for item in items)
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def call(function: str, *positional: Any, **named: Any) -> str:
    """A call of *function* with these arguments. A `Source` is written unchanged."""
    arguments = [*map(_flat, positional), *(f"{name}={_flat(value)}" for name, value in named.items())]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    spread = [literal(value, 4) for value in positional]
    spread += [f"{name}={literal(value, 4)}" for name, value in named.items()]
    return f"{function}(\n" + "".join(f"    {one},\n" for one in spread) + ")"


class Source(str):
    """Python source that `literal` and `call` write unchanged."""

    __slots__ = ()


def with_requests(request: Request) -> str:
    """A program that sends *request* with ``requests`` and prints the response."""
    arguments: dict[str, Any] = {}
    url = request.url
    if request.query and _same(request.query):
        url = url.partition("?")[0]
        parameters = request.parameters
        names = {name for name, _ in parameters}
        arguments["params"] = dict(parameters) if len(names) == len(parameters) else parameters
    headers = dict(request.headers)
    if request.body and isinstance(request.json, dict | list) and _is_json(headers):
        arguments["json"] = request.json
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    elif request.body:
        arguments["data"] = Source(f"{_flat(request.body)}.encode()")
    if headers:
        arguments["headers"] = headers
    sends = request.method.lower() in {"get", "post", "put", "patch", "delete", "head"}
    positional = (url,) if sends else (request.method, url)
    function = f"requests.{request.method.lower() if sends else 'request'}"
    return (
        "import requests\n\n"
        f"response = {call(function, *positional, **arguments, timeout=30)}\n"
        "print(response.status_code, response.text)\n"
    )


def _is_json(headers: Mapping[str, str]) -> bool:
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return not kind or kind.partition(";")[0].strip() == "application/json"


def _same(query: str) -> bool:
    """Whether a client that decodes and encodes *query* again sends an equal query."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return (
        bool(pairs)
        and all("=" in item for item in query.split("&"))
        and parse_qsl(urlencode(pairs), keep_blank_values=True) == pairs
    )


def _flat(value: Any) -> str:
    if isinstance(value, Source):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        inner = ", ".join(map(_flat, value))
        if isinstance(value, tuple):
            return f"({inner}{',' if len(value) == 1 else ''})"
        return f"[{inner}]"
    if isinstance(value, str) and value.isprintable():
        return json.dumps(value, ensure_ascii=False)
    return repr(value)
