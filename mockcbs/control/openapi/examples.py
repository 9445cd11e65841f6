"""Examples of parameters, bodies and responses.

They are the examples that a service states for the name, or values that fit the schema.
"""

import re
from collections.abc import Mapping
from typing import Any

Components = Mapping[str, Mapping[str, Any]]
"""The schemas of a document by name."""
_MAX_DEPTH = 6
_TYPES: Mapping[str, Any] = {"boolean": True, "object": {}}
_PYTHON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}
_FORMATS = {
    "date": "2026-03-02",
    "date-time": "2026-03-02T08:00:00Z",
    "uri": "https://example.com/",
    "url": "https://example.com/",
}


class Examples:
    """Examples by name, for the schemas of one document."""

    def __init__(
        self,
        stated: Mapping[str, Any],
        ids: Mapping[str, Any],
        components: Components,
        outcomes: Mapping[str, Any] | None = None,
        *,
        all_members: bool = False,
    ) -> None:
        """*stated* has examples by name. *ids* has examples that are used only for required parameters,
        *outcomes* those that are used only in responses.

        With *all_members*, examples of objects have optional members, too.
        """
        self._stated = stated
        self._ids = ids
        self._components = components
        self._outcomes = outcomes or {}
        self._all_members = all_members

    def parameter(self, parameter: Mapping[str, Any]) -> Any:
        """An example of *parameter*; `None` if it is optional and no example is stated."""
        name = parameter["name"]
        if name in self._stated:
            return self._stated[name]
        return self._value(name, parameter.get("schema", {}), 0) if parameter.get("required") else None

    def body(self, schema: Mapping[str, Any]) -> Any:
        """A body with the members that are required or have a stated example."""
        return self._value("", schema, 0)

    def response(self, schema: Mapping[str, Any]) -> Any:
        """A response with all members."""
        stated = {**self._stated, **self._outcomes}
        return Examples(stated, self._ids, self._components, all_members=True).body(schema)

    def _value(self, name: str, schema: Mapping[str, Any], depth: int) -> Any:
        schema = self._resolved(schema)
        if name in self._stated or name in self._ids:
            found = self._stated.get(name, self._ids.get(name))
            if isinstance(found, _PYTHON_TYPES.get(schema.get("type", ""), object)):
                return found
        given = [schema[key] for key in ("example", "default") if key in schema] + schema.get("enum", [])
        if given:
            return given[0]
        if schema.get("type") == "array":
            return self._items(name, schema, depth)
        if "properties" in schema and depth < _MAX_DEPTH:
            return self._members(schema, depth)
        return _scalar(schema)

    def _items(self, name: str, schema: Mapping[str, Any], depth: int) -> list[Any]:
        singular = name.removesuffix("s")
        item = self._value(singular, schema.get("items", {}), depth + 1)
        return [item] * max(1, schema.get("minItems", 1))

    def _members(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self._value(name, inner, depth + 1)
            for name, inner in schema["properties"].items()
            if self._all_members or name in required or name in self._stated
        }

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            if "$ref" in schema:
                schema = self._components.get(schema["$ref"].rpartition("/")[2], {})
            elif found := next((schema[key] for key in ("allOf", "oneOf", "anyOf") if key in schema), None):
                schema = {**found[0], **{key: value for key, value in schema.items() if key == "example"}}
            else:
                return schema


def _scalar(schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type", "string")
    if kind in {"integer", "number"}:
        return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
    return _text(schema) if kind == "string" else _TYPES[kind]


def _text(schema: Mapping[str, Any]) -> str:
    pattern = schema.get("pattern", "")
    wanted = [_FORMATS.get(schema.get("format", ""), "text"), *_FORMATS.values()]
    text = next((one for one in wanted if re.search(pattern, one)), wanted[0])
    return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", len(text))]
