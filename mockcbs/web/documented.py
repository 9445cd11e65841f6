"""Parts of OpenAPI operations, for views that read their request by themselves."""

from typing import Any


def query(name: str, description: str = "", *, required: bool = False, **schema: Any) -> dict[str, Any]:
    """A query parameter; its type is text unless *schema* states another."""
    return _parameter("query", name, description, schema, required=required)


def header(name: str, description: str = "", *, required: bool = False, **schema: Any) -> dict[str, Any]:
    """A header."""
    return _parameter("header", name, description, schema, required=required)


def path(name: str, description: str = "", **schema: Any) -> dict[str, Any]:
    """A path parameter."""
    return _parameter("path", name, description, schema, required=True)


def body(schema: Any, content_type: str = "application/json", **media: Any) -> dict[str, Any]:
    """A required body; *schema* may be the name of a schema."""
    return {"required": True, "content": {content_type: {"schema": schema, **media}}}


def _parameter(
    place: str, name: str, description: str, schema: dict[str, Any], *, required: bool
) -> dict[str, Any]:
    return {
        "in": place,
        "name": name,
        "required": required,
        "schema": {"type": "string", **schema},
        **({"description": description} if description else {}),
    }
