"""Functions of formulas."""

import pytest

from mockcbs.services.feishu.formula_functions import arithmetic, joined
from tests.services.feishu.conftest import NOW


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("CurrentValue.[input_len]/0=1", False),
        ("CurrentValue.[input_len]*2+1=7", True),
        ("(CurrentValue.[input_len]-5)*-1=2", True),
        ('CurrentValue.[workflow_id]&1="a1"', True),
        ("CurrentValue.[workflow_id]=1", False),
        ("CurrentValue.[workflow_id]>1", False),
        ("CurrentValue.[input_len]", True),
        ("TRUE()", True),
        ("FALSE", False),
        ("!FALSE", True),
        ("CurrentValue.[exec_time]=DATE(2025,12,22)", True),
        ("DATE(2025,13,1)=1", False),
        ("WEEKDAY(CurrentValue.[exec_time])=2", True),
        ("WEEKDAY(TODAY(),2)=1", True),
        ("CurrentValue.[exec_time]=1766386800000", True),
        ("CurrentValue.[exec_time]>NOW()-0.5", True),
        ("TODAY()-CurrentValue.[exec_time]<1", True),
        ('CurrentValue.[exec_time]="2025/12/22"', True),
        ("LEN(CurrentValue.[workflow_id])=1", True),
        ("'a'=CurrentValue.[workflow_id]", True),
    ],
)
def test_formulas_compute(table, formula, found):
    """Sums, dates, texts and functions."""
    ids = table.create({"workflow_id": "a", "input_len": 3, "exec_time": NOW})

    assert table.list(formula) == (ids if found else [])


def test_joined_texts_are_bounded():
    """A text that becomes too long is empty, so that a formula makes no more than it reads."""
    assert joined("a", 1, None) == "a1"
    assert joined(*["x" * 50_000] * 3) is None
    assert arithmetic("x" * 60_000, "+", "x" * 60_000) is None
