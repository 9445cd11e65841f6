"""Parts of OpenAPI operations, for views that read their request by themselves."""

import pytest

from mockcbs.web import documented


@pytest.mark.parametrize(
    ("made", "place", "required"),
    [
        (documented.query("a", "What a is."), "query", False),
        (documented.query("a", required=True), "query", True),
        (documented.header("a", required=True), "header", True),
        (documented.path("a"), "path", True),
    ],
)
def test_a_parameter_says_where_it_stands(made, place, required):
    """A part of the path is always required; a parameter is a text unless it has another type."""
    assert (made["in"], made["name"], made["required"]) == (place, "a", required)
    assert made["schema"] == {"type": "string"}


def test_a_schema_narrows_the_text():
    """An empty description is left out."""
    made = documented.query("a", type="integer", minimum=1)

    assert made["schema"] == {"type": "integer", "minimum": 1}
    assert "description" not in made


def test_a_body_has_a_type_and_an_example():
    """A body is JSON unless it has another type."""
    plain = documented.body({"type": "object"})
    csv = documented.body("a.Schema", "text/csv", example="a,b")

    assert plain == {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    assert csv["content"] == {"text/csv": {"schema": "a.Schema", "example": "a,b"}}
