"""Programs that mockcbs writes for the SDKs of vendors."""

import ast
import inspect
from collections.abc import Mapping
from typing import Any

import pytest

from mockcbs.samples.sdk import Sdk
from mockcbs.settings import Settings
from tests.control.openapi.described import described, operations
from tests.services.examples import example_of


def program(sdk: Sdk, operation_id: str) -> str | None:
    """The program that sends the example of an operation."""
    return sdk.write(example_of(operation_id), Settings())


def programs(sdk: Sdk, service: str) -> dict[str, str]:
    """The programs for all operations of a service that the SDK supports."""
    names = [one["operationId"] for one in operations(described(service))]
    return {name: code for name in names if (code := program(sdk, name)) is not None}


def check_calls(code: str, **objects: Any) -> int:
    """The number of calls of *objects*, each of which must be a method with parameters that it takes."""
    found = 0
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and (method := _resolved(node.func, objects)) is not None:
            given = {keyword.arg or "": None for keyword in node.keywords}
            try:
                inspect.signature(method).bind(*[None] * len(node.args), **given)
            except TypeError as error:
                pytest.fail(f"{ast.unparse(node)}: {error}")
            found += 1
    return found


def _resolved(node: ast.expr, objects: Mapping[str, Any]) -> Any:
    """What a dotted name means; `None` if it does not begin with one of *objects*."""
    if isinstance(node, ast.Name):
        return objects.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolved(node.value, objects)
        return None if owner is None else getattr(owner, node.attr)
    return None
