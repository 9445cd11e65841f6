"""The conversion of fields to OpenAPI, with patterns and names that all tools read."""

import json
import re
from decimal import Decimal
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from mockcbs.core.fields import Field

_SERVICE = re.compile(r"mockcbs\.services\.(\w+)\.")
_END = re.compile(r"\\Z")
_NAMED = re.compile(r"\(\?P<\w+>")


def plugin() -> MarshmallowPlugin:
    """The apispec plugin that converts schemas; the names of components are unique across services."""
    return MarshmallowPlugin(schema_name_resolver=component)


def xml_names(converter: Any) -> dict[str, str]:
    """Add the XML element names of the schemas that state a ``ROOT``."""
    kinds = {name: key[0] for key, name in converter.refs.items()}
    rooted = {name: kind for name, kind in kinds.items() if hasattr(kind, "ROOT")}
    return {name: kind.ROOT or kind.__name__ for name, kind in rooted.items()}


def component(schema: Any) -> str:
    """The name of a schema as a component: the name of the service and of the class."""
    kind = schema if isinstance(schema, type) else type(schema)
    if isinstance(schema, str):
        module, _, name = schema.rpartition(".")
    else:
        module, name = kind.__module__, kind.__name__
    name = name.lstrip("_").removesuffix("Schema")
    found = _SERVICE.match(f"{module}.")
    service = "".join(part.title() for part in found[1].split("_")) if found else ""
    return name if name.startswith(service) else f"{service}{name}"


def documented(converter: Any, field: Field[Any], **_: Any) -> dict[str, Any]:
    """The OpenAPI members that a field states by its method ``documented``, with the limits of its values."""
    del converter
    say = getattr(field, "documented", None)
    found: dict[str, Any] = say() if say else {}
    return found


def portable(value: Any) -> Any:
    """*value* without parts that only Python understands: its patterns, and defaults that are not JSON.

    A default of null is left out, too: a client omits such a parameter.
    """
    if isinstance(value, list):
        return [portable(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dict):
        return _portable_schema({str(key): portable(item) for key, item in value.items()})
    return value


def _portable_schema(made: dict[str, Any]) -> dict[str, Any]:
    for bound in ("minimum", "maximum"):
        if f"x-{bound}" in made:  # a field whose type apispec does not know
            made[bound] = made.pop(f"x-{bound}")
    if "enum" in made:
        made["enum"] = _differing(made["enum"], made.get("default"))
    if made.get("type") == "array" and "enum" in made:  # the types of its items
        made["items"] = {**made["items"], "enum": made.pop("enum")}
    if isinstance(made.get("pattern"), str):
        made["pattern"] = pattern(made["pattern"])
    if "default" in made and not _is_default(made["default"]):
        del made["default"]
    return made


def _differing(words: list[Any], default: Any) -> list[Any]:
    """*words* without those that differ only by case, since generators turn each into a constant."""
    found: dict[Any, Any] = {}
    for word in (*words, default):
        key = word.upper() if isinstance(word, str) else word
        if key not in found or (word == default and word in words):
            found[key] = word
    return [word for word in found.values() if word in words]


def pattern(text: str) -> str:
    r"""The pattern *text* in the syntax of ECMA-262: ``\Z`` is ``$``, and ``\d`` means ASCII digits."""
    text = _NAMED.sub("(?:", _END.sub("$", text)).replace(r"\d", "[0-9]").replace("[[0-9]", "[0-9")
    return text if text.startswith("^") else f"^{text}"


def _is_default(value: Any) -> bool:
    """Whether clients can use *value* as a default. Null and empty values mean that the parameter is
    omitted.
    """
    if value is None or value == {}:
        return False
    try:
        json.dumps(value)
    except TypeError:
        return False
    return True


def resolver(converter: Any, name: str | type[Schema]) -> dict[str, Any]:
    """A reference to a component; a new schema is added to the document."""
    found: dict[str, Any] = converter.resolve_nested_schema(name)
    return found
