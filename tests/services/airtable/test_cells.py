"""Values of cells."""

from tests.services.airtable.batches import refusal
from tests.services.airtable.conftest import BASE


def test_typecast(api):
    """Texts become numbers, dates, truths and new options with typecast only."""
    fields = [
        {"name": "name", "type": "singleLineText"},
        {"name": "count", "type": "number"},
        {"name": "done", "type": "checkbox"},
        {"name": "kind", "type": "singleSelect", "options": {"choices": [{"name": "x"}]}},
        {"name": "tags", "type": "multipleSelects"},
        {"name": "day", "type": "date"},
        {"name": "at", "type": "dateTime"},
    ]
    table = api.base(BASE).create_table("Typed", fields)
    given = {
        "name": 5,
        "count": "1,200.5",
        "done": "true",
        "kind": "y",
        "tags": "a, b",
        "day": "12/22/2025",
        "at": "2025-12-22",
    }

    made = table.create(given, typecast=True)

    assert made["fields"] == {
        "name": "5",
        "count": 1200.5,
        "done": True,
        "kind": "y",
        "tags": ["a", "b"],
        "day": "2025-12-22",
        "at": "2025-12-22T00:00:00.000Z",
    }
    assert [choice.name for choice in table.schema(force=True).field("kind").options.choices] == ["x", "y"]
    for name in ["name", "count", "done", "tags", "day"]:
        assert refusal(lambda: table.create({name: given[name]}))[1]["type"] == "INVALID_VALUE_FOR_COLUMN"  # noqa: B023
    assert refusal(lambda: table.create({"kind": "z"}))[1]["type"] == "INVALID_MULTIPLE_CHOICE_OPTIONS"


def test_typecast_of_lists(api):
    """With typecast a text field joins a list of plain values, but not of lists, objects or nulls."""
    table = api.base(BASE).create_table("Lists", [{"name": "name", "type": "singleLineText"}])

    made = table.create({"name": ["a", 1, True]}, typecast=True)

    assert made["fields"] == {"name": "a, 1, true"}
    for value in ([None], [[]], [{}]):
        assert refusal(lambda value=value: table.create({"name": value}, typecast=True))[0] == 422
