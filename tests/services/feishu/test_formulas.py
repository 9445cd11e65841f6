"""Formula fields."""

import pytest

from mockcbs.services.feishu import formulas


@pytest.mark.parametrize(
    ("value", "type_", "listed"),
    [
        (True, 7, [True]),
        (2.5, 2, [2.5]),
        ("a", 1, [{"text": "a", "type": "text"}]),
        (["a", "b"], 4, ["a", "b"]),
    ],
)
def test_a_computed_value_is_shown_with_its_type(value, type_, listed):
    """Computed texts are shown as segments, and lists as lists."""
    assert formulas.type_of(value) == type_
    assert formulas.listed(value) == listed


def test_a_formula_is_a_function_of_a_row(table):
    """A field that cannot be computed is empty; a date is shown in ms."""
    table.field("day", 20, property={"formula_expression": "DATE(2025,12,22)"})
    table.field("wrong", 20, property={"formula_expression": "CurrentValue.[gone]+1"})
    table.field("none", 20)
    (record,) = table.create({"workflow_id": "w"})

    values = table.read(record)

    assert values["day"]["value"] == [1_766_332_800_000]
    assert values.keys() == {"workflow_id", "day"}


def test_a_formula_does_not_read_another(table):
    """A formula cannot read a formula field, so no formula can read itself."""
    table.field("two", 20, property={"formula_expression": "2"})
    table.field("sum", 20, property={"formula_expression": "CurrentValue.[two]+1"})
    (record,) = table.create({"workflow_id": "w"})

    assert "sum" not in table.read(record)
