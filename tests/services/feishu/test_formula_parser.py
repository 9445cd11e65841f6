"""The grammar of formulas."""

import pytest


@pytest.mark.parametrize(
    "formula",
    [
        "(",
        "CurrentValue.[input_len]>",
        "CurrentValue.[input_len",
        "input_len>1",
        "__import__('os')",
        "SUM(1,2)",
        "NOT(1,2)",
        'CurrentValue.[workflow_id].startsWith("a")',
        "NOT(" * 60 + "1" + ")" * 60,
        "1" * 2001,
        "1 > 2 > 3",
    ],
)
def test_an_invalid_formula_is_refused(table, formula):
    """1254018; nothing is evaluated."""
    table.create({"input_len": 1})

    assert table.list(formula) == 1254018
